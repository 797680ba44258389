"""Editions: what a digest reported, frozen when it was made, and its text in each language."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from tracker.model import Audience, EditionFacts, Entry, ReleaseFacts, RenderedDigest, Selection, Window
from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.packing import pack_text, unpack_as, unpack_text
from tracker.store.schema.columns import to_json
from tracker.store.schema.editions import edition_entries, editions, releases, renderings

READ_FOR_EDITIONS = (
    *("editions", "edition_entries", "releases", "deliveries", "corrections"),
    *("mentions", "item_states", "stories", "story_members", "events", "articles"),
)
"""Tables from which editions and letters are made, looked over before: an index that lost rows would make them shorter without a word."""


class Edition(Struct, frozen=True):
    """One digest of a campaign for one period. Empty `approved_at`: no person has approved it."""

    id: int
    campaign_id: str
    kind: str
    window: Window
    made_at: datetime
    campaign_version: str = ""
    approved_at: datetime | None = None
    approved_by: str = ""
    sentences: tuple[tuple[str, str], ...] = ()


class Release(Struct, frozen=True):
    """What an audience was shown of an edition: its entries by part as they were then, and what it says beside them."""

    edition: Edition
    audience: Audience
    released_at: datetime
    facts: ReleaseFacts
    entries: tuple[tuple[str, Entry], ...]  # (part of the Selection, entry)


def freeze(
    conn: Connection,
    campaign_id: str,
    kind: str,
    window: Window,
    *,
    made_at: datetime,
    campaign_version: str = "",
    facts: EditionFacts | None = None,
) -> Edition:
    """Makes the edition of this period. One that exists is returned as it is: what was reported once is not rewritten."""
    if existing := find(conn, campaign_id, kind, window):
        return existing
    made = insert(editions).values(
        campaign_id=campaign_id,
        kind=str(kind),
        start_at=window.start_at,
        end_at=window.end_at,
        made_at=made_at,
        campaign_version=campaign_version,
        facts=_pack(facts or EditionFacts()),
        sentences=(),
    )
    return Edition(backend.inserted_id(conn, made), campaign_id, str(kind), window, made_at, campaign_version)


def release(conn: Connection, edition_id: int, audience: Audience, selection: Selection, facts: ReleaseFacts, at: datetime) -> bool:
    """Freezes what an audience is shown, once; False when that was done before. In one transaction with `freeze` or `approve`."""
    values = {"edition_id": edition_id, "audience": str(audience), "released_at": at, "facts": _pack(facts)}
    if conn.execute(backend.insert_new(releases).values(values)).rowcount != 1:
        return False
    parts = (
        ("counted", selection.counted),
        ("organisation", selection.organisation),
        ("context", selection.context),
        ("own_channels", selection.own_channels),
        ("listed", selection.listed),
    )
    rows = [
        {
            "edition_id": edition_id,
            "audience": str(audience),
            "article_id": entry.article.id,
            "position": position,
            "part": part,
            "entry": _pack(entry),
        }
        for position, (part, entry) in enumerate((part, entry) for part, entries in parts for entry in entries)
    ]
    if rows:
        conn.execute(insert(edition_entries), rows)
    return True


def released(conn: Connection, edition_id: int, audience: Audience) -> Release | None:
    """What the audience was shown of the edition; None while it waits for a person, or when there is no such edition."""
    edition = get(conn, edition_id)
    wanted = (releases.c.edition_id == edition_id) & (releases.c.audience == str(audience))
    row = conn.execute(select(releases).where(wanted)).first()
    if edition is None or row is None:
        return None
    facts = unpack_as(row.facts, ReleaseFacts) if row.facts else ReleaseFacts()
    return Release(edition, audience, row.released_at, facts, tuple(_entries(conn, edition_id, audience)))


def released_at(conn: Connection, edition_id: int) -> dict[Audience, datetime]:
    """When each audience could first read the edition."""
    rows = conn.execute(select(releases.c.audience, releases.c.released_at).where(releases.c.edition_id == edition_id))
    return {Audience(row.audience): row.released_at for row in rows}


def articles_of(conn: Connection, edition_id: int, audience: Audience) -> frozenset[int]:
    """The articles that the audience was shown in the edition."""
    mine = (edition_entries.c.edition_id == edition_id) & (edition_entries.c.audience == str(audience))
    return frozenset(conn.execute(select(edition_entries.c.article_id).where(mine)).scalars())


def named_as_changed(conn: Connection, edition_id: int, audience: Audience) -> frozenset[int]:
    """The articles that the edition names as changed since they were reported."""
    wanted = (releases.c.edition_id == edition_id) & (releases.c.audience == str(audience))
    packed = conn.execute(select(releases.c.facts).where(wanted)).scalar()
    return frozenset(one.article_id for one in unpack_as(packed, ReleaseFacts).changed) if packed else frozenset()


def forget_changed(conn: Connection, article_id: int) -> None:
    """Takes an article out of what editions name as changed: nothing of its words is left there."""
    for row in conn.execute(
        select(releases.c.edition_id, releases.c.audience, releases.c.facts).where(releases.c.facts.is_not(None))
    ).all():
        facts = unpack_as(row.facts, ReleaseFacts)
        if any(one.article_id == article_id for one in facts.changed):
            kept = replace(facts, changed=tuple(one for one in facts.changed if one.article_id != article_id))
            mine = (releases.c.edition_id == row.edition_id) & (releases.c.audience == row.audience)
            conn.execute(update(releases).where(mine).values(facts=_pack(kept)))


def in_order(conn: Connection, edition_id: int, audience: Audience) -> list[int]:
    """The same in the order in which the edition has them."""
    mine = (edition_entries.c.edition_id == edition_id) & (edition_entries.c.audience == str(audience))
    return [*conn.execute(select(edition_entries.c.article_id).where(mine).order_by(edition_entries.c.position)).scalars()]


def count_shown(conn: Connection, edition_id: int, audience: Audience) -> int:
    """How many items the audience was shown of the edition."""
    wanted = (edition_entries.c.edition_id == edition_id) & (edition_entries.c.audience == str(audience))
    return conn.execute(select(func.count()).select_from(edition_entries).where(wanted)).scalar_one()


def facts_of(conn: Connection, edition_id: int) -> EditionFacts | None:
    """What the edition says beside its entries; None for one that was made before that was kept."""
    packed = conn.execute(select(editions.c.facts).where(editions.c.id == edition_id)).scalar()
    return unpack_as(packed, EditionFacts) if packed else None


def find(conn: Connection, campaign_id: str, kind: str, window: Window) -> Edition | None:
    """The edition of this period, or None."""
    same = (editions.c.start_at == window.start_at) & (editions.c.end_at == window.end_at)
    row = conn.execute(select(editions).where(editions.c.campaign_id == campaign_id, editions.c.kind == str(kind), same)).first()
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


def carrying(conn: Connection, campaign_id: str, article_id: int) -> list[Edition]:
    """Editions of the campaign that report the article, the oldest first."""
    wanted = select(edition_entries.c.edition_id).where(edition_entries.c.article_id == article_id)
    found = select(editions).where(editions.c.campaign_id == campaign_id, editions.c.id.in_(wanted)).order_by(editions.c.id)
    return [_edition(row) for row in conn.execute(found)]


def reported(
    conn: Connection,
    campaign_id: str,
    *,
    audience: Audience | None = None,
    kinds: Collection[str] | None = None,
    except_edition: int | None = None,
) -> frozenset[int]:
    """Ids of articles that editions of the campaign have reported (to this audience; only those of `kinds`)."""
    statement = select(edition_entries.c.article_id).distinct().join(editions, editions.c.id == edition_entries.c.edition_id)
    statement = statement.where(editions.c.campaign_id == campaign_id)
    if audience is not None:
        statement = statement.where(edition_entries.c.audience == str(audience))
    if kinds is not None:
        statement = statement.where(editions.c.kind.in_([str(kind) for kind in kinds]))
    if except_edition is not None:
        statement = statement.where(editions.c.id != except_edition)
    return frozenset(conn.execute(statement).scalars())


def last_release(conn: Connection, campaign_id: str, kind: str, audience: Audience, before: datetime) -> datetime | None:
    """When the audience was last shown an edition of the kind whose period ended by then; None: it never was."""
    shown = select(func.max(releases.c.released_at)).join(editions, editions.c.id == releases.c.edition_id)
    return conn.execute(shown.where(*_earlier(campaign_id, kind, before), releases.c.audience == str(audience))).scalar()


def shown_before(
    conn: Connection, campaign_id: str, kind: str, audience: Audience, before: datetime, article_ids: Collection[int]
) -> list[tuple[Entry, datetime]]:
    """These articles as the audience was shown them in editions of the kind whose period ended by then, and when it was; the newest
    edition first, in its order."""
    same_release = (releases.c.edition_id == edition_entries.c.edition_id) & (releases.c.audience == edition_entries.c.audience)
    found: list[Row[Any]] = []
    for batch in chunks(article_ids):
        wanted = select(edition_entries.c.entry, edition_entries.c.position, releases.c.released_at, editions.c.end_at, editions.c.id)
        wanted = (
            wanted.select_from(edition_entries).join(editions, editions.c.id == edition_entries.c.edition_id).join(releases, same_release)
        )
        mine = edition_entries.c.article_id.in_(batch) & (edition_entries.c.audience == str(audience))
        found += conn.execute(wanted.where(mine, *_earlier(campaign_id, kind, before)))
    found.sort(key=lambda row: row.position)
    found.sort(key=lambda row: (row.end_at, row.id), reverse=True)
    return [(unpack_as(row.entry, Entry), row.released_at) for row in found]


def _earlier(campaign_id: str, kind: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return editions.c.campaign_id == campaign_id, editions.c.kind == str(kind), editions.c.end_at <= before


def approve(conn: Connection, edition_id: int, at: datetime, by: str = "", sentences: Sequence[tuple[str, str]] = ()) -> bool:
    """Notes a person's approval, once; False when there is no such edition or it was approved before."""
    unapproved = (editions.c.id == edition_id) & editions.c.approved_at.is_(None)
    values = {"approved_at": at, "approved_by": by, "sentences": sentences}
    return conn.execute(update(editions).where(unapproved).values(values)).rowcount == 1


