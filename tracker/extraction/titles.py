"""The headline, without kicker, site name or section: what the page says of itself, checked against its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from tracker.extraction.document import PageDocument
from tracker.extraction.screen import one_line
from tracker.text.folding import fold
from tracker.urls.canonical import normalise, registrable_domain

MAX_TITLE_CHARS = 400
"""The longest headline of the corpus has 214 characters; what is longer is a paragraph in a heading's place."""

MAX_READ_CHARS = 1000
"""A bound on the work, twice the longest title that is stored."""
SITE_WORDS = 4
"""A last part after a bar with at most so many words is taken for a site's name even when nothing confirms it."""

NAME_WORDS = 6
"""Longer parts of a title are subtitles, not names of sites, sections or authors."""

MAX_MENU_LINKS = 400
"""A bound on the work: more entries are a map of the site."""
MAX_SECTION_CHARS = 40
"""Section names have up to four words (SITE_WORDS)."""
MIN_COMMON = 2
"""Words that a heading and an address must share: one may be a name that both happen to hold."""

_MENU_LINKS = (
    "//nav//a|//header//ul//a|//*[contains(@class, 'menu') or contains(@class, 'nav') or contains(@class, 'breadcrumb') or contains(@id, 'menu')"
    " or contains(@id, 'nav')]//a"
)
_USUAL_SECTIONS = frozenset(
    (
        "ballina kryefaqja faqjakryesore lajme lajmi lajmet lajmetefundit tëfundit tëfundit aktuale aktualitet politikë sport sporti ekonomi kulturë opinion botë "
        "rajoni kronikë showbiz teknologji shëndetësi magazina video početna početnastrana početnastranica naslovna naslovnica vijesti vesti najnovijevijesti "
        "najnovijevesti najnovije aktuelno aktualno politika ekonomija društvo kultura svijet svet regija region hronika crnahronika kolumne intervju zabava "
        "lifestyle magazin početak почетна почетнастрана насловна вести најновијевести најнови најнововести најновивести актуелно политика економија друштво "
        "култура свет регион хроника спорт македонија балкан живот магазин начало новини home homepage frontpage news latestnews latest breakingnews "
        "world business politics economy culture opinions novice domov gundem haberler sondakika anasayfa hírek címlap"
    ).split()
)
"""Names of sections and front pages in the languages of the register, as keys (letters only): seen in menus of its outlets."""

_SEPARATOR = re.compile(r"\s+[-–—|•·»›/:_~*]{1,2}\s+|\s*[|｜ㅣ]\s*|\s+[_»›]\s*|\s*::\s*")
_BAR = re.compile(r"\s*[|｜ㅣ]\s*")
_KICKER = re.compile(r"^(?P<kicker>[^:|]{2,40}?)\s*(?::|\||\s[-–—])\s+(?P<rest>.{15,})$", re.S)
_OWN_NAME = re.compile(r"\s*(?P<name>[^:]{2,60}?)\s*:\s*")
_TRUNCATED = re.compile(r"\s*(?:\.\.\.|…|\[…\])\s*$")
_WORDS = re.compile(r"\w+")


def article_title(document: PageDocument) -> str:
    """The headline as the outlet prints it; "" when the page has none."""
    sites = _site_names(document)
    headings = _headings(document)
    page_title = document.screened.page_title[:MAX_READ_CHARS]
    stated = _stated(document)
    feed_title = one_line(document.page.hint_title)[:MAX_READ_CHARS]
    others = [*stated, *headings, page_title, *([feed_title] if feed_title else [])]
    first = (one_line(" ".join(node.itertext())) for node in islice(document.tree.iter("h1"), 3))
    main = tuple(line for line in first if line and _key(line) not in sites)
    may_be_named = any(len(_words(line)) <= NAME_WORDS for line in (*stated, page_title))
    sections = cache(lambda: section_names(document, main) if may_be_named else frozenset())  # a look at all menus: where it matters only
    for candidate in stated:
        keys = {_key(candidate), _key(without_site(candidate, others, sites)), fold(_key(candidate))}
        if sites & keys or (_is_contradicted(candidate, main, feed_title) and sections() & keys):
            continue
        if better := _outvoted_by(candidate, feed_title, document):
            return bounded(without_site(better, others, sites))
        return bounded(without_kicker(without_site(_completed(candidate, others), others, sites), stated, headings))
    plain_headings = tuple(line for line in headings if _key(line) not in sections()) or headings
    is_section = _key(without_site(page_title, headings, sites)) in sections() and _is_contradicted(page_title, main, feed_title)
    shown = _by_headings("" if is_section else page_title, plain_headings if is_section else headings, sites)
    if feed_title and _key(shown).startswith(_key(feed_title)):
        shown = feed_title
    if feed_title and (not shown or _key(shown) in sections()):
        return bounded(without_site(feed_title, others, sites))
    return bounded(shown or _without_own_name(feed_title, sites))


