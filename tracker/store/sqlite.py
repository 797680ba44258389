"""What only SQLite understands: connection settings, the search index, triggers, error codes. PostgreSQL would need this file again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.engine.url import URL

from tracker.model import AllOf, AnyWord, IndexQuery
from tracker.store import night_triggers
from tracker.store.damage import damaged as damaged
from tracker.store.damage import explain as explain
from tracker.store.damage import is_damaged as is_damaged
from tracker.store.schema.columns import storable, to_json
from tracker.store.sqlite_rows import add_new as add_new
from tracker.store.sqlite_rows import as_indexed as as_indexed
from tracker.store.sqlite_rows import enter_numbers as enter_numbers
from tracker.store.sqlite_rows import insert_rows as insert_rows
from tracker.store.sqlite_rows import remove_from_search as remove_from_search

_WORD = re.compile(r"[^\W_]+")
_DIALECT = dialect()
MARK = "?"
CACHE_KIB = 16 * 1024
"""Pages kept in memory, in KiB, by connection. `make bench` measures another value."""
LOG_PAGES = 4000
"""16 MB of log before it is copied back with a wait for the disk; at SQLite's 1000 a busy night waits four times as often."""
FREED_PAGES_AT_ONCE = 1_000
"""4 MB of pruned space given back in one transaction, during which no other process can write."""

SEARCH = "article_search"
NEW_SEARCH = "article_search_new"
"""The index while it is made anew."""
_USING = """USING fts5(words, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0')"""
SEARCH_TABLE = f"CREATE VIRTUAL TABLE {SEARCH} {_USING}"
"""Contentless: a copy of each folded text would double the file. Rows of a contentless table cannot be removed before SQLite 3.43, so an
article that is read again gets a new `search_id`; its old row answers to nobody. Without positions the index has 0.7 KB an article
instead of 2.5 and is written in three quarters of the time; a phrase then finds texts that hold all its words, in any order."""
FOUND = """SELECT articles.id FROM article_search CROSS JOIN articles ON articles.search_id = article_search.rowid
    WHERE article_search MATCH :expression"""
"""The articles that an expression finds; one that was read again has left its old number."""

SEARCH_PARTS = (
    ("data", "(id INTEGER PRIMARY KEY, block BLOB)"),
    ("idx", "(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID"),
    ("config", "(k PRIMARY KEY, v) WITHOUT ROWID"),
)
"""The tables that FTS5 keeps this index in (FTS5's documentation, 9). One that damage took is laid before the index can be dropped."""
SEARCH_OPTIONS = (("automerge", 0), ("usermerge", 2), ("crisismerge", 64), ("hashsize", 8 * 1024 * 1024))

TRIGGERS = {
    "events_keep_their_words": """
        CREATE TRIGGER events_keep_their_words BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'what a person said is never changed: record a new word or take it back'); END""",
    "events_are_never_removed": """
        CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'what a person said is never removed: record a new word or take it back'); END""",
}


