"""Pages that came in the place of articles: what a run fetched, for comparison, and links given back to be fetched again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote, quote_plus, urlsplit

from msgspec import Struct
from sqlalchemy import Column, Connection, delete, select, update

from tracker.model import SkipReason
from tracker.store import backend, page_files, search_index
from tracker.store.batches import chunks
from tracker.store.packing import unpack
from tracker.store.pages import ASKED_AGAIN_FOR as ASKED_AGAIN_FOR
from tracker.store.pages import ask_again
from tracker.store.schema.articles import articles, looks
from tracker.store.schema.crawl import links, pages
from tracker.store.schema.metadata import metadata

SMALL_BYTES = 32_768
"""A login page is small; a larger page is compared as it came, without reading it again."""
AT_ONCE = 200
"""Small pages compared at a time: their bytes may lie elsewhere."""


class AnsweredPage(Struct, frozen=True):
    """What came for an article's address. `mark`: a digest of the bytes, of a small page without the address itself in them."""

    page_id: int
    requested_url: str
    final_url: str
    mark: str


class GivenBack(Struct, frozen=True):
    """Addresses that are fetched again, and how many pages stay as they ended: found too long ago, or needed by a mention."""

    urls: tuple[str, ...] = ()
    left: int = 0


def fetched_since(conn: Connection, since: datetime) -> Iterator[AnsweredPage]:
    """Pages fetched since then whose bytes are kept."""
    columns = (pages.c.id, pages.c.requested_url, pages.c.final_url, pages.c.sha256, pages.c.size_bytes)
    kept = (pages.c.fetched_at >= since, pages.c.body.is_not(None), pages.c.size_bytes > 0)
    for rows in chunks(conn.execute(select(*columns).where(*kept).order_by(pages.c.fetched_at)), AT_ONCE):
        bodies = _small_bodies(conn, [row.id for row in rows if row.size_bytes <= SMALL_BYTES])
        for row in rows:
            mark = _mark(bodies[row.id], row.requested_url) if row.id in bodies else row.sha256
            yield AnsweredPage(row.id, row.requested_url, row.final_url, mark)


def give_back(conn: Connection, page_ids: Collection[int], now: datetime) -> GivenBack:
    """Has the links of these pages fetched again. What was read of the pages goes, unless a mention, a verdict or an edition needs it."""
    urls: list[str] = []
    for batch in chunks(sorted(page_ids)):
        columns = (pages.c.id, links.c.found_at)
        wanted = select(*columns).join(links, links.c.id == pages.c.link_id).where(pages.c.id.in_(batch))
        for row in conn.execute(wanted.order_by(pages.c.id)).all():
            if now - row.found_at <= ASKED_AGAIN_FOR and _forget_article(conn, row.id):
                gone = {
                    "state": "skipped",
                    "skip_reason": str(SkipReason.SHARED_PAGE),
                    "skip_detail": "",
                    "same_as": None,
                    "judged_at": now,
                }
                conn.execute(update(pages).where(pages.c.id == row.id).values(gone))
                urls += ask_again(conn, [row.id], now)
    return GivenBack(tuple(urls), len(page_ids) - len(urls))


def _small_bodies(conn: Connection, page_ids: Sequence[int]) -> dict[int, bytes]:
    """The bytes of pages, without those that are gone."""
    rows = conn.execute(select(pages.c.id, pages.c.body).where(pages.c.id.in_(page_ids))).all()
    found = zip(rows, page_files.read([row.body for row in rows]), strict=True)
    return {row.id: unpack(packed) for row, packed in found if packed is not None}


def _mark(body: bytes, url: str) -> str:
    """Login pages name the address they came for, so that they can lead back to it."""
    host = urlsplit(url).netloc
    for form in sorted({url, quote(url), quote(url, safe=""), quote_plus(url), url.replace("&", "&amp;"), host}, key=len, reverse=True):
        if form:
            body = body.replace(form.encode("utf-8", "replace"), b"")
    return hashlib.sha256(body).hexdigest()


def _naming_articles() -> Iterator[Column[int]]:
    """Columns of other tables that name an article, but for the note that a campaign has looked at it."""
    for table in metadata.sorted_tables:
        if table is not looks:
            yield from (key.parent for key in table.foreign_keys if key.references(articles))


def _forget_article(conn: Connection, page_id: int) -> bool:
    """Removes the article that was made of a page; false where somebody needs it."""
    row = conn.execute(
        select(articles.c.id, articles.c.search_id, articles.c.title, articles.c.body).where(articles.c.page_id == page_id)
    ).first()
    if row is None:
        return True
    for column in _naming_articles():
        if conn.execute(select(column).where(column == row.id).limit(1)).first():
            return False
    backend.of(conn).remove_from_search(conn, [(row.search_id, search_index.indexed_text(row.title, row.body))])
    conn.execute(delete(looks).where(looks.c.article_id == row.id))
    conn.execute(delete(articles).where(articles.c.id == row.id))
    return True
