"""Editions: what a digest reported, frozen when it was made, and its text in each language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from tracker.model import Entry, RenderedDigest, Window
from tracker.store import sqlite
from tracker.store.columns import to_json
from tracker.store.packing import pack_text, unpack, unpack_text
from tracker.store.schema import edition_entries, editions, renderings


@dataclass(frozen=True, slots=True)
class Edition:
    """One digest of a campaign for one period. Empty `approved_at`: no person has approved it."""

    id: int
    campaign_id: str
    kind: str
    window: Window
    made_at: datetime
    campaign_version: str = ""
    approved_at: datetime | None = None
    approved_by: str = ""


def freeze(
    conn: Connection,
    campaign_id: str,
    kind: str,
    window: Window,
    entries: Sequence[Entry],
    *,
    made_at: datetime,
    campaign_version: str = "",
) -> Edition:
    """Makes the edition of this period with these entries, as they are now. An edition that exists is returned as it is: what was
    reported once is not rewritten."""
    if existing := find(conn, campaign_id, kind, window):
        return existing
    made = insert(editions).values(
        campaign_id=campaign_id,
        kind=kind,
        start_at=window.start_at,
        end_at=window.end_at,
        made_at=made_at,
        campaign_version=campaign_version,
    )
    edition_id = sqlite.inserted_id(conn, made)
    rows = [
        {
            "edition_id": edition_id,
            "article_id": entry.article.id,
            "position": position,
            "entry": pack_text(to_json(msgspec.to_builtins(entry))),
        }
        for position, entry in enumerate(entries)
    ]
    if rows:
        conn.execute(insert(edition_entries), rows)
    return Edition(edition_id, campaign_id, kind, window, made_at, campaign_version)


def find(conn: Connection, campaign_id: str, kind: str, window: Window) -> Edition | None:
    """The edition of this period, or None."""
    same = (editions.c.start_at == window.start_at) & (editions.c.end_at == window.end_at)
    row = conn.execute(select(editions).where(editions.c.campaign_id == campaign_id, editions.c.kind == kind, same)).first()
    return None if row is None else _edition(row)


def get(conn: Connection, edition_id: int) -> Edition | None:
    """The edition with this id, or None."""
    row = conn.execute(select(editions).where(editions.c.id == edition_id)).first()
    return None if row is None else _edition(row)


def every(conn: Connection, campaign_id: str | None = None) -> list[Edition]:
    """All editions (of a campaign), newest period first."""
    statement = select(editions).order_by(editions.c.end_at.desc(), editions.c.id.desc())
    if campaign_id is not None:
        statement = statement.where(editions.c.campaign_id == campaign_id)
    return [_edition(row) for row in conn.execute(statement)]


def entries(conn: Connection, edition_id: int) -> list[Entry]:
    """What the edition reports, in its order, as it was when the edition was made."""
    wanted = select(edition_entries.c.entry).where(edition_entries.c.edition_id == edition_id).order_by(edition_entries.c.position)
    return [msgspec.json.decode(unpack(packed), type=Entry) for packed in conn.execute(wanted).scalars()]


def carrying(conn: Connection, campaign_id: str, article_id: int) -> list[Edition]:
    """Editions of the campaign that report the article, the oldest first."""
    joined = select(editions).join(edition_entries, edition_entries.c.edition_id == editions.c.id)
    wanted = joined.where(editions.c.campaign_id == campaign_id, edition_entries.c.article_id == article_id).order_by(editions.c.id)
    return [_edition(row) for row in conn.execute(wanted)]


def reported(
    conn: Connection, campaign_id: str, *, kinds: Collection[str] | None = None, except_edition: int | None = None
) -> frozenset[int]:
    """Ids of articles that editions of the campaign have reported (only those of `kinds`)."""
    statement = select(edition_entries.c.article_id).distinct().join(editions, editions.c.id == edition_entries.c.edition_id)
    statement = statement.where(editions.c.campaign_id == campaign_id)
    if kinds is not None:
        statement = statement.where(editions.c.kind.in_([*kinds]))
    if except_edition is not None:
        statement = statement.where(editions.c.id != except_edition)
    return frozenset(conn.execute(statement).scalars())


def approve(conn: Connection, edition_id: int, at: datetime, by: str = "") -> bool:
    """Notes a person's approval, once; False when there is no such edition or it was approved before."""
    unapproved = (editions.c.id == edition_id) & editions.c.approved_at.is_(None)
    return conn.execute(update(editions).where(unapproved).values(approved_at=at, approved_by=by)).rowcount == 1


def save_rendering(conn: Connection, edition_id: int, language: str, rendered: RenderedDigest) -> None:
    """Keeps the edition's text in a language; the first one stays, since it may have been sent."""
    values = {
        "edition_id": edition_id,
        "language": language,
        "subject": rendered.subject,
        "text": pack_text(rendered.text),
        "html": pack_text(rendered.html),
    }
    conn.execute(sqlite.insert_new(renderings).values(values))


def rendering(conn: Connection, edition_id: int, language: str) -> RenderedDigest | None:
    """The edition's text in a language, or None."""
    wanted = (renderings.c.edition_id == edition_id) & (renderings.c.language == language)
    row = conn.execute(select(renderings).where(wanted)).first()
    return None if row is None else RenderedDigest(row.subject, unpack_text(row.text), unpack_text(row.html))


def _edition(row: Row[Any]) -> Edition:
    return Edition(
        id=row.id,
        campaign_id=row.campaign_id,
        kind=row.kind,
        window=Window(row.start_at, row.end_at),
        made_at=row.made_at,
        campaign_version=row.campaign_version,
        approved_at=row.approved_at,
        approved_by=row.approved_by or "",
    )
