"""An item's contents taken away for ever: bytes, texts, pictures, words in the index, copies in editions and notifications. Its address
stays, so that it is not fetched again, and its hash, so that the chain of days can be verified."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from tracker.model import Depth
from tracker.store import backend, digests, pictures, revisits, search_index
from tracker.store.packing import pack_text
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.crawl import links, pages
from tracker.store.schema.editions import edition_entries, renderings
from tracker.store.schema.evidence import evidence_records
from tracker.store.schema.operations import alerts
from tracker.store.schema.revisions import revisions, visits

SHORTEST_TITLE = 8
"""A shorter headline is no name of an item: notifications that hold it may speak of something else."""
IN_ITS_PLACE = "(…)"


def erase(conn: Connection, article_id: int, *, by: str, reason: str, now: datetime) -> list[tuple[str, int]]:
    """Erases within the caller's transaction; says what went, and how many of each. The item must be sealed."""
    backend.of(conn).forget_thoroughly(conn)
    row = conn.execute(select(articles).where(articles.c.id == article_id)).one()
    gone = [("pages", _page(conn, row.page_id)), ("texts", 1), ("pictures", pictures.forget(conn, [article_id]))]
    gone += [("later pages and changes", _later_pages(conn, article_id))]
    gone += [("copies in editions", _editions(conn, article_id)), ("notifications", _notifications(conn, row.title))]
    nothing = pack_text("")
    index = backend.of(conn)
    index.remove_from_search(conn, [(row.search_id, search_index.indexed_text(row.title, row.body))])
    index.add_to_search(conn, [(row.search_id, search_index.indexed_text("", nothing))])
    empty = {"title": "", "lead": "", "authors": (), "image": "", "date_readings": (), "body": nothing, "text_key": None}
    conn.execute(update(articles).where(articles.c.id == article_id).values(**empty, depth=str(Depth.EXTRACTED), given_up_at=now))
    conn.execute(update(mentions).where(mentions.c.article_id == article_id).values(hits=()))
    said = {"erased_at": now, "erased_by": by, "erased_reason": reason, "record": None, "body": None}
    conn.execute(update(evidence_records).where(evidence_records.c.article_id == article_id).values(said))
    return [(what, count) for what, count in gone if count]


def _page(conn: Connection, page_id: int | None) -> int:
    if page_id is None:
        return 0
    link_id = conn.execute(select(pages.c.link_id).where(pages.c.id == page_id)).scalar_one()
    conn.execute(update(links).where(links.c.id == link_id).values(title="", summary="", authors=()))
    kept = (pages.c.id == page_id, or_(pages.c.body.is_not(None), pages.c.exchange.is_not(None)))
    return conn.execute(update(pages).where(*kept).values(body=None, exchange=None)).rowcount


def _later_pages(conn: Connection, article_id: int) -> int:
    """What watching it brought; it is visited no more."""
    revisits.forget(conn, [article_id])
    digests.forget_changed(conn, article_id)
    changes = conn.execute(delete(revisions).where(revisions.c.article_id == article_id)).rowcount
    return changes + conn.execute(delete(visits).where(visits.c.article_id == article_id)).rowcount


def _editions(conn: Connection, article_id: int) -> int:
    """The item's copies, and what was kept of the words of editions that had one: those are written again without it."""
    holding = select(edition_entries.c.edition_id).where(edition_entries.c.article_id == article_id)
    conn.execute(delete(renderings).where(renderings.c.edition_id.in_(holding)))
    return conn.execute(delete(edition_entries).where(edition_entries.c.article_id == article_id)).rowcount


def _notifications(conn: Connection, title: str) -> int:
    if len(title) < SHORTEST_TITLE:
        return 0
    naming = or_(func.instr(alerts.c.text, title) > 0, func.instr(alerts.c.subject, title) > 0)
    rows = conn.execute(select(alerts.c.id, alerts.c.subject, alerts.c.text, alerts.c.facts).where(naming)).all()
    for row in rows:
        facts = [[part.replace(title, IN_ITS_PLACE) if isinstance(part, str) else part for part in fact] for fact in row.facts]
        mended = {"subject": row.subject.replace(title, IN_ITS_PLACE), "text": row.text.replace(title, IN_ITS_PLACE), "facts": facts}
        conn.execute(update(alerts).where(alerts.c.id == row.id).values(mended))
    return len(rows)
