"""What an outlet answers to a request, its faults included. No sockets here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from tracker.demo.press.listings import Listed, write_feed, write_sitemap
from tracker.demo.press.markup import Layout, render
from tracker.demo.press.photos import logo, photo
from tracker.demo.press.press import PICTURES, PressArticle, PressOutlet
from tracker.demo.press.scripts import latin
from tracker.demo.press.shares import FEED, SITEMAP, names

HUGE_BYTES = 30 * 1024 * 1024
"""Well above `fetch.max_bytes` (8 MiB), so that the limit must end the download."""
RELATED = 5
"""Headlines of other articles beside each article: a campaign's name in them is no mention."""
CLOSED_SECTION = "/pretplata/"
"""The section that every robots.txt closes."""

NOTICES = {
    "bot_wall": ("challenge-platform", ""),
    "cookie_wall": ("cookie-consent", "<button>OK</button>"),
    "listing": (
        "archive-page",
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "CollectionPage"}</script>',
    ),
    "login_wall": (
        "paywall-login",
        '<form action="/login" method="post"><input name="user"><input type="password" name="password"></form>',
    ),
}
"""Page faults: the class of the page's frame, and what stands below its text."""


class Answer(Struct, frozen=True):
    """`body_bytes` above the body's length: the server makes the rest up, without telling the length before. `never`: it stays silent."""

    status: int
    content_type: str = "text/html; charset=utf-8"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    body_bytes: int = 0
    never: bool = False


