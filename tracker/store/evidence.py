"""What was sealed of items and the root of each day; the bytes that a pack holds. Rows stay inside, records go out.

A record is written once. After that its page stays as it came, and nothing but a person's erasure takes contents away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, bindparam, func, select, update

from tracker.model import Article, MentionChange
from tracker.store import backend, page_files
from tracker.store.articles import read_article
from tracker.store.batches import chunks
from tracker.store.packing import pack, pack_text, unpack, unpack_text
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.crawl import fetches, pages
from tracker.store.schema.evidence import day_roots, evidence_records
from tracker.store.schema.revisions import revisions, visits

_KEPT_LATER = (visits.c.body.is_not(None), visits.c.seen.in_(("edited", "gone", "back")))
AT_ONCE = 200


class HeldPage(Struct, frozen=True):
    """A page without its bytes. `exchange`: JSON of a `model.Exchange`; None: it came before exchanges were kept, see `fetch`.
    `kept`: whether its bytes are there."""

    id: int
    requested_url: str
    final_url: str
    content_type: str
    size_bytes: int
    sha256: str
    fetched_at: datetime
    exchange: bytes | None
    kept: bool
    status: int
    headers: tuple[tuple[str, str], ...]


class HeldLater(Struct, frozen=True):
    """A page that a later visit brought, with its bytes. `is_held`: a label marks what it says now."""

    seen: str
    visited_at: datetime
    requested_url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content_type: str
    sha256: str
    page: bytes
    is_held: bool


class Material(Struct, frozen=True):
    """An item that waits to be sealed. `page`: None where a person entered it."""

    article: Article
    found_at: datetime
    page: HeldPage | None


class NewRecord(Struct, frozen=True):
    """What sealing gives. `exchange`: JSON, where the page had none yet."""

    article_id: int
    found_at: datetime
    leaf: str
    record: bytes
    text: str
    page_id: int | None = None
    exchange: bytes | None = None


class Sealed(Struct, frozen=True):
    """A sealed item. `record` and `text` are None once it was erased; `day` and `position` until its day has ended."""

    article_id: int
    found_at: datetime
    leaf: str
    day: str | None
    position: int | None
    record: bytes | None
    text: str | None
    erased_at: datetime | None
    erased_by: str | None
    erased_reason: str | None


class DayRoot(Struct, frozen=True):
    """A day's root and its hash in the chain, in hex. `timestamp`: DER, None without one."""

    day: str
    items: int
    root: str
    link: str
    made_at: datetime
    timestamp: bytes | None = None


def unsealed(conn: Connection, after_id: int = 0, limit: int = AT_ONCE, only: Sequence[int] = ()) -> list[tuple[int, datetime]]:
    """Articles beyond this id that a campaign mentions and that are not sealed, with the moment they were first found; in order of id.
    `only`: of these articles, as many as one statement may hold; empty: of all."""
    known = select(evidence_records.c.article_id).where(evidence_records.c.article_id == mentions.c.article_id).exists()
    wanted = select(mentions.c.article_id, func.min(mentions.c.found_at).label("found_at")).where(mentions.c.article_id > after_id, ~known)
    wanted = wanted.where(mentions.c.article_id.in_(only)) if only else wanted
    wanted = wanted.group_by(mentions.c.article_id).order_by(mentions.c.article_id).limit(limit)
    return [(row.article_id, row.found_at) for row in conn.execute(wanted)]


def material(conn: Connection, article_id: int, found_at: datetime) -> Material | None:
    """What is to be sealed of an article; None where it is gone. Raises StoreError when stored bytes are damaged."""
    row = conn.execute(select(articles).where(articles.c.id == article_id)).first()
    return None if row is None else Material(read_article(row), found_at, None if row.page_id is None else _page(conn, row.page_id))


def _page(conn: Connection, page_id: int) -> HeldPage | None:
    columns = [column for column in pages.c if column is not pages.c.body]
    row = conn.execute(select(*columns, pages.c.body.is_not(None).label("kept")).where(pages.c.id == page_id)).first()
    if row is None:
        return None
    same = (fetches.c.link_id == row.link_id, fetches.c.fetched_at == row.fetched_at)
    answered = conn.execute(select(fetches.c.status, fetches.c.headers).where(*same).order_by(fetches.c.id.desc()).limit(1)).first()
    return HeldPage(
        id=row.id,
        requested_url=row.requested_url,
        final_url=row.final_url,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        fetched_at=row.fetched_at,
        exchange=None if row.exchange is None else unpack(row.exchange),
        kept=bool(row.kept),
        status=(answered.status or 0) if answered else 0,
        headers=answered.headers if answered else (),
    )


def seal(conn: Connection, made: Sequence[NewRecord], now: datetime) -> int:
    """Keeps records; one that was sealed meanwhile stays as it is. Returns how many are new."""
    new = 0
    for one in made:
        values = {
            "article_id": one.article_id,
            "found_at": one.found_at,
            "sealed_at": now,
            "leaf": one.leaf,
            "record": pack(one.record),
            "body": pack_text(one.text),
        }
        if not conn.execute(backend.insert_new(evidence_records), values).rowcount:
            continue
        new += 1
        if one.page_id is not None and one.exchange is not None:
            conn.execute(update(pages).where(pages.c.id == one.page_id, pages.c.exchange.is_(None)).values(exchange=pack(one.exchange)))
    return new


def in_no_day(conn: Connection, before: datetime) -> list[tuple[int, str]]:
    """(article, leaf) of the sealed items found before then that no day's tree holds, in the order in which it will."""
    wanted = select(evidence_records.c.article_id, evidence_records.c.leaf).where(
        evidence_records.c.day.is_(None), evidence_records.c.found_at < before
    )
    return [(row.article_id, row.leaf) for row in conn.execute(wanted.order_by(evidence_records.c.found_at, evidence_records.c.article_id))]


