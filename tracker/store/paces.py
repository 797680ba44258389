"""How fast each source turns over, when it is due, and the windows that were outrun."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from tracker.model import FetchOutcome, SourceKind
from tracker.store.batches import chunks
from tracker.store.schema.columns import storable
from tracker.store.schema.crawl import fetches, links, sightings
from tracker.store.schema.watching import gaps as gaps_table
from tracker.store.schema.watching import outlets
from tracker.store.schema.watching import sources as sources_table

_FIND = select(
    *(
        sources_table.c[name]
        for name in (
            "outlet_id", "kind", "last_succeeded_at", "last_new_at", "newest_at", "last_listed", "items_per_hour", "haste", "failures"
        )
    )
).where(sources_table.c.id == bindparam("of_source"))  # fmt: skip
_SAVE = update(sources_table).where(sources_table.c.id == bindparam("of_source"))


class PaceRow(Struct, frozen=True):
    """What is known of a source's pace as of its last poll."""

    outlet_id: str
    kind: SourceKind
    last_answered_at: datetime | None
    last_new_at: datetime | None
    newest_at: datetime | None
    window_items: int
    items_per_hour: float | None
    haste: float
    failures: int


class Gap(Struct, frozen=True):
    """A window that was outrun: what its source listed since `since_at` may have been missed. `repaired_at` is empty while it was not
    made good; `detail` says how, or why not."""

    id: int
    source_id: str
    outlet_id: str
    outlet_name: str
    country: str
    since_at: datetime
    noticed_at: datetime
    repaired_at: datetime | None
    detail: str


def find(conn: Connection, source_id: str) -> PaceRow | None:
    """The pace of a source before its next poll is noted; None when it is not in the register."""
    row = conn.execute(_FIND, {"of_source": source_id}).first()
    if row is None:
        return None
    return PaceRow(
        outlet_id=row.outlet_id,
        kind=SourceKind(row.kind),
        last_answered_at=row.last_succeeded_at,
        last_new_at=row.last_new_at,
        newest_at=row.newest_at,
        window_items=row.last_listed or 0,
        items_per_hour=row.items_per_hour,
        haste=row.haste,
        failures=row.failures,
    )


def put_off(conn: Connection, until: Mapping[str, datetime]) -> None:
    """Has sources asked no earlier than at these moments; who is due later stays so."""
    table = sources_table
    for source_id, moment in until.items():
        earlier = table.c.next_due_at.is_(None) | (table.c.next_due_at < moment)
        conn.execute(update(table).where(table.c.id == source_id, earlier).values(next_due_at=moment))


def named_before(conn: Connection, source_id: str, keys: Sequence[str]) -> dict[str, datetime]:
    """Which of the keys this very source has named already, and when it first did."""
    seen_at: dict[str, datetime] = {}
    for batch in chunks(storable(key) for key in keys):
        wanted = (
            select(links.c.key, sightings.c.seen_at)
            .join(sightings, sightings.c.link_id == links.c.id)
            .where(links.c.key.in_(batch), sightings.c.source_id == source_id)
        )
        seen_at |= {row.key: row.seen_at for row in conn.execute(wanted)}
    return seen_at


def save(
    conn: Connection,
    source_id: str,
    *,
    next_due_at: datetime,
    interval_seconds: float,
    items_per_hour: float | None,
    haste: float,
    last_new_at: datetime | None,
) -> None:
    """Notes what a poll taught of a source's pace."""
    values = {
        "next_due_at": next_due_at,
        "interval_seconds": interval_seconds,
        "items_per_hour": items_per_hour,
        "haste": haste,
        "last_new_at": last_new_at,
    }
    conn.execute(_SAVE, {"of_source": source_id, **values})


def note_gap(conn: Connection, source_id: str, outlet_id: str, run_id: int | None, since_at: datetime, noticed_at: datetime) -> None:
    """A window was outrun; counted for its source too."""
    noted = {"source_id": source_id, "outlet_id": outlet_id, "run_id": run_id, "since_at": since_at, "noticed_at": noticed_at}
    conn.execute(insert(gaps_table).values(noted))
    table = sources_table
    conn.execute(update(table).where(table.c.id == source_id).values(gaps=table.c.gaps + 1))


