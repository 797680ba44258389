"""The headline, without kicker, site name or section."""

from __future__ import annotations

from tracker.extraction.document import PageDocument
from tracker.extraction.screen import one_line


def article_title(document: PageDocument) -> str:
    """The headline as the outlet prints it; "" when the page has none."""
    screened = document.screened
    for candidate in (
        document.structured.headline,
        document.meta("og:title"),
        screened.heading,
        screened.page_title,
        document.page.hint_title,
    ):
        if line := one_line(candidate):
            return line
    return ""
