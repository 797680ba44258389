"""Our findings, recomputed at will, and how far each version of a campaign has looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from tracker.model import Hit, Mention
from tracker.store import appearance, backend
from tracker.store.batches import chunks
from tracker.store.schema.articles import articles, campaign_versions, looks, mentions
from tracker.store.schema.people import hand_items

_is_entered = (hand_items.c.campaign_id == mentions.c.campaign_id) & (hand_items.c.article_id == mentions.c.article_id)
_is_ours = ~select(hand_items.c.article_id).where(_is_entered).correlate(mentions).exists()  # no matching takes a person's word back


_HELD_BESIDE = ("group_key", "decision", "outlet_id", "language")
"""Of other tables; triggers write them."""


def save(conn: Connection, found: Sequence[Mention], now: datetime) -> None:
    """Stores mentions; one of the same campaign and article is replaced and keeps the moment it was first found. What a person
    entered keeps the circle that the person gave it."""
    if found:
        by_hand = select(hand_items.c.circle).where(_is_entered).correlate(mentions).scalar_subquery()
        circle = {"circle": func.coalesce(by_hand, backend.excluded(mentions).circle)}
        statement = backend.upsert(mentions, ["campaign_id", "article_id"], keep=["found_at", *_HELD_BESIDE], changed=circle)
        article_ids = {mention.article_id for mention in found}
        known, said = appearance.moments(conn, article_ids), appearance.corrections(conn, article_ids)
        conn.execute(statement, [_values(mention, now) | _appeared(mention, known, said) for mention in found])


def remove(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> int:
    """Removes the campaign's mentions of these articles, which no longer match; verdicts stay, and so does what a person entered.
    Returns how many were removed."""
    gone = 0
    for batch in chunks(article_ids):
        wanted = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(batch) & _is_ours
        gone += conn.execute(delete(mentions).where(wanted)).rowcount
    return gone


def of_other_versions(conn: Connection, campaign_id: str, version: str) -> list[int]:
    """Articles with a mention that this version of the campaign has not confirmed, in order of id."""
    wanted = (mentions.c.campaign_id == campaign_id) & (mentions.c.campaign_version != version)
    return [*conn.execute(select(mentions.c.article_id).where(wanted).order_by(mentions.c.article_id)).scalars()]


def for_campaign(
    conn: Connection, campaign_id: str, *, circle: str | None = None, article_ids: Collection[int] | None = None
) -> list[Mention]:
    """The campaign's mentions, ordered by article."""
    statement = select(mentions).where(mentions.c.campaign_id == campaign_id).order_by(mentions.c.article_id)
    if circle is not None:
        statement = statement.where(mentions.c.circle == circle)
    if article_ids is not None:
        statement = statement.where(mentions.c.article_id.in_([*article_ids]))
    return [read_mention(row) for row in conn.execute(statement)]


def campaign_ids(conn: Connection) -> list[str]:
    """Every campaign that has a mention, also one whose file is gone."""
    found: list[str] = []
    while True:  # one look into an index for each: DISTINCT reads every mention
        beyond = mentions.c.campaign_id > (found[-1] if found else "")
        name = conn.execute(select(func.min(mentions.c.campaign_id)).where(beyond)).scalar()
        if name is None:
            return found
        found.append(name)


def get(conn: Connection, mention_id: str) -> Mention | None:
    """The mention with this id, or None."""
    row = conn.execute(select(mentions).where(mentions.c.id == mention_id)).first()
    return None if row is None else read_mention(row)


def named(conn: Connection, mention_ids: Collection[str]) -> dict[str, tuple[str, int]]:
    """Campaign and article of each of these mentions; one that there is not is left out."""
    found: dict[str, tuple[str, int]] = {}
    columns = (mentions.c.id, mentions.c.campaign_id, mentions.c.article_id)
    for batch in chunks(mention_ids):
        found |= {row.id: (row.campaign_id, row.article_id) for row in conn.execute(select(*columns).where(mentions.c.id.in_(batch)))}
    return found


def ids_of(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, str]:
    """The campaign's mentions of these articles, by article; one that matches no more is left out."""
    found: dict[int, str] = {}
    for batch in chunks(article_ids):
        wanted = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(batch)
        found |= {row.article_id: row.id for row in conn.execute(select(mentions.c.article_id, mentions.c.id).where(wanted))}
    return found


def of_article(conn: Connection, article_id: int) -> list[Mention]:
    """The article's mentions in all campaigns, ordered by campaign."""
    statement = select(mentions).where(mentions.c.article_id == article_id).order_by(mentions.c.campaign_id)
    return [read_mention(row) for row in conn.execute(statement)]


def count_unmatched(conn: Connection, campaign_id: str, version: str) -> int:
    """How many articles this version has not looked at yet."""
    return conn.execute(select(func.count(articles.c.id)).where(*_not_looked_at(conn, campaign_id, version))).scalar_one()