def repairing(conn: Connection) -> dict[str, list[str]]:
    """By outlet, the sources that show more of its past than a feed does: its posts interface, else its sitemaps,
    else its section pages. Also those that the
    catalogue has switched off as not needed; never one that a person has switched off."""
    table = sources_table
    by_person = func.coalesce(table.c.switched_on, outlets.c.switched_on)
    wanted = (
        select(table.c.id, table.c.outlet_id, table.c.kind)
        .join(outlets, outlets.c.id == table.c.outlet_id)
        .where(
            table.c.watched,
            table.c.kind.in_([SourceKind.WORDPRESS, SourceKind.SITEMAP, SourceKind.SECTION]),
            or_(by_person.is_(None), by_person),
        )
        .order_by(table.c.kind.desc(), table.c.id)  # wordpress, sitemap, section
    )
    by_outlet: dict[str, list[tuple[str, str]]] = {}
    for row in conn.execute(wanted):
        by_outlet.setdefault(row.outlet_id, []).append((row.kind, row.id))
    return {outlet: [one for kind, one in listed if kind == listed[0][0]] for outlet, listed in by_outlet.items()}


def open_gaps(conn: Connection, run_id: int) -> list[Gap]:
    """Windows that were outrun in a run and not made good yet."""
    return _gaps(conn, [gaps_table.c.run_id == run_id, gaps_table.c.repaired_at.is_(None)])


def gaps_between(conn: Connection, start_at: datetime, end_at: datetime) -> list[Gap]:
    """Windows noticed as outrun in [start_at, end_at), by outlet."""
    return _gaps(conn, [gaps_table.c.noticed_at >= start_at, gaps_table.c.noticed_at < end_at])


class RepairPoll(Struct, frozen=True):
    """How a sitemap or a section page answered in the run of a gap."""

    kind: SourceKind
    outcome: FetchOutcome
    listed: int
    new_links: int
    oldest_at: datetime | None
    fetched_at: datetime


def repair_polls(conn: Connection, run_id: int, outlet_ids: Collection[str]) -> dict[str, list[RepairPoll]]:
    """What showed more of these outlets' past in a run, by outlet."""
    table = sources_table
    by_outlet: dict[str, list[RepairPoll]] = {}
    for batch in chunks(outlet_ids):
        wanted = (
            select(fetches, table.c.kind, table.c.outlet_id)
            .join(table, table.c.id == fetches.c.source_id)
            .where(fetches.c.run_id == run_id, table.c.outlet_id.in_(batch))
            .where(table.c.kind.in_([SourceKind.WORDPRESS, SourceKind.SITEMAP, SourceKind.SECTION]))
            .order_by(fetches.c.id)
        )
        for row in conn.execute(wanted):
            outcome = FetchOutcome(row.outcome)
            poll = RepairPoll(SourceKind(row.kind), outcome, row.listed or 0, row.new_links or 0, row.oldest_at, row.fetched_at)
            by_outlet.setdefault(row.outlet_id, []).append(poll)
    return by_outlet


def settle_gap(conn: Connection, gap_id: int, repaired_at: datetime | None, detail: str) -> None:
    """How a gap was made good, or why it was not."""
    conn.execute(update(gaps_table).where(gaps_table.c.id == gap_id).values(repaired_at=repaired_at, detail=detail))


def _gaps(conn: Connection, conditions: Sequence[Any]) -> list[Gap]:
    wanted = (
        select(gaps_table, outlets.c.name, outlets.c.country)
        .join(outlets, outlets.c.id == gaps_table.c.outlet_id)
        .where(*conditions)
        .order_by(outlets.c.country, outlets.c.name, gaps_table.c.id)
    )
    return [_gap(row) for row in conn.execute(wanted)]


def _gap(row: Row[Any]) -> Gap:
    return Gap(row.id, row.source_id, row.outlet_id, row.name, row.country, row.since_at, row.noticed_at, row.repaired_at, row.detail)
