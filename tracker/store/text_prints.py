"""By which numbers the texts of all stored articles are found again, see `stories.earlier`. What is found is a candidate: its words decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles, text_prints

MOST_HOLDERS = 50
"""A number that so many texts have is a phrase that an outlet prints everywhere: no further text is entered under it."""
_READ = -1
"""The number under which stands up to which article texts have been read."""


def read_up_to(conn: Connection) -> int:
    """The article up to which every text has been read; 0 before the first."""
    return conn.execute(select(func.max(text_prints.c.article_id)).where(text_prints.c.print == _READ)).scalar() or 0


def unread(conn: Connection, limit: int) -> dict[int, str]:
    """The texts of the next articles, by id; empty for those that were given up."""
    wanted = select(articles.c.id, articles.c.body).where(articles.c.id > read_up_to(conn)).order_by(articles.c.id).limit(limit)
    return {row.id: unpack_text(row.body) for row in conn.execute(wanted)}


def add(conn: Connection, prints: Mapping[int, Sequence[int]], *, up_to: int | None = None) -> None:
    """Enters articles under their numbers. `up_to`: every text up to this article has been read now."""
    crowded = {number for batch in chunks({one for mine in prints.values() for one in mine}) for number in _crowded(conn, batch)}
    rows = [(one, article_id) for article_id, mine in prints.items() for one in mine if one not in crowded]
    if rows:
        backend.of(conn).enter_numbers(conn, text_prints, rows)
    if up_to is not None:
        conn.execute(delete(text_prints).where(text_prints.c.print == _READ))
        conn.execute(insert(text_prints).values(print=_READ, article_id=up_to))


def _crowded(conn: Connection, prints: Sequence[int]) -> Sequence[int]:
    wanted = select(text_prints.c.print).where(text_prints.c.print.in_(prints)).group_by(text_prints.c.print)
    return conn.execute(wanted.having(func.count() >= MOST_HOLDERS)).scalars().all()


def holders(conn: Connection, prints: Collection[int]) -> Counter[int]:
    """How many of these numbers each article has that has any."""
    found: Counter[int] = Counter()
    for batch in chunks(prints):
        found.update(conn.execute(select(text_prints.c.article_id).where(text_prints.c.print.in_(batch))).scalars())
    return found
