"""What a site offers to be followed by: feeds, sitemaps, its own search, its front page. Pure: answers in, findings and next questions out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from tracker.model import FetchOutcome
from tracker.sources.article_links import article_links, base_address, page_links
from tracker.sources.feeds.feed import read_feed
from tracker.sources.link_header import header_links
from tracker.sources.plain_text import plain_title
from tracker.sources.searches import read_search_page
from tracker.sources.sitemaps.sitemap import read_sitemap
from tracker.urls.links import MAX_CHARS, web_address

FEED_PATHS = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/api/rss",
    "/rss/",
    "/feed/rss/",
    "/index.rdf",
    "/feed.json",
    "/rss.php",
    "/?feed=rss2",
    "/?format=feed&type=rss",
    "/index.php?format=feed&type=rss",
    "/rss/all.xml",
    "/feeds/posts/default",
    "/api/",
    "/rss/vesti",
    "/rss/najnovije",
)
"""Where feeds lie without being named: WordPress first, then Joomla, Drupal (`/rss.xml`), Blogger (`/feeds/posts/default`) and the register's other forms by how often it has them."""
SITEMAP_PATHS = (
    "/sitemap_index.xml",
    "/sitemap.xml",
    "/wp-sitemap.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/sitemap.xml.gz",
    "/sitemap.txt",
)
MAX_NAMED = 12
"""Feeds or sitemaps that one page may name before the rest is left: comment and tag feeds come in hundreds."""

MOST_SECTIONS_ASKED, SECTIONS_WANTED = 5, 2
"""Of a site without feed and sitemap: its news and one more, where it names them first."""
LEAST_OF_SECTION = 3
"""Links that look like articles: fewer stand on an imprint too."""

MAX_TYPE_CHARS = 200
"""Of a media type with its parameters; RFC 6838 section 4.2 allows 127 for each of its two names."""

_FEED_TYPES = re.compile(r"rss|atom|rdf|\bfeed\b|(?:application|text)/xml\b", re.I)
"""As sites write them: `application/x-rss+xml`, `text/rss`, `application/xml`; each is asked and judged by what comes."""
_FEED_NAME = re.compile(r"(?:^|[/._-])(?:rss|feed|atom|rdf)(?:$|[/._?-])", re.I)
_COMMENTS = re.compile(r"/comments?/|comments-feed|[?&]withcomments", re.I)
_ROBOTS_LINE = re.compile(r"^[ \t]{0,40}sitemap[ \t]{0,40}:[ \t]{0,40}(\S+)", re.I | re.M)
_OPENSEARCH = re.compile(r"<(?:\w{1,20}:)?Url\b[^<>]*>", re.I)
_ATTRIBUTE = re.compile(r"\b(type|template)\s*=\s*[\"']([^\"']+)[\"']", re.I)
_SEARCH_FIELDS = frozenset("s q query search kerko kerkim trazi upit pretraga pojam term keyword fjala word text zbor prebaruvaj".split())


class Tried(Struct, frozen=True):
    """One address that was asked: `kind` is what it turned out to be (feed, sitemap, search, section) or empty; `words` say how it went."""

    address: str
    why: str
    kind: str = ""
    words: str = ""
    listed: int = 0
    newest_at: datetime | None = None


class Front(Struct, frozen=True):
    """What a front page says of its site."""

    name: str = ""
    language: str = ""
    platform: str = "unknown"
    feeds: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()  # OpenSearch documents
    searches: tuple[str, ...] = ()  # with {term}
    sections: tuple[str, ...] = ()
    articles: int = 0
    headlines: tuple[str, ...] = ()


class Discovery(Struct, frozen=True):
    """Everything tried on a site and found there. `texts`: headlines and summaries, for telling its languages and scripts."""

    homepage: str
    front: Front = field(default_factory=Front)
    tried: tuple[Tried, ...] = ()
    texts: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[Tried, ...]:
        """The addresses that turned out to be of a kind."""
        return tuple(one for one in self.tried if one.kind == kind)


