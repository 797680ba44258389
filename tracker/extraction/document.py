"""A page taken apart once for all rungs of the ladder: its source, tree, meta fields and JSON-LD."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from tracker.extraction.screen import ScreenedPage, one_line, screened_text
from tracker.extraction.structured import StructuredArticle, structured_article
from tracker.model import FetchedPage
from tracker.text.charsets import decode

MAX_SOURCE_CHARS = 3_000_000
"""Full extraction costs about 0.2 s a megabyte; the largest article page of the corpus has 2.6 MB. The head of the page is kept."""

MAX_TAGS = 60_000
"""Extractors take half a minute for a page of a million tags; the richest page of the corpus has 20,000."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_EMPTY = "<html><head></head><body></body></html>"


@dataclass(frozen=True)
class PageDocument:
    """One page's parts, each made when first asked for."""

    page: FetchedPage
    source: str

    @cached_property
    def screened(self) -> ScreenedPage:
        return screened_text(self.source, self.page.hint_title, self.page.hint_summary)

    @cached_property
    def tree(self) -> HtmlElement:
        """The parsed page. Those who change it take a copy."""
        return parsed_tree(self.source)

    @cached_property
    def structured(self) -> StructuredArticle:
        scripts = self.tree.xpath('//script[contains(translate(@type, "LDJSON", "ldjson"), "ld+json")]')
        return structured_article(script.text or "" for script in scripts)

    @cached_property
    def metas(self) -> dict[str, tuple[str, ...]]:
        """Values of each meta name (lower case), in the page's order."""
        found: dict[str, list[str]] = {}
        for meta in self.tree.iter("meta"):
            value = one_line(meta.get("content"))
            if value:
                for attribute in ("property", "name", "itemprop", "http-equiv"):
                    if name := (meta.get(attribute) or "").strip().lower():
                        found.setdefault(name, []).append(value)
        return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}

    def meta(self, *names: str) -> str:
        """The first value of the first name that has one."""
        return next((values[0] for name in names if (values := self.metas.get(name))), "")


def open_document(page: FetchedPage) -> PageDocument:
    """Decodes a page; nothing is parsed yet."""
    text = decode(page.body[: 4 * MAX_SOURCE_CHARS], page.content_type).text[:MAX_SOURCE_CHARS]
    return PageDocument(page, _XML_DECLARATION.sub("", _CONTROL.sub(" ", _within_tags(text))))


def _within_tags(source: str) -> str:
    """The head of a page that has no more tags than an article may have."""
    if source.count("<") <= MAX_TAGS:
        return source
    return source[: next(islice(re.finditer("<", source), MAX_TAGS, None)).start()]


def parsed_tree(source: str) -> HtmlElement:
    """A tree of any text; one without elements where nothing can be read. The text is never taken for a path or an address."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True)
    try:
        return document_fromstring(source.encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return document_fromstring(_EMPTY, parser=parser)
