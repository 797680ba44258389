"""The search index held against the articles, and made anew. Everything in it can be made from them, so its loss is never theirs.

SQLite's own `integrity_check` does not look into the index before version 3.44. The index's own check cannot see that a whole part of it
is missing, as it has no copy of the texts. So each article is looked up by a word of its own as well.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import DatabaseError

from tracker.errors import SearchIndexDamaged
from tracker.model import INDEXED_CHARS
from tracker.store import backend, index_check, sqlite
from tracker.store.batches import chunks
from tracker.store.database import Database
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles, campaign_versions
from tracker.store.schema.columns import storable
from tracker.text.folding import FOLDING_VERSION, fold

MERGED_AT_ONCE = 500
"""Pages of the index merged in one transaction: 2 MB, during which no other process can write."""
MOST_TIDYING = 200
"""Transactions spent on the index after a crawl: 400 MB at most, seconds."""
PATIENCE_SECONDS = 30.0
"""For a database that another program writes to, where the check is made in it: the settings' own default."""
T = TypeVar("T")
_log = logging.getLogger(__name__)
SAMPLE = 200
"""Articles whose words tell which are common here, in whatever languages the workspace reads."""
COMMON_WORDS = 12
"""Looked up at once: they stand in nearly every article, so that few are left to be looked up alone."""
OWN_WORDS = 30
"""By which an article is looked up that holds no common word."""
MOST_LOOKED_UP = 4000
"""Articles looked up alone, spread over the archive where there are more: of texts that were given up the headline is left, in which no
common word stands. A part of the index that is missing is found all the same; each look-up takes 10 ms at a million articles."""
BATCH = 200
"""Articles indexed in one transaction, some 0.1 s: others can write between two."""


def fault(database: Database) -> str:
    """What is wrong with the index, empty when every article is found in it.

    Reads the whole index once, and texts of articles without a common word. Others can write meanwhile.
    """
    damaged = "the search index is damaged"
    try:
        if not database.on_server:  # PostgreSQL 15 has no check of such an index; the look-ups below find what it lacks
            index_check.check(database.path, PATIENCE_SECONDS)
    except sqlite3.Error as error:
        if not sqlite.is_damaged(error) and not isinstance(error, sqlite3.IntegrityError):  # a row of the index stands there twice
            raise (sqlite.explain(error, database.path) or error) from error
        return damaged
    with database.reading() as conn:
        try:
            missing = next(_missing(conn), None)
        except DatabaseError as error:
            if not backend.of(conn).is_damaged(error):
                raise
            return damaged
    return "" if missing is None else f"the search index lacks articles, such as {missing}"


def rebuild(database: Database, on_progress: Callable[[int, int], None] = lambda done, known: None) -> int:
    """Makes the index anew beside the one in use, then puts it in its place; returns how many articles it holds. Killed on the way, it
    leaves the old one. Only under the run lock: two at once would be in each other's way."""
    with database.writing() as conn:
        backend.of(conn).begin_new_search(conn)
        known = int(conn.execute(select(func.count(articles.c.id))).scalar_one())
    done, last, sorted_in = 0, 0, False
    while True:
        with database.writing() as conn:
            rows = _folded(conn, last)
            backend.of(conn).add_to_new_search(conn, rows)
            if not rows and sorted_in:
                backend.of(conn).put_new_search(conn)
                _note_folding(conn)
                break
        if not rows:
            with database.reading() as conn:
                backend.of(conn).sort_new_search(conn)
                conn.commit()
            sorted_in = True
            continue
        done, last = done + len(rows), rows[-1][0]
        on_progress(done, max(known, done))
    tidy(database)
    return done


def fold_anew(database: Database) -> int | None:
    """Makes the index anew where another version of `text.folding` made it; returns how many articles it holds, None where it was up to
    date. Every campaign then looks at the whole archive again. Only under the run lock, as `rebuild`."""
    with database.reading() as conn:
        if backend.of(conn).folding_version(conn) == FOLDING_VERSION:
            return None
    return rebuild(database)


def _note_folding(conn: Connection) -> None:
    """What an older folding hid from a campaign is looked for again; its mentions and verdicts stay."""
    if backend.of(conn).folding_version(conn) != FOLDING_VERSION:
        conn.execute(delete(campaign_versions))
        backend.of(conn).note_folding_version(conn, FOLDING_VERSION)


def tidy(database: Database) -> None:
    """Puts the index in order after new articles, a little at a time so that others can write between."""

    def some() -> bool:
        with database.writing() as conn:
            return backend.of(conn).tidy_search(conn, MERGED_AT_ONCE)

    for _ in range(MOST_TIDYING):
        if not mended(database, some):
            return


def mended(database: Database, action: Callable[[], T]) -> T:
    """What the action gives; where it meets a damaged index, the index is made anew and the action done again."""
    try:
        return action()
    except SearchIndexDamaged as error:
        _log.warning("%s", error)
        _log.warning("the search index was made anew from %d articles", rebuild(database))
        return action()


def _folded(conn: Connection, after: int) -> list[tuple[int, str]]:
    columns = (articles.c.search_id, articles.c.title, articles.c.body)
    statement = select(*columns).where(articles.c.search_id > after).order_by(articles.c.search_id).limit(BATCH)
    return [(row.search_id, _words_of(row)) for row in conn.execute(statement)]


def _words_of(row: Any) -> str:
    return indexed_text(row.title, row.body)


def indexed_text(title: str, packed_body: bytes) -> str:
    """An article's text as the index is given it."""
    return storable(f"{fold(title)}\n{fold(unpack_text(packed_body)[:INDEXED_CHARS])}")


def _missing(conn: Connection) -> Iterator[int]:
    """Ids of articles that the index does not find by any word of their own, of MOST_LOOKED_UP at most."""
    index = backend.of(conn)
    without = index.not_found_by(conn, index.match_expression(_common_words(conn)))
    without = without[:: -(-len(without) // MOST_LOOKED_UP) or 1]
    for batch in chunks(without, BATCH):
        wanted = select(articles.c.id, articles.c.search_id, articles.c.title, articles.c.body).where(articles.c.id.in_(batch))
        for row in conn.execute(wanted.order_by(articles.c.id)).all():
            own = sorted(set(index.indexed_words(_words_of(row))), key=lambda word: (-len(word), word))
            if own and not index.holds(conn, row.search_id, index.match_expression(own[:OWN_WORDS])):
                yield int(row.id)


def _common_words(conn: Connection) -> list[str]:
    """Words that stand in most articles of a sample, each chosen for those that the ones before it left."""
    newest = int(conn.execute(select(func.coalesce(func.max(articles.c.id), 0))).scalar_one())
    numbers = {max(1, newest * part // SAMPLE) for part in range(1, SAMPLE + 1)}
    sample = select(articles.c.title, articles.c.body).where(articles.c.id.in_(sorted(numbers)))
    left = [set(backend.of(conn).indexed_words(_words_of(row))) for row in conn.execute(sample)]
    chosen: list[str] = []
    while len(chosen) < COMMON_WORDS and (counted := Counter(word for words in left for word in words)):
        best = min(counted, key=lambda word: (-counted[word], word))
        chosen.append(best)
        left = [words for words in left if best not in words]
    return chosen