def read_front(body: bytes, *, url: str, content_type: str = "", link_headers: Sequence[str] = ()) -> Front:
    """A front page, read for what it names. `link_headers`: its HTTP `Link` headers. Never raises for any bytes."""
    from bs4 import BeautifulSoup, Tag

    from tracker.text.charsets import decode

    soup = BeautifulSoup(decode(body, content_type).text, "lxml")
    base = base_address(soup, url)
    links = list(page_links(body, url=url, content_type=content_type))
    articles = article_links(body, url=url, content_type=content_type)
    html = soup.find("html")
    title = soup.find("meta", property="og:site_name") or soup.find("title")
    named = str(title.get("content") or title.get_text(" ")) if isinstance(title, Tag) else ""
    return Front(
        name=re.split(r"\s+[|–—»:-]\s+", plain_title(named))[0][:80],
        language=str(html.get("lang") or "")[:12].lower() if isinstance(html, Tag) else "",
        platform=_platform(soup, body),
        feeds=tuple(dict.fromkeys(_named_feeds(soup, (link.url for link in links), url, base, link_headers)))[:MAX_NAMED],
        descriptions=tuple(
            islice(_absolute((link for link in soup.find_all("link", href=True) if "search" in _rel(link)), "href", base), 5)
        ),
        searches=tuple(dict.fromkeys(_forms(soup, base)))[:3],
        sections=tuple(dict.fromkeys(_sections((link.url, link.text, link.framed) for link in links)))[:12],
        articles=len(articles),
        headlines=tuple(link.text for link in articles if link.text)[:40],
    )


def sitemaps_of_robots(body: bytes, url: str, most: int = MAX_NAMED) -> list[str]:
    """The first `most` sitemaps that a robots.txt names."""
    named = (web_address(found, url) for found in _ROBOTS_LINE.findall(body[:500_000].decode("utf-8", "replace")))
    return list(dict.fromkeys(address for address in named if address))[:most]


def judge_feed(body: bytes, *, url: str, why: str, content_type: str, now: datetime) -> tuple[Tried, tuple[str, ...]]:
    """Whether an answer is a feed of articles, and its headlines."""
    document = read_feed(body, url=url, now=now, content_type=content_type)
    if document.outcome is not FetchOutcome.FETCHED:
        return Tried(url, why, words=document.detail or str(document.outcome)), ()
    if _COMMENTS.search(url):
        return Tried(url, why, words="a feed of comments"), ()
    newest = max((entry.published.at for entry in document.entries if entry.published), default=None)
    texts = tuple(f"{entry.title}. {entry.summary}" for entry in document.entries[:30])
    count = len(document.entries)
    return Tried(url, why, "feed", f"{count} items{f', newest {newest:%Y-%m-%d}' if newest else ', without dates'}", count, newest), texts


def judge_posts(body: bytes, *, url: str, content_type: str, now: datetime) -> tuple[Tried, tuple[str, ...]]:
    """Whether an answer is the list of a WordPress's posts interface, and its headlines. `url`: the interface, without what it was asked."""
    tried, texts = judge_feed(body, url=url, why="WordPress", content_type=content_type, now=now)
    is_list = tried.kind and body.lstrip()[:1] == b"["
    words = tried.words if is_list or not tried.kind else "answers with a feed in place of its posts"
    return replace(tried, kind="wordpress" if is_list else "", words=words), texts if is_list else ()


def judge_sitemap(body: bytes, *, url: str, why: str, now: datetime) -> Tried:
    """Whether an answer is a sitemap."""
    document = read_sitemap(body, url=url, now=now)
    if document.outcome is not FetchOutcome.FETCHED:
        return Tried(url, why, words=document.detail or str(document.outcome))
    moments = [published.at for page in document.pages if (published := page.published or page.lastmod)]
    moments += [child.lastmod.at for child in document.children if child.lastmod]
    newest = max(moments, default=None)
    what = f"an index of {len(document.children)} sitemaps" if document.children else f"{len(document.pages)} pages"
    listed = len(document.pages) or len(document.children)
    return Tried(url, why, "sitemap", what + (f", newest {newest:%Y-%m-%d}" if newest else ""), listed, newest)


def judge_section(body: bytes, *, url: str, content_type: str) -> Tried:
    """Whether a page lists articles."""
    count = len(article_links(body, url=url, content_type=content_type))
    kind = "section" if count >= LEAST_OF_SECTION else ""
    return Tried(url, "a section of the front page", kind, f"{count} links look like articles", count)


def judge_search(body: bytes, template: str, *, url: str, why: str, content_type: str, now: datetime) -> Tried:
    """Whether a search for a word of its own headlines finds articles."""
    found = read_search_page(body, url=url, now=now, content_type=content_type)
    if found.outcome is not FetchOutcome.FETCHED:
        return Tried(template, why, words=found.detail or str(found.outcome))
    return Tried(template, why, "search", f"finds {len(found.entries)} articles for a word of a headline", len(found.entries))


