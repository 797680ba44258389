"""Which articles of a campaign are one story."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, case, delete, func, insert, select

from tracker.model import DATE_UNCERTAIN, Story, StoryText
from tracker.store import item_states, regroupings
from tracker.store.batches import chunks
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles, mentions, stories, story_joins, story_members
from tracker.store.schema.people import item_states as states

Join = tuple[int, int]
"""As in `stories.windows`."""


def texts(
    conn: Connection, campaign_id: str, start_at: datetime, end_at: datetime, *, outlet_id: str = "", limit: int | None = None
) -> list[StoryText]:
    """What grouping needs of the articles with a mention of the campaign that appeared in [start_at, end_at), ordered by article: outlet and
    date as a person corrected them; a date that is in doubt is none. `outlet_id`: only what this outlet published, by its page. `limit`: at
    most so many."""
    columns = (articles.c.id, articles.c.outlet_id, articles.c.title, articles.c.body, articles.c.published_at, mentions.c.labels)
    joined = select(*columns).join(mentions, mentions.c.article_id == articles.c.id)
    inside = (mentions.c.appeared_at >= start_at) & (mentions.c.appeared_at < end_at)
    if outlet_id:
        inside &= articles.c.outlet_id == outlet_id
    rows = conn.execute(joined.where(mentions.c.campaign_id == campaign_id, inside).order_by(articles.c.id).limit(limit))
    said = item_states.corrected(conn, campaign_id)
    found = []
    for row in rows:
        published = None if DATE_UNCERTAIN in row.labels else row.published_at
        corrected_at, outlet_id = said.get(row.id, (None, ""))
        found.append(StoryText(row.id, outlet_id or row.outlet_id, row.title, unpack_text(row.body), corrected_at or published))
    return found


def changed(conn: Connection, campaign_id: str) -> list[tuple[int, datetime]]:
    """The articles that mention the campaign and are in no story yet, and those in a story that mention it no more, each with the moments
    at which it may have appeared."""
    same = (story_members.c.campaign_id == mentions.c.campaign_id) & (story_members.c.article_id == mentions.c.article_id)
    new = select(mentions.c.article_id, mentions.c.appeared_at).where(
        mentions.c.campaign_id == campaign_id, ~select(story_members.c.article_id).where(same).exists()
    )
    gone = select(articles.c.id, articles.c.published_at, articles.c.fetched_at).join(
        story_members, story_members.c.article_id == articles.c.id
    )
    gone = gone.where(story_members.c.campaign_id == campaign_id, ~select(mentions.c.id).where(same).exists())
    left = [(article_id, moment) for article_id, *moments in conn.execute(gone) for moment in moments if moment is not None]
    return [*((row.article_id, row.appeared_at) for row in conn.execute(new)), *left]


def members(conn: Connection, campaign_id: str) -> list[int]:
    """The articles that mention the campaign, in order."""
    return [
        *conn.execute(select(mentions.c.article_id).where(mentions.c.campaign_id == campaign_id).order_by(mentions.c.article_id)).scalars()
    ]


def joins(conn: Connection, campaign_id: str) -> list[Join]:
    """What windows have joined."""
    wanted = select(story_joins.c.article_id, story_joins.c.first_article_id).where(story_joins.c.campaign_id == campaign_id)
    return [(row.article_id, row.first_article_id) for row in conn.execute(wanted)]


def keep_joins(conn: Connection, campaign_id: str, joined: Mapping[int, Sequence[Join]]) -> set[int]:
    """Makes these the joins of these windows; gives the articles that are joined otherwise than they were."""
    differing: set[int] = set()
    for window, found in joined.items():
        mine = (story_joins.c.campaign_id == campaign_id) & (story_joins.c.window == window)
        rows = conn.execute(select(story_joins.c.article_id, story_joins.c.first_article_id).where(mine))
        before, now = {(row.article_id, row.first_article_id) for row in rows}, {*found}
        if before == now:
            continue
        differing.update(chain.from_iterable(before ^ now))
        conn.execute(delete(story_joins).where(mine))
        made = [{"campaign_id": campaign_id, "window": window, "article_id": one, "first_article_id": first} for one, first in found]
        if made:
            conn.execute(insert(story_joins), made)
    return differing


def save(conn: Connection, campaign_id: str, grouped: Iterable[Story], now: datetime) -> None:
    """Makes these the campaign's stories; writes what differs only."""
    known = {story.key: story for story in for_campaign(conn, campaign_id)}
    wanted = {story.key: story for story in grouped}
    _end(conn, campaign_id, [key for key, story in known.items() if wanted.get(key) != story])
    _insert(conn, campaign_id, [story for key, story in wanted.items() if known.get(key) != story], now)


