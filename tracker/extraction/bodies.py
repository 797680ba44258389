"""The article's text: trafilatura on a copy of the tree, mended where news pages are known to defeat it."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from tracker.extraction.document import PageDocument


def article_body(document: PageDocument) -> str:
    """The text, paragraphs on lines of their own; "" when there is none."""
    return extracted(document.tree, document.page.final_url)


def extracted(tree: HtmlElement, url: str, *, recall: bool = False, precision: bool = False, fast: bool = False) -> str:
    try:
        found = bare_extraction(
            deepcopy(tree),
            url=None,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            with_metadata=False,
            favor_recall=recall,
            favor_precision=precision,
            fast=fast,
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        return ""
    return (getattr(found, "text", None) or "").strip()
