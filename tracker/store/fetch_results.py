"""How fetches of links ended, many at a time: as a crawl stores them. Statements are built once; building them for each
page costs more than storing it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from tracker.model import FetchFacts, FrontierLink
from tracker.store import sqlite
from tracker.store.fetches import fetch_values
from tracker.store.packing import pack
from tracker.store.schema.crawl import fetches, links, pages

_close_links = (
    update(links)
    .where(links.c.id == bindparam("link"))
    .values(
        outcome=bindparam("result"),
        attempts=links.c.attempts + 1,
        attempted_at=bindparam("moment"),
        attempted_run_id=bindparam("run"),
        not_before_at=bindparam("again"),
        state=bindparam("next_state"),
    )
)
_note_fetches = insert(fetches)
_keep_pages = sqlite.insert_new(pages)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """One link's fetch: its facts, the page's bytes if there are any, and when to try again if at all."""

    link: FrontierLink
    facts: FetchFacts
    body: bytes | None = None
    content_type: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows ready to be written. Packing pages takes longer than storing them: it must not happen while others wait for the write lock."""

    closings: list[dict[str, Any]]
    fetches: list[dict[str, Any]]
    pages: list[dict[str, Any]]


def prepare(results: Sequence[FetchResult], *, run_id: int | None) -> Prepared:
    """The rows of these results; needs no database."""
    noted = [{"link_id": one.link.id, "run_id": run_id, **fetch_values(one.facts)} for one in results]
    return Prepared([_closing(one, run_id) for one in results], noted, list(_pages(results)))


def store(conn: Connection, prepared: Prepared) -> None:
    """Closes links with their outcomes and keeps their pages, all in the caller's transaction. A link has one page: the first."""
    if prepared.closings:
        conn.execute(_close_links, prepared.closings)
        conn.execute(_note_fetches, prepared.fetches)
    if prepared.pages:
        conn.execute(_keep_pages, prepared.pages)


def finish_many(conn: Connection, results: Sequence[FetchResult], *, run_id: int | None) -> None:
    """Both at once, where nobody else writes."""
    store(conn, prepare(results, run_id=run_id))


def _closing(result: FetchResult, run_id: int | None) -> dict[str, Any]:
    return {
        "link": result.link.id,
        "result": str(result.facts.outcome),
        "moment": result.facts.fetched_at,
        "run": run_id,
        "again": result.retry_at,
        "next_state": "done" if result.retry_at is None else "pending",
    }


def _pages(results: Iterable[FetchResult]) -> Iterable[dict[str, Any]]:
    for one in results:
        if one.body is None:
            continue
        yield {
            "link_id": one.link.id,
            "outlet_id": one.link.outlet_id,
            "requested_url": one.facts.requested_url,
            "final_url": one.facts.final_url,
            "content_type": one.content_type,
            "size_bytes": len(one.body),
            "sha256": hashlib.sha256(one.body).hexdigest(),
            "fetched_at": one.facts.fetched_at,
            "state": "unscreened",
            "body": pack(one.body),
        }