def close_day(conn: Connection, root: DayRoot, article_ids: Sequence[int]) -> None:
    """Keeps a day's root and which items its tree holds, in order."""
    record = evidence_records.c
    if article_ids:
        place = update(evidence_records).where(record.article_id == bindparam("article"), record.day.is_(None))
        placed = [{"article": article_id, "in_day": root.day, "at": number} for number, article_id in enumerate(article_ids)]
        conn.execute(place.values(day=bindparam("in_day"), position=bindparam("at")), placed)
    values = {name: getattr(root, name) for name in ("day", "items", "root", "link", "made_at", "timestamp")}
    conn.execute(day_roots.insert().values(values))


def newest_root(conn: Connection) -> DayRoot | None:
    """The last day that has a root."""
    row = conn.execute(select(day_roots).order_by(day_roots.c.day.desc()).limit(1)).first()
    return None if row is None else DayRoot(**row._mapping)


def roots(conn: Connection) -> list[DayRoot]:
    """Every day's root, the first day first."""
    return [DayRoot(**row._mapping) for row in conn.execute(select(day_roots).order_by(day_roots.c.day))]


def note_timestamp(conn: Connection, day: str, token: bytes) -> None:
    """Keeps what an authority signed of a day, unless there is something."""
    conn.execute(update(day_roots).where(day_roots.c.day == day, day_roots.c.timestamp.is_(None)).values(timestamp=token))


def leaves(conn: Connection, day: str) -> list[bytes]:
    """The leaf hashes of a day's tree, in order."""
    wanted = select(evidence_records.c.leaf).where(evidence_records.c.day == day).order_by(evidence_records.c.position)
    return [bytes.fromhex(leaf) for leaf in conn.execute(wanted).scalars()]


def sealed(conn: Connection, article_ids: Collection[int]) -> Iterator[Sealed]:
    """What was sealed of the articles, in order of id, a few at a time in memory; those that are not sealed are left out."""
    names = [column for column in evidence_records.c if column.name not in ("sealed_at", "record", "body")]
    for batch in chunks(sorted(set(article_ids)), 50):
        wanted = select(*names, evidence_records.c.record, evidence_records.c.body).where(evidence_records.c.article_id.in_(batch))
        for row in conn.execute(wanted.order_by(evidence_records.c.article_id)).all():
            yield Sealed(
                **{column.name: row._mapping[column.name] for column in names},
                record=None if row.record is None else unpack(row.record),
                text=None if row.body is None else unpack_text(row.body),
            )


def page_bytes(conn: Connection, article_id: int) -> tuple[bytes, bytes | None] | None:
    """The page that an article came from as it was served, and its exchange in JSON; None where none is kept."""
    wanted = select(pages.c.body, pages.c.exchange).join(articles, articles.c.page_id == pages.c.id).where(articles.c.id == article_id)
    row = conn.execute(wanted).first()
    if row is None or row.body is None:
        return None
    (packed,) = page_files.read([row.body])
    return None if packed is None else (unpack(packed), None if row.exchange is None else unpack(row.exchange))


def with_later_pages(conn: Connection, article_ids: Sequence[int]) -> frozenset[int]:
    """Which of the articles, as many as one statement may hold, have pages that later visits brought."""
    return frozenset(conn.execute(select(visits.c.article_id).where(visits.c.article_id.in_(article_ids), *_KEPT_LATER)).scalars())


def later_pages(conn: Connection, article_id: int, most: int) -> Iterator[HeldLater]:
    """The pages that later visits brought and that are kept, the earliest first, one at a time in memory."""
    kept = (visits.c.article_id == article_id, *_KEPT_LATER)
    numbers = conn.execute(select(visits.c.id).where(*kept).order_by(visits.c.id).limit(most)).scalars().all()
    changes = select(revisions.c.visit_id, revisions.c.mention_changes).where(revisions.c.article_id == article_id)
    held = {row.visit_id for row in conn.execute(changes) if any(change == MentionChange.HELD for _, change in row.mention_changes)}
    for number in numbers:
        row = conn.execute(select(visits).where(visits.c.id == number)).one()
        yield HeldLater(
            seen=row.seen,
            visited_at=row.visited_at,
            requested_url=row.requested_url,
            final_url=row.final_url,
            status=row.status or 0,
            headers=row.headers,
            content_type=row.content_type,
            sha256=row.sha256,
            page=unpack(row.body),
            is_held=row.id in held,
        )


def found_since(conn: Connection, campaign_id: str, since: datetime) -> list[int]:
    """The articles that the campaign mentions and that appeared since then, or of no known moment were found since; in order of id."""
    when = func.coalesce(mentions.c.appeared_at, mentions.c.found_at)
    wanted = select(mentions.c.article_id).where(mentions.c.campaign_id == campaign_id, when >= since)
    return [*conn.execute(wanted.order_by(mentions.c.article_id)).scalars()]


def campaigns_of(conn: Connection, article_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """The campaigns that mention each of the articles."""
    found: dict[int, tuple[str, ...]] = {}
    for batch in chunks(sorted(set(article_ids))):
        wanted = select(mentions.c.article_id, mentions.c.campaign_id).where(mentions.c.article_id.in_(batch))
        for row in conn.execute(wanted.order_by(mentions.c.article_id, mentions.c.campaign_id)):
            found[row.article_id] = (*found.get(row.article_id, ()), row.campaign_id)
    return found
