"""Pages as they came. Bytes of pages that matter to nobody are given up after some days; those of mentions never."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, literal_column, select, update

from tracker.model import Skipped, SkipReason
from tracker.store import backend, page_files
from tracker.store.batches import chunks
from tracker.store.packing import StoredPage
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.columns import read_published
from tracker.store.schema.crawl import links, pages
from tracker.store.schema.editions import edition_entries
from tracker.store.schema.evidence import evidence_records
from tracker.store.schema.people import events

_READ = [pages.c[name] for name in ("id", "link_id", "outlet_id", "requested_url", "final_url", "content_type", "fetched_at", "body")]
_is_unscreened = pages.c.state == literal_column("'unscreened'")  # spelt out, else the partial index is not used

_ONE: ColumnElement[int] = literal_column("1")  # a bound number is a BIGINT on a server, for which there is no substr of bytes
_is_elsewhere = and_(pages.c.body.is_not(None), func.substr(pages.c.body, _ONE, _ONE) == page_files.MARK)
ASKED_AGAIN_FOR = timedelta(days=7)
"""After it was found a link is fetched again so long: a network that is out for a holiday week, and no dead address for ever."""
WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""By how often it was fetched already: a hotel's login lasts an hour, a provider's fault a day. The last holds for all later ones."""


def unscreened(conn: Connection, *, limit: int, after_id: int = 0) -> list[StoredPage]:
    """Pages nobody has judged yet, in order of id, bytes still packed and perhaps elsewhere (`page_files.filled`)."""
    return [_stored_page(row) for row in conn.execute(_UNSCREENED, {"after": after_id, "most": limit}).all()]


def unscreened_ids(conn: Connection, *, limit: int, after_id: int = 0) -> list[int]:
    """The same, without their bytes."""
    wanted = select(pages.c.id).where(_is_unscreened, pages.c.id > after_id, pages.c.body.is_not(None))
    return [*conn.execute(wanted.order_by(pages.c.id).limit(limit)).scalars()]


def unscreened_among(conn: Connection, page_ids: Collection[int]) -> list[StoredPage]:
    """Those of the pages that nobody has judged yet, as `unscreened`."""
    statement = _with_hints().where(_is_unscreened, pages.c.id.in_([*page_ids]), pages.c.body.is_not(None))
    return [_stored_page(row) for row in conn.execute(statement.order_by(pages.c.id))]


def still_unscreened(conn: Connection, page_ids: Collection[int]) -> frozenset[int]:
    """Those of the pages that nobody has judged yet."""
    found: set[int] = set()
    for some in chunks([*page_ids], 500):
        found.update(conn.execute(select(pages.c.id).where(pages.c.id.in_(some), _is_unscreened)).scalars())
    return frozenset(found)


def repetitions(conn: Connection, page_ids: Collection[int]) -> frozenset[int]:
    """Those of the pages whose text the outlet has at another address too, which is the one that counts."""
    found: set[int] = set()
    for some in chunks([*page_ids], 500):
        wanted = (pages.c.id.in_(some), pages.c.skip_reason == str(SkipReason.SAME_TEXT))
        found.update(conn.execute(select(pages.c.id).where(*wanted)).scalars())
    return frozenset(found)


def skip_reasons(conn: Connection, page_ids: Collection[int]) -> dict[int, str]:
    """Why each of the pages became no article, by page; without those that did."""
    found: dict[int, str] = {}
    for some in chunks([*page_ids], 500):
        rows = conn.execute(select(pages.c.id, pages.c.skip_reason).where(pages.c.id.in_(some), pages.c.skip_reason.is_not(None)))
        found |= {row.id: row.skip_reason for row in rows}
    return found


def stored(conn: Connection, page_ids: Collection[int]) -> list[StoredPage]:
    """Those of the pages whose bytes are still kept, packed, in order of id."""
    wanted = _with_hints().where(pages.c.id.in_([*page_ids]), pages.c.body.is_not(None))
    return page_files.filled([_stored_page(row) for row in conn.execute(wanted.order_by(pages.c.id))])[0]


def newest_of_articles(conn: Connection, outlet_id: str, limit: int) -> list[StoredPage]:
    """The newest pages of an outlet that became articles and whose bytes are kept, the newest first."""
    newest = select(articles.c.page_id).where(articles.c.outlet_id == outlet_id, articles.c.page_id.is_not(None))
    ids = conn.execute(newest.order_by(articles.c.id.desc()).limit(limit)).scalars().all()
    return stored(conn, ids)[::-1]


def ask_again(conn: Connection, page_ids: Collection[int], now: datetime) -> list[str]:
    """Has the links of pages that gave nothing fetched again, later each time; the addresses. One that was found too long ago stays."""
    urls = []
    for some in chunks([*page_ids], 500):
        columns = (links.c.id, links.c.url, links.c.found_at, links.c.attempts)
        for row in conn.execute(select(*columns).join(pages, pages.c.link_id == links.c.id).where(pages.c.id.in_(some))).all():
            if now - row.found_at <= ASKED_AGAIN_FOR:
                due_at = now + WAITS[max(0, min(row.attempts, len(WAITS)) - 1)]
                conn.execute(update(links).where(links.c.id == row.id).values(state="pending", not_before_at=due_at))
                urls.append(row.url)
    return urls


