"""The search index in PostgreSQL: the words of each folded text as a `tsvector` under a GIN index. The words are told apart here, as
FTS5 tells them apart in SQLite, and by no language's parser: the same question names the same articles in both.

A question is a text of lines, each a tsquery: a text must answer to one of them, and where empty lines part it, to one of each part. The
server weighs each word of a tsquery against all others, so that ten thousand forms in one take a hundred times as long as of one form each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from tracker.model import AllOf, AnyWord, IndexQuery
from tracker.store.postgres_dialect import driver_errors
from tracker.store.schema.columns import storable

SEARCH = "article_search"
NEW_SEARCH = "article_search_new"
"""The index while it is made anew."""
FOUND_INDEX = "ix_articles_found"
"""The articles by what the index calls them. Made beside it, by no migration: SQLite has no use for it."""
FREE_FOR_NEW_WORDS = 16 * 1024
"""KiB of words that wait to be sorted into the index; each look-up reads them all. `tidy_search` empties it after a crawl."""
WORDS_A_LINE = 32
"""Forms that are looked up together, a choice: 1 to 64 take as long, and a frequent word's texts are fetched once for the whole line."""
FEW_FORMS = 400
"""Forms of several words that are asked together: the index then meets their texts by itself, and only those that hold all are fetched.
Thousands are sooner looked up word by word."""
AS_LONG_AS_ONE = 6
"""Texts of which each is fetched, as one of those that a question finds, in the time in which one article is held against it: 3 as
measured, and more as that may be in vain."""
TRIED_ALONE = 200
"""Articles, the newest, of which one is looked for that holds a frequent word."""
NOWHERE = "'\ue000'"
"""A word that no text holds."""
SORT_FIRST_LINES = 8
"""A question of more lines has the words that wait sorted in first: it would read them once a line."""
LONGEST = 500
"""Letters by which a longer word is known: PostgreSQL takes 2,046 bytes. What two such words share is left to the matcher."""
MOST_BYTES = 1_000_000
"""Of all different words of a text: PostgreSQL takes 1,048,575. A text of `INDEXED_CHARS` stays below in every script that is read here."""
_WHOLE = r"CAST('(' || replace(replace(:expression, E'\n\n', ') & ('), E'\n', ' | ') || ')' AS tsquery)"
"""A question as one tsquery, for few forms."""
_WORD = re.compile("[^\\W_\ue000-\uf8ff]+")


def words_of(folded: str) -> list[str]:
    """The different words of a folded text, as they are indexed."""
    words = list({word[:LONGEST] for word in _WORD.findall(folded)})
    if len(folded) * 4 > MOST_BYTES:
        left = MOST_BYTES
        words = [word for word in sorted(words) if (left := left - len(word.encode()) - 1) >= 0]
    return words


def create_search(connection: Connection) -> None:
    """See `Backend`."""
    _create(connection, SEARCH)
    _index(connection, SEARCH)


