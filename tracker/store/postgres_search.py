"""The search index in PostgreSQL: the words of each folded text as a `tsvector` under a GIN index. The words are told apart here, as
FTS5 tells them apart in SQLite, and by no language's parser: the same question names the same articles in both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, text

from tracker.model import AllOf, AnyWord, IndexQuery
from tracker.store.schema.columns import storable

SEARCH = "article_search"
NEW_SEARCH = "article_search_new"
"""The index while it is made anew."""
FREE_FOR_NEW_WORDS = 16 * 1024
"""KiB of words that wait to be sorted into the index; each search reads them all. `tidy_search` empties it after a crawl."""
LONGEST = 500
"""Letters by which a longer word is known: PostgreSQL takes 2,046 bytes. What two such words share is left to the matcher."""
MOST_BYTES = 1_000_000
"""Of all different words of a text: PostgreSQL takes 1,048,575. A text of `INDEXED_CHARS` stays below in every script that is read here."""
_WORD = re.compile("[^\\W_\ue000-\uf8ff]+")
_FOUND = f"SELECT id FROM {SEARCH} WHERE words @@ CAST(:expression AS tsquery)"  # noqa: S608 (our own table)


def words_of(folded: str) -> list[str]:
    """The different words of a folded text, as they are indexed."""
    words = sorted({word[:LONGEST] for word in _WORD.findall(folded)})
    if len(folded) * 4 > MOST_BYTES:
        left = MOST_BYTES
        words = [word for word in words if (left := left - len(word.encode()) - 1) >= 0]
    return words


def create_search(connection: Connection) -> None:
    """See `Backend`."""
    _create(connection, SEARCH)


def _create(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(
        f"CREATE TABLE {table} (id bigint NOT NULL, words tsvector NOT NULL, CONSTRAINT pk_{table} PRIMARY KEY (id))"
    )
    options = f"fastupdate = on, gin_pending_list_limit = {FREE_FOR_NEW_WORDS}"
    connection.exec_driver_sql(f"CREATE INDEX ix_{table}_words ON {table} USING gin (words) WITH ({options})")


def begin_new_search(connection: Connection) -> None:
    """See `Backend`."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {NEW_SEARCH}")
    _create(connection, NEW_SEARCH)


def put_new_search(connection: Connection) -> None:
    """See `Backend`."""
    version = folding_version(connection)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {SEARCH}")
    connection.exec_driver_sql(f"ALTER TABLE {NEW_SEARCH} RENAME TO {SEARCH}")
    connection.exec_driver_sql(f"ALTER INDEX pk_{NEW_SEARCH} RENAME TO pk_{SEARCH}")
    connection.exec_driver_sql(f"ALTER INDEX ix_{NEW_SEARCH}_words RENAME TO ix_{SEARCH}_words")
    note_folding_version(connection, version)


def folding_version(connection: Connection) -> int:
    """See `Backend`."""
    noted = connection.exec_driver_sql("SELECT obj_description(to_regclass(%s), 'pg_class')", (SEARCH,)).scalar()
    number = str(noted or "").rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0


def note_folding_version(connection: Connection, version: int) -> None:
    """See `Backend`: a comment of the table."""
    connection.exec_driver_sql(f"COMMENT ON TABLE {SEARCH} IS 'folding version {version:d}'")


def add_to_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """See `Backend`."""
    _add(connection, SEARCH, rows)


def add_to_new_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """See `Backend`."""
    _add(connection, NEW_SEARCH, rows)


def _add(connection: Connection, table: str, rows: Sequence[tuple[int, str]]) -> None:
    if rows:
        statement = f"INSERT INTO {table} (id, words) VALUES (%s, array_to_tsvector(%s::text[]))"  # noqa: S608 (our own tables)
        connection.exec_driver_sql(statement, [(search_id, words_of(folded)) for search_id, folded in rows])


def remove_from_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """See `Backend`."""
    if rows:
        connection.exec_driver_sql(f"DELETE FROM {SEARCH} WHERE id = ANY(%s)", ([search_id for search_id, _ in rows],))  # noqa: S608 (our own table)


def tidy_search(connection: Connection, pages: int) -> bool:
    """See `Backend`: sorts in the words that wait, all in one go."""
    del pages
    return bool(connection.exec_driver_sql(f"SELECT gin_clean_pending_list('ix_{SEARCH}_words')").scalar_one())