def counted(conn: Connection, campaign_id: str) -> tuple[int, int, int]:
    """How many articles are in the campaign's stories, how many of them alone, and how many stories there are."""
    size = func.count().label("size")
    each = select(size).where(story_members.c.campaign_id == campaign_id).group_by(story_members.c.story_key).subquery()
    alone = func.coalesce(func.sum(case((each.c.size == 1, 1), else_=0)), 0)
    row = conn.execute(select(func.coalesce(func.sum(each.c.size), 0), alone, func.count()).select_from(each)).one()
    return int(row[0]), int(row[1]), int(row[2])


def together(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> tuple[set[int], list[Join]]:
    """All articles whose story depends on where these belong, and what windows have joined among them: they share a story, a person's
    word or a window's join, directly or through others."""
    found: set[int] = set()
    links: dict[Join, None] = {}
    fresh = {*article_ids}
    while fresh:
        found |= fresh
        neighbours: set[int] = set()
        for batch in chunks(sorted(fresh)):
            neighbours.update(_in_same_story(conn, campaign_id, batch), _placed_with(conn, campaign_id, batch))
            for join in _joined_with(conn, campaign_id, batch):
                links[join] = None
                neighbours.update(join)
        fresh = neighbours - found
    return found, list(links)


def mentioned_among(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> list[int]:
    """Those of the articles that mention the campaign, in order."""
    found: list[int] = []
    for batch in chunks(sorted(article_ids)):
        wanted = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(batch)
        found += conn.execute(select(mentions.c.article_id).where(wanted)).scalars()
    return sorted(found)


def grouped_among(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> list[int]:
    """Those of the articles that mention the campaign and are in a story, in order. One that is new is grouped by the next run."""
    joined = (story_members.c.campaign_id == mentions.c.campaign_id) & (story_members.c.article_id == mentions.c.article_id)
    found: list[int] = []
    for batch in chunks(sorted(article_ids)):
        wanted = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(batch)
        found += conn.execute(select(mentions.c.article_id).select_from(mentions.join(story_members, joined)).where(wanted)).scalars()
    return sorted(found)


def put(conn: Connection, campaign_id: str, article_ids: Collection[int], grouped: Sequence[Story], now: datetime) -> None:
    """Makes these the stories of these articles, which must be whole stories before and after; writes what differs only."""
    before: dict[str, list[int]] = {}
    for batch in chunks(sorted(article_ids)):
        wanted = (story_members.c.campaign_id == campaign_id) & story_members.c.article_id.in_(batch)
        for row in conn.execute(select(story_members.c.story_key, story_members.c.article_id).where(wanted)):
            before.setdefault(row.story_key, []).append(row.article_id)
    same = {story.key for story in grouped if tuple(sorted(before.get(story.key, ()))) == story.article_ids}
    _end(conn, campaign_id, [key for key in before if key not in same])
    _insert(conn, campaign_id, [story for story in grouped if story.key not in same], now)


def members_of(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """For each of the articles all that are in its story, itself included; one that is in none yet is alone."""
    found: dict[int, tuple[int, ...]] = {}
    for article_id in article_ids:
        found[article_id] = tuple(sorted({article_id, *_in_same_story(conn, campaign_id, [article_id])}))
    return found


def _in_same_story(conn: Connection, campaign_id: str, article_ids: Sequence[int]) -> Iterator[int]:
    mine = story_members.c.campaign_id == campaign_id
    keys = select(story_members.c.story_key).where(mine, story_members.c.article_id.in_(article_ids))
    yield from conn.execute(select(story_members.c.article_id).where(mine, story_members.c.story_key.in_(keys))).scalars()


def _placed_with(conn: Connection, campaign_id: str, article_ids: Sequence[int]) -> Iterator[int]:
    mine = states.c.campaign_id == campaign_id
    numbers = select(states.c.story).where(mine, states.c.article_id.in_(article_ids), states.c.story.is_not(None))
    yield from conn.execute(select(states.c.article_id).where(mine, states.c.story.in_(numbers))).scalars()


def _joined_with(conn: Connection, campaign_id: str, article_ids: Sequence[int]) -> Iterator[Join]:
    for column in (story_joins.c.article_id, story_joins.c.first_article_id):
        wanted = (story_joins.c.campaign_id == campaign_id) & column.in_(article_ids)
        for row in conn.execute(select(story_joins.c.article_id, story_joins.c.first_article_id).where(wanted)):
            yield row.article_id, row.first_article_id


def settled(conn: Connection, campaign_id: str) -> int:
    """How many articles mention the campaign, when each of them, and no other, is in a story and none waits to be grouped again; else 0."""
    mentioned = mentions.c.campaign_id == campaign_id
    count = conn.execute(select(func.count()).where(mentioned)).scalar_one()
    joined = (story_members.c.campaign_id == campaign_id) & (story_members.c.article_id == mentions.c.article_id)
    grouped = conn.execute(select(func.count()).select_from(mentions.join(story_members, joined)).where(mentioned)).scalar_one()
    members = conn.execute(select(func.count()).where(story_members.c.campaign_id == campaign_id)).scalar_one()
    return count if count == grouped == members and not regroupings.waiting(conn, campaign_id) else 0


def replace(conn: Connection, campaign_id: str, grouped: Iterable[Story], now: datetime) -> None:
    """Makes these the campaign's stories, in place of all it had."""
    conn.execute(delete(story_members).where(story_members.c.campaign_id == campaign_id))
    conn.execute(delete(stories).where(stories.c.campaign_id == campaign_id))
    _insert(conn, campaign_id, [*grouped], now)


def _end(conn: Connection, campaign_id: str, keys: Sequence[str]) -> None:
    for batch in chunks(keys):
        conn.execute(delete(story_members).where(story_members.c.campaign_id == campaign_id, story_members.c.story_key.in_(batch)))
        conn.execute(delete(stories).where(stories.c.campaign_id == campaign_id, stories.c.key.in_(batch)))


def _insert(conn: Connection, campaign_id: str, made: Sequence[Story], now: datetime) -> None:
    if not made:
        return
    conn.execute(insert(stories), [{"campaign_id": campaign_id, "key": story.key, "grouped_at": now} for story in made])
    rows = [
        {"campaign_id": campaign_id, "story_key": story.key, "article_id": article_id} for story in made for article_id in story.article_ids
    ]
    conn.execute(insert(story_members), rows)


def for_campaign(conn: Connection, campaign_id: str) -> list[Story]:
    """The campaign's stories, ordered by key."""
    table = story_members
    wanted = select(table).where(table.c.campaign_id == campaign_id).order_by(table.c.story_key, table.c.article_id)
    found: dict[str, list[int]] = {}
    for row in conn.execute(wanted):
        found.setdefault(row.story_key, []).append(row.article_id)
    return [Story(key, tuple(article_ids)) for key, article_ids in found.items()]


def keys_of(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, str]:
    """The key of each of the articles' story; one that is in none is left out."""
    found: dict[int, str] = {}
    for batch in chunks(sorted(article_ids)):
        wanted = (story_members.c.campaign_id == campaign_id) & story_members.c.article_id.in_(batch)
        rows = conn.execute(select(story_members.c.article_id, story_members.c.story_key).where(wanted))
        found |= {row.article_id: row.story_key for row in rows}
    return found


def key_of(conn: Connection, campaign_id: str, article_id: int) -> str | None:
    """The key of the article's story, or None while it is in none."""
    wanted = (story_members.c.campaign_id == campaign_id) & (story_members.c.article_id == article_id)
    return conn.execute(select(story_members.c.story_key).where(wanted)).scalar()
