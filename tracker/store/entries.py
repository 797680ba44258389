"""Mentions with all a digest or an export prints of them; and without their texts, which is enough to decide who may see them.

What is asked for is found by its period or its articles. Statements read AT_ONCE mentions each, so that a year of them is never in
memory at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from tracker.model import Article, Audience, Depth, Entry, Fact, Mention
from tracker.store import item_states, manual_items, registers, story_parts
from tracker.store.articles import read_article
from tracker.store.batches import chunks
from tracker.store.correcting import as_corrected
from tracker.store.mentions import read_mention
from tracker.store.replay import verdict_of
from tracker.store.schema.articles import articles, mentions, story_members
from tracker.store.schema.columns import read_published
from tracker.store.schema.crawl import links, pages
from tracker.store.schema.editions import edition_entries, editions
from tracker.store.schema.nets import listed
from tracker.store.schema.people import events
from tracker.store.schema.people import item_states as states_table
from tracker.visibility import REJECTING, STILL_OPEN, is_called_sensitive, is_sensitive_copy

AT_ONCE = 500
"""Mentions read by one statement: with texts of 5 KB some 5 MB."""


class Unreported(Struct, frozen=True):
    """Only what no edition of this kind has shown to this audience. With `since`, of rejected items those alone that were found or decided
    on from then on: no edition ever shows them, and each would read all of them again."""

    kind: str
    audience: Audience
    since: datetime | None = None


def for_campaign(
    conn: Connection,
    campaign_id: str,
    *,
    found_from: datetime | None = None,
    found_before: datetime | None = None,
    article_ids: Collection[int] | None = None,
) -> list[Entry]:
    """The campaign's mentions with all a digest prints of them, ordered by article. Those entered by hand are among them.
    `found_from` and `found_before` bound when a mention was stored first. An article in no story yet has an empty `story_key`.

    With an item that a person called sensitive, the items of its story are sensitive too, copies above all, unless a person has
    accepted one since."""
    return list(iterate(conn, campaign_id, found_from=found_from, found_before=found_before, article_ids=article_ids))


def iterate(
    conn: Connection,
    campaign_id: str,
    *,
    found_from: datetime | None = None,
    found_before: datetime | None = None,
    article_ids: Collection[int] | None = None,
) -> Iterator[Entry]:
    """What `for_campaign` gives, a few at a time in memory."""
    bounds = (mentions.c.found_at >= found_from if found_from else None, mentions.c.found_at < found_before if found_before else None)
    wanted = _ids(conn, campaign_id, [bound for bound in bounds if bound is not None], article_ids)
    return Reading(conn, campaign_id).in_full(wanted) if wanted else iter(())


def standings(
    conn: Connection,
    campaign_id: str,
    *,
    found_from: datetime | None = None,
    found_before: datetime | None = None,
    appeared_from: datetime | None = None,
    appeared_before: datetime | None = None,
    unreported: Unreported | None = None,
    undecided: bool = False,
    article_ids: Collection[int] | None = None,
) -> list[Entry]:
    """The campaign's mentions as far as decisions need them, ordered by article: without body, hits, authors, lead, readings of the
    date and `found_by`. Read what is printed with `for_campaign`. `appeared_` bounds are those of `digests.figures.appeared_at`.
    `undecided`: only those on which no verdict is, or one that leaves them open; a few that are decided may be among them."""
    asked = [
        None if found_from is None else mentions.c.found_at >= found_from,
        None if found_before is None else mentions.c.found_at < found_before,
        None if appeared_from is None else mentions.c.appeared_at >= appeared_from,
        None if appeared_before is None else mentions.c.appeared_at < appeared_before,
        None if unreported is None else _is_unreported(campaign_id, unreported),
        _may_be_undecided() if undecided else None,
    ]
    wanted = _ids(conn, campaign_id, [bound for bound in asked if bound is not None], article_ids)
    return list(Reading(conn, campaign_id).standing(wanted)) if wanted else []


def iterate_standings(
    conn: Connection, campaign_id: str, *, appeared_from: datetime | None = None, appeared_before: datetime | None = None
) -> Iterator[Entry]:
    """What `standings` gives of a campaign or of what appeared in a period, a few at a time in memory."""
    after = [] if appeared_from is None else [mentions.c.appeared_at >= appeared_from]
    before = [] if appeared_before is None else [mentions.c.appeared_at < appeared_before]
    return Reading(conn, campaign_id).standing(_ids(conn, campaign_id, [*after, *before]))


def iterate_stories(conn: Connection, campaign_id: str) -> Iterator[list[Entry]]:
    """What `standings` gives of each story, in order of its lowest article, a few stories at a time in memory; a mention in no story yet
    is alone."""
    same_story = (story_members.c.campaign_id == mentions.c.campaign_id) & (story_members.c.article_id == mentions.c.article_id)
    wanted = select(mentions.c.article_id, story_members.c.story_key).select_from(mentions).join(story_members, same_story, isouter=True)
    stories: dict[str | int, list[int]] = {}
    for article_id, key in conn.execute(wanted.where(mentions.c.campaign_id == campaign_id).order_by(mentions.c.article_id)):
        stories.setdefault(article_id if key is None else key, []).append(article_id)
    reading = Reading(conn, campaign_id)
    for batch in chunks(stories.values(), AT_ONCE):
        by_article = {entry.article.id: entry for entry in reading.standing(sorted(chain.from_iterable(batch)))}
        yield from ([by_article[article_id] for article_id in members] for members in batch)


def unreported(conn: Connection, campaign_id: str, wanted: Unreported, article_ids: Collection[int]) -> frozenset[int]:
    """Those of the articles of which no edition of the kind has told the audience."""
    return frozenset(_ids(conn, campaign_id, [_is_unreported(campaign_id, wanted)], article_ids))


def sensitive_articles(conn: Connection, campaign_id: str) -> frozenset[int]:
    """The campaign's items that are sensitive: a person called them so in some campaign, or an item of their story, and none has freed
    them since."""
    return Reading(conn, campaign_id).sensitive_articles()


def standings_in_doubt(conn: Connection, campaign_id: str, article_ids: Collection[int], held: Collection[int] = ()) -> list[Entry]:
    """What `standings` gives of those of the articles that may be withheld: called sensitive, or an item of their story, or among `held`."""
    reading = Reading(conn, campaign_id)
    return list(reading.standing(sorted(reading.perhaps_sensitive().intersection(article_ids) | frozenset(held))))


def count(conn: Connection, campaign_id: str) -> int:
    """How many mentions the campaign has."""
    return conn.execute(select(func.count()).where(mentions.c.campaign_id == campaign_id)).scalar_one()


def any_before(conn: Connection, campaign_id: str, *, fetched_before: datetime, appeared_before: datetime) -> bool:
    """Whether an article with a mention was read before the one moment, or appeared before the other."""
    mine = mentions.c.campaign_id == campaign_id
    appeared = select(mentions.c.id).where(mine, mentions.c.appeared_at < appeared_before).limit(1)
    fetched = select(mentions.c.id).join(articles, articles.c.id == mentions.c.article_id)
    fetched = fetched.where(mine, articles.c.fetched_at < fetched_before).order_by(mentions.c.article_id).limit(1)
    return any(conn.execute(one).first() is not None for one in (appeared, fetched))


def _ids(
    conn: Connection, campaign_id: str, bounds: Sequence[ColumnElement[bool]], article_ids: Collection[int] | None = None
) -> list[int]:
    """The articles of the wanted mentions, in order."""
    wanted = select(mentions.c.article_id).where(mentions.c.campaign_id == campaign_id, *bounds)
    if article_ids is None:
        return sorted(conn.execute(wanted).scalars())
    found: list[int] = []
    for batch in chunks(sorted({*article_ids})):
        found += conn.execute(wanted.where(mentions.c.article_id.in_(batch))).scalars()
    return sorted(found)


def _is_unreported(campaign_id: str, unreported: Unreported) -> ColumnElement[bool]:
    of_kind = (editions.c.campaign_id == campaign_id) & (editions.c.kind == str(unreported.kind))
    shown = (edition_entries.c.article_id == mentions.c.article_id) & (edition_entries.c.audience == str(unreported.audience))
    earlier = select(editions.c.id).where(editions.c.id == edition_entries.c.edition_id, of_kind)
    never = ~select(edition_entries.c.edition_id).where(shown, earlier.exists()).correlate(mentions).exists()
    if unreported.since is None:
        return never
    rejected = mentions.c.decision.is_not(None) & (mentions.c.decision == str(REJECTING))
    judged = select(events.c.article_id).where(events.c.campaign_id == campaign_id, events.c.said_at >= unreported.since)
    judged = judged.where(events.c.fact == str(Fact.VERDICT), events.c.article_id.is_not(None))
    return never & (~rejected | (mentions.c.found_at >= unreported.since) | mentions.c.article_id.in_(judged))


def _may_be_undecided() -> ColumnElement[bool]:
    mine = (states_table.c.campaign_id == mentions.c.campaign_id) & (states_table.c.article_id == mentions.c.article_id)
    settled = states_table.c.decision.is_not(None) & (states_table.c.decision != str(STILL_OPEN))
    return ~select(states_table.c.version).where(mine, settled).correlate(mentions).exists()


class Reading:
    """What is read once for all mentions of a campaign, and the mentions themselves, AT_ONCE at a time: for who reads twice of one state."""

    def __init__(self, conn: Connection, campaign_id: str) -> None:
        self._conn, self._campaign_id = conn, campaign_id
        self._outlets = registers.outlets(conn)
        self._sensitive = item_states.sensitive_since(conn)
        self._stories = _sensitive_stories(conn, campaign_id, self._sensitive)

    def sensitive_articles(self) -> frozenset[int]:
        """As `entries.sensitive_articles`."""
        return frozenset(entry.article.id for entry in self.standing(sorted(self.perhaps_sensitive())) if is_called_sensitive(entry))

    def perhaps_sensitive(self) -> frozenset[int]:
        """The campaign's items that are called sensitive, and all of their stories: some of these may have been freed since."""
        mine = mentions.c.campaign_id == self._campaign_id
        wanted: set[int] = set()
        for batch in chunks(self._sensitive):
            wanted.update(self._conn.execute(select(mentions.c.article_id).where(mine, mentions.c.article_id.in_(batch))).scalars())
        for keys in chunks(self._stories):
            members = (story_members.c.campaign_id == self._campaign_id) & story_members.c.story_key.in_(keys)
            wanted.update(self._conn.execute(select(story_members.c.article_id).where(members)).scalars())
        return frozenset(wanted)

    def in_full(self, article_ids: Sequence[int]) -> Iterator[Entry]:
        """These articles as `for_campaign` gives them."""
        for batch in chunks(article_ids, AT_ONCE):
            bodies = {row.id: read_article(row) for row in self._conn.execute(select(articles).where(articles.c.id.in_(batch)))}
            rows = self._conn.execute(_with_context(self._campaign_id, batch)).all()
            yield from self._entries(
                batch, ((row, read_mention(row), bodies[row.article_id], row.found_by or row.net or "person") for row in rows)
            )

    def standing(self, article_ids: Sequence[int]) -> Iterator[Entry]:
        """These articles as `standings` gives them."""
        for batch in chunks(article_ids, AT_ONCE):
            rows = self._conn.execute(_without_texts(self._campaign_id, batch)).all()
            yield from self._entries(batch, ((row, _bare_mention(self._campaign_id, row), _bare_article(row), "") for row in rows))

    def _entries(self, batch: Sequence[int], read: Iterable[tuple[Row[Any], Mention, Article, str]]) -> Iterator[Entry]:
        said = item_states.many(self._conn, self._campaign_id, batch)
        by_hand = manual_items.for_campaign(self._conn, self._campaign_id, batch)
        rows = list(read)
        before = {row.before_article_id for row, *_ in rows if row.before_article_id}
        earlier = story_parts.earlier_texts(self._conn, before, self._sensitive)
        for row, mention, article, found_by in rows:
            state = said.get(article.id)
            verdict = verdict_of(state)
            mention, article, as_found = as_corrected(mention, article, state)
            yield Entry(
                mention=mention,
                article=article,
                outlet=self._outlets[article.outlet_id],
                story_key=row.story_key or "",
                verdict=verdict,
                found_by=found_by,
                found_at=row.found_at,
                sensitive=article.id in self._sensitive
                or is_sensitive_copy(verdict, self._stories.get(row.story_key), by_hand.get(article.id)),
                hand=by_hand.get(article.id),
                as_found=as_found,
                part=story_parts.read_part(row),
                before=earlier.get(row.before_article_id),
            )