def referring(conn: Connection, article_ids: Collection[int]) -> dict[int, bytes]:
    """Those of the articles' pages whose bytes lie elsewhere, with their references."""
    found: dict[int, bytes] = {}
    for some in chunks([*article_ids], 500):
        wanted = select(pages.c.id, pages.c.body).join(articles, articles.c.page_id == pages.c.id)
        found |= {row.id: row.body for row in conn.execute(wanted.where(articles.c.id.in_(some), _is_elsewhere))}
    return found


def bring_home(conn: Connection, bodies: Mapping[int, tuple[bytes, bytes]]) -> None:
    """Puts bytes in the place of references: (reference, packed bytes), by page."""
    for page_id, (reference, packed) in bodies.items():
        conn.execute(update(pages).where(pages.c.id == page_id, pages.c.body == reference).values(body=packed))


def references_of(conn: Connection, day: date) -> list[bytes]:
    """References of the pages that were fetched on a day of UTC."""
    start = datetime.combine(day, time(), UTC)
    within = (pages.c.fetched_at >= start, pages.c.fetched_at < start + timedelta(days=1))
    return [*conn.execute(select(pages.c.body).where(*within, _is_elsewhere)).scalars()]


def mark_skipped(conn: Connection, page_id: int, skipped: Skipped, at: datetime) -> None:
    """Notes why a page became no article."""
    mark_all_skipped(conn, {page_id: skipped}, at)


def mark_all_skipped(conn: Connection, skipped: Mapping[int, Skipped], at: datetime) -> None:
    """The same of several, by page."""
    alike: dict[Skipped, list[int]] = {}
    for page_id, one in skipped.items():
        alike.setdefault(one, []).append(page_id)
    for one, ids in alike.items():
        why = {"skip_reason": str(one.reason), "skip_detail": one.detail, "same_as": one.same_as or None}
        conn.execute(update(pages).where(pages.c.id.in_(ids)).values(state="skipped", judged_at=at, **why))


def prunable(conn: Connection, before: datetime) -> list[int]:
    """Pages whose bytes `prune` gives up."""
    return sorted(conn.execute(select(pages.c.id).where(may_go(), pages.c.fetched_at < before)).scalars())


def prune(conn: Connection, before: datetime, ids: Collection[int] | None = None) -> tuple[int, int]:
    """Gives up the bytes of judged pages fetched before `before`, of those `ids` alone where they are given; returns how many and their
    packed size. Never those of a mention, of an article a person has spoken on, of one that an edition cites or that was sealed as
    evidence, nor those of a page not yet judged."""
    old = may_go() & (pages.c.fetched_at < before)
    if ids is not None:
        old &= pages.c.id.in_(ids)
    rows, size = conn.execute(select(func.count(), func.coalesce(func.sum(func.length(pages.c.body)), 0)).where(old)).one()
    if rows:
        conn.execute(update(pages).where(old).values(body=None, exchange=None))
    return rows, size


def may_go() -> ColumnElement[bool]:
    """Of pages: those that are judged and that nothing needs, whatever their age."""
    naming = (mentions.c.article_id, events.c.article_id, edition_entries.c.article_id, evidence_records.c.article_id)
    needed = [exists(select(articles.c.page_id).where(articles.c.page_id == pages.c.id, articles.c.id == column)) for column in naming]
    return and_(pages.c.body.is_not(None), pages.c.state != "unscreened", *(~one for one in needed))


def bytes_elsewhere(conn: Connection, since: datetime) -> int:
    """Bytes outside of the database of pages with a mention found since then: those stay, while others are given up within days."""
    begins = func.substr(pages.c.body, 1, 24)
    found = (
        select(pages.c.id, begins.label("reference"))
        .join(articles, articles.c.page_id == pages.c.id)
        .join(mentions, mentions.c.article_id == articles.c.id)
    )
    found = found.where(mentions.c.found_at >= since, func.substr(pages.c.body, 1, 1) == page_files.MARK).distinct()
    return sum(int(bytes(body)[1:].partition(b":")[0]) for _, body in conn.execute(found))


def free_space(conn: Connection) -> bool:
    """Gives a bounded part of the pruned space back to the disk. False once there is no more."""
    return backend.of(conn).free_pages(conn)


def _with_hints() -> Select[Any]:
    hints = [links.c.title, links.c.summary, links.c.published_at, links.c.published_offset_seconds, links.c.published_precision]
    return select(*_READ, *hints, links.c.authors).join(links, links.c.id == pages.c.link_id)


_UNSCREENED = (
    _with_hints()
    .where(_is_unscreened, pages.c.id > bindparam("after"), pages.c.body.is_not(None))
    .order_by(pages.c.id)
    .limit(bindparam("most"))
)
"""Built once: during a crawl it is asked ten times a second."""


def _stored_page(row: Row[Any]) -> StoredPage:
    return StoredPage(
        id=row.id,
        link_id=row.link_id,
        outlet_id=row.outlet_id,
        requested_url=row.requested_url,
        final_url=row.final_url,
        content_type=row.content_type,
        packed=row.body,
        fetched_at=row.fetched_at,
        hint_title=row.title,
        hint_summary=row.summary,
        hint_published=read_published(row.published_at, row.published_offset_seconds, row.published_precision),
        hint_authors=row.authors,
    )


def ids_of_links(conn: Connection, link_ids: Sequence[int]) -> dict[int, int]:
    """The pages of links, by link."""
    found: dict[int, int] = {}
    for batch in chunks([*link_ids]):
        rows = conn.execute(select(pages.c.link_id, pages.c.id).where(pages.c.link_id.in_(batch)))
        found |= {row.link_id: row.id for row in rows}
    return found