def unapprove(conn: Connection, edition_id: int) -> None:
    """Makes the edition as it was before a person approved it: what was frozen for partners is given up."""
    conn.execute(update(editions).where(editions.c.id == edition_id).values(approved_at=None, approved_by=None, sentences=()))
    for table in (edition_entries, renderings, releases):
        conn.execute(delete(table).where(table.c.edition_id == edition_id, table.c.audience == str(Audience.PARTNERS)))


def save_rendering(
    conn: Connection, edition_id: int, audience: Audience, language: str, rendered: RenderedDigest, countries: Sequence[str] = ()
) -> None:
    """Keeps the edition's text for an audience, in a language and of some countries; the first one stays, since it may have been sent."""
    values = {
        "edition_id": edition_id,
        "audience": str(audience),
        "language": language,
        "countries": " ".join(countries),
        "subject": rendered.subject,
        "text": pack_text(rendered.text),
        "html": pack_text(rendered.html),
        "shortened": rendered.shortened,
    }
    conn.execute(backend.insert_new(renderings).values(values))


def rendering(conn: Connection, edition_id: int, audience: Audience, language: str, countries: Sequence[str] = ()) -> RenderedDigest | None:
    """The edition's text as it was kept, or None."""
    wanted = (
        renderings.c.edition_id == edition_id,
        renderings.c.audience == str(audience),
        renderings.c.language == language,
        renderings.c.countries == " ".join(countries),
    )
    row = conn.execute(select(renderings).where(*wanted)).first()
    return None if row is None else RenderedDigest(row.subject, unpack_text(row.text), unpack_text(row.html), row.shortened)


def _entries(conn: Connection, edition_id: int, audience: Audience) -> Iterator[tuple[str, Entry]]:
    wanted = (edition_entries.c.edition_id == edition_id) & (edition_entries.c.audience == str(audience))
    rows = conn.execute(select(edition_entries.c.part, edition_entries.c.entry).where(wanted).order_by(edition_entries.c.position))
    return ((row.part, unpack_as(row.entry, Entry)) for row in rows.all())


def _pack(record: Any) -> bytes:
    return pack_text(to_json(msgspec.to_builtins(record)))


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
        sentences=row.sentences or (),
    )