def templates_of_description(body: bytes, url: str) -> list[str]:
    """The search addresses of an OpenSearch document, `{term}` in the place of the words; feeds first."""
    found: list[tuple[bool, str]] = []
    for element in _OPENSEARCH.findall(body[:200_000].decode("utf-8", "replace")):
        values = {name.lower(): value for name, value in _ATTRIBUTE.findall(element)}
        template = values.get("template", "").replace("&amp;", "&")
        if "{searchTerms}" not in template or len(template) > MAX_CHARS:
            continue
        template = re.sub(r"[^?&/]*\{(?!searchTerms)[^}]*\}&?", "", template).rstrip("&?").replace("{searchTerms}", "{term}")
        address = web_address(template, url)
        if address and "suggest" not in values.get("type", ""):
            found.append(("rss" not in values.get("type", "") and "atom" not in values.get("type", ""), address))
    return [address for _, address in sorted(found, key=lambda one: one[0])]


def wordpress_searches(homepage: str) -> list[str]:
    """The search addresses that a WordPress site has, with `{term}` and `{page}`."""
    return [urljoin(homepage, "/") + "?s={term}&feed=rss2&orderby=date&order=desc&paged={page}"]


def word_of(headlines: Iterable[str]) -> str:
    """A word that a working search must find: the longest of the newest headlines."""
    words = [word for headline in list(headlines)[:10] for word in re.findall(r"[^\W\d_]{5,20}", headline)]
    return max(words, key=len, default="")


def filled(template: str, word: str) -> str:
    """The address of a template's first page of answers for a word."""
    return template.replace("{term}", quote(word, safe="")).replace("{page}", "1")


def _named_feeds(soup: Any, hrefs: Iterable[str], url: str, base: str, link_headers: Sequence[str]) -> Iterator[str]:
    """Feeds by `<link>`, by the HTTP `Link` headers (RFC 8288; relative to the page, not to its `<base>`), and by links' own names."""
    named = [
        (str(link["href"]), base, _rel(link), str(link.get("type") or "")) for link in soup.find_all(["link", "a"], href=True, rel=True)
    ]
    named += [(link.address, url, [*link.rel], link.media) for header in link_headers for link in header_links(header)]
    for href, root, rel, media in named:
        if "feed" in rel or ("alternate" in rel and _FEED_TYPES.search(media[:MAX_TYPE_CHARS])):
            address = web_address(href, root)
            if address and not _COMMENTS.search(address) and "oembed" not in f"{address} {media}":
                yield address
    domain = urlsplit(url).hostname
    for address in hrefs:
        parts = urlsplit(address)
        if (
            _FEED_NAME.search(parts.path)
            and not _COMMENTS.search(address)
            and (parts.hostname or "").endswith(str(domain).removeprefix("www."))
        ):
            yield address


def _rel(link: Any) -> list[str]:
    """The relations of a link in small letters; their case means nothing."""
    rel = link.get("rel") or ()
    return [word.lower() for word in (rel.split() if isinstance(rel, str) else rel)]


def _absolute(elements: Iterable[object], attribute: str, url: str) -> Iterator[str]:
    for element in elements:
        if address := web_address(str(element.get(attribute) or ""), url):  # type: ignore[attr-defined]
            yield address


def _forms(soup: object, url: str) -> Iterator[str]:
    for form in soup.find_all("form", limit=20):  # type: ignore[attr-defined]
        if str(form.get("method") or "get").lower() != "get":
            continue
        for entry in form.find_all("input", limit=20):
            name = str(entry.get("name") or "")
            if name.lower() in _SEARCH_FIELDS and str(entry.get("type") or "text").lower() in ("text", "search"):
                action = web_address(str(form.get("action") or ""), url) or url
                yield action + ("&" if "?" in action else "?") + quote(name, safe="") + "={term}"


def _sections(links: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    for address, text, framed in links:
        segments = [part for part in urlsplit(address).path.split("/") if part]
        if framed and 3 <= len(text) <= 25 and 1 <= len(segments) <= 2 and not any(any(map(str.isdigit, part)) for part in segments):
            yield address


def _platform(soup: object, body: bytes) -> str:
    generator = soup.find("meta", attrs={"name": "generator"})  # type: ignore[attr-defined]
    made_by = str(generator.get("content") or "").lower() if generator is not None else ""
    if "wordpress" in made_by or b"/wp-content/" in body or b"/wp-json/" in body:
        return "wordpress"
    return next((name for name in ("drupal", "joomla", "blogger", "ghost", "wix") if name in made_by), "unknown")
