"""What second nets brought: links whose pages are fetched, links that are listed elsewhere and not read, and the nets' files.

A link that is listed waits for no fetch. It becomes a usual one when its outlet lets us in, or when the outlet itself names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, func, select, update

from tracker.model import FetchOutcome, FoundLink, Published
from tracker.store import backend, frontier
from tracker.store.batches import chunks
from tracker.store.schema.columns import read_published, storable
from tracker.store.schema.crawl import links, pages
from tracker.store.schema.nets import listed, net_files

MISSING = "missing"
"""The outcome of a file that is not there."""
REFUSALS = (FetchOutcome.ROBOTS_REFUSED, FetchOutcome.BLOCKED)
"""Ends of a page that are the outlet's refusal and no accident."""


class Listed(Struct, frozen=True):
    """An item listed elsewhere whose text was not read. `article_id` 0: no campaign matches it."""

    link_id: int
    outlet_id: str
    url: str
    title: str
    sentence: str
    published: Published | None
    net: str
    listed_at: datetime
    article_id: int = 0


class NetFile(Struct, frozen=True):
    """What is known of a net's file. `lines`, `kept`: None where it was not read."""

    name: str
    outcome: str
    asked_at: datetime
    tries: int = 1
    lines: int | None = None
    kept: int | None = None


def add(conn: Connection, found: Sequence[tuple[str, FoundLink]], now: datetime, *, run_id: int | None = None) -> int:
    """Keeps (key, link) pairs as listed elsewhere; returns how many are new. One that is known stays as it is, and counts as listed
    where its fetch was refused."""
    new = frontier.add(conn, found, run_id=run_id, now=now, state=frontier.LISTED)
    nets = {storable(key): link.found_by for key, link in reversed(found)}
    for batch in chunks([*nets]):
        wanted = links.c.key.in_(batch) & ((links.c.state == frontier.LISTED) | _is_refused())
        rows = conn.execute(select(links.c.id, links.c.key).where(wanted, ~_has_page()))
        _note(conn, [(row.id, nets[row.key]) for row in rows], now)
    return new


def note_refused(conn: Connection, nets: Collection[str], now: datetime) -> int:
    """Counts links of these nets among the listed whose pages were refused when they were asked for; returns how many."""
    known = select(listed.c.link_id).where(listed.c.link_id == links.c.id).exists()
    wanted = (links.c.found_by.in_([*nets]), links.c.title != "", _is_refused(), ~known, ~_has_page())
    rows = conn.execute(select(links.c.id, links.c.found_by).where(*wanted)).all()
    conn.execute(update(links).where(links.c.id.in_([row.id for row in rows]), links.c.state == "pending").values(state="done"))
    _note(conn, [(row.id, row.found_by) for row in rows], now)
    return len(rows)


def let_in(conn: Connection, refusing: Collection[str], since: datetime) -> int:
    """Has the pages of listed links fetched whose outlet refuses no more, listed since then; returns how many."""
    recent = select(listed.c.link_id).where(listed.c.link_id == links.c.id, listed.c.listed_at >= since).exists()
    wanted = (links.c.state == frontier.LISTED, links.c.outlet_id.not_in([*refusing]), recent)
    return conn.execute(update(links).where(*wanted).values(state="pending")).rowcount


def unlooked(conn: Connection, versions: str, *, limit: int) -> list[Listed]:
    """Listed items that these versions of the campaigns have not looked at, in the order in which they came."""
    statement = _items().where(listed.c.looked != versions, ~_has_page()).order_by(listed.c.link_id).limit(limit)
    return [_read(row) for row in conn.execute(statement)]


def mark_looked(conn: Connection, link_ids: Collection[int], versions: str, articles: Mapping[int, int] | None = None) -> None:
    """Notes that these versions have looked at the items, and which article stands for those that match."""
    for batch in chunks([*link_ids]):
        conn.execute(update(listed).where(listed.c.link_id.in_(batch)).values(looked=versions))
    for link_id, article_id in (articles or {}).items():
        conn.execute(update(listed).where(listed.c.link_id == link_id).values(article_id=article_id))


