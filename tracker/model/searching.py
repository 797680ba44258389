"""What to ask the search index for: which folded words must stand in an article for a query to be able to hold."""

from __future__ import annotations

import msgspec

INDEXED_CHARS = 200_000
"""A page's text beyond this is not indexed; the longest article of the corpus has under 60,000."""


class AnyWord(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """One of these folded words."""

    words: tuple[str, ...]


class AllOf(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Every part, in any order."""

    parts: tuple[IndexQuery, ...]


class AnyOf(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """At least one part."""

    parts: tuple[IndexQuery, ...]


IndexQuery = AnyWord | AllOf | AnyOf
