"""What is no article, and why, in words. Careful: a junk page costs a glance, a lost mention cannot be made good."""

from __future__ import annotations

from tracker.extraction.screen import ScreenedPage
from tracker.model import Skipped, SkipReason


def wall(screened: ScreenedPage) -> Skipped | None:
    """The reason why a page is no article, from its cheap text alone; None when it may be one."""
    if not screened.text.strip():
        return Skipped(SkipReason.UNREADABLE, "the page holds no text")
    return None
