"""A feed's bytes: RSS 0.9x to 2.0, Atom, RDF, JSON Feed and posts as plain JSON -> what the outlet lists.

Whatever the bytes are, the answer is a document with an outcome in words; nothing raises, nothing runs for long.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from tracker.model import FetchOutcome
from tracker.sources.feeds.json import read_json
from tracker.sources.feeds.records import FeedDocument
from tracker.sources.feeds.xml import read_xml
from tracker.sources.unpacking import Damaged, unpacked
from tracker.text.charsets import decode

MAX_BYTES = 8 * 1024 * 1024
"""Seven times the largest feed of the corpus (1.1 MB)."""


def read_feed(
    body: bytes, *, url: str, now: datetime, content_type: str = "", zone: str = "UTC", max_bytes: int = MAX_BYTES
) -> FeedDocument:
    """What a feed lists. `url` resolves relative links; times without a zone are local time of `zone`."""
    if len(body) > max_bytes:
        return FeedDocument(FetchOutcome.TOO_LARGE, f"the feed is {len(body) / 2**20:.1f} MB, more than {max_bytes / 2**20:.1f} MB")
    try:
        body = unpacked(body, max_bytes)
    except Damaged:
        return FeedDocument(FetchOutcome.PARSE_FAILED, "damaged gzip data")
    if len(body) > max_bytes:
        return FeedDocument(FetchOutcome.TOO_LARGE, f"the feed is more than {max_bytes / 2**20:.1f} MB unpacked")
    if not body.strip(b" \t\r\n\0"):
        return FeedDocument(FetchOutcome.EMPTY, "the answer was empty")
    if _is_binary(body):
        return FeedDocument(FetchOutcome.NOT_A_FEED, "binary data instead of a feed")
    decoded = decode(body, content_type)
    text = decoded.text.lstrip("\ufeff \t\r\n\0")
    reader = read_json if text[:1] in ("{", "[") else read_xml
    document = reader(text, url=url, now=now, zone=zone)
    if decoded.repaired and decoded.declared and document.entries and not document.detail:
        return replace(document, detail=f"declared {decoded.declared}, read as {decoded.charset}")
    return document


_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x7fELF", b"SQLite format")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _is_binary(body: bytes) -> bool:
    if body.startswith(_MAGIC):
        return True
    head = body[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0\0<", b"\0\0\xfe\xff", b"\x4c\x6f\xa7\x94")):
        return False
    return len(_CONTROL.findall(head)) > 0.1 * len(head) and b"<" not in head.replace(b"\0", b"")[:512]