def match_expression(folded_forms: Iterable[str]) -> str:
    """See `Backend`: a tsquery."""
    wanted = {tuple(dict.fromkeys(indexed_words(storable(form)))) for form in folded_forms}
    return _any([_all([f"'{word}'" for word in words]) for words in sorted(wanted - {()})])


def index_expression(query: IndexQuery) -> str:
    """See `Backend`."""
    if isinstance(query, AnyWord):
        return match_expression(query.words)
    parts = [index_expression(part) for part in query.parts]
    if isinstance(query, AllOf):
        return _all(parts) if parts and all(parts) else ""
    return _any([part for part in parts if part])


def prefix_expression(stem: str) -> str:
    """See `Backend`."""
    words = indexed_words(storable(stem))
    return f"'{words[0]}':*" if words else ""


def any_expression(expressions: Iterable[str]) -> str:
    """See `Backend`."""
    return _any([one for one in expressions if one])


def all_expression(expressions: Iterable[str]) -> str:
    """See `Backend`."""
    asked = [*expressions]
    return _all(asked) if all(asked) else ""


def indexed_words(folded: str) -> list[str]:
    """See `Backend`."""
    return [word[:LONGEST] for word in _WORD.findall(folded)]


def _all(parts: Sequence[str]) -> str:
    return _joined(parts, " & ")


def _any(parts: Sequence[str]) -> str:
    return _joined(parts, " | ")


def _joined(parts: Sequence[str], sign: str) -> str:
    """Halved and halved again: thousands of forms one behind the other would be as many calls deep in the server."""
    if len(parts) <= 1:
        return "".join(parts)
    middle = len(parts) // 2
    return f"({_joined(parts[:middle], sign)}{sign}{_joined(parts[middle:], sign)})"


def search(connection: Connection, expression: str, *, limit: int | None, after_id: int) -> list[int]:
    """See `Backend`."""
    statement = f"""
        WITH found AS MATERIALIZED ({_FOUND})
        SELECT articles.id FROM found JOIN articles ON articles.search_id = found.id
        WHERE articles.id > :after ORDER BY articles.id LIMIT :most"""  # noqa: S608 (our own tables)
    given = {"expression": expression, "after": after_id, "most": limit}
    with _by_index(connection):
        return [int(row) for row in connection.execute(text(statement), given).scalars()]


@contextmanager
def _by_index(connection: Connection) -> Iterator[None]:
    """The server takes each word it does not know for one in 200 texts. For hundreds of forms it would read the whole table, and compare
    every text with every form: minutes in place of milliseconds at a million articles."""
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_seqscan = on")  # after an error the transaction is undone, and this with it


def found() -> str:
    """See `Backend`."""
    return f"SELECT articles.id FROM {SEARCH} JOIN articles ON articles.search_id = {SEARCH}.id WHERE words @@ CAST(:expression AS tsquery)"  # noqa: S608 (our own tables)


def any_found(connection: Connection, expression: str) -> bool:
    """See `Backend`."""
    # materialized: for one row alone the server would read texts one after the other until one of them fits
    statement = f"WITH found AS MATERIALIZED ({_FOUND}) SELECT 1 FROM found JOIN articles ON articles.search_id = found.id LIMIT 1"  # noqa: S608 (our own table)
    with _by_index(connection):
        return connection.execute(text(statement), {"expression": expression}).first() is not None


def holds(connection: Connection, search_id: int, expression: str) -> bool:
    """See `Backend`."""
    return connection.execute(text(f"{_FOUND} AND id = :id"), {"expression": expression, "id": search_id}).first() is not None


def not_found_by(connection: Connection, expression: str) -> list[int]:
    """See `Backend`."""
    every = "SELECT articles.id FROM articles"
    if not expression:
        return [int(row) for row in connection.exec_driver_sql(f"{every} ORDER BY id").scalars()]
    statement = f"""
        WITH found AS MATERIALIZED ({_FOUND})
        {every} LEFT JOIN found ON found.id = articles.search_id WHERE found.id IS NULL ORDER BY articles.id"""
    return [int(row) for row in connection.execute(text(statement), {"expression": expression}).scalars()]
