"""Links, pending until they are fetched. A link's normalised address is the only filter of what is known already; a link that failed for
now stays, one that failed for good is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, literal_column, select, update

from tracker.model import FoundLink, FrontierLink
from tracker.store import backend, second_looks
from tracker.store.batches import chunks
from tracker.store.schema.columns import published_values, storable
from tracker.store.schema.crawl import links as links_table
from tracker.store.schema.crawl import pages, sightings

BACKFILL = "backfill"
"""`found_by` of a link that a backfill brought."""

LISTED = "listed"
"""The state of a link that a second net names and whose outlet refuses us: nobody fetches it."""

_is_pending = links_table.c.state == literal_column("'pending'")  # spelt out, else the partial index is not used


def add(conn: Connection, links: Sequence[tuple[str, FoundLink]], *, run_id: int | None, now: datetime, state: str = "pending") -> int:
    """Stores (key, link) pairs whose key is new, in the state given; returns how many were. Every source that named a link is noted, once.
    A pending link that had no title takes over what a later source says of it: screening reads that too. An address may belong,
    by the register, to another outlet than the one that named it. Then the owner's own naming replaces address, owner and outcome."""
    new = 0
    for batch in chunks((storable(key), link) for key, link in links if key):
        known, of_backfill = _known(conn, [key for key, _ in batch])
        fresh: dict[str, FoundLink] = {}
        better: dict[str, FoundLink] = {}
        own = {key: link for key, link in batch if link.named_by_owner}
        named_today: list[str] = []
        for key, link in batch:
            if key not in known:
                if key not in fresh or _says_more(link, fresh[key]):
                    fresh[key] = link
            elif known[key] and link.title:
                better.setdefault(key, link)
            if key in of_backfill and link.found_by != BACKFILL:
                named_today.append(key)
        if fresh:
            conn.execute(insert(links_table), [_link_values(key, link, run_id, now, state) for key, link in fresh.items()])
        for key, link in better.items():
            believed = links_table.c.key == key if link.named_by_owner else (links_table.c.key == key) & ~links_table.c.named_by_owner
            conn.execute(update(links_table).where(believed).values(_said(link)))
        second_looks.take_over(conn, {key: _naming(link) for key, link in own.items() if key in known})
        if named_today:  # what a source names today is fetched tonight, whoever found it first
            conn.execute(update(links_table).where(links_table.c.key.in_(named_today)).values(found_by=batch[0][1].found_by))
        _note_sightings(conn, batch, now)
        new += len(fresh)
    return new


def take(
    conn: Connection,
    *,
    limit: int,
    now: datetime,
    after_id: int = 0,
    outlet_ids: Collection[str] | None = None,
    in_flight: Collection[int] | None = None,
    backfill: bool | None = None,
    link_ids: Collection[int] | None = None,
    except_outlets: Collection[str] = (),
) -> list[FrontierLink]:
    """Up to `limit` links whose time has come, one outlet after the other, so that no host waits behind another's links.
    `backfill`: only the links that a backfill brought, or only the others: news never waits behind old articles.
    `link_ids`: only these. `except_outlets`: none of theirs.

    Two ways to take the next batch: `in_flight` names the links taken and not finished yet, and the choice is made among all
    that are pending (the wider spread); or `after_id` is the highest id taken so far, and batches follow the order of finding."""
    table = links_table
    waiting = select(table.c.id, table.c.outlet_id).where(_is_pending, table.c.id > after_id, _is_due(now))
    if outlet_ids is not None:
        waiting = waiting.where(table.c.outlet_id.in_([*outlet_ids]))
    if except_outlets:
        waiting = waiting.where(table.c.outlet_id.not_in([*except_outlets]))
    if backfill is not None:
        waiting = waiting.where(table.c.found_by == BACKFILL if backfill else table.c.found_by != BACKFILL)
    if link_ids is not None:
        waiting = waiting.where(table.c.id.in_([*link_ids]))
    if in_flight is None:
        waiting = waiting.order_by(table.c.id).limit(limit)
    skipped = set(in_flight or ())
    among = waiting.subquery()
    turn = func.row_number().over(partition_by=among.c.outlet_id, order_by=among.c.id).label("turn")
    spread = select(among.c.id, turn).order_by("turn", among.c.id).limit(limit + len(skipped))
    chosen = [row.id for row in conn.execute(spread) if row.id not in skipped][:limit]
    by_id: dict[int, FrontierLink] = {}
    for batch in chunks(chosen):
        rows = conn.execute(select(table.c.id, table.c.key, table.c.url, table.c.outlet_id, table.c.attempts).where(table.c.id.in_(batch)))
        by_id |= {row.id: FrontierLink(row.id, row.key, row.url, row.outlet_id, row.attempts) for row in rows}
    return [by_id[link_id] for link_id in chosen]


