"""Items sealed, days closed: each ended day gets a root over its items, chained to the day before. Load -> decide -> save.

Days are those of UTC. An item belongs to the day on which a campaign first found it; one that is sealed after its day was closed, to the
next open one. The first root ever stands for the last ended day and holds all that was found until then. Interrupted, it goes on.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.errors import StoreError
from tracker.evidence.merkle import BEFORE_THE_FIRST, Tree, chain_link, leaf_hash
from tracker.evidence.records import Record, digest_of, spell
from tracker.evidence.witness import witness_line
from tracker.model import Exchange, StepReport
from tracker.store import evidence
from tracker.store.database import Database
from tracker.store.evidence import DayRoot, HeldPage, Material, NewRecord
from tracker.store.schema.columns import storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_DAYS = 400
"""Closed in one run: more is a wrong clock, or a year without a night; the next run goes on."""
NewNonce = Callable[[], str]


def new_nonce() -> str:
    """32 random hex digits."""
    return secrets.token_hex(16)


def seal_and_close(database: Database, now: datetime, nonce: NewNonce = new_nonce) -> StepReport:
    """Seals what is not sealed and closes every ended day before `now`; counts what was done. Nothing twice, however often it runs."""
    started = time.monotonic()
    sealed, unreadable = seal_items(database, now, nonce)
    closed = close_days(database, now)
    outcomes = tuple((name, count) for name, count in (("sealed", sealed), ("unreadable", unreadable)) if count)
    remarks = (f"day {closed[-1]} closed" if len(closed) == 1 else f"{len(closed)} days closed to {closed[-1]}",) if closed else ()
    return StepReport("evidence", sealed + unreadable, outcomes, time.monotonic() - started, remarks)


def seal_items(database: Database, now: datetime, nonce: NewNonce = new_nonce, only: Sequence[int] = ()) -> tuple[int, int]:
    """Seals every item that is not sealed, some at a time so that others can write between: how many, and how many could not be read.
    `only`: ids of articles, MOST_VALUES at most, where not all are to be sealed now."""
    sealed = unreadable = after = 0
    while True:
        with database.reading() as conn:
            waiting = evidence.unsealed(conn, after, only=only)
            made, damaged = _records(conn, waiting, nonce)
        if not waiting:
            return sealed, unreadable
        with database.writing() as conn:
            sealed += evidence.seal(conn, made, now)
        unreadable += damaged
        after = waiting[-1][0]


def _records(conn: Connection, waiting: list[tuple[int, datetime]], nonce: NewNonce) -> tuple[list[NewRecord], int]:
    made, damaged = [], 0
    for article_id, found_at in waiting:
        try:
            found = evidence.material(conn, article_id, found_at)
        except StoreError:
            damaged += 1
            continue
        if found is not None:
            made.append(record_of(found, nonce()))
    return made, damaged


def record_of(found: Material, nonce: str) -> NewRecord:
    """What is sealed of an item. Pure."""
    article, page = found.article, found.page
    text, exchange = storable(article.body), None if page is None else page.exchange or _known_exchange(page)
    kept = page is not None and page.kept
    record = spell(
        Record(
            version=1,
            item=article.id,
            nonce=nonce,
            outlet=storable(article.outlet_id),
            requested_url=storable(article.requested_url),
            final_url=storable(page.final_url if page else ""),
            canonical_url=storable(article.canonical_url),
            title=storable(article.title),
            published=article.published.iso() if article.published else "",
            found_at=moment(found.found_at),
            fetched_at=moment(page.fetched_at if page else article.fetched_at),
            content_type=storable(page.content_type if page else ""),
            page_bytes=page.size_bytes if page and kept else 0,
            page_sha256=page.sha256 if page and kept else "",
            exchange_sha256=digest_of(exchange),
            text_sha256=digest_of(text.encode("utf-8")),
        )
    )
    of_page = (page.id, exchange) if page is not None and page.exchange is None else (None, None)
    return NewRecord(article.id, found.found_at, leaf_hash(record).hex(), record, text, *of_page)


def _known_exchange(page: HeldPage) -> bytes:
    """Of a page that came before exchanges were kept: the status and those headers of its answer that explain something."""
    headers = tuple((storable(name), storable(value)) for name, value in page.headers)
    return spell(
        Exchange(
            complete=False,
            url=storable(page.final_url),
            ip="",
            redirects=(),
            request_headers=(),
            protocol="HTTP/1.1",
            status=page.status or 200,
            response_headers=headers,
        )
    )


def close_days(database: Database, now: datetime) -> list[str]:
    """Closes the ended days that have no root, one transaction each; returns them."""
    closed: list[str] = []
    while len(closed) < MOST_DAYS:
        with database.writing() as conn:
            last = evidence.newest_root(conn)
            day = next_day(last.day if last else None, now)
            if day is None:
                break
            end = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
            items = evidence.in_no_day(conn, end)
            evidence.close_day(conn, _root(day, [bytes.fromhex(leaf) for _, leaf in items], last, now), [one for one, _ in items])
        closed.append(day.isoformat())
    return closed


def next_day(last: str | None, now: datetime) -> date | None:
    """The day to close next: the one after the last, if it has ended; without a last one, yesterday. Pure."""
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    if last is None:
        return yesterday
    following = date.fromisoformat(last) + timedelta(days=1)
    return following if following <= yesterday else None


def _root(day: date, leaves: list[bytes], last: DayRoot | None, now: datetime) -> DayRoot:
    root = Tree(leaves).root
    link = chain_link(bytes.fromhex(last.link) if last else BEFORE_THE_FIRST, day.isoformat(), len(leaves), root)
    return DayRoot(day.isoformat(), len(leaves), root.hex(), link.hex(), now)


def newest_line(database: Database) -> str:
    """The line of the last closed day, as editions print it; empty before the first."""
    with database.reading() as conn:
        last = evidence.newest_root(conn)
    return "" if last is None else witness_line(last.day, bytes.fromhex(last.link))


def moment(at: datetime) -> str:
    """A moment as records spell it: ISO 8601 in UTC, whole seconds and more only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
