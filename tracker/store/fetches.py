"""The facts of every attempt to fetch, of sources and of pages, kept for `tracker trace`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from tracker.model import FetchFacts, FetchOutcome

KEPT_HEADERS = frozenset(
    [
        "age",
        "cache-control",
        "content-encoding",
        "content-language",
        "content-length",
        "content-type",
        "date",
        "etag",
        "expires",
        "last-modified",
        "link",
        "location",
        "retry-after",
        "server",
        "via",
        "x-cache",
        "x-robots-tag",
    ]
)
MOST_HEADER_LETTERS = 500
"""Of a header's value: a limit against servers that would fill the disk; none of the headers above needs more to be understood."""


def fetch_values(facts: FetchFacts) -> dict[str, Any]:
    """The columns of `fetches` for these facts; headers that explain nothing (cookies first of all) are left out."""
    headers = [(name.lower(), value[:MOST_HEADER_LETTERS]) for name, value in facts.headers if name.lower() in KEPT_HEADERS]
    return {
        "requested_url": facts.requested_url,
        "final_url": facts.final_url,
        "status": facts.status,
        "headers": headers,
        "size_bytes": facts.size_bytes,
        "outcome": str(facts.outcome),
        "detail": facts.detail,
        "fetched_at": facts.fetched_at,
        "elapsed_seconds": facts.elapsed_seconds,
    }


def read_fetch(row: Row[Any]) -> FetchFacts:
    """The record of a row that holds all columns of `fetches`."""
    return FetchFacts(
        requested_url=row.requested_url,
        final_url=row.final_url,
        outcome=FetchOutcome(row.outcome),
        fetched_at=row.fetched_at,
        status=row.status,
        headers=row.headers,
        elapsed_seconds=row.elapsed_seconds,
        size_bytes=row.size_bytes,
        detail=row.detail,
    )
