"""A page taken apart once for all rungs of the ladder: its source, tree, meta fields and JSON-LD."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from tracker.extraction.own_node import OwnPage, is_own_page, own_nodes
from tracker.extraction.screen import ScreenedPage, one_line, screened_text
from tracker.extraction.structured import StructuredArticle, described, read_article
from tracker.extraction.unseen import is_in_own_scope, seen_part
from tracker.model import FetchedPage
from tracker.text.charsets import decode
from tracker.urls.canonical import trusted_canonical

MAX_SOURCE_CHARS = 3_000_000
"""Full extraction costs about 0.2 s a megabyte; the largest article page of the corpus has 2.6 MB. The head of the page is kept."""

MAX_TAGS = 60_000
"""Extractors take half a minute for a page of a million tags; the richest page of the corpus has 20,000."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_CONTROL_BYTES = bytes((*(code for code in range(128) if _CONTROL.match(chr(code))), 0xED))
"""Of UTF-8, with what surrogates begin with."""
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_EMPTY = "<html><head></head><body></body></html>"


@dataclass(frozen=True)
class PageDocument:
    """One page's parts, each made when first asked for."""

    page: FetchedPage
    source: str
    tags: int
    """How many tags the source has, at most."""
    _kept: list[HtmlElement] = field(default_factory=list, init=False, repr=False, compare=False)
    """The elements of `tree`: lxml makes a new object at every walk for one that nobody holds, a third of what a walk takes."""

    @cached_property
    def screened(self) -> ScreenedPage:
        """What the cheap look gives of the page, with the feed's title and summary."""
        return screened_text(self.source, self.page.hint_title, self.page.hint_summary)

    @cached_property
    def whole_tree(self) -> HtmlElement:
        """The parsed page with all that no reader sees: only for what is meant for machines."""
        return parsed_tree(self.source)

    @cached_property
    def tree(self) -> HtmlElement:
        """What a reader sees of the page, up to the end of its first article. Those who change it take a copy."""
        seen = seen_part(self.whole_tree)
        self._kept.extend(seen.iter())
        return seen

    @cached_property
    def structured(self) -> StructuredArticle:
        """What the page's JSON-LD says of its own article; empty where it describes only others."""
        scripts = self.whole_tree.xpath('//script[contains(translate(@type, "LDJSON", "ldjson"), "ld+json")]')
        description = described(script.text or "" for script in scripts)
        headings = (one_line(" ".join(node.itertext())) for node in islice(self.tree.iter("h1"), 3))
        shown = (*headings, self.meta("og:title"), self.screened.page_title, self.page.hint_title)
        canonical = trusted_canonical(self.screened.canonical_url, self.page.final_url, ())
        page = OwnPage.of(self.page.final_url, (self.page.requested_url, canonical), shown)
        own = own_nodes(description.articles, page)
        return read_article(own, description, next((node for node in description.pages if is_own_page(node, page)), None))

    @cached_property
    def metas(self) -> dict[str, tuple[str, ...]]:
        """Values of each meta name (lower case), in the page's order. Microdata counts outside of other things' scopes only."""
        found: dict[str, list[str]] = {}
        for meta in self.whole_tree.iter("meta"):
            value = one_line(meta.get("content"))
            if value:
                for attribute in ("property", "name", "itemprop", "http-equiv"):
                    name = (meta.get(attribute) or "").strip().lower()
                    if name and (attribute != "itemprop" or (name != "datepublished" and is_in_own_scope(meta))):
                        found.setdefault(name, []).append(value)
        return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}

    def meta(self, *names: str) -> str:
        """The first value of the first name that has one."""
        return next((values[0] for name in names if (values := self.metas.get(name))), "")


def open_document(page: FetchedPage) -> PageDocument:
    """Decodes a page; nothing is parsed yet."""
    body = page.body[: 4 * MAX_SOURCE_CHARS]
    decoded = decode(body, page.content_type)
    text = decoded.text[:MAX_SOURCE_CHARS]
    tags = text.count("<")
    if tags > MAX_TAGS:
        text, tags = text[: next(islice(re.finditer("<", text), MAX_TAGS, None)).start()], MAX_TAGS
    if decoded.charset != "utf-8" or _may_hold_control(body):
        text = _CONTROL.sub(" ", text)
    return PageDocument(page, _XML_DECLARATION.sub("", text), tags)


def _may_hold_control(body: bytes) -> bool:
    """Whether UTF-8 may hold what `_CONTROL` finds; a quarter of the time of looking for it in the text. U+FFFE and its kind begin like U+FFFD."""
    return b"\xef\xbf" in body or len(body.translate(None, _CONTROL_BYTES)) != len(body)


def parsed_tree(source: str) -> HtmlElement:
    """A tree of any text; one without elements where nothing can be read. The text is never taken for a path or an address."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True)
    try:
        return document_fromstring(source.encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return document_fromstring(_EMPTY, parser=parser)
