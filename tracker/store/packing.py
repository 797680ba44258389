"""Bytes and texts made small for keeping. Needs no database: worker processes unpack what the parent read."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from tracker.errors import StoreError
from tracker.model import FetchedPage, Published

if TYPE_CHECKING:
    import zstandard

PAGE_LEVEL = 3
"""design.md 7: compress fast. Level 9 costs five times as much and saves a tenth."""
TEXT_LEVEL = 1
"""On texts of 3 KB level 3 takes 1.7 times as long and saves 2 %; storing 5,000 articles a second notices."""

_own = threading.local()
T = TypeVar("T")


class StoredPage(Struct, frozen=True):
    """A kept page whose bytes are still packed, small enough to be sent to a worker process."""

    id: int
    link_id: int
    outlet_id: str
    requested_url: str
    final_url: str
    content_type: str
    packed: bytes
    fetched_at: datetime
    hint_title: str = ""
    hint_summary: str = ""
    hint_published: Published | None = None
    hint_authors: tuple[str, ...] = ()

    def opened(self) -> FetchedPage:
        """The page with its bytes as they came. Raises StoreError when they are damaged."""
        return FetchedPage(
            id=self.id,
            link_id=self.link_id,
            outlet_id=self.outlet_id,
            requested_url=self.requested_url,
            final_url=self.final_url,
            content_type=self.content_type,
            body=unpack(self.packed),
            fetched_at=self.fetched_at,
            hint_title=self.hint_title,
            hint_summary=self.hint_summary,
            hint_published=self.hint_published,
            hint_authors=self.hint_authors,
        )


def pack(content: bytes, level: int = PAGE_LEVEL) -> bytes:
    """`content` compressed; safe to call from any thread."""
    import zstandard  # here and below: most commands open no stored text

    compressors: dict[int, zstandard.ZstdCompressor] | None = getattr(_own, "compressors", None)
    if compressors is None:
        compressors = _own.compressors = {}
    if level not in compressors:
        compressors[level] = zstandard.ZstdCompressor(level=level, write_checksum=True)  # four bytes: what was altered is refused
    return compressors[level].compress(content)


def unpack(packed: bytes) -> bytes:
    """What `pack` was given. Raises StoreError when the bytes are damaged."""
    import zstandard

    decompressor: zstandard.ZstdDecompressor | None = getattr(_own, "decompressor", None)
    if decompressor is None:
        decompressor = _own.decompressor = zstandard.ZstdDecompressor()
    try:
        return decompressor.decompress(packed)
    except zstandard.ZstdError as error:
        raise StoreError(f"stored bytes are damaged ({error}); restore the newest backup with `tracker restore FILE`") from error


def unpack_as(packed: bytes, kind: type[T]) -> T:
    """The record whose JSON was packed. Raises StoreError when the bytes are damaged."""
    import msgspec

    try:
        return msgspec.json.decode(unpack(packed), type=kind)
    except msgspec.MsgspecError as error:
        raise StoreError(f"a stored record is damaged ({error}); restore the newest backup with `tracker restore FILE`") from error


def pack_text(text: str) -> bytes:
    """A text compressed; lone surrogates, which UTF-8 cannot hold, become question marks."""
    return pack(text.encode("utf-8", "replace"), TEXT_LEVEL)


def unpack_text(packed: bytes) -> str:
    """What `pack_text` was given. Raises StoreError when the bytes are damaged."""
    return unpack(packed).decode("utf-8")
