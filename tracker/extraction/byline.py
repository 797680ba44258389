"""Who wrote it: names without roles, addresses and handles."""

from __future__ import annotations

from tracker.extraction.document import PageDocument
from tracker.extraction.screen import one_line


def article_authors(document: PageDocument) -> tuple[str, ...]:
    """Names in the page's order, each once; empty where the page names nobody."""
    structured = document.structured
    names = [*structured.authors, *structured.organisations] or list(document.metas.get("author", ()))
    return tuple(dict.fromkeys(line for name in names if (line := one_line(name))))
