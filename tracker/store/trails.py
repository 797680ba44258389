"""Everything known of one address, for `tracker trace`, and of all addresses, for the exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection, Row, Select, null, select

from tracker.model import Article, Event, FetchFacts, FetchOutcome, HandItem, Mention, Skipped, SkipReason, Verdict
from tracker.store import articles as articles_of
from tracker.store import events, manual_items
from tracker.store import mentions as mentions_of
from tracker.store import stories as stories_of
from tracker.store.batches import chunks
from tracker.store.fetches import read_fetch
from tracker.store.replay import verdicts_of
from tracker.store.schema.articles import articles
from tracker.store.schema.columns import storable
from tracker.store.schema.crawl import fetches, links, pages, sightings
from tracker.urls.canonical import normalise


class Sighting(Struct, frozen=True):
    """A source that named the address. Empty `source_id`: a person did."""

    source_id: str
    found_by: str
    url: str
    seen_at: datetime


class LinkState(Struct, frozen=True):
    """A found link and how far it came. `outcome` is that of its last attempt, None before the first."""

    id: int
    key: str
    url: str
    outlet_id: str
    title: str
    found_by: str
    found_at: datetime
    pending: bool
    attempts: int
    outcome: FetchOutcome | None
    not_before_at: datetime | None


class PageState(Struct, frozen=True):
    """A kept page without its bytes. `skipped` says why it became no article; `kept` is False once its bytes were pruned."""

    id: int
    requested_url: str
    final_url: str
    content_type: str
    size_bytes: int
    sha256: str
    fetched_at: datetime
    judged_at: datetime | None
    skipped: Skipped | None
    kept: bool


class Trail(Struct, frozen=True):
    """One address's whole way. What it did not reach is None or empty; an article that a person added has no link."""

    link: LinkState | None
    sightings: tuple[Sighting, ...] = ()
    fetches: tuple[FetchFacts, ...] = ()
    page: PageState | None = None
    article: Article | None = None
    mentions: tuple[Mention, ...] = ()
    verdicts: tuple[Verdict, ...] = ()  # those that count
    said: tuple[Event, ...] = ()  # all that persons said and took back
    story_keys: tuple[tuple[str, str], ...] = ()  # (campaign, story)
    hand: tuple[HandItem, ...] = ()
    text_given_up_at: datetime | None = None


class LinkOutcome(Struct, frozen=True):
    """How far one found link came, in one line: for counting that every input ended somewhere."""

    link: LinkState
    skipped: Skipped | None
    article_id: int | None
    depth: str = ""


def find(conn: Connection, addresses: Collection[str]) -> list[Trail]:
    """The trails of everything stored under any of these addresses: a link's key or address, a page's requested or final one, an
    article's canonical or requested one. Give the address as typed and its keys by the register: the address of a link or of who named
    it is found by its key. Empty: never seen."""
    by_address = _found_at(conn, addresses)
    link_ids = sorted({link_id for found in by_address.values() for link_id in found.links})
    trails = [_of_link(conn, row) for row in conn.execute(select(links).where(links.c.id.in_(link_ids)).order_by(links.c.id)).all()]
    loose = sorted({article_id for found in by_address.values() for article_id in found.loose})
    return trails + [_beyond(conn, article) for article in articles_of.get_many(conn, loose)]


class _Found(Struct):
    """What is stored under an address: links, and articles that no link leads to."""

    links: set[int] = field(default_factory=set)
    loose: set[int] = field(default_factory=set)


def articles_at(conn: Connection, addresses: Iterable[str]) -> dict[str, frozenset[int]]:
    """The articles that `find` shows under each of the addresses, in a fixed number of statements for every 900 of them."""
    by_address = _found_at(conn, addresses)
    article_of: dict[int, int] = {}
    for batch in chunks({link_id for found in by_address.values() for link_id in found.links}):
        became = select(pages.c.link_id, articles.c.id).join(articles, articles.c.page_id == pages.c.id).where(pages.c.link_id.in_(batch))
        article_of |= {row.link_id: row.id for row in conn.execute(became)}
    return {
        address: frozenset({*found.loose, *(article_of[link_id] for link_id in found.links if link_id in article_of)})
        for address, found in by_address.items()
    }


def _found_at(conn: Connection, addresses: Iterable[str]) -> dict[str, _Found]:
    """Each address that leads somewhere. Only columns with an index are compared: a scan of one of the four tables takes seconds."""
    typed: dict[str, set[str]] = defaultdict(set)
    for address in map(storable, addresses):
        for known_as in {address, normalise(address) or address}:
            typed[known_as].add(address)
    found: dict[str, _Found] = defaultdict(_Found)
    for batch in chunks(typed):
        for row in chain.from_iterable(conn.execute(statement) for statement in _leading_to(batch)):
            for address in typed[row.known_as]:
                if row.link_id is None:
                    found[address].loose.add(row.article_id)
                else:
                    found[address].links.add(row.link_id)
    return found


