"""What each article is to its story, held beside its membership. A story that changes has its parts decided anew by the next grouping."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row, bindparam, func, select, update

from tracker.model import DATE_UNCERTAIN, EarlierText, Part, Precision, Story, StoryRole, StoryText
from tracker.store import item_states
from tracker.store.batches import chunks
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles, mentions, story_members
from tracker.store.schema.columns import read_published
from tracker.store.schema.watching import outlets
from tracker.visibility import may_be_named_as_earlier

COLUMNS = tuple(
    story_members.c[name] for name in ("role", "carried_from", "shared", "credited", "credited_outlet", "gives_credit", "before_article_id")
)
"""What `read_part` needs of a row."""


def forget(conn: Connection, article_ids: Collection[int]) -> None:
    """Has the parts of all stories with these articles decided anew: their texts or times changed."""
    for batch in chunks(sorted(article_ids)):
        rows = conn.execute(select(story_members.c.campaign_id, story_members.c.story_key).where(story_members.c.article_id.in_(batch)))
        for campaign_id, key in {(row.campaign_id, row.story_key) for row in rows}:
            mine = (story_members.c.campaign_id == campaign_id) & (story_members.c.story_key == key)
            conn.execute(update(story_members).where(mine).values(role=None))


def undecided(conn: Connection, campaign_id: str, *, limit: int, after: str = "") -> list[Story]:
    """Stories of the campaign with an article whose part is not decided, ordered by key; those behind `after` alone."""
    wanted = (story_members.c.campaign_id == campaign_id) & story_members.c.role.is_(None) & (story_members.c.story_key > after)
    keys = [
        *conn.execute(select(story_members.c.story_key).where(wanted).distinct().order_by(story_members.c.story_key).limit(limit)).scalars()
    ]
    found: dict[str, list[int]] = {key: [] for key in keys}
    for batch in chunks(keys):
        mine = (story_members.c.campaign_id == campaign_id) & story_members.c.story_key.in_(batch)
        rows = select(story_members.c.story_key, story_members.c.article_id).where(mine).order_by(story_members.c.article_id)
        for row in conn.execute(rows):
            found[row.story_key].append(row.article_id)
    return [Story(key, tuple(article_ids)) for key, article_ids in found.items()]


def moments_undecided(conn: Connection, campaign_id: str) -> list[datetime]:
    """When those of the campaign's articles appeared that have no part yet, one moment each."""
    same = (story_members.c.campaign_id == mentions.c.campaign_id) & (story_members.c.article_id == mentions.c.article_id)
    wanted = select(mentions.c.appeared_at).join(story_members, same).where(mentions.c.campaign_id == campaign_id)
    return [*conn.execute(wanted.where(story_members.c.role.is_(None))).scalars()]


def texts(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, StoryText]:
    """What deciding needs of the articles, by id: as a person corrected them; a date that is in doubt is none."""
    found: dict[int, StoryText] = {}
    for batch in chunks(sorted(article_ids)):
        said = item_states.many(conn, campaign_id, batch)
        in_doubt = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(batch)
        labels = {row.article_id: row.labels for row in conn.execute(select(mentions.c.article_id, mentions.c.labels).where(in_doubt))}
        for row in conn.execute(select(articles).where(articles.c.id.in_(batch))):
            state = said.get(row.id)
            published = read_published(row.published_at, row.published_offset_seconds, row.published_precision)
            published = None if DATE_UNCERTAIN in labels.get(row.id, ()) else published
            corrected = state.corrections.published if state else None
            published = corrected or published
            outlet_id = (state.corrections.outlet_id if state else "") or row.outlet_id
            precision = published.precision if published else Precision.MINUTE
            moment = published.at if published else None
            found[row.id] = StoryText(row.id, outlet_id, row.title, unpack_text(row.body), moment, precision, tuple(row.authors))
    return found


