"""By which numbers the texts of all stored articles are found again, see `stories.earlier`. What is found is a candidate: its words decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles, text_prints

MOST_HOLDERS = 50
"""A number that so many texts have is a phrase that an outlet prints everywhere: no further text is entered under it."""
_READ = -1
"""The number under which stands up to which article texts have been read."""

# built once, as in `articles`
_READ_UP_TO = select(func.max(text_prints.c.article_id)).where(text_prints.c.print == _READ)
_UNREAD = select(articles.c.id, articles.c.body).where(articles.c.id > bindparam("after")).order_by(articles.c.id).limit(bindparam("most"))
_UNMARK, _MARK = delete(text_prints).where(text_prints.c.print == _READ), insert(text_prints)
_HOLDING = text_prints.c.print.in_(bindparam("prints", expanding=True))
_CROWDED = select(text_prints.c.print).where(_HOLDING).group_by(text_prints.c.print).having(func.count() >= MOST_HOLDERS)
_HOLDERS = select(text_prints.c.article_id).where(_HOLDING)


def read_up_to(conn: Connection) -> int:
    """The article up to which every text has been read; 0 before the first."""
    return conn.execute(_READ_UP_TO).scalar() or 0


def unread(conn: Connection, limit: int) -> dict[int, str]:
    """The texts of the next articles, by id; empty for those that were given up."""
    return {row.id: unpack_text(row.body) for row in conn.execute(_UNREAD, {"after": read_up_to(conn), "most": limit})}


def add(conn: Connection, prints: Mapping[int, Sequence[int]], *, up_to: int | None = None) -> None:
    """Enters articles under their numbers. `up_to`: every text up to this article has been read now."""
    crowded = {number for batch in chunks({one for mine in prints.values() for one in mine}) for number in _crowded(conn, batch)}
    rows = [(one, article_id) for article_id, mine in prints.items() for one in mine if one not in crowded]
    if rows:
        backend.of(conn).enter_numbers(conn, text_prints, rows)
    if up_to is not None:
        conn.execute(_UNMARK)
        conn.execute(_MARK, {"print": _READ, "article_id": up_to})


def _crowded(conn: Connection, prints: Sequence[int]) -> Sequence[int]:
    return conn.execute(_CROWDED, {"prints": prints}).scalars().all()


def holders(conn: Connection, prints: Collection[int]) -> Counter[int]:
    """How many of these numbers each article has that has any."""
    found: Counter[int] = Counter()
    for batch in chunks(prints):
        found.update(conn.execute(_HOLDERS, {"prints": batch}).scalars().all())
    return found
