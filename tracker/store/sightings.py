"""Which net named which article. What an outlet's own sources named stands with each link; what other nets named stands beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, case, delete, exists, func, select, union, union_all

from tracker.model import Caught, Net, NetSighting
from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.schema.articles import articles
from tracker.store.schema.columns import storable
from tracker.store.schema.crawl import links, net_sightings, pages, sightings
from tracker.store.schema.people import known_items

_BITS = {net: 1 << place for place, net in enumerate(Net)}


def record(conn: Connection, net: Net, seen: Iterable[NetSighting], now: datetime) -> int:
    """Notes that a net beside the outlets' own sources named these addresses; returns how many it never had named before. The first
    time counts. An address that also joins the frontier may be noted here as well: it is the same sighting."""
    new = 0
    for batch in chunks(each for each in seen if each.key):
        rows = [{"key": storable(each.key), "net": str(net), "outlet_id": each.outlet_id, "seen_at": now} for each in batch]
        new += max(0, conn.execute(backend.insert_new(net_sightings), rows).rowcount)
    return new


def of_period(conn: Connection, since: datetime, until: datetime) -> list[Caught]:
    """How many articles each combination of nets named, by outlet, of those published from `since` until before `until`. One without
    a date counts by when it was fetched. Articles that a person entered, which have no page, are left out."""
    dated = (articles.c.published_at >= since) & (articles.c.published_at < until)
    undated = articles.c.published_at.is_(None) & (articles.c.fetched_at >= since) & (articles.c.fetched_at < until)
    own, other = _bit(sightings.c.found_by), _bit(net_sightings.c.net)
    named = [_by_links(own, dated), _by_links(own, undated)]
    if conn.execute(select(exists(select(net_sightings.c.key)))).scalar():  # most archives ask no other net: half of the work
        named += [_by_nets(other, dated), _by_nets(other, undated)]
    each = _with_nets(union(*named).subquery()).subquery()
    counted = select(each.c.outlet_id, each.c.nets, func.count().label("total")).group_by(each.c.outlet_id, each.c.nets)
    ordered = conn.execute(counted.order_by(each.c.outlet_id, each.c.nets))
    return [Caught(row.outlet_id, frozenset(net for net, bit in _BITS.items() if int(row.nets) & bit), int(row.total)) for row in ordered]


def _with_nets(named: Subquery) -> Select[Any]:
    return select(named.c.outlet_id, func.sum(named.c.net).label("nets")).group_by(named.c.article_id, named.c.outlet_id)


def of_articles(conn: Connection, article_ids: Collection[int], campaign_id: str) -> dict[int, frozenset[Net]]:
    """The nets that named each of these articles; for one that a person entered, `Net.PEOPLE`. With those that stand in the list of
    the campaign's known coverage."""
    found: dict[int, set[Net]] = defaultdict(set)
    for batch in chunks([*article_ids]):
        mine = articles.c.id.in_(batch)
        known = known_items.c.campaign_id == campaign_id
        on_list = union_all(
            select(articles.c.id).join(pages, pages.c.id == articles.c.page_id).join(links, links.c.id == pages.c.link_id)
            .join(known_items, known_items.c.key == links.c.key).where(mine, known),
            select(articles.c.id).join(known_items, known_items.c.key == articles.c.canonical_url).where(mine, known),
        )  # fmt: skip
        for row in conn.execute(union_all(_by_links(sightings.c.found_by, mine), _by_nets(net_sightings.c.net, mine))):
            if row.net in _BITS:
                found[row.article_id].add(Net(row.net))
        for (article_id,) in conn.execute(on_list):
            found[article_id].add(Net.KNOWN)
        for (article_id,) in conn.execute(select(articles.c.id).where(mine, articles.c.page_id.is_(None))):
            found[article_id].add(Net.PEOPLE)
    return {article_id: frozenset(found[article_id]) for article_id in article_ids}


def forget(conn: Connection, before: datetime) -> int:
    """Gives up what nets named before then; returns how many. Of links, who named them stays."""
    return conn.execute(delete(net_sightings).where(net_sightings.c.seen_at < before)).rowcount


def _bit(column: ColumnElement[Any]) -> ColumnElement[int]:
    return case({str(net): bit for net, bit in _BITS.items()}, value=column, else_=0)


def _by_links(net: ColumnElement[Any], wanted: ColumnElement[bool]) -> Select[Any]:
    """(article, outlet, net) by what sources named."""
    return (
        select(articles.c.id.label("article_id"), articles.c.outlet_id, net.label("net"))
        .join(pages, pages.c.id == articles.c.page_id)
        .join(sightings, sightings.c.link_id == pages.c.link_id)
        .where(wanted)
    )


def _by_nets(net: ColumnElement[Any], wanted: ColumnElement[bool]) -> Select[Any]:
    """(article, outlet, net) by what other nets named."""
    return (
        select(articles.c.id.label("article_id"), articles.c.outlet_id, net.label("net"))
        .join(pages, pages.c.id == articles.c.page_id)
        .join(links, links.c.id == pages.c.link_id)
        .join(net_sightings, net_sightings.c.key == links.c.key)
        .where(wanted)
    )
