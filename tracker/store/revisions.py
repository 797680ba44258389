"""Changes of items' pages, with both texts. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from tracker.model import ChangeKind, ItemText, MentionChange, Revision
from tracker.store.batches import chunks
from tracker.store.packing import pack_text, unpack_text
from tracker.store.schema.articles import mentions
from tracker.store.schema.revisions import revisions


def add(conn: Connection, visit_id: int, found: Sequence[Revision]) -> None:
    """Keeps what one visit showed; ids of the records are not read."""
    if found:
        conn.execute(insert(revisions), [_row(visit_id, one) for one in found])


def of_articles(conn: Connection, article_ids: Collection[int]) -> dict[int, list[Revision]]:
    """The changes of each of these articles, in the order in which they were seen; those without any are absent."""
    found: dict[int, list[Revision]] = {}
    for batch in chunks(sorted({*article_ids})):
        for row in conn.execute(select(revisions).where(revisions.c.article_id.in_(batch)).order_by(revisions.c.id)):
            found.setdefault(row.article_id, []).append(_revision(row))
    return found


def noted_after(conn: Connection, campaign_id: str, after: datetime, until: datetime) -> dict[int, list[Revision]]:
    """The changes of a campaign's items noted after a moment and up to another, by article, in order."""
    mine = select(mentions.c.article_id).where(mentions.c.campaign_id == campaign_id)
    chosen = select(revisions).where(revisions.c.seen_at > after, revisions.c.seen_at <= until, revisions.c.article_id.in_(mine))
    found: dict[int, list[Revision]] = {}
    for row in conn.execute(chosen.order_by(revisions.c.id)):
        found.setdefault(row.article_id, []).append(_revision(row))
    return found


def newest_id(conn: Connection) -> int:
    """The id of the newest change, 0 without any."""
    return conn.execute(select(func.max(revisions.c.id))).scalar() or 0


def to_tell(conn: Connection, after_id: int, since: datetime | None) -> tuple[int, int]:
    """Of the changes kept after an id, or noted after a moment (None: all): how many items were gone, and how many headlines that name an
    organisation changed."""
    chosen = select(revisions.c.kind, revisions.c.mention_changes)
    if since is not None:
        chosen = chosen.where((revisions.c.id > after_id) | (revisions.c.seen_at > since))
    rows = conn.execute(chosen).all()
    gone = sum(row.kind == ChangeKind.GONE for row in rows)
    return gone, sum(any(change == MentionChange.HEADLINE for _, change in row.mention_changes) for row in rows)


def newest_kinds(conn: Connection, article_ids: Collection[int]) -> dict[int, ChangeKind]:
    """How each of these articles changed last; those that never did are absent."""
    found: dict[int, ChangeKind] = {}
    for batch in chunks(sorted({*article_ids})):
        columns = (revisions.c.article_id, revisions.c.kind)
        for row in conn.execute(select(*columns).where(revisions.c.article_id.in_(batch)).order_by(revisions.c.id)):
            found[row.article_id] = ChangeKind(row.kind)
    return found


def iterate(conn: Connection, *, batch: int = 200) -> Iterator[Revision]:
    """Every change, in order, a few at a time in memory."""
    after_id = 0
    while rows := conn.execute(select(revisions).where(revisions.c.id > after_id).order_by(revisions.c.id).limit(batch)).all():
        yield from map(_revision, rows)
        after_id = rows[-1].id


def newest_text(conn: Connection, article_id: int) -> ItemText | None:
    """An item's text after its last edit; None where it was never edited."""
    return newest_texts(conn, [article_id]).get(article_id)


def newest_texts(conn: Connection, article_ids: Collection[int]) -> dict[int, ItemText]:
    """The texts of items after their last edits; those that were never edited are left out."""
    found: dict[int, ItemText] = {}
    for batch in chunks([*article_ids]):
        edited = (revisions.c.article_id.in_(batch)) & (revisions.c.kind == str(ChangeKind.EDITED))
        last = select(func.max(revisions.c.id)).where(edited).group_by(revisions.c.article_id)
        for row in conn.execute(select(revisions).where(revisions.c.id.in_(last))):
            if (text := _text(row.title_after, row.body_after)) is not None:
                found[row.article_id] = text
    return found


def forget(conn: Connection, article_ids: Collection[int]) -> None:
    """Gives up the texts of these articles' changes; that there was a change stays."""
    gone = {"title_before": None, "title_after": None, "body_before": None, "body_after": None, "why": ""}
    for batch in chunks(sorted({*article_ids})):
        conn.execute(update(revisions).where(revisions.c.article_id.in_(batch)).values(**gone))


def _row(visit_id: int, one: Revision) -> dict[str, Any]:
    return {
        "article_id": one.article_id,
        "visit_id": visit_id,
        "kind": str(one.kind),
        "seen_at": one.seen_at,
        "why": one.why,
        "mention_changes": one.mention_changes,
        "title_before": one.before and one.before.title,
        "title_after": one.after and one.after.title,
        "body_before": one.before and pack_text(one.before.body),
        "body_after": one.after and pack_text(one.after.body),
    }


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        id=row.id,
        article_id=row.article_id,
        kind=ChangeKind(row.kind),
        seen_at=row.seen_at,
        before=_text(row.title_before, row.body_before),
        after=_text(row.title_after, row.body_after),
        why=row.why,
        mention_changes=row.mention_changes,
    )


def _text(title: str | None, packed: bytes | None) -> ItemText | None:
    return None if title is None or packed is None else ItemText(title, unpack_text(packed))
