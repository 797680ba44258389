"""The outlet register of this workspace, and how each source fares. A person's switches survive every new catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, bindparam, case, func, insert, or_, select, update

from tracker.model import FetchOutcome, Outlet, PollResult, Source, SourceKind, Watched
from tracker.store import backend, frontier, poll_days
from tracker.store.fetches import fetch_values
from tracker.store.schema.crawl import fetches
from tracker.store.schema.watching import outlets as outlets_table
from tracker.store.schema.watching import sources as sources_table
from tracker.urls.canonical import normalise
from tracker.urls.rulebook import AddressRules, rule_of, rules_of

CONTENT_FAILURES = frozenset(
    str(outcome)
    for outcome in (
        FetchOutcome.EMPTY,
        FetchOutcome.TOO_LARGE,
        FetchOutcome.NOT_HTML,
        FetchOutcome.NOT_A_FEED,
        FetchOutcome.PARSE_FAILED,
        FetchOutcome.FAILED,
    )
)
"""Failures that lie in what was served: "unchanged" afterwards means that it is still so."""

_OUTLET_FIELDS = tuple(column.name for column in outlets_table.c if column.name not in ("watched", "switched_on", "switched_at"))
_OUTLET_COLUMNS = tuple(outlets_table.c[name] for name in _OUTLET_FIELDS)
_REGISTER = select(*_OUTLET_COLUMNS, outlets_table.c.watched).order_by(outlets_table.c.id)
_FETCH = insert(fetches)
_WELL = {"failures": 0, "failing_since_at": None, "failing_outcome": None, "failing_detail": ""}
_POLLED = update(sources_table).where(sources_table.c.id == bindparam("of_source")).values(polls=sources_table.c.polls + 1)
_polled = bindparam("polled", type_=sources_table.c.last_succeeded_at.type)
_unreadable = func.coalesce(sources_table.c.failing_outcome, "").in_(sorted(CONTENT_FAILURES))
_STILL_SO = _POLLED.values(
    {name: case((_unreadable, sources_table.c[name]), else_=value) for name, value in {**_WELL, "last_succeeded_at": _polled}.items()}
)
_FAILED = _POLLED.values(failures=sources_table.c.failures + 1, failing_since_at=func.coalesce(sources_table.c.failing_since_at, _polled))
_enabled = func.coalesce(sources_table.c.switched_on, outlets_table.c.switched_on, sources_table.c.enabled)


class SourceState(Struct, frozen=True):
    """A source and how it fares. `failing_since_at` is empty while all is well; `failures` counts polls in a row."""

    source: Source  # `enabled` as in force, a person's switch included
    outlet: Outlet
    enabled: bool
    watched: bool
    switched_by_person: bool
    polls: int
    first_watched_at: datetime
    last_polled_at: datetime | None
    last_outcome: FetchOutcome | None
    last_status: int | None
    last_detail: str
    last_listed: int | None
    last_listed_at: datetime | None
    last_succeeded_at: datetime | None
    newest_at: datetime | None
    oldest_at: datetime | None
    failures: int
    failing_since_at: datetime | None
    failing_outcome: FetchOutcome | None
    failing_detail: str
    next_due_at: datetime | None = None
    interval_seconds: float | None = None
    gaps: int = 0


def replace(conn: Connection, outlets: Iterable[Outlet], sources: Iterable[Source], now: datetime) -> None:
    """Makes this the watched catalogue. Switches and states stay; what left the catalogue is kept but no longer watched.
    A source whose address changed starts without the old address's ETag; where what is said of an outlet's addresses changed, its links
    get the keys they would have now, so that nothing is fetched again."""
    outlets, sources = tuple(outlets), tuple(sources)
    if _is_watched(conn, outlets, sources):
        return
    before = {row.id: rule_of(_outlet(row)) for row in conn.execute(select(outlets_table))}
    conn.execute(update(outlets_table).values(watched=False))
    conn.execute(update(sources_table).values(watched=False))
    if rows := [_outlet_values(outlet) for outlet in outlets]:
        conn.execute(backend.upsert(outlets_table, ["id"], keep=["switched_on", "switched_at"]), rows)
    if changed := [outlet.id for outlet in outlets if outlet.id in before and rule_of(outlet) != before[outlet.id]]:
        key_of = partial(normalise, rules=address_rules(conn))
        for outlet_id in changed:
            frontier.rekey(conn, outlet_id, key_of)
    if rows := [_source_values(source, now) for source in sources]:
        state = [column.name for column in sources_table.c if column.name not in rows[0] or column is sources_table.c.first_watched_at]
        statement = backend.upsert(sources_table, ["id"], keep=state, changed=_forget_conditions())
        conn.execute(statement, rows)


def _is_watched(conn: Connection, outlets: Collection[Outlet], sources: Collection[Source]) -> bool:
    """Whether this is what is watched, word for word: most nights it is, and nothing has to be written."""
    rows = backend.of(conn).plain_rows(conn, _REGISTER)
    known = _outlets_of(conn.dialect.name, rows)
    if {row[0]: known[row[0]] for row in rows if row[-1]} != {one.id: one for one in outlets}:
        return False
    wanted = {(one.id, one.outlet_id, str(one.kind), one.address, one.evidence, one.enabled) for one in sources}
    columns = [sources_table.c[name] for name in ("id", "outlet_id", "kind", "address", "evidence", "enabled")]
    stored = conn.execute(select(*columns).where(sources_table.c.watched)).all()
    return len(stored) == len(sources) and {tuple(row) for row in stored} == wanted


def add_unwatched(conn: Connection, outlet: Outlet) -> None:
    """An outlet that a person named and nobody watches; one with its id stays as it is."""
    conn.execute(backend.insert_new(outlets_table).values({**_outlet_values(outlet), "watched": False}))


def outlets(conn: Connection) -> dict[str, Outlet]:
    """Every outlet ever watched, by id."""
    return dict(_outlets_of(conn.dialect.name, backend.of(conn).plain_rows(conn, _REGISTER)))


def address_rules(conn: Connection) -> AddressRules:
    """What the register says of the addresses of all its outlets; of two on one place the one that is watched."""
    return _rules_of(conn.dialect.name, backend.of(conn).plain_rows(conn, _REGISTER))


def watched(
    conn: Connection,
    *,
    kinds: Collection[SourceKind] | None = None,
    source_ids: Collection[str] | None = None,
    outlet_ids: Collection[str] | None = None,
) -> list[Watched]:
    """Enabled sources of the catalogue, ordered by id; each filter narrows."""
    statement = _joined().where(sources_table.c.watched, _enabled)
    for column, wanted in (
        (sources_table.c.kind, kinds),
        (sources_table.c.id, source_ids),
        (sources_table.c.outlet_id, outlet_ids),
    ):
        if wanted is not None:
            statement = statement.where(column.in_([str(item) for item in wanted]))
    known = outlets(conn)
    return [_watched(row, known[row.outlet_id]) for row in conn.execute(statement)]


def set_enabled(conn: Connection, identity: str, enabled: bool, now: datetime) -> int:
    """A person's switch, for a source or for all of an outlet's. Returns how many sources it concerned; 0: no such id."""
    switch = {"switched_on": enabled, "switched_at": now}
    conn.execute(update(outlets_table).where(outlets_table.c.id == identity).values(switch))
    concerned = or_(sources_table.c.id == identity, sources_table.c.outlet_id == identity)
    return conn.execute(update(sources_table).where(concerned).values(switch)).rowcount


def states(conn: Connection, outlet_ids: Collection[str] | None = None) -> list[SourceState]:
    """All sources (of these outlets), also those disabled or gone from the catalogue, ordered by id."""
    known = outlets(conn)
    wanted = _joined() if outlet_ids is None else _joined().where(sources_table.c.outlet_id.in_([*outlet_ids]))
    return [_state(row, known[row.outlet_id]) for row in conn.execute(wanted)]


def state(conn: Connection, source_id: str) -> SourceState | None:
    """One source, or None."""
    row = conn.execute(_joined().where(sources_table.c.id == source_id)).first()
    return None if row is None else _state(row, outlets(conn)[row.outlet_id])


def record_poll(conn: Connection, run_id: int | None, poll: PollResult, *, new_links: int = 0) -> None:
    """Notes one poll and how many of its links were new. "Unchanged" ends a failure of the connection but not one of the content: what could not be read
    before still cannot. After unreadable content the next request is unconditional, so that a mended feed is seen."""
    facts = poll.facts
    brought = {"listed": poll.listed, "new_links": new_links, "newest_at": poll.newest_at, "oldest_at": poll.oldest_at}
    noted = conn.execute(_FETCH, {"source_id": poll.source_id, "run_id": run_id, **brought, **fetch_values(facts)})
    assert noted.inserted_primary_key is not None
    shown = {"listed": poll.listed, "newest_at": poll.newest_at, "oldest_at": poll.oldest_at, "detail": facts.detail}
    fetch_id = noted.inserted_primary_key[0]
    poll_days.note(conn, fetch_id, poll.source_id, str(facts.outcome), facts.fetched_at, new_links, **shown)
    values = {
        "of_source": poll.source_id,
        "last_polled_at": facts.fetched_at,
        "last_outcome": str(facts.outcome),
        "last_status": facts.status,
        "last_detail": facts.detail,
    }
    if facts.outcome is not FetchOutcome.UNCHANGED:
        values["last_listed"] = poll.listed
    if poll.listed:
        values |= {"last_listed_at": facts.fetched_at, "newest_at": poll.newest_at, "oldest_at": poll.oldest_at}
    if facts.outcome is FetchOutcome.UNCHANGED:
        conn.execute(_STILL_SO, {**values, **_conditions(poll), "polled": facts.fetched_at})
    elif facts.outcome.succeeded:
        conn.execute(_POLLED, {**values, **_conditions(poll), **_WELL, "last_succeeded_at": facts.fetched_at})
    else:
        failing = {"failing_outcome": str(facts.outcome), "failing_detail": facts.detail}
        conn.execute(_FAILED, {**values, **_conditions(poll), **failing, "polled": facts.fetched_at})


def _conditions(poll: PollResult) -> dict[str, Any]:
    given = {"etag": poll.etag, "last_modified": poll.last_modified}
    if poll.facts.outcome is FetchOutcome.FETCHED:
        return given
    if str(poll.facts.outcome) in CONTENT_FAILURES:
        return dict.fromkeys(given)
    if poll.facts.outcome is FetchOutcome.UNCHANGED:
        return {name: value for name, value in given.items() if value}
    return {}


def _forget_conditions() -> dict[str, Any]:
    table = sources_table
    new_address = backend.excluded(table).address
    return {name: case((table.c.address == new_address, table.c[name])) for name in ("etag", "last_modified")}


def _outlet_values(outlet: Outlet) -> dict[str, Any]:
    return {name: getattr(outlet, name) for name in _OUTLET_FIELDS} | {"watched": True}


def _source_values(source: Source, now: datetime) -> dict[str, Any]:
    return {
        "id": source.id,
        "outlet_id": source.outlet_id,
        "kind": str(source.kind),
        "address": source.address,
        "evidence": source.evidence,
        "enabled": source.enabled,
        "watched": True,
        "first_watched_at": now,
    }


def _joined() -> Select[Any]:
    return (
        select(sources_table, _enabled.label("in_force"), outlets_table.c.switched_on.label("its_outlet_switched_on"))
        .join(outlets_table, outlets_table.c.id == sources_table.c.outlet_id)
        .order_by(sources_table.c.id)
    )


@lru_cache(maxsize=4)
def _outlets_of(dialect: str, rows: tuple[tuple[Any, ...], ...]) -> dict[str, Outlet]:
    """Every page and every edition asks for the register, and it changes once in weeks: it is read again where a row is another."""
    return {row[0]: Outlet(**backend.named(dialect).read_plain(_OUTLET_COLUMNS, row[:-1])) for row in rows}


@lru_cache(maxsize=4)
def _rules_of(dialect: str, rows: tuple[tuple[Any, ...], ...]) -> AddressRules:
    found = _outlets_of(dialect, rows)
    return rules_of(found[row[0]] for row in sorted(rows, key=lambda row: (not row[-1], row[0])))


def _outlet(row: Row[Any]) -> Outlet:
    given = row._mapping
    return Outlet(**{name: given[name] for name in _OUTLET_FIELDS})


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        outlet_id=row.outlet_id,
        kind=SourceKind(row.kind),
        address=row.address,
        evidence=row.evidence,
        enabled=bool(row.in_force),
    )


def _watched(row: Row[Any], outlet: Outlet) -> Watched:
    return Watched(source=_source(row), outlet=outlet, etag=row.etag, last_modified=row.last_modified, next_due_at=row.next_due_at)


def _state(row: Row[Any], outlet: Outlet) -> SourceState:
    return SourceState(
        source=_source(row),
        outlet=outlet,
        enabled=bool(row.in_force),
        watched=row.watched,
        switched_by_person=row.switched_on is not None or row.its_outlet_switched_on is not None,
        polls=row.polls,
        first_watched_at=row.first_watched_at,
        last_polled_at=row.last_polled_at,
        last_outcome=FetchOutcome(row.last_outcome) if row.last_outcome else None,
        last_status=row.last_status,
        last_detail=row.last_detail,
        last_listed=row.last_listed,
        last_listed_at=row.last_listed_at,
        last_succeeded_at=row.last_succeeded_at,
        newest_at=row.newest_at,
        oldest_at=row.oldest_at,
        failures=row.failures,
        failing_since_at=row.failing_since_at,
        failing_outcome=FetchOutcome(row.failing_outcome) if row.failing_outcome else None,
        failing_detail=row.failing_detail,
        next_due_at=row.next_due_at,
        interval_seconds=row.interval_seconds,
        gaps=row.gaps,
    )


__all__ = ["SourceState", "outlets", "record_poll", "replace", "set_enabled", "states", "watched"]
