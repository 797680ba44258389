"""Corrections of items that were sent, and who got such an item. A row is added when a person approves it, and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, select

from tracker.model import Audience, Entry
from tracker.store import backend, digests
from tracker.store.deliveries import DeliveryState
from tracker.store.digests import Edition
from tracker.store.packing import unpack_as
from tracker.store.schema.editions import corrections, deliveries, edition_entries, releases

MAY_HAVE_ARRIVED = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.SENDING)


class Correction(Struct, frozen=True):
    """What a person said of an item to everybody who got it: (language, sentence)."""

    id: int
    campaign_id: str
    article_id: int
    key: str
    sentences: tuple[tuple[str, str], ...]
    approved_at: datetime
    approved_by: str


class Received(Struct, frozen=True):
    """An edition with the item, as an audience was shown it, and a letter of it that went out. `recipient` is the key of an address."""

    edition: Edition
    audience: Audience
    entry: Entry
    recipient: str


def add(
    conn: Connection, campaign_id: str, article_id: int, key: str, sentences: tuple[tuple[str, str], ...], at: datetime, by: str
) -> Correction | None:
    """Notes the correction; None when the same was made before."""
    values = {"campaign_id": campaign_id, "article_id": article_id, "key": key, "sentences": sentences}
    new = backend.insert_new(corrections).values(**values, approved_at=at, approved_by=by)
    if conn.execute(new).rowcount != 1:
        return None
    return _correction(conn.execute(select(corrections).where(corrections.c.key == key)).one())


def get(conn: Connection, correction_id: int) -> Correction | None:
    """The correction with this id, or None."""
    row = conn.execute(select(corrections).where(corrections.c.id == correction_id)).first()
    return None if row is None else _correction(row)


def since(conn: Connection, moment: datetime) -> list[Correction]:
    """Corrections approved from this moment on, the oldest first."""
    rows = conn.execute(select(corrections).where(corrections.c.approved_at >= moment).order_by(corrections.c.id))
    return [_correction(row) for row in rows]


def of_article(conn: Connection, campaign_id: str, article_id: int) -> list[Correction]:
    """The corrections of an item, the oldest first."""
    mine = (corrections.c.campaign_id == campaign_id) & (corrections.c.article_id == article_id)
    return [_correction(row) for row in conn.execute(select(corrections).where(mine).order_by(corrections.c.id))]


def received(conn: Connection, campaign_id: str, article_id: int, before: datetime) -> list[Received]:
    """Every letter that may have arrived of an edition that reports the article and was released before then; the newest edition last."""
    shown = (edition_entries.c.edition_id == releases.c.edition_id) & (edition_entries.c.audience == releases.c.audience)
    wanted = (
        select(edition_entries.c.edition_id, edition_entries.c.audience, edition_entries.c.entry, deliveries.c.recipient)
        .select_from(edition_entries)
        .join(releases, shown)
        .join(deliveries, deliveries.c.edition_id == edition_entries.c.edition_id)
        .where(
            edition_entries.c.article_id == article_id,
            releases.c.released_at < before,
            deliveries.c.correction_id == 0,
            deliveries.c.state.in_([str(state) for state in MAY_HAVE_ARRIVED]),
        )
    )
    editions = {edition.id: edition for edition in digests.carrying(conn, campaign_id, article_id)}
    found = [
        Received(
            editions[row.edition_id],
            Audience(row.audience),
            unpack_as(row.entry, Entry),
            row.recipient,
        )
        for row in conn.execute(wanted)
        if row.edition_id in editions
    ]
    return sorted(found, key=lambda one: (one.edition.window.end_at, one.edition.id, one.audience, one.recipient))


def _correction(row: Row[Any]) -> Correction:
    return Correction(row.id, row.campaign_id, row.article_id, row.key, tuple(row.sentences), row.approved_at, row.approved_by)