def _create(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(
        f"CREATE TABLE {table} (id bigint NOT NULL, words tsvector NOT NULL, CONSTRAINT pk_{table} PRIMARY KEY (id))"
    )


def _index(connection: Connection, table: str) -> None:
    options = f"fastupdate = on, gin_pending_list_limit = {FREE_FOR_NEW_WORDS}"
    connection.exec_driver_sql(f"CREATE INDEX ix_{table}_words ON {table} USING gin (words) WITH ({options})")
    # from a search id to an article's without its row: a frequent word names a large part of all articles
    connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {FOUND_INDEX} ON articles (search_id) INCLUDE (id)")


def begin_new_search(connection: Connection) -> None:
    """See `Backend`."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {NEW_SEARCH}")
    _create(connection, NEW_SEARCH)


def sort_new_search(connection: Connection) -> None:
    """See `Backend`: made over all texts at once it takes a third of the time, and of the room."""
    _index(connection, NEW_SEARCH)


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
    add_indexed(connection, [(search_id, as_indexed(folded)) for search_id, folded in rows])


def add_to_new_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """See `Backend`."""
    _add(connection, NEW_SEARCH, [(search_id, as_indexed(folded)) for search_id, folded in rows])


def as_indexed(folded: str) -> str:
    """See `Backend`. Words hold letters and digits alone, so that the text of a tsvector needs no more than quotes."""
    words = "' '".join(words_of(folded))
    return f"'{words}'" if words else ""


def add_indexed(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """See `Backend`."""
    _add(connection, SEARCH, rows)


def _add(connection: Connection, table: str, rows: Sequence[tuple[int, str]]) -> None:
    if not rows:
        return
    raw: Any = connection.connection.dbapi_connection
    with driver_errors(), raw.cursor() as cursor, cursor.copy(f"COPY {table} (id, words) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def remove_from_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """See `Backend`."""
    if rows:
        connection.exec_driver_sql(f"DELETE FROM {SEARCH} WHERE id = ANY(%s)", ([search_id for search_id, _ in rows],))  # noqa: S608 (our own table)


def tidy_search(connection: Connection, pages: int) -> bool:
    """See `Backend`: sorts in the words that wait, all in one go."""
    del pages
    return bool(connection.exec_driver_sql(f"SELECT gin_clean_pending_list('ix_{SEARCH}_words')").scalar_one())


def match_expression(folded_forms: Iterable[str]) -> str:
    """See `Backend`."""
    wanted = {tuple(dict.fromkeys(indexed_words(storable(form)))) for form in folded_forms}
    return _lines([_all([f"'{word}'" for word in words]) for words in sorted(wanted - {()})])


def index_expression(query: IndexQuery) -> str:
    """See `Backend`."""
    if isinstance(query, AnyWord):
        return match_expression(query.words)
    parts = [index_expression(part) for part in query.parts]
    return all_expression(parts) if isinstance(query, AllOf) else any_expression(parts)


def prefix_expression(stem: str) -> str:
    """See `Backend`."""
    words = indexed_words(storable(stem))
    return f"'{words[0]}':*" if words else ""


def any_expression(expressions: Iterable[str]) -> str:
    """See `Backend`."""
    return _lines(dict.fromkeys(line for one in expressions if one for line in (_as_line(one) if "\n\n" in one else one).split("\n")))


def all_expression(expressions: Iterable[str]) -> str:
    """See `Backend`."""
    asked = [*expressions]
    if not all(asked):
        return ""
    whole = "\n\n".join(asked)
    return _as_line(whole) if len(asked) > 1 and whole.count("'") <= 2 * FEW_FORMS else whole


def _as_line(expression: str) -> str:
    return _all([_any(part.split("\n")) for part in expression.split("\n\n")])


def _lines(parts: Iterable[str]) -> str:
    """Single words so many a line, each other part a line of its own."""
    asked = [*parts]
    words = [part for part in asked if " " not in part]
    together = [_any(words[start : start + WORDS_A_LINE]) for start in range(0, len(words), WORDS_A_LINE)]
    return "\n".join([*together, *(part for part in asked if " " in part)])


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
        {_found(expression)} SELECT DISTINCT articles.id FROM found JOIN articles ON articles.search_id = found.id
        WHERE articles.id > :after ORDER BY articles.id LIMIT :most"""  # noqa: S608 (our own tables)
    given = {"expression": expression, "after": after_id, "most": limit}
    with _by_index(connection, expression):
        return [int(row) for row in connection.execute(text(statement), given).scalars()]


def _found(expression: str) -> str:
    """The common part of a statement. Materialized, as the server would else fetch texts one after the other and compare each of them."""
    every = " INTERSECT ".join(_lines_found(part) for part in range(1, _parts(expression) + 1))
    return f"WITH found AS MATERIALIZED ({every})"


def _lines_found(part: int) -> str:
    lines = f"unnest(CAST(string_to_array(split_part(:expression, E'\\n\\n', {part}), E'\\n') AS tsquery[])) AS asked(line)"
    return f"SELECT id FROM {lines} JOIN {SEARCH} ON words @@ line"  # noqa: S608 (our own table)


def _parts(expression: str) -> int:
    return expression.count("\n\n") + 1


@contextmanager
def _by_index(connection: Connection, expression: str) -> Iterator[None]:
    """The server knows not that the words of a long text lie apart from its row, and would fetch and compare every text rather than use
    the index: minutes in place of milliseconds at a million articles."""
    if expression.count("\n") > SORT_FIRST_LINES:
        tidy_search(connection, 0)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_seqscan = on")  # after an error the transaction is undone, and this with it


def is_found(column: str, expression: str) -> str:
    """See `Backend`."""
    # IS TRUE: looked up in a list that is made once; joined, the server would go from each of many articles to its mention
    ids = f"SELECT articles.id FROM ({_found(expression)} SELECT id FROM found) AS found JOIN articles ON articles.search_id = found.id"  # noqa: S608 (our own tables)
    return f"({column} IN ({ids})) IS TRUE"


def sooner_alone(connection: Connection, expression: str, count: int) -> bool:
    """See `Backend`: by what the server's statistics say of the words. Of several words together they say little: few are tried then."""
    forms, together = expression.count("'") // 2, "&" in expression or "\n\n" in expression
    if forms > FEW_FORMS or (together and count > TRIED_ALONE):
        return False
    found, enough = _estimated(connection, expression), count * AS_LONG_AS_ONE
    if together or found < enough:
        return found >= enough
    return found - forms * _estimated(connection, NOWHERE) >= enough  # what it knows nothing of counts as much as that


def _estimated(connection: Connection, expression: str) -> int:
    statement = f"EXPLAIN (FORMAT JSON) SELECT FROM {SEARCH} WHERE words @@ {_WHOLE}"
    (planned,) = json.loads(connection.execute(text(statement), {"expression": expression}).scalar_one())
    return int(planned["Plan"]["Plan Rows"])


def is_found_alone(column: str, expression: str) -> str:
    """See `Backend`."""
    del expression
    # a value, no condition: the server would look a condition's words up in the index
    held = f"SELECT words @@ {_WHOLE} FROM articles AS held JOIN {SEARCH} ON {SEARCH}.id = held.search_id WHERE held.id = {column}"  # noqa: S608 (our own tables)
    return f"({held}) IS TRUE"


def any_found(connection: Connection, expression: str) -> bool:
    """See `Backend`."""
    newest = f"SELECT id FROM articles ORDER BY id DESC LIMIT {TRIED_ALONE}"  # noqa: S608 (our own table)
    tried = f"SELECT 1 FROM ({newest}) AS newest WHERE {is_found_alone('newest.id', expression)} LIMIT 1"  # noqa: S608 (our own tables)
    alone = sooner_alone(connection, expression, TRIED_ALONE)
    if alone and connection.execute(text(tried), {"expression": expression}).first():
        return True
    statement = f"{_found(expression)} SELECT 1 FROM found JOIN articles ON articles.search_id = found.id LIMIT 1"  # noqa: S608 (our own tables)
    with _by_index(connection, expression):
        return connection.execute(text(statement), {"expression": expression}).first() is not None


def holds(connection: Connection, search_id: int, expression: str) -> bool:
    """See `Backend`."""
    parts = [f"EXISTS ({_lines_found(part)} WHERE id = :id)" for part in range(1, _parts(expression) + 1)]
    return bool(connection.execute(text(f"SELECT {' AND '.join(parts)}"), {"expression": expression, "id": search_id}).scalar_one())


def not_found_by(connection: Connection, expression: str) -> list[int]:
    """See `Backend`."""
    every = "SELECT articles.id FROM articles"
    if not expression:
        return [int(row) for row in connection.exec_driver_sql(f"{every} ORDER BY id").scalars()]
    statement = f"{_found(expression)} {every} LEFT JOIN found ON found.id = articles.search_id WHERE found.id IS NULL ORDER BY articles.id"
    with _by_index(connection, expression):
        return [int(row) for row in connection.execute(text(statement), {"expression": expression}).scalars()]