MENTION_TRIGGERS = {
    "mentions_know_their_item": """
        CREATE TRIGGER mentions_know_their_item AFTER INSERT ON mentions
        BEGIN UPDATE mentions SET
            group_key = coalesce((SELECT story_key FROM story_members
                WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id), NEW.id),
            decision = (SELECT decision FROM item_states WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id),
            outlet_id = coalesce((SELECT outlet_id FROM item_states WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id),
                (SELECT outlet_id FROM articles WHERE id = NEW.article_id)),
            language = (SELECT language FROM articles WHERE id = NEW.article_id)
        WHERE id = NEW.id; END""",
    "mentions_follow_a_new_state": """
        CREATE TRIGGER mentions_follow_a_new_state AFTER INSERT ON item_states
        BEGIN UPDATE mentions SET decision = NEW.decision, outlet_id = coalesce(NEW.outlet_id, (SELECT outlet_id FROM articles
            WHERE id = NEW.article_id)) WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id; END""",
    "mentions_follow_their_state": """
        CREATE TRIGGER mentions_follow_their_state AFTER UPDATE ON item_states
        BEGIN UPDATE mentions SET decision = NEW.decision, outlet_id = coalesce(NEW.outlet_id, (SELECT outlet_id FROM articles
            WHERE id = NEW.article_id)) WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id; END""",
    "mentions_follow_their_article": """
        CREATE TRIGGER mentions_follow_their_article AFTER UPDATE OF outlet_id, language ON articles
        BEGIN UPDATE mentions SET language = NEW.language, outlet_id = coalesce((SELECT outlet_id FROM item_states
            WHERE campaign_id = mentions.campaign_id AND article_id = NEW.id), NEW.outlet_id) WHERE article_id = NEW.id; END""",
    "mentions_join_a_story": """
        CREATE TRIGGER mentions_join_a_story AFTER INSERT ON story_members
        BEGIN UPDATE mentions SET group_key = NEW.story_key WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id; END""",
    "mentions_change_their_story": """
        CREATE TRIGGER mentions_change_their_story AFTER UPDATE OF story_key ON story_members
        BEGIN UPDATE mentions SET group_key = NEW.story_key WHERE campaign_id = NEW.campaign_id AND article_id = NEW.article_id; END""",
    "mentions_leave_a_story": """
        CREATE TRIGGER mentions_leave_a_story AFTER DELETE ON story_members
        BEGIN UPDATE mentions SET group_key = id WHERE campaign_id = OLD.campaign_id AND article_id = OLD.article_id; END""",
}
"""They keep what `mentions` holds of other tables as those say, whoever writes them."""


def make_engine(path: Path, busy_timeout_seconds: float) -> Engine:
    """An engine whose transactions begin explicitly, and at once with the write lock where `begin` is IMMEDIATE."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_timeout_seconds, "check_same_thread": False},
        json_serializer=to_json,
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver's own idea of when to begin leaves DDL outside of transactions and takes the write lock too late.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


def prepare_file(path: Path, busy_timeout_seconds: float) -> None:
    """Sets what must be set before the first table: incremental vacuum and the write-ahead log."""
    connection = sqlite3.connect(path, timeout=busy_timeout_seconds, isolation_level=None)
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def create_search(connection: Connection) -> None:
    """The search index, empty, with its options."""
    _create_search(connection, SEARCH)


def _create_search(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {table} {_USING}")
    for name, value in SEARCH_OPTIONS:
        connection.exec_driver_sql(f"INSERT INTO {table}({table}, rank) VALUES (?, ?)", (name, value))  # noqa: S608 (our own tables)


def begin_new_search(connection: Connection) -> None:
    """An empty index beside the one in use; what an earlier attempt left is dropped."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {NEW_SEARCH}")
    _create_search(connection, NEW_SEARCH)


def sort_new_search(connection: Connection) -> None:
    """See `Backend`: nothing, `tidy_search` does it in parts."""


def put_new_search(connection: Connection) -> None:
    """The new index takes the place of the one in use, however damaged that is."""
    for part, columns in SEARCH_PARTS:
        connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {SEARCH}_{part}{columns}")
    version = f"SELECT k, v FROM {NEW_SEARCH}_config WHERE k = 'version'"  # noqa: S608 (our own tables)
    connection.exec_driver_sql(f"INSERT OR REPLACE INTO {SEARCH}_config (k, v) {version}")  # without it nothing can be dropped
    connection.exec_driver_sql(f"DROP TABLE {SEARCH}")
    connection.exec_driver_sql(f"ALTER TABLE {NEW_SEARCH} RENAME TO {SEARCH}")


def folding_version(connection: Connection) -> int:
    """With which `text.folding.FOLDING_VERSION` the index was made; 0 in databases older than this note."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def note_folding_version(connection: Connection, version: int) -> None:
    """Stores it in the file's header (`user_version`), with the transaction."""
    connection.exec_driver_sql(f"PRAGMA user_version = {version:d}")


def not_found_by(connection: Connection, expression: str) -> list[int]:
    """Ids of articles that the expression does not find, in order; of all where it is empty."""
    if not expression:
        return [int(row) for row in connection.exec_driver_sql("SELECT id FROM articles ORDER BY id").scalars()]
    statement = """
        SELECT id FROM articles WHERE search_id NOT IN (SELECT rowid FROM article_search WHERE article_search MATCH ?) ORDER BY id"""
    return [int(row) for row in connection.exec_driver_sql(statement, (expression,)).scalars()]