def _leading_to(addresses: Sequence[str]) -> tuple[Select[Any], ...]:
    """(address, link or null, article or null), by each way in which something is known by an address."""
    named = select(links.c.key.label("known_as"), links.c.id.label("link_id"), null().label("article_id")).where(links.c.key.in_(addresses))
    moved = select(pages.c.final_url.label("known_as"), pages.c.link_id, null().label("article_id")).where(
        pages.c.final_url.in_(addresses), pages.c.final_url != pages.c.requested_url
    )
    of_page = articles.join(pages, pages.c.id == articles.c.page_id, isouter=True)
    stored = select(articles.c.canonical_url.label("known_as"), pages.c.link_id, articles.c.id.label("article_id")).select_from(of_page)
    asked = select(articles.c.requested_url.label("known_as"), pages.c.link_id, articles.c.id.label("article_id")).select_from(of_page)
    return (
        named,
        moved,
        stored.where(articles.c.canonical_url.in_(addresses)),
        asked.where(articles.c.requested_url.in_(addresses), articles.c.requested_url != articles.c.canonical_url),
    )


def link_outcomes(conn: Connection, *, run_id: int | None = None, after_id: int = 0, batch: int = 1000) -> Iterator[LinkOutcome]:
    """How far every link came (with `run_id`: those the run attempted), in order of id, a few at a time in memory."""
    columns = [pages.c.skip_reason, pages.c.skip_detail, pages.c.same_as, articles.c.id.label("its_article_id"), articles.c.depth]
    statement = (
        select(links, *columns)
        .join(pages, pages.c.link_id == links.c.id, isouter=True)
        .join(articles, articles.c.page_id == pages.c.id, isouter=True)
    )
    if run_id is not None:
        statement = statement.where(links.c.attempted_run_id == run_id)
    while rows := conn.execute(statement.where(links.c.id > after_id).order_by(links.c.id).limit(batch)).all():
        for row in rows:
            yield LinkOutcome(_link_state(row), _skipped(row), row.its_article_id, row.depth or "")
        after_id = rows[-1].id


class Poll(Struct, frozen=True):
    """One past poll of a source and what it brought."""

    facts: FetchFacts
    listed: int
    new_links: int
    newest_at: datetime | None
    oldest_at: datetime | None


def polls(conn: Connection, source_id: str, *, limit: int = 60) -> list[Poll]:
    """The source's last polls, newest first."""
    wanted = select(fetches).where(fetches.c.source_id == source_id).order_by(fetches.c.id.desc()).limit(limit)
    return [_poll(row) for row in conn.execute(wanted)]


def _poll(row: Row[Any]) -> Poll:
    return Poll(read_fetch(row), row.listed or 0, row.new_links or 0, row.newest_at, row.oldest_at)


def _of_link(conn: Connection, row: Row[Any]) -> Trail:
    seen = conn.execute(select(sightings).where(sightings.c.link_id == row.id).order_by(sightings.c.seen_at, sightings.c.source_id))
    tried = conn.execute(select(fetches).where(fetches.c.link_id == row.id).order_by(fetches.c.id))
    columns = [column for column in pages.c if column is not pages.c.body]
    wanted: Select[Any] = select(*columns, pages.c.body.is_not(None).label("kept"))
    page = conn.execute(wanted.where(pages.c.link_id == row.id)).first()
    article = None if page is None else conn.execute(select(articles).where(articles.c.page_id == page.id)).first()
    beyond = Trail(None) if article is None else _beyond(conn, articles_of.read_article(article))
    return Trail(
        link=_link_state(row),
        sightings=tuple(Sighting(each.source_id, each.found_by, each.url, each.seen_at) for each in seen),
        fetches=tuple(read_fetch(each) for each in tried),
        page=None if page is None else _page_state(page),
        article=beyond.article,
        mentions=beyond.mentions,
        verdicts=beyond.verdicts,
        said=beyond.said,
        story_keys=beyond.story_keys,
        hand=beyond.hand,
        text_given_up_at=beyond.text_given_up_at,
    )


def _beyond(conn: Connection, article: Article) -> Trail:
    """The part of a trail that begins with the article."""
    mentions = mentions_of.of_article(conn, article.id)
    said = events.of_article(conn, article.id)
    keys = [(mention.campaign_id, stories_of.key_of(conn, mention.campaign_id, article.id)) for mention in mentions]
    return Trail(
        link=None,
        article=article,
        mentions=tuple(mentions),
        verdicts=tuple(verdict for name, mine in said.items() for verdict in verdicts_of(name, article.id, mine)),
        said=tuple(event for mine in said.values() for event in mine),
        story_keys=tuple((campaign_id, key) for campaign_id, key in keys if key is not None),
        hand=tuple(manual_items.of_article(conn, article.id)),
        text_given_up_at=conn.execute(select(articles.c.given_up_at).where(articles.c.id == article.id)).scalar(),
    )


def _link_state(row: Row[Any]) -> LinkState:
    return LinkState(
        id=row.id,
        key=row.key,
        url=row.url,
        outlet_id=row.outlet_id,
        title=row.title,
        found_by=row.found_by,
        found_at=row.found_at,
        pending=row.state == "pending",
        attempts=row.attempts,
        outcome=FetchOutcome(row.outcome) if row.outcome else None,
        not_before_at=row.not_before_at,
    )


def _page_state(row: Row[Any]) -> PageState:
    return PageState(
        id=row.id,
        requested_url=row.requested_url,
        final_url=row.final_url,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        fetched_at=row.fetched_at,
        judged_at=row.judged_at,
        skipped=_skipped(row),
        kept=bool(row.kept),
    )


def _skipped(row: Row[Any]) -> Skipped | None:
    return Skipped(SkipReason(row.skip_reason), row.skip_detail, row.same_as or "") if row.skip_reason else None
