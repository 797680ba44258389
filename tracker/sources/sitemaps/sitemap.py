"""A sitemap's bytes: lists of pages, news sitemaps, sitemap indexes, plain text lists, each also gzipped."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree
from msgspec import Struct

from tracker.model import FetchOutcome, Published
from tracker.sources.plain_text import plain_title
from tracker.sources.unpacking import Damaged, unpacked
from tracker.text.charsets import decode
from tracker.text.dates import parse_moment
from tracker.text.doctype import without_doctype
from tracker.text.references import mend_references
from tracker.urls.links import web_address

MAX_UNZIPPED_BYTES = 64 * 1024 * 1024
"""The protocol allows 50 MB (sitemaps.org); as `fetch.max_unzipped_bytes`."""
MAX_PAGES = 50_000  # what the protocol allows in one file
MAX_DEPTH = 64
"""Of elements; the protocol with its extensions needs 6."""
MAX_ELEMENTS = 1_500_000  # 50,000 pages with up to 30 elements each, for pictures and translations

_HTML = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S)
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_FIELDS = frozenset({"loc", "lastmod", "title", "publication_date", "language"})


class SitemapPage(Struct, frozen=True):
    """A listed page. `published` is the news publication date where given, else None; `lastmod` is when it last changed."""

    url: str
    lastmod: Published | None = None
    title: str = ""
    published: Published | None = None
    language: str = ""


class ChildSitemap(Struct, frozen=True):
    """A document of a sitemap index; `lastmod` is when it last changed, where given."""

    url: str
    lastmod: Published | None = None


class SitemapDocument(Struct, frozen=True):
    """A sitemap as read: FETCHED, EMPTY, NOT_A_FEED (no sitemap at all), PARSE_FAILED or TOO_LARGE, with a reason in `detail`."""

    outcome: FetchOutcome
    detail: str = ""
    pages: tuple[SitemapPage, ...] = ()
    children: tuple[ChildSitemap, ...] = ()


class _Stop(Exception):
    """Ends reading at once, with the outcome to report."""

    def __init__(self, outcome: FetchOutcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def read_sitemap(
    body: bytes, *, url: str, now: datetime, zone: str = "UTC", max_bytes: int = MAX_UNZIPPED_BYTES, hosts: tuple[str, ...] | None = None
) -> SitemapDocument:
    """What a sitemap lists. `hosts`: addresses on these hosts (and their subdomains) only; None keeps all. Never raises."""
    try:
        plain = _unzipped(body, max_bytes)
        reader = _Reader(url, now, zone, hosts)
        if plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
            _read_xml(plain, reader)
        else:
            _read_text(plain, reader)
    except _Stop as stop:
        return SitemapDocument(stop.outcome, stop.detail)
    return reader.document()


def _unzipped(body: bytes, max_bytes: int) -> bytes:
    try:
        body = unpacked(body, max_bytes)
    except Damaged as error:
        raise _Stop(FetchOutcome.PARSE_FAILED, "damaged gzip data") from error
    if len(body) > max_bytes:
        raise _Stop(FetchOutcome.TOO_LARGE, f"more than {max_bytes / 2**20:.0f} MB unpacked")
    if not body.strip(b" \t\r\n\0"):
        raise _Stop(FetchOutcome.EMPTY, "the answer was empty")
    return body


class _Reader:
    """Collects what one sitemap lists."""

    def __init__(self, url: str, now: datetime, zone: str, hosts: tuple[str, ...] | None) -> None:
        self.url, self.now, self.zone, self.hosts = url, now, zone, hosts
        self.pages: dict[str, SitemapPage] = {}
        self.children: dict[str, ChildSitemap] = {}
        self.left_out = 0
        self.remark = ""

    @property
    def full(self) -> bool:
        return len(self.pages) + len(self.children) >= MAX_PAGES

    def add(self, kind: str, fields: dict[str, str]) -> None:
        address = web_address(fields.get("loc", ""), self.url)
        if not address or not self._is_ours(address):
            self.left_out += 1
            return
        lastmod = self._moment(fields.get("lastmod", ""))
        if kind == "sitemap":
            self.children.setdefault(address, ChildSitemap(address, lastmod))
        else:
            published = self._moment(fields.get("publication_date", ""))
            title, language = plain_title(fields.get("title", "")), fields.get("language", "").strip()[:12]
            self.pages.setdefault(address, SitemapPage(address, lastmod, title, published, language))

    def document(self) -> SitemapDocument:
        remarks = [self.remark] if self.remark else []
        if self.full:
            remarks.append(f"only the first {MAX_PAGES} addresses were read")
        if self.left_out:
            remarks.append(f"{self.left_out} addresses left out: not http(s), or on another host")
        listed = bool(self.pages or self.children)
        detail = "; ".join(remarks) or ("" if listed else "the sitemap lists nothing")
        outcome = FetchOutcome.FETCHED if listed else FetchOutcome.PARSE_FAILED if self.remark else FetchOutcome.EMPTY
        return SitemapDocument(outcome, detail, tuple(self.pages.values()), tuple(self.children.values()))

    def _is_ours(self, address: str) -> bool:
        if self.hosts is None:
            return True
        host = address.split("/", 3)[2].rpartition(":")[0] or address.split("/", 3)[2]
        return any(host.lower() == ours or host.lower().endswith(f".{ours}") for ours in self.hosts)

    def _moment(self, text: str) -> Published | None:
        return parse_moment(text, zone=self.zone, now=self.now) if text else None


def _read_text(plain: bytes, reader: _Reader) -> None:
    text = decode(plain[:MAX_UNZIPPED_BYTES]).text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not any(re.match(r"https?://\S+$", line, re.I) for line in lines[:20]):
        raise _Stop(FetchOutcome.NOT_A_FEED, "neither XML nor a list of addresses")
    for line in lines:
        if reader.full:
            return
        reader.add("url", {"loc": line})


def _read_xml(plain: bytes, reader: _Reader) -> None:
    text = decode(plain).text
    if _HTML.match(text[:4096]):
        raise _Stop(FetchOutcome.NOT_A_FEED, "a web page (HTML) instead of a sitemap")
    undressed = without_doctype(text)
    text = undressed.text
    if undressed.entities or _BARE.search(text):
        text = mend_references(text, undressed.entities)
    text = _whole_records(text)
    document = re.sub(r"^\s*<\?xml[^>]{0,300}\?>", "", text.lstrip("\ufeff"), count=1).lstrip().encode("utf-8", "replace")
    events = etree.iterparse(
        io.BytesIO(document),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for kind, fields in _records(_bounded(events)):
            if reader.full:
                return
            reader.add(kind, fields)
        if len(events.error_log):
            reader.remark = "not well-formed XML"
    except etree.XMLSyntaxError as error:
        if not reader.pages and not reader.children:
            raise _Stop(FetchOutcome.PARSE_FAILED, "the XML cannot be read") from error
        reader.remark = "the XML breaks off"


def _whole_records(text: str) -> str:
    """Without what a cut-off file has of its last record: half an address is another address."""
    if re.search(r"</(?:\w+:)?(?:urlset|sitemapindex)\s*>", text[-1000:], re.I):
        return text
    lowered = text.lower()
    end = max(lowered.rfind("url>") + 4, lowered.rfind("sitemap>") + 8)
    return text[:end] if end > 8 else text


def _bounded(events: etree.iterparse) -> Iterator[tuple[str, etree._Element, int]]:
    depth = 0
    for count, (event, element) in enumerate(events):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise _Stop(FetchOutcome.PARSE_FAILED, f"elements nested more than {MAX_DEPTH} deep")
        if count > 2 * MAX_ELEMENTS:
            raise _Stop(FetchOutcome.TOO_LARGE, f"more than {MAX_ELEMENTS} elements")
        yield event, element, depth


def _records(events: Iterator[tuple[str, etree._Element, int]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each `url` or `sitemap` element with the texts of its fields, the tree thrown away behind it."""
    fields: dict[str, str] = {}
    root = ""
    for event, element, depth in events:
        name = _local(element)
        if event == "start":
            if depth == 1:
                root = name
                if name not in ("urlset", "sitemapindex"):
                    raise _Stop(FetchOutcome.NOT_A_FEED, f"XML of another kind (<{name[:40]}>) instead of a sitemap")
            if name in ("url", "sitemap"):
                fields = {}
            continue
        if name in _FIELDS and _is_of_page(element):
            fields.setdefault(name, (element.text or "").strip())
        elif name in ("url", "sitemap"):
            yield ("sitemap" if name == "sitemap" or root == "sitemapindex" else "url"), fields
            element.clear()
            while element.getprevious() is not None and (parent := element.getparent()) is not None:
                del parent[0]


def _is_of_page(element: etree._Element) -> bool:
    """Whether a field is the page's own: pictures and videos have addresses and titles too."""
    parent = element.getparent()
    return parent is None or _local(parent) not in ("image", "video", "link")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