def not_looked_at(conn: Connection, campaign_id: str, version: str, article_ids: Collection[int]) -> list[int]:
    """Those of the articles that this version has not looked at yet, in order of id."""
    wanted = (articles.c.id.in_([*article_ids]), *_not_looked_at(conn, campaign_id, version))
    return [*conn.execute(select(articles.c.id).where(*wanted).order_by(articles.c.id)).scalars()]


def looked_through(conn: Connection, campaign_id: str, version: str) -> int:
    """Every article up to this id has been looked at by this version; 0 for a version that has not looked yet."""
    row = _find_version(conn, campaign_id, version)
    return 0 if row is None else row.looked_through_id


def mark_looked(conn: Connection, campaign_id: str, version: str, article_ids: Iterable[int]) -> None:
    """Notes that this version has looked at these articles, whatever came of it."""
    version_id, through = _version(conn, campaign_id, version)
    rows = [{"campaign_version_id": version_id, "article_id": article_id} for article_id in article_ids if article_id > through]
    if rows:
        conn.execute(backend.insert_new(looks), rows)


def mark_all_looked(conn: Connection, campaign_id: str, version: str, *, through_id: int | None = None) -> None:
    """Notes in one statement that this version has looked at every article up to `through_id` (empty: all there are): for when
    the search index has named the only candidates and those are done."""
    version_id, _ = _version(conn, campaign_id, version)
    if through_id is None:
        through_id = conn.execute(select(func.coalesce(func.max(articles.c.id), 0))).scalar_one()
    _move(conn, version_id, through_id)


def look_again(conn: Connection, first_id: int) -> None:
    """Has every campaign look at this article and later ones anew: what was only listed has a text now. Rare, and the index names the few
    that could match."""
    conn.execute(update(campaign_versions).where(campaign_versions.c.looked_through_id >= first_id).values(looked_through_id=first_id - 1))
    conn.execute(delete(looks).where(looks.c.article_id >= first_id))


def _forget_looks(conn: Connection, campaign_id: str) -> None:
    conn.execute(delete(campaign_versions).where(campaign_versions.c.campaign_id == campaign_id))


def _move(conn: Connection, version_id: int, through_id: int) -> None:
    here = campaign_versions.c.id == version_id
    further = func.max(campaign_versions.c.looked_through_id, through_id)
    conn.execute(update(campaign_versions).where(here).values(looked_through_id=further))
    conn.execute(delete(looks).where(looks.c.campaign_version_id == version_id, looks.c.article_id <= through_id))


def _not_looked_at(conn: Connection, campaign_id: str, version: str) -> list[Any]:
    row = _find_version(conn, campaign_id, version)
    if row is None:
        return []
    looked = select(looks.c.article_id).where(looks.c.campaign_version_id == row.id, looks.c.article_id == articles.c.id).exists()
    return [articles.c.id > row.looked_through_id, ~looked]


def _find_version(conn: Connection, campaign_id: str, version: str) -> Row[int, int] | None:
    columns = campaign_versions.c
    return conn.execute(
        select(columns.id, columns.looked_through_id).where(columns.campaign_id == campaign_id, columns.version == version)
    ).first()


def _version(conn: Connection, campaign_id: str, version: str) -> tuple[int, int]:
    """The version's row, made if it is new; notes of other versions go, as their findings are to be made again."""
    if row := _find_version(conn, campaign_id, version):
        return row.id, row.looked_through_id
    _forget_looks(conn, campaign_id)
    made = insert(campaign_versions).values(campaign_id=campaign_id, version=version, looked_through_id=0)
    return backend.inserted_id(conn, made), 0


def _values(mention: Mention, now: datetime) -> dict[str, Any]:
    hits = [(hit.term_id, hit.start, hit.end, hit.form, hit.field, hit.rule) for hit in mention.hits]
    return {
        "id": mention.id,
        "campaign_id": mention.campaign_id,
        "article_id": mention.article_id,
        "circle": mention.circle,
        "hits": hits,
        "labels": mention.labels,
        "key_messages": mention.key_messages,
        "held": mention.held,
        "campaign_version": mention.campaign_version,
        "found_at": now,
    }


def _appeared(mention: Mention, known: Mapping[int, appearance.Moments], said: Mapping[tuple[str, int], datetime]) -> dict[str, Any]:
    at = known.get(mention.article_id)  # without its article the row is refused below
    corrected_at = said.get((mention.campaign_id, mention.article_id))
    return {"appeared_at": at and appearance.appeared_at(mention.labels, *at, corrected_at)}


def read_mention(row: Row[Any]) -> Mention:
    """The record of a row that holds all columns of `mentions`."""
    return Mention(
        id=row.id,
        campaign_id=row.campaign_id,
        article_id=row.article_id,
        circle=row.circle,
        hits=tuple(Hit(*hit) for hit in row.hits),
        labels=row.labels,
        key_messages=row.key_messages,
        held=row.held,
        campaign_version=row.campaign_version,
    )
