"""Texts that matched nothing are given up after a time: headline, address and date stay, the text and its words in the index go."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, select, tuple_, update

from tracker.store import backend, search_index
from tracker.store.deliveries import UNSENT
from tracker.store.packing import pack_text
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.editions import deliveries, edition_entries, editions, renderings
from tracker.store.schema.evidence import evidence_records
from tracker.store.schema.people import events

AT_ONCE = 200
"""Texts in one transaction: each is folded once more to find its words in the index, a millisecond, while others wait to write."""


class GivenUp(Struct, frozen=True):
    """What one transaction gave up: how many texts, their packed size, and where the next goes on; None after the last."""

    texts: int
    size_bytes: int
    after: tuple[datetime, int] | None


def give_up_renderings(conn: Connection, before: datetime) -> int:
    """Gives up what was kept of the words of editions made before then, in every language; returns how many. The editions stay, and
    can be written again. Never of one with a letter that is not sent yet."""
    waits = select(deliveries.c.edition_id).where(deliveries.c.state.in_([str(state) for state in UNSENT]))
    old = select(editions.c.id).where(editions.c.made_at < before, editions.c.id.not_in(waits))
    return conn.execute(delete(renderings).where(renderings.c.edition_id.in_(old))).rowcount


def may_go() -> ColumnElement[bool]:
    """Of articles: those whose texts nothing needs, whatever their age."""
    naming = (mentions.c.article_id, edition_entries.c.article_id, events.c.article_id, evidence_records.c.article_id)
    needed = [select(column).where(column == articles.c.id).exists() for column in naming]
    return and_(articles.c.given_up_at.is_(None), articles.c.page_id.is_not(None), *(~one for one in needed))


def give_up_texts(conn: Connection, before: datetime, now: datetime, after: tuple[datetime, int] | None = None) -> GivenUp:
    """Gives up some texts of articles fetched before then. Never one with a mention or a verdict, one that an edition shows, one
    that was sealed as evidence, or one without a page, which a person entered. A campaign that is added later finds these by their headline only."""
    size = func.length(articles.c.body).label("size")
    wanted = select(articles.c.id, articles.c.fetched_at, articles.c.search_id, articles.c.title, articles.c.body, size)
    wanted = wanted.where(may_go(), articles.c.fetched_at < before).order_by(articles.c.fetched_at, articles.c.id).limit(AT_ONCE)
    if after is not None:
        wanted = wanted.where(tuple_(articles.c.fetched_at, articles.c.id) > after)
    rows = conn.execute(wanted).all()
    if not rows:
        return GivenUp(0, 0, None)
    nothing = pack_text("")
    changed = [{"of_article": row.id, "body": nothing, "lead": "", "given_up_at": now} for row in rows]
    conn.execute(update(articles).where(articles.c.id == bindparam("of_article")), changed)
    backend.of(conn).remove_from_search(conn, [(row.search_id, search_index.indexed_text(row.title, row.body)) for row in rows])
    backend.of(conn).add_to_search(conn, [(row.search_id, search_index.indexed_text(row.title, nothing)) for row in rows])
    return GivenUp(len(rows), sum(row.size for row in rows), (rows[-1].fetched_at, rows[-1].id))
