"""Links fetched a second time: what brought no article and is still listed, and what another outlet named before its own did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, select, true, update

from tracker.model import FetchOutcome, SkipReason
from tracker.store.batches import chunks
from tracker.store.schema.columns import storable
from tracker.store.schema.crawl import links, pages, sightings

WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""After the first, second and third look without an article: a page taken back for an edit, a morning's outage, a day's."""

STILL_LISTED = timedelta(days=2)
"""A feed that answers 'not modified' still lists what it named in these days; the register's feeds hold one to three."""

SETTLED = (SkipReason.SAME_PAGE, SkipReason.SAME_TEXT, SkipReason.GALLERY)
"""Pages that were seen as they are: another look would show the same."""

_is_done = links.c.state == "done"
_has_no_article = pages.c.id.is_(None) | ((pages.c.state == "skipped") & pages.c.skip_reason.not_in([str(one) for one in SETTLED]))


class WithoutArticle(Struct, frozen=True):
    """An outlet's links attempted in a period: how many, how many of them brought no article, and how many were given up."""

    outlet_id: str
    attempted: int
    without: int
    given_up: int


class GivenUp(Struct, frozen=True):
    """A link that brought no article at any look. `reason` is a FetchOutcome or, where a page came, a SkipReason."""

    outlet_id: str
    url: str
    reason: str
    attempted_at: datetime


def ask_listed_again(conn: Connection, outlet_id: str, keys: Collection[str], now: datetime, *, run_id: int | None = None) -> int:
    """Has those of an outlet's links fetched again that its own source still lists although they brought no article.
    At most once for each of WAITS; returns how many. What the run itself fetched, before it was killed say, waits for the next run."""
    count = 0
    for batch in chunks([storable(key) for key in keys]):
        count += _ask_again(conn, outlet_id, links.c.key.in_(batch), now, run_id)
    return count


def lacking_lately(conn: Connection, now: datetime) -> dict[str, list[int]]:
    """By outlet: the links found lately that brought no article and may be asked again. Read once a crawl, for `ask_unchanged_again`: for
    each source anew it would read all that was attempted in these days."""
    recent = (links.c.found_at >= now - STILL_LISTED) & (links.c.attempted_at >= now - STILL_LISTED)  # attempted after it was found
    found: dict[str, list[int]] = {}
    for row in conn.execute(_lacking(recent, None)):
        found.setdefault(row.outlet_id, []).append(row.id)
    return found


def ask_unchanged_again(
    conn: Connection, outlet_id: str, source_id: str, now: datetime, *, lacking: Collection[int], run_id: int | None = None
) -> int:
    """The same for a source that answered 'not modified': what it listed lately it lists still. `lacking`: the outlet's of
    `lacking_lately`; those that meanwhile have an article are passed over."""
    is_named = exists().where(
        sightings.c.link_id == links.c.id, sightings.c.source_id == source_id, sightings.c.seen_at >= now - STILL_LISTED
    )
    return sum(_ask_again(conn, outlet_id, links.c.id.in_(batch) & is_named, now, run_id) for batch in chunks(lacking))


def _lacking(which: ColumnElement[bool], run_id: int | None) -> Select[Any]:
    return (
        select(links.c.id, links.c.outlet_id, links.c.looks_again, links.c.attempted_at)
        .outerjoin(pages, pages.c.link_id == links.c.id)
        .where(which, links.c.named_by_owner, _is_done, _has_no_article)
        .where(links.c.looks_again < len(WAITS), links.c.outcome != str(FetchOutcome.ROBOTS_REFUSED))
        .where(links.c.attempted_run_id.is_distinct_from(run_id) if run_id is not None else true())
    )


def _ask_again(conn: Connection, outlet_id: str, which: ColumnElement[bool], now: datetime, run_id: int | None) -> int:
    rows = conn.execute(_lacking(which & (links.c.outlet_id == outlet_id), run_id)).all()
    for row in rows:
        due_at = min(row.attempted_at or now, now) + WAITS[row.looks_again]
        values = {"state": "pending", "looks_again": row.looks_again + 1, "not_before_at": due_at}
        conn.execute(update(links).where(links.c.id == row.id).values(values))
    return len(rows)


def take_over(conn: Connection, named: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """Own namings, by key, of links that only other outlets had named: address, owner and what is said of the article become the
    owner's. What was fetched from another address, for another owner or without an article is fetched again. Returns the ids of
    the links that wait again."""
    waiting: list[int] = []
    for batch in chunks([*named]):
        columns = (links.c.id, links.c.key, links.c.url, links.c.outlet_id, links.c.state, pages.c.state.label("page_state"))
        rows = conn.execute(
            select(*columns)
            .outerjoin(pages, pages.c.link_id == links.c.id)
            .where(links.c.key.in_(batch), links.c.named_by_owner.is_(False))
        ).all()
        for row in rows:
            values = dict(named[row.key])
            same = (row.url, row.outlet_id) == (values["url"], values["outlet_id"])
            if not (same and row.page_state in ("article", "unscreened")):
                values |= {"state": "pending", "not_before_at": None, "attempts": 0, "looks_again": 0}
                waiting.append(row.id)
            conn.execute(update(links).where(links.c.id == row.id).values(named_by_owner=True, **values))
    return waiting


def without_article(conn: Connection, since: datetime, until: datetime) -> list[WithoutArticle]:
    """By outlet: the links attempted in a period and those that brought no article."""
    lacking = case((_is_done & _has_no_article, 1), else_=0)
    given_up = case((_is_done & _has_no_article & (links.c.looks_again >= len(WAITS)), 1), else_=0)
    rows = conn.execute(
        select(links.c.outlet_id, func.count(), func.sum(lacking), func.sum(given_up))
        .outerjoin(pages, pages.c.link_id == links.c.id)
        .where(links.c.attempted_at >= since, links.c.attempted_at < until)
        .group_by(links.c.outlet_id)
        .order_by(links.c.outlet_id)
    )
    return [WithoutArticle(*row) for row in rows]


def given_up(conn: Connection, since: datetime, *, limit: int = 100) -> list[GivenUp]:
    """Links whose last look since then was their last, without an article; newest first."""
    rows = conn.execute(
        select(links.c.outlet_id, links.c.url, func.coalesce(pages.c.skip_reason, links.c.outcome), links.c.attempted_at)
        .outerjoin(pages, pages.c.link_id == links.c.id)
        .where(_is_done, _has_no_article, links.c.looks_again >= len(WAITS), links.c.attempted_at >= since)
        .order_by(links.c.attempted_at.desc(), links.c.id)
        .limit(limit)
    )
    return [GivenUp(*row) for row in rows]
