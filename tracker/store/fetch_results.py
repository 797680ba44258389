"""How fetches of links ended, many at a time: as a crawl stores them. Statements are built once; building them for each
page costs more than storing it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, literal_column, select, update

from tracker.model import FetchFacts, FrontierLink
from tracker.store import backend, set_aside
from tracker.store.batches import chunks
from tracker.store.fetches import fetch_values
from tracker.store.packing import pack
from tracker.store.page_files import PageFiles
from tracker.store.schema.articles import articles
from tracker.store.schema.crawl import fetches, links, pages

_close_links = (
    update(links)
    .where(links.c.id == bindparam("link"), links.c.url == bindparam("address"))
    .values(
        outcome=bindparam("result"),
        attempts=links.c.attempts + 1,
        attempted_at=bindparam("moment"),
        attempted_run_id=bindparam("run"),
        not_before_at=bindparam("again"),
        state=bindparam("next_state"),
    )
)
_pages_of_links = select(pages.c.id, pages.c.link_id, pages.c.requested_url, pages.c.state).where(
    pages.c.link_id.in_(bindparam("links", expanding=True))
)


class FetchResult(Struct, frozen=True):
    """One link's fetch: its facts, the page's bytes if there are any, and when to try again if at all."""

    link: FrontierLink
    facts: FetchFacts
    body: bytes | None = None
    content_type: str = ""
    retry_at: datetime | None = None
    outlet_until: datetime | None = None
    """No link of the outlet is fetched before: its server has asked for it."""


class Prepared(Struct, frozen=True):
    """Rows ready to be written. Packing pages takes longer than storing them: it must not happen while others wait for the write lock."""

    closings: list[dict[str, Any]]
    fetches: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    holds: dict[str, datetime]


def prepare(results: Sequence[FetchResult], *, run_id: int | None, files: PageFiles | None = None) -> Prepared:
    """The rows of these results; needs no database. `files`: where their pages are written, in place of the rows."""
    noted = [{"link_id": one.link.id, "run_id": run_id, **fetch_values(one.facts)} for one in results]
    holds = {one.link.outlet_id: one.outlet_until for one in results if one.outlet_until is not None}
    rows = list(_pages(results))
    if files is not None:
        for row, body in zip(rows, files.keep([(row["fetched_at"], row["body"]) for row in rows]), strict=True):
            row["body"] = body
    return Prepared([_closing(one, run_id) for one in results], noted, rows, holds)


def store(conn: Connection, prepared: Prepared) -> None:
    """Closes links with their outcomes and keeps their pages, all in the caller's transaction.

    A link has one page: the first, unless that was no article or was fetched from an address that its owner has replaced. A link whose
    address was replaced while it was being fetched stays as it is: the outcome is another address's."""
    if prepared.closings:
        conn.execute(_close_links, prepared.closings)
        backend.of(conn).add_new(conn, fetches, prepared.fetches)
    for outlet_id, until in prepared.holds.items():
        waiting = (links.c.state == literal_column("'pending'")) & (links.c.outlet_id == outlet_id)
        earlier = links.c.not_before_at.is_(None) | (links.c.not_before_at < until)
        conn.execute(update(links).where(waiting, earlier).values(not_before_at=until))
    if prepared.pages:
        _give_up_pages_of_no_use(conn, prepared.pages)
        backend.of(conn).add_new(conn, pages, prepared.pages)


def finish_many(conn: Connection, results: Sequence[FetchResult], *, run_id: int | None) -> None:
    """Both at once, where nobody else writes."""
    store(conn, prepare(results, run_id=run_id))


def _give_up_pages_of_no_use(conn: Connection, fetched: Sequence[dict[str, Any]]) -> None:
    """Makes room for pages of links that were fetched again. A page that an article came from is written over, so that the article
    keeps its page; one that was sealed is set aside; any other is deleted, and the new one is read in the same run."""
    again = {row["link_id"]: row for row in fetched}
    for batch in chunks([*again]):
        for row in conn.execute(_pages_of_links, {"links": batch}).all():
            new = again[row.link_id]
            if row.state == "skipped" and not conn.execute(select(articles.c.id).where(articles.c.page_id == row.id)).first():
                conn.execute(delete(pages).where(pages.c.id == row.id))
            elif row.requested_url == new["requested_url"]:
                continue
            elif set_aside.is_sealed(conn, row.id):
                set_aside.set_aside(conn, row.id)
            else:
                conn.execute(update(pages).where(pages.c.id == row.id).values(skip_reason=None, skip_detail="", same_as=None, **new))


def _closing(result: FetchResult, run_id: int | None) -> dict[str, Any]:
    return {
        "link": result.link.id,
        "address": result.link.url,
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
            "exchange": pack(msgspec.json.encode(one.facts.exchange)) if one.facts.exchange else None,
        }