def _is_contradicted(candidate: str, headings: tuple[str, ...], feed_title: str) -> bool:
    """Whether the page's first heading of another wording, or the feed, has no word of what looks like a section's name."""
    other = next((line for line in headings if _key(line) not in _USUAL_SECTIONS and _key(line) != _key(candidate)), "")
    return any(text and not _share(candidate, text) for text in (other, feed_title))


def section_names(document: PageDocument, headings: tuple[str, ...]) -> frozenset[str]:
    """Keys of what the page calls its sections: entries of its menus that lead elsewhere and are no heading, parts of its address, and
    the usual names."""
    own = normalise(document.page.final_url)
    found: set[str] = set()
    for link in islice(document.tree.xpath(_MENU_LINKS), MAX_MENU_LINKS):
        line = one_line(" ".join(link.itertext()))
        if line and len(_words(line)) <= SITE_WORDS and len(line) <= MAX_SECTION_CHARS and _leads_elsewhere(link, document, own):
            found.add(_key(line))
    found -= {_key(line) for line in headings}
    parts = unquote(urlsplit(document.page.final_url).path).strip("/").split("/")[:-1]
    found.update(_key(part) for part in parts if not part.isdigit())
    return frozenset((found | _USUAL_SECTIONS) - {""})


def _leads_elsewhere(link: HtmlElement, document: PageDocument, own: str) -> bool:
    try:
        key = normalise(urljoin(document.page.final_url, link.get("href") or ""))
    except ValueError:
        return False
    return bool(key) and key != own


def _stated(document: PageDocument) -> list[str]:
    """The titles that the page states for machines, in order of trust."""
    lines = (one_line(text) for text in (document.meta("og:title"), document.structured.headline, document.meta("twitter:title")))
    stated = [line[:MAX_READ_CHARS] for line in lines if line]
    if len(stated) == 3 and _key(stated[1]) == _key(stated[2]) == _key(document.screened.heading):
        return stated[1:]  # og:title alone differs: shortened for sharing
    return stated


def _outvoted_by(candidate: str, feed_title: str, document: PageDocument) -> str:
    """What stands in place of a stated title that has no word of the main heading, the feed's title, the structured headline and the
    address: the heading, where one of those confirms it, else the feed's title; "" where the stated one stands."""
    heading = next((line for node in islice(document.tree.iter("h1"), 1) if (line := one_line(" ".join(node.itertext())))), "")
    own = "" if candidate == one_line(document.structured.headline) else document.structured.headline
    witnesses = [text for text in (feed_title, one_line(own), _slug_words(document.page.final_url)) if text]
    if any(_share(candidate, text) for text in (heading, *witnesses)):
        return ""
    if heading and any(_share(heading, witness, MIN_COMMON) for witness in witnesses):
        return heading
    return feed_title


def _slug_words(url: str) -> str:
    return re.sub(r"[^\w]+|_", " ", unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]))


def _share(one: str, other: str, least: int = 1) -> bool:
    """Whether two titles have words of three letters and more in common, without regard to marks on letters."""
    mine, theirs = ({fold(word) for word in _words(text) if len(word) > 2} for text in (one, other))
    return len(mine & theirs) >= least