def every(conn: Connection) -> Iterator[Listed]:
    """All items listed elsewhere whose text was not read since, in the order in which they came."""
    yield from map(_read, conn.execute(_items().where(~_has_page()).order_by(listed.c.listed_at, listed.c.link_id)))


def net_of_articles(conn: Connection, article_ids: Collection[int]) -> dict[int, str]:
    """The net that listed what each of these articles stands for."""
    found: dict[int, str] = {}
    for batch in chunks([*article_ids]):
        rows = conn.execute(select(listed.c.article_id, listed.c.net).where(listed.c.article_id.in_(batch)))
        found |= {row.article_id: row.net for row in rows}
    return found


def counts(conn: Connection) -> dict[str, tuple[int, datetime]]:
    """By net: how many items are listed, and when the last one came."""
    rows = conn.execute(select(listed.c.net, func.count(), func.max(listed.c.listed_at)).group_by(listed.c.net))
    return {row[0]: (row[1], row[2]) for row in rows}


def forget(conn: Connection, before: datetime) -> int:
    """Gives up items listed before then that no campaign matched, and what is known of files as old; returns how many items."""
    conn.execute(delete(net_files).where(net_files.c.asked_at < before))
    return conn.execute(delete(listed).where(listed.c.listed_at < before, listed.c.article_id.is_(None))).rowcount


def files(conn: Connection, net: str, since_name: str = "") -> dict[str, NetFile]:
    """What is known of the net's files whose name is not before `since_name`."""
    wanted = (net_files.c.net == net, net_files.c.name >= since_name)
    rows = conn.execute(select(net_files).where(*wanted))
    return {row.name: NetFile(row.name, row.outcome, row.asked_at, row.tries, row.lines, row.kept) for row in rows}


def note_file(conn: Connection, net: str, file: NetFile) -> None:
    """Notes how asking for a file ended; what was there before is replaced."""
    values = {"net": net, **{name: getattr(file, name) for name in NetFile.__struct_fields__}}
    again = {"tries": net_files.c.tries + 1}
    conn.execute(backend.upsert(net_files, ["net", "name"], changed=again), [values])


def last_files(conn: Connection) -> dict[str, tuple[NetFile | None, NetFile]]:
    """By net: the last file that was read, if any was, and the last that was asked for."""
    found: dict[str, tuple[NetFile | None, NetFile]] = {}
    for net in [*conn.execute(select(net_files.c.net).distinct()).scalars()]:
        mine = select(net_files).where(net_files.c.net == net).order_by(net_files.c.asked_at.desc(), net_files.c.name.desc()).limit(1)
        asked, read = conn.execute(mine).one(), conn.execute(mine.where(net_files.c.lines.is_not(None))).first()
        found[net] = (_file(read) if read else None, _file(asked))
    return found


def _file(row: Row[Any]) -> NetFile:
    return NetFile(row.name, row.outcome, row.asked_at, row.tries, row.lines, row.kept)


def _note(conn: Connection, found: Sequence[tuple[int, str]], now: datetime) -> None:
    if found:
        rows = [{"link_id": link_id, "net": net, "listed_at": now, "looked": ""} for link_id, net in found]
        conn.execute(backend.insert_new(listed), rows)


def _is_refused() -> Any:
    return links.c.outcome.in_([str(one) for one in REFUSALS])


def _has_page() -> Any:
    return select(pages.c.id).where(pages.c.link_id == links.c.id).exists()


def _items() -> Any:
    columns = (links.c.id, links.c.outlet_id, links.c.url, links.c.title, links.c.summary)
    dates = (links.c.published_at, links.c.published_offset_seconds, links.c.published_precision)
    return select(*columns, *dates, listed.c.net, listed.c.listed_at, listed.c.article_id).join(links, links.c.id == listed.c.link_id)


def _read(row: Row[Any]) -> Listed:
    published = read_published(row.published_at, row.published_offset_seconds, row.published_precision)
    return Listed(row.id, row.outlet_id, row.url, row.title, row.summary, published, row.net, row.listed_at, row.article_id or 0)