def holds(connection: Connection, search_id: int, expression: str) -> bool:
    """Whether the expression finds this row of the index."""
    statement = "SELECT 1 FROM article_search WHERE article_search MATCH ? AND rowid = ?"
    return connection.exec_driver_sql(statement, (expression, search_id)).first() is not None


def create_triggers(connection: Connection) -> None:
    """All triggers that are missing. A migration that rebuilds a table loses its triggers: call this at its end. In a schema older than
    what they guard there is nothing to do."""
    present = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')").scalars())
    columns = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(mentions)")}
    wanted = (TRIGGERS if "events" in present else {}) | (MENTION_TRIGGERS if "group_key" in columns else {})
    if night_triggers.TABLE in present:
        wanted |= night_triggers.in_sqlite()
    for name, statement in wanted.items():
        if name not in present:
            connection.exec_driver_sql(statement)


def add_to_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Indexes (search id, folded text)."""
    _add(connection, SEARCH, rows)


add_indexed = add_to_search


def add_to_new_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """The same in the index that `begin_new_search` made."""
    _add(connection, NEW_SEARCH, rows)


def _add(connection: Connection, table: str, rows: Sequence[tuple[int, str]]) -> None:
    if rows:
        connection.exec_driver_sql(f"INSERT INTO {table}(rowid, words) VALUES (?, ?)", [*rows])  # noqa: S608 (our own tables)


def indexed_words(folded: str) -> list[str]:
    """The words of a folded text, as they are looked up."""
    return _WORD.findall(folded)


def tidy_search(connection: Connection, pages: int) -> bool:
    """Merges a bounded part of the index's segments: a search looks every word up in each of them. False when nothing was left to merge."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    before = raw.total_changes
    raw.execute("INSERT INTO article_search(article_search, rank) VALUES ('merge', ?)", (pages,))
    return bool(raw.total_changes - before >= 2)  # FTS5's documentation: fewer than two changes mean no work was done


def match_expression(folded_forms: Iterable[str]) -> str:
    """An FTS5 query: a text must hold each word of one of the forms. Empty when no form holds a letter or digit."""
    wanted = {(form,) if form.isalnum() else tuple(dict.fromkeys(_WORD.findall(storable(form)))) for form in folded_forms}
    return " OR ".join("(" + " AND ".join(f'"{word}"' for word in words) + ")" for words in sorted(wanted - {()}))


def index_expression(query: IndexQuery) -> str:
    """The same for a query of words that must stand together. Empty when nothing can be found by it."""
    if isinstance(query, AnyWord):
        return match_expression(query.words)
    parts = [index_expression(part) for part in query.parts]
    if isinstance(query, AllOf):
        return " AND ".join(f"({part})" for part in parts) if parts and all(parts) else ""
    return " OR ".join(f"({part})" for part in parts if part)


def prefix_expression(stem: str) -> str:
    """An FTS5 query: a text must hold a word that begins so. Empty for a stem without a letter or digit."""
    word = _WORD.search(storable(stem))
    return f'"{word.group()}" *' if word else ""


def any_expression(expressions: Iterable[str]) -> str:
    """An FTS5 query: a text must answer to one of these; empty ones find nothing."""
    return " OR ".join(filter(None, expressions))


def all_expression(expressions: Iterable[str]) -> str:
    """An FTS5 query: a text must answer to each of these; an empty one finds nothing."""
    asked = [*expressions]
    return " AND ".join(f"({one})" for one in asked) if all(asked) else ""


def is_found(column: str, expression: str) -> str:
    """A condition; an article that was read again has left its old number."""
    return f"{column} IN ({FOUND})"


def sooner_alone(connection: Connection, expression: str, count: int) -> bool:
    """See `Backend`: never, what an expression finds is read from the index alone."""
    del connection, expression, count
    return False


is_found_alone = is_found


def position(within: str, part: str) -> str:
    """An expression: where a text begins in another, from 1; 0 where it is not in it."""
    return f"instr({within}, {part})"


