"""Asking only for what changed: ETag and Last-Modified of a source's last good answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import WantedRevisit, Watched

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

LONGEST_VALIDATOR = 512
"""Bytes; a longer one is not kept."""


def ask_for_changes(request: Request, watched: Watched | WantedRevisit) -> None:
    """Adds the headers that let a server answer 'not modified'."""
    if watched.etag:
        request.headers[b"If-None-Match"] = watched.etag.encode("latin-1", "ignore")
    if watched.last_modified:
        request.headers[b"If-Modified-Since"] = watched.last_modified.encode("latin-1", "ignore")


def validators(response: Response) -> tuple[str | None, str | None]:
    """ETag and Last-Modified to send with the next poll."""
    return _kept(response.headers.get(b"ETag")), _kept(response.headers.get(b"Last-Modified"))


def _kept(value: bytes | None) -> str | None:
    if not value or len(value) > LONGEST_VALIDATOR or any(byte < 0x20 or byte > 0xFF for byte in value):
        return None
    return value.decode("latin-1").strip() or None