def rekey(conn: Connection, outlet_id: str, key_of: Callable[[str], str]) -> int:
    """Gives an outlet's links the keys that their addresses have now; returns how many changed. Of links that come to have the same
    one, the first stored has it."""
    table, after_id, changed = links_table, 0, 0
    columns = (table.c.id, table.c.key, table.c.url)
    page = select(*columns).where(table.c.outlet_id == outlet_id).order_by(table.c.id).limit(1000)
    while rows := conn.execute(page.where(table.c.id > after_id)).all():
        after_id = rows[-1].id
        wanted = {key: row.id for row in reversed(rows) if (key := storable(key_of(row.url))) and key != row.key}
        taken: set[str] = set()
        for batch in chunks(wanted):
            taken.update(conn.execute(select(table.c.key).where(table.c.key.in_(batch))).scalars())
        values = [{"of_link": link_id, "new_key": key} for key, link_id in wanted.items() if key not in taken]
        if values:
            conn.execute(update(table).where(table.c.id == bindparam("of_link")).values(key=bindparam("new_key")), values)
        changed += len(values)
    return changed


def ask_again(conn: Connection, key: str) -> int | None:
    """Has a link fetched again whose fetch brought no page, as a person asked; returns its id, or None when there is a page
    already or no such link."""
    table = links_table
    without_page = ~select(pages.c.id).where(pages.c.link_id == table.c.id).exists()
    wanted = (table.c.key == storable(key)) & without_page
    conn.execute(update(table).where(wanted).values(state="pending", not_before_at=None))
    return conn.execute(select(table.c.id).where(wanted)).scalar()


def waiting(conn: Connection, keys: Collection[str]) -> list[FrontierLink]:
    """Which of these links are still to be fetched."""
    table, still_pending = links_table, []
    for batch in chunks([*keys]):
        columns = (table.c.id, table.c.key, table.c.url, table.c.outlet_id, table.c.attempts)
        rows = conn.execute(select(*columns).where(table.c.key.in_(batch), _is_pending).order_by(table.c.id))
        still_pending += [FrontierLink(row.id, row.key, row.url, row.outlet_id, row.attempts) for row in rows]
    return still_pending


def pending(conn: Connection, now: datetime) -> int:
    """How many links could be fetched now."""
    return int(conn.execute(select(func.count()).where(_is_pending, _is_due(now))).scalar_one())


def pending_of_backfill(conn: Connection, outlet_ids: Collection[str] | None = None) -> dict[str, int]:
    """How many links of backfills are pending, by outlet."""
    table = links_table
    statement = select(table.c.outlet_id, func.count()).where(_is_pending, table.c.found_by == BACKFILL).group_by(table.c.outlet_id)
    if outlet_ids is not None:
        statement = statement.where(table.c.outlet_id.in_([*outlet_ids]))
    return {row[0]: row[1] for row in conn.execute(statement)}


def _is_due(now: datetime) -> ColumnElement[bool]:
    return links_table.c.not_before_at.is_(None) | (links_table.c.not_before_at <= now)


def _known(conn: Connection, keys: Sequence[str]) -> tuple[dict[str, bool], set[str]]:
    """Which of the keys are there, and whether a title would still help them; and those that wait as older articles do."""
    table = links_table
    wanting = ((table.c.title == "") & _is_pending).label("wanting")
    older = ((table.c.found_by == BACKFILL) & _is_pending).label("older")
    rows = conn.execute(select(table.c.key, wanting, older).where(table.c.key.in_(keys))).all()
    return {row.key: bool(row.wanting) for row in rows}, {row.key for row in rows if row.older}


def _said(link: FoundLink) -> dict[str, Any]:
    return {"title": link.title, "summary": link.summary, "authors": link.authors, **published_values(link.published)}


def _says_more(link: FoundLink, than: FoundLink) -> bool:
    """Whether to believe this naming rather than another of the same moment: the owner's, then one with a title."""
    return (link.named_by_owner, bool(link.title)) > (than.named_by_owner, bool(than.title))


def _naming(link: FoundLink) -> dict[str, Any]:
    """What the owner's own naming sets in place of another outlet's."""
    return {"url": link.url, "outlet_id": link.outlet_id, "found_by": link.found_by, **_said(link)}


def _link_values(key: str, link: FoundLink, run_id: int | None, now: datetime, state: str) -> dict[str, Any]:
    return {
        "key": key,
        "url": link.url,
        "outlet_id": link.outlet_id,
        "found_by": link.found_by,
        "found_at": now,
        "found_run_id": run_id,
        "state": state,
        "attempts": 0,
        "named_by_owner": link.named_by_owner,
        "looks_again": 0,
        **_said(link),
    }


def _note_sightings(conn: Connection, batch: Sequence[tuple[str, FoundLink]], now: datetime) -> None:
    keys = {key for key, _ in batch}
    ids = {row.key: row.id for row in conn.execute(select(links_table.c.key, links_table.c.id).where(links_table.c.key.in_(keys)))}
    rows = [
        {"link_id": ids[key], "source_id": link.source_id, "found_by": link.found_by, "url": link.url, "seen_at": now}
        for key, link in batch
    ]
    conn.execute(backend.insert_new(sightings), rows)