def _sensitive_stories(conn: Connection, campaign_id: str, sensitive: Mapping[int, datetime]) -> dict[str, datetime]:
    """Stories with a sensitive item, and when the last of them was called so."""
    found: dict[str, datetime] = {}
    for batch in chunks(sensitive):
        wanted = (story_members.c.campaign_id == campaign_id) & story_members.c.article_id.in_(batch)
        for row in conn.execute(select(story_members.c.story_key, story_members.c.article_id).where(wanted)):
            found[row.story_key] = max(sensitive[row.article_id], found.get(row.story_key, sensitive[row.article_id]))
    return found


def _joined(columns: Sequence[Any], campaign_id: str, article_ids: Sequence[int]) -> Select[Any]:
    same_story = and_(story_members.c.campaign_id == mentions.c.campaign_id, story_members.c.article_id == mentions.c.article_id)
    mine = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(article_ids)
    return (
        select(*columns, story_members.c.story_key, *story_parts.COLUMNS)
        .select_from(mentions)
        .join(articles, articles.c.id == mentions.c.article_id)
        .join(story_members, same_story, isouter=True)
        .where(mine)
        .order_by(mentions.c.article_id)
    )


def _with_context(campaign_id: str, article_ids: Sequence[int]) -> Select[Any]:
    return (
        _joined([mentions, links.c.found_by, listed.c.net], campaign_id, article_ids)
        .join(pages, pages.c.id == articles.c.page_id, isouter=True)
        .join(links, links.c.id == pages.c.link_id, isouter=True)
        .join(listed, listed.c.article_id == articles.c.id, isouter=True)
    )