class Site(Struct, frozen=True):
    """One outlet at one moment. `outside` is the address a redirect leads to that nobody may ask."""

    outlet: PressOutlet
    as_of: datetime
    port: int
    outside: str

    @property
    def base(self) -> str:
        """Scheme, host and port of the site."""
        return f"http://{self.outlet.address}:{self.port}"

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a GET of `target` (path and query)."""
        if self.outlet.fault == "blocked":
            return Answer(403, body=b"<!doctype html><title>403 Forbidden</title><h1>Access denied</h1>")
        return _conditional(self._found(target), headers)

    def _found(self, target: str) -> Answer:
        parts = urlsplit(target)
        script = "lat" if "script=lat" in parts.query.split("&") else ""
        if parts.path == "/":
            return self._front_page()
        if parts.path == "/robots.txt":
            return Answer(200, "text/plain; charset=utf-8", f"User-agent: *\nDisallow: {CLOSED_SECTION}\n".encode())
        if self.outlet.feed != "none" and parts.path == self.outlet.feed_path:
            return self._feed(script)
        if self.outlet.sitemap and parts.path == "/sitemap-news.xml":
            return Answer(200, "application/xml", write_sitemap(self.outlet, self._entries("", SITEMAP)).encode())
        if parts.path.startswith(PICTURES):
            return self._picture(parts.path)
        for article in self.outlet.articles:
            if parts.path == self.outlet.path(article):
                return self._article(article, script)
        return Answer(404, body=f"<!doctype html><title>404</title><h1>404</h1><p>{self.outlet.words.get('missing', '')}</p>".encode())

    def _picture(self, path: str) -> Answer:
        if self.outlet.picture == "logo":
            return Answer(200, "image/png", logo(self.outlet.id))
        named = next((one for one in self.outlet.articles if self.outlet.picture_path(one) == path), None)
        if named is None or self.outlet.picture == "missing":
            return Answer(404, body=b"<!doctype html><title>404</title><h1>404</h1>")
        kind = "WEBP" if self.outlet.picture == "webp" else "JPEG"
        return Answer(200, f"image/{kind.lower()}", photo(named.story or named.key, kind))

    def _front_page(self) -> Answer:
        links = "".join(f'<li><a href="{self._address(article, "")}">{article.headline}</a></li>' for article in self.outlet.articles)
        feed = f'<link rel="alternate" type="application/rss+xml" href="{self.outlet.feed_path}">' if self.outlet.feed != "none" else ""
        head = f'<head><meta charset="utf-8"><title>{self.outlet.name}</title>{feed}</head>'
        page = f"<!doctype html><html>{head}<body><h1>{self.outlet.name}</h1><ul>{links}</ul></body></html>"
        return Answer(200, body=page.encode())

    def _feed(self, script: str) -> Answer:
        if self.outlet.fault == "html_feed":
            return self._front_page()
        kind, text = write_feed(self.outlet, self.base, self._entries(script, FEED))
        charset = f"; charset={self.outlet.charset}" if self.outlet.declared else ""
        return Answer(200, kind + charset, text.encode(self.outlet.charset, "xmlcharrefreplace"))

    def _entries(self, script: str, net: str) -> list[Listed]:
        spell = latin if script == "lat" else str
        named = [article for article in self.outlet.articles if names(net, self.outlet, article)]
        newest_first = sorted(named, key=self._published, reverse=True)
        return [
            Listed(
                self._address(article, script) if net == FEED else self.base + self.outlet.path(article),
                spell(article.headline),
                spell(article.lead or article.paragraphs[0]),
                spell(article.author),
                self._published(article),
            )
            for article in newest_first
        ]

    def _published(self, article: PressArticle) -> datetime:
        return article.published_at(self.as_of, self.outlet.zone)

    def _address(self, article: PressArticle, script: str) -> str:
        parameters = "&".join(filter(None, ("script=lat" if script == "lat" else "", self.outlet.tracking)))
        path = self.outlet.path(article) + (f"?{parameters}" if parameters else "")
        return path if self.outlet.relative_links else self.base + path

    def _article(self, article: PressArticle, script: str) -> Answer:
        if article.fault == "closed_section" or not article.fault:
            return self._page(article, script)
        if article.fault == "redirect_outside":
            return Answer(302, headers=(("Location", f"{self.outside}/{article.slug}"),))
        if article.fault == "redirect_loop":
            return Answer(302, headers=(("Location", self.base + self.outlet.path(article)),))
        if article.fault == "moved":
            return self._page(article, script) if script else Answer(301, headers=(("Location", self._address(article, "lat")),))
        if article.fault == "too_large":
            return replace(self._page(article, script), body_bytes=HUGE_BYTES)
        if article.fault == "timeout":
            return Answer(200, never=True)
        if article.fault == "not_html":
            return Answer(200, "application/pdf", b"%PDF-1.4\n%%EOF\n")
        status = {"not_found": 404, "server_error": 500}.get(article.fault, 200)
        return Answer(status, body=self._notice(article).encode())

    def _page(self, article: PressArticle, script: str) -> Answer:
        outlet = self.outlet
        if script == "lat":
            article = in_latin(article)
        others = [other for other in outlet.articles if other.key != article.key and not other.fault]
        start = sum(article.slug.encode()) % max(1, len(others))
        spell = latin if script == "lat" else str
        related = [(self._address(other, script), spell(other.headline)) for other in (others[start:] + others[:start])[:RELATED]]
        picture = self.base + outlet.picture_path(article)
        layout = Layout(outlet, self.base, self.base + outlet.path(article), self._published(article), related, picture)
        charset = f"; charset={outlet.charset}" if outlet.declared else ""
        return Answer(200, f"text/html{charset}", render(article, layout).encode(outlet.charset, "xmlcharrefreplace"))

    def _notice(self, article: PressArticle) -> str:
        """Pages that are no articles though the server may say 200: the text of the article is the notice itself."""
        text = "".join(f"<p>{paragraph}</p>" for paragraph in article.paragraphs)
        marker, extra = NOTICES.get(article.fault, ("notice", ""))
        if article.fault == "listing":
            others = [other for other in self.outlet.articles if not other.fault]
            items = "".join(f'<li><a href="{self._address(other, "")}">{other.headline}</a></li>' for other in others)
            text += f'<ul class="archive">{items}</ul>'
        return (
            f'<!doctype html><html><head><meta charset="utf-8"><title>{article.headline}</title></head><body><div class="{marker}">'
            f"<h1>{article.headline}</h1>{text}{extra}</div></body></html>"
        )


def in_latin(article: PressArticle) -> PressArticle:
    """The article's twin in the other script."""
    return replace(
        article,
        headline=latin(article.headline),
        lead=latin(article.lead),
        author=latin(article.author),
        paragraphs=tuple(latin(text) for text in article.paragraphs),
    )


def _conditional(answer: Answer, headers: Mapping[str, str]) -> Answer:
    if answer.status != 200 or not answer.body or answer.body_bytes:
        return answer
    tag = '"' + hashlib.sha256(answer.body).hexdigest()[:20] + '"'
    if headers.get("if-none-match") == tag:
        return Answer(304, answer.content_type, headers=(("ETag", tag),))
    return replace(answer, headers=(*answer.headers, ("ETag", tag)))
