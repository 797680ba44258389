"""Text and addresses from outside, made fit to print: on one line, without what turns or hides it, links to http(s) only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from tracker.digests.forms.excerpts import without_controls
from tracker.urls.canonical import without_tracking

TITLE_CHARS = 300
"""A bound on hostile headlines; the longest of the labelled corpus texts has 185 characters."""
NAME_CHARS = 120
"""A bound on hostile names; the longest of the register has 54 characters."""
KEPT = 4096
"""Texts and addresses kept as they are printed, for the other languages of an edition: some 2 MB."""
_LOOSE = ' ,;:–—-(„“"«'
"""What has no place before an ellipsis."""
_SAFE = re.compile(r"[\w/:?#@&=%~.-]+", re.ASCII)


@lru_cache(maxsize=KEPT)
def safe_link(url: str) -> str:
    """The address where it is absolute http(s), else an empty text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return url if _SAFE.fullmatch(url) else quote(url, safe="/:?#[]@!$&'()*+,;=%~-._")


def article_link(url: str) -> str:
    """An article's address as readers get it: without what tells the outlet from where they came, which of a feed's address says nothing true."""
    return safe_link(without_tracking(url))


@lru_cache(maxsize=KEPT)
def plain(text: str, limit: int = TITLE_CHARS) -> str:
    """Text from outside on one line: no control or direction characters, at most `limit` characters, cut behind a whole word."""
    line = " ".join(without_controls(text).split())
    if len(line) <= limit:
        return line
    head = line[:limit]
    words = head.rpartition(" ")[0].rstrip(_LOOSE) if " " in head[limit * 2 // 3 :] else ""  # a word without an end is cut where it must
    return (words or head[: limit - 1].rstrip()) + "…"