_STANDING = (
    *(mentions.c[name] for name in ("id", "article_id", "circle", "labels", "key_messages", "held", "campaign_version", "found_at")),
    *(
        articles.c[name]
        for name in (
            "outlet_id",
            "requested_url",
            "canonical_url",
            "title",
            "published_at",
            "published_offset_seconds",
            "published_precision",
            "fetched_at",
            "language",
            "depth",
            "page_id",
        )
    ),
)


def _without_texts(campaign_id: str, article_ids: Sequence[int]) -> Select[Any]:
    return _joined(_STANDING, campaign_id, article_ids)


def _bare_mention(campaign_id: str, row: Row[Any]) -> Mention:
    return Mention(
        row.id,
        campaign_id,
        row.article_id,
        row.circle,
        (),
        labels=row.labels,
        key_messages=row.key_messages,
        held=row.held,
        campaign_version=row.campaign_version,
    )


def _bare_article(row: Row[Any]) -> Article:
    return Article(
        outlet_id=row.outlet_id,
        requested_url=row.requested_url,
        canonical_url=row.canonical_url,
        title=row.title,
        body="",
        fetched_at=row.fetched_at,
        depth=Depth(row.depth),
        published=read_published(row.published_at, row.published_offset_seconds, row.published_precision),
        language=row.language,
        id=row.article_id,
        page_id=row.page_id or 0,
    )
