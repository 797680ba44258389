"""What to ask the search index for: which folded words must stand in an article for a query to be able to hold."""

from __future__ import annotations

from dataclasses import dataclass

INDEXED_CHARS = 200_000
"""A page's text beyond this is not indexed; the longest article of the corpus has under 60,000."""


@dataclass(frozen=True, slots=True)
class AnyWord:
    """One of these folded words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part, in any order."""

    parts: tuple[IndexQuery, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part."""

    parts: tuple[IndexQuery, ...]


IndexQuery = AnyWord | AllOf | AnyOf
