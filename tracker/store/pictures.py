"""Lead pictures: how asking for each ended, and the pictures that may be shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, update

from tracker.model import Picture, PictureOutcome, PictureResult, WantedPicture
from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.deliveries import UNSENT
from tracker.store.schema.articles import articles
from tracker.store.schema.editions import deliveries, edition_entries
from tracker.store.schema.pictures import lead_pictures, picture_files

MANY_ARTICLES = 3
"""Of one outlet with the very same picture: it is the outlet's mark. Two may be two reports of one event."""
ON_MANY_PAGES = "the same in many articles of the outlet"


class Asked(Struct, frozen=True):
    """How asking for a picture ended last."""

    url: str
    outcome: str
    attempts: int
    asked_at: datetime
    detail: str = ""


def named(conn: Connection, article_ids: Collection[int]) -> list[WantedPicture]:
    """The lead pictures that these articles name, in order of the articles."""
    found: list[WantedPicture] = []
    for batch in chunks(sorted({*article_ids})):
        wanted = select(articles.c.id, articles.c.outlet_id, articles.c.image).where(articles.c.id.in_(batch), articles.c.image != "")
        found += [WantedPicture(*row) for row in conn.execute(wanted.order_by(articles.c.id))]
    return found


def asked(conn: Connection, article_ids: Collection[int]) -> dict[int, Asked]:
    """By article, how asking ended; those never asked for are absent."""
    found: dict[int, Asked] = {}
    columns = (lead_pictures.c[name] for name in ("article_id", "url", "outcome", "attempts", "asked_at", "detail"))
    chosen = select(*columns)
    for batch in chunks(sorted({*article_ids})):
        for article_id, *rest in conn.execute(chosen.where(lead_pictures.c.article_id.in_(batch))):
            found[article_id] = Asked(*rest)
    return found


def save(conn: Connection, results: Sequence[PictureResult]) -> None:
    """Notes how asking ended and keeps the pictures; the newest result of an article stands in place of the one before. What several
    articles of one outlet show alike is the outlet's mark from then on, in all of them."""
    if not results:
        return
    conn.execute(backend.upsert(lead_pictures, ["article_id"]), [_row(one) for one in results])
    if files := [_file(one.picture, one.asked_at) for one in results if one.picture is not None]:
        conn.execute(backend.upsert(picture_files, ["digest"]), files)
    for outlet_id, digest in dict.fromkeys((one.wanted.outlet_id, one.digest) for one in results if one.picture):
        _mark_if_repeated(conn, outlet_id, digest)


def _row(result: PictureResult) -> dict[str, Any]:
    wanted = result.wanted
    return {
        "article_id": wanted.article_id,
        "outlet_id": wanted.outlet_id,
        "url": wanted.url,
        "outcome": str(result.outcome),
        "detail": result.detail,
        "digest": result.digest or None,
        "attempts": wanted.attempts + 1,
        "asked_at": result.asked_at,
    }


def _file(picture: Picture, now: datetime) -> dict[str, Any]:
    return {
        "digest": picture.digest,
        "width": picture.width,
        "height": picture.height,
        "content": picture.content,
        "stored_at": now,
    }


def _mark_if_repeated(conn: Connection, outlet_id: str, digest: str) -> None:
    same = (lead_pictures.c.outlet_id == outlet_id) & (lead_pictures.c.digest == digest)
    if conn.execute(select(func.count()).where(same)).scalar_one() < MANY_ARTICLES:
        return
    conn.execute(update(lead_pictures).where(same).values(outcome=PictureOutcome.OUTLETS_MARK, detail=ON_MANY_PAGES))
    _drop_unshown(conn, [digest])


def of_articles(conn: Connection, article_ids: Collection[int]) -> dict[int, Picture]:
    """By article, the pictures that are kept."""
    found: dict[int, Picture] = {}
    columns = (lead_pictures.c.article_id, *(picture_files.c[name] for name in ("digest", "width", "height", "content")))
    chosen = select(*columns).join(picture_files, picture_files.c.digest == lead_pictures.c.digest)
    chosen = chosen.where(lead_pictures.c.outcome == PictureOutcome.KEPT)
    for batch in chunks(sorted({*article_ids})):
        for article_id, *rest in conn.execute(chosen.where(lead_pictures.c.article_id.in_(batch))):
            found[article_id] = Picture(*rest)
    return found


def forget(conn: Connection, article_ids: Collection[int]) -> int:
    """Gives up what came for these articles, for good or until it is asked for again; how many there were."""
    gone = 0
    for batch in chunks(sorted({*article_ids})):
        mine = lead_pictures.c.article_id.in_(batch)
        digests = list(conn.execute(select(lead_pictures.c.digest).where(mine, lead_pictures.c.digest.is_not(None)).distinct()).scalars())
        gone += conn.execute(delete(lead_pictures).where(mine)).rowcount
        _drop_unshown(conn, digests)
    return gone


def prune(conn: Connection, before: datetime) -> tuple[int, int]:
    """Gives up pictures stored before then: how many, and their bytes. How asking ended stays, so that none is asked for again. Never
    those of an edition with a letter that is not sent yet."""
    waits = (
        select(lead_pictures.c.digest)
        .join(edition_entries, edition_entries.c.article_id == lead_pictures.c.article_id)
        .join(deliveries, deliveries.c.edition_id == edition_entries.c.edition_id)
        .where(deliveries.c.state.in_([str(state) for state in UNSENT]), lead_pictures.c.digest.is_not(None))
    )
    old = (picture_files.c.stored_at < before) & picture_files.c.digest.not_in(waits)
    count, size = conn.execute(select(func.count(), func.coalesce(func.sum(func.length(picture_files.c.content)), 0)).where(old)).one()
    if count:
        conn.execute(delete(picture_files).where(old))
    return count, size


def _drop_unshown(conn: Connection, digests: Sequence[str]) -> None:
    """Files that no article shows any more."""
    shown = select(lead_pictures.c.digest).where(
        lead_pictures.c.digest == picture_files.c.digest, lead_pictures.c.outcome == PictureOutcome.KEPT
    )
    conn.execute(delete(picture_files).where(picture_files.c.digest.in_(digests), ~shown.exists()))