def without_site(title: str, others: Iterable[str], sites: frozenset[str]) -> str:
    """The title less a site's or section's name at its end or beginning, where the name or another title of the page shows it."""
    known = {_key(other) for other in others} - {_key(title)}
    title = _without_own_name(title, sites)
    while parts := list(_SEPARATOR.finditer(title)):
        last, first = parts[-1], parts[0]
        if _key(title[last.end() :]) in sites or (_key(title[: last.start()]) in known and _is_short(title[last.end() :], title)):
            title = title[: last.start()]
        elif _key(title[: first.start()]) in sites:
            title = title[first.end() :]
        elif earlier := next((part for part in parts if _key(title[: part.start()]) in known and len(title[: part.start()]) > 15), None):
            return title[: earlier.start()].strip() if _are_names(_SEPARATOR.split(title[earlier.end() :])) else title
        elif _BAR.fullmatch(last[0]) and len(_words(title[last.end() :])) <= SITE_WORDS < len(_words(title[: last.start()])):
            title = title[: last.start()]
        else:
            break
    return title.strip()


def _without_own_name(title: str, sites: frozenset[str]) -> str:
    """`Source.ba:Dodik ...` without the site's own name and its colon, as outlets put it before a headline that is shared."""
    named = _OWN_NAME.match(title)
    return title[named.end() :] if named and _key(named["name"]) in sites and title[named.end() :].strip() else title


def without_kicker(title: str, stated: list[str], headings: tuple[str, ...]) -> str:
    """The title less the words above it, where every other title of the page does without them."""
    found = _KICKER.match(title)
    if not found:
        return title
    rest, whole = _key(found["rest"]), _key(title)
    others = [_key(other) for other in (*stated, *headings)]
    return found["rest"].strip() if others.count(rest) >= 2 and others.count(whole) < 2 else title


def bounded(title: str) -> str:
    """The title cut at a word where it is no headline any more."""
    return title if len(title) <= MAX_TITLE_CHARS else title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0] + "…"


def _by_headings(page_title: str, headings: tuple[str, ...], sites: frozenset[str]) -> str:
    """A heading that the window title repeats, else the window title without the site's name, else the first heading."""
    words = set(_words(page_title))
    for heading in headings:
        own = _words(heading)
        if own and _key(heading) not in sites and len(words.intersection(own)) >= 0.6 * len(set(own)) and 3 * len(set(own)) >= len(words):
            return heading
    plain = without_site(page_title, headings, sites)
    if plain and sites.isdisjoint((_key(plain), fold(_key(plain)))):
        return _without_short_tail(plain)
    return next((heading for heading in headings if _key(heading) not in sites), "") or plain


def _without_short_tail(title: str) -> str:
    parts = list(_SEPARATOR.finditer(title))
    if parts and len(_words(title[parts[-1].end() :])) <= SITE_WORDS < len(_words(title[: parts[-1].start()])):
        return title[: parts[-1].start()].strip()
    return title


def _completed(title: str, others: list[str]) -> str:
    """A title cut with dots, whole again where another place of the page has all of it."""
    cut = _TRUNCATED.search(title)
    if not cut:
        return title
    start = title[: cut.start()]
    return next((other for other in others if _continues(other, start, title)), title)


def _continues(other: str, start: str, title: str) -> bool:
    return len(other) > len(title) and other.startswith(start) and not other.startswith(title) and not _TRUNCATED.search(other)


def _headings(document: PageDocument) -> tuple[str, ...]:
    nodes = document.tree.xpath("//h1") + document.tree.xpath("//h2")[:10]
    lines = (one_line(" ".join(node.itertext())) for node in nodes[:20])
    return tuple(dict.fromkeys(line for line in lines if line and len(line) <= MAX_TITLE_CHARS))


def _site_names(document: PageDocument) -> frozenset[str]:
    domain = registrable_domain(document.page.final_url)
    names = [
        document.meta("og:site_name"), document.meta("application-name", "apple-mobile-web-app-title"), document.structured.publisher,
        document.meta("twitter:site").removeprefix("@"), domain, domain.split(".")[0], f"www.{domain}" if domain else "",
    ]  # fmt: skip
    keys = [key for name in names if (key := _key(name)) and len(_words(name)) <= NAME_WORDS]
    return frozenset((*keys, *map(fold, keys)))


def _is_short(tail: str, title: str) -> bool:
    return len(tail) < 0.5 * len(title) or len(_words(tail)) <= NAME_WORDS


def _are_names(parts: list[str]) -> bool:
    return all(len(_words(part)) <= NAME_WORDS for part in parts)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(text)]


def _key(text: str) -> str:
    return "".join(_words(text))