def archived(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> tuple[dict[int, StoryText], set[int]]:
    """The same of texts that may have appeared before, and those of them whose text was given up. One without a date had appeared when it
    was read."""
    found = texts(conn, campaign_id, article_ids)
    given_up: set[int] = set()
    for batch in chunks(sorted(article_ids)):
        for row in conn.execute(select(articles.c.id, articles.c.fetched_at, articles.c.given_up_at).where(articles.c.id.in_(batch))):
            if found[row.id].published_at is None:
                found[row.id] = replace(found[row.id], published_at=row.fetched_at)
            if row.given_up_at is not None:
                given_up.add(row.id)
    return found, given_up


def save(conn: Connection, campaign_id: str, story: Story, parts: Sequence[Part]) -> bool:
    """Writes the parts of a story's articles, unless its members changed meanwhile; returns whether they were written."""
    mine = (story_members.c.campaign_id == campaign_id) & (story_members.c.story_key == story.key)
    members = conn.execute(select(story_members.c.article_id).where(mine).order_by(story_members.c.article_id)).scalars()
    if tuple(members) != story.article_ids:
        return False
    rows = [
        {
            "of_article": part.article_id,
            "role": str(part.role),
            "carried_from": part.carried_from,
            "shared": part.shared,
            "credited": part.credited or None,
            "credited_outlet": part.credited_outlet or None,
            "gives_credit": part.gives_credit,
            "before_article_id": part.before,
        }
        for part in parts
    ]
    conn.execute(update(story_members).where(mine, story_members.c.article_id == bindparam("of_article")), rows)
    return True


def note_earlier(conn: Connection, campaign_id: str, later: Mapping[int, int]) -> None:
    """Notes for articles that bear an article's text later where it stood; what is noted of one already stays."""
    mine = (story_members.c.campaign_id == campaign_id) & story_members.c.role.is_not(None) & story_members.c.before_article_id.is_(None)
    rows = [{"of_article": one, "earlier": earlier} for one, earlier in later.items()]
    if rows:
        statement = update(story_members).where(mine, story_members.c.article_id == bindparam("of_article"))
        conn.execute(statement.values(before_article_id=bindparam("earlier")), rows)


def of_several(conn: Connection, campaign_id: str) -> dict[int, Part]:
    """The decided parts of articles whose story has more than one, by article."""
    mine = story_members.c.campaign_id == campaign_id
    several = select(story_members.c.story_key).where(mine).group_by(story_members.c.story_key).having(func.count() > 1)
    rows = conn.execute(select(story_members.c.article_id, *COLUMNS).where(mine, story_members.c.story_key.in_(several)))
    return {row.article_id: part for row in rows if (part := read_part(row)) is not None}


def read_part(row: Row[Any]) -> Part | None:
    """The part of a row that holds `article_id` and COLUMNS; None while it is not decided."""
    if row.role is None:
        return None
    return Part(
        row.article_id,
        StoryRole(row.role),
        row.carried_from,
        row.shared,
        row.credited or "",
        row.credited_outlet or "",
        bool(row.gives_credit),
        row.before_article_id,
    )


def earlier_texts(conn: Connection, article_ids: Collection[int], sensitive: Collection[int] = ()) -> dict[int, EarlierText]:
    """Where these articles stand, by id. `sensitive`: articles that a person calls so in some campaign."""
    found: dict[int, EarlierText] = {}
    columns = (articles.c.id, articles.c.outlet_id, articles.c.canonical_url, articles.c.published_at, articles.c.fetched_at)
    named = select(*columns, outlets.c.name).join(outlets, outlets.c.id == articles.c.outlet_id)
    for batch in chunks(sorted(article_ids)):
        decisions: dict[int, list[str]] = {}
        campaigns: set[str] = set()
        said = select(mentions.c.campaign_id, mentions.c.article_id, mentions.c.decision).where(mentions.c.article_id.in_(batch))
        for item in conn.execute(said):
            decisions.setdefault(item.article_id, []).append(item.decision or "")
            campaigns.add(item.campaign_id)
        hidden = _with_sensitive_mates(conn, campaigns, batch, sensitive)
        for row in conn.execute(named.where(articles.c.id.in_(batch))):
            day = (row.published_at or row.fetched_at).date().isoformat()
            open_ = may_be_named_as_earlier(decisions.get(row.id, []), sensitive=row.id in hidden)
            found[row.id] = EarlierText(row.id, row.outlet_id, row.canonical_url, day, row.name, open_)
    return found


def _with_sensitive_mates(
    conn: Connection, campaign_ids: Collection[str], article_ids: Sequence[int], sensitive: Collection[int]
) -> set[int]:
    """Those of the articles that are called sensitive, or share a story of some campaign with one that is. `campaign_ids`: of all that
    mention them."""
    found = {*article_ids} & {*sensitive}
    mate = story_members.alias()
    same = (mate.c.campaign_id == story_members.c.campaign_id) & (mate.c.story_key == story_members.c.story_key)
    wanted = select(story_members.c.article_id, mate.c.article_id.label("mate")).join(mate, same)
    mine = story_members.c.campaign_id.in_(sorted(campaign_ids)) & story_members.c.article_id.in_(article_ids)
    rows = conn.execute(wanted.where(mine)) if sensitive and campaign_ids else ()
    return found | {row.article_id for row in rows if row.mate in sensitive}