def moment(text: str) -> str:
    """An expression: a moment as a column holds it, which is the text itself."""
    return text


def listed(source: str, alias: str) -> str:
    """A table of what is in a JSON list, with columns `key`, from 0, and `value`."""
    return f"json_each({source}) AS {alias}"


def values_of(name: str, *, whole: bool) -> str:
    """A SELECT of the values of a JSON list that is given as the parameter `name`; they come as they are."""
    return f"SELECT value FROM json_each(:{name})"  # noqa: S608 (our own names)


def forget_thoroughly(connection: Connection) -> None:
    """What is given up from here on is overwritten."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")


def file_bytes(connection: Connection) -> int:
    """The database's size, without its log and without pages that are free for use again."""
    sizes = ("page_count", "freelist_count", "page_size")
    used, free, size = (int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in sizes)
    return (used - free) * size


def free_pages(connection: Connection) -> bool:
    """See `Backend`."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    free = raw.execute("PRAGMA freelist_count").fetchone()[0]
    for _ in range(min(free, FREED_PAGES_AT_ONCE)):  # the driver frees one page a call, whatever number the pragma is given
        raw.execute("PRAGMA incremental_vacuum(1)")
    return bool(free > FREED_PAGES_AT_ONCE)


def next_id(connection: Connection, table: Table) -> int:
    """The first of `next_ids`."""
    return next_ids(connection, table, 1)


def next_ids(connection: Connection, table: Table, count: int) -> int:
    """The first id for a table with AUTOINCREMENT that was never given before; nobody else takes those after it before `writing` ends."""
    given = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).scalar()
    return 1 + int(given or 0)


def search(connection: Connection, expression: str, *, limit: int | None, after_id: int) -> list[int]:
    """Ids of articles the expression finds, in order."""
    given = {"expression": expression, "after": after_id, "most": -1 if limit is None else limit}
    return [*connection.execute(text(f"{FOUND} AND articles.id > :after ORDER BY articles.id LIMIT :most"), given).scalars()]


def any_found(connection: Connection, expression: str) -> bool:
    """Whether the expression finds an article."""
    statement = f"SELECT 1 FROM ({FOUND}) LIMIT 1"  # noqa: S608 (our own tables)
    return connection.execute(text(statement), {"expression": expression}).first() is not None


def insert_plain(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of another database, all columns in order, as they are: the table's triggers are away meanwhile."""
    mine = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    triggers = [*connection.exec_driver_sql(mine, (table.name,)).scalars()]
    for name in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    names, marks = ", ".join(f'"{column.name}"' for column in table.columns), ", ".join("?" * len(table.columns))
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', [*rows])  # noqa: S608 (names of our own schema)
    if triggers:
        create_triggers(connection)


def numbers_given(connection: Connection, table: Table) -> int:
    """The highest id that a table with AUTOINCREMENT has ever given; 0 for others."""
    return int(connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).scalar() or 0)


def note_numbers_given(connection: Connection, table: Table, highest: int) -> None:
    """Sees to it that a table with AUTOINCREMENT gives higher ids only."""
    if table.dialect_options["sqlite"]["autoincrement"]:
        highest = max(highest, numbers_given(connection, table))
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, highest))


def count_anew(connection: Connection) -> None:
    """Nothing: plans follow from the indexes alone, as no statistics are kept."""


def plain_rows(connection: Connection, statement: Any) -> tuple[tuple[Any, ...], ...]:
    """The rows of a SELECT without parameters as the driver gives them, asked of it directly: every page reads hundreds."""
    connection.exec_driver_sql("SELECT 1")  # within the connection's transaction
    raw: Any = connection.connection.dbapi_connection
    return tuple(raw.execute(str(statement.compile(connection))).fetchall())


def read_plain(columns: Sequence[Column[Any]], row: Sequence[Any]) -> dict[str, Any]:
    """A row of `plain_rows` as SQLAlchemy reads it, by the names of its columns."""
    readers = [column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in columns]
    return {column.name: value if read is None else read(value) for column, read, value in zip(columns, readers, row, strict=True)}
