"""Which database a connection leads to, and what only that one understands: `sqlite` or `postgres` does it.

Statements that both take are built here. Whatever the two do otherwise is a function of `Backend`: `backend.of(conn).search(conn, ...)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects.sqlite import insert

from tracker.model import IndexQuery
from tracker.store import sqlite


class Backend(Protocol):
    """What a module must offer to keep the store. Every function works within the caller's transaction."""

    def next_ids(self, connection: Connection, table: Table, count: int) -> int:
        """The first of `count` ids in a row that were never given before, for a table that numbers its rows itself. Only within `writing`."""

    def next_id(self, connection: Connection, table: Table) -> int:
        """What `next_ids` gives next. Only within `writing`."""

    def insert_rows(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """A plain INSERT of rows that give every column, by the driver itself."""

    def add_new(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Rows that all give the same columns, for a table whose defaults the database knows; one that is there already stays."""

    @property
    def MARK(self) -> str:
        """What stands for a value in a statement that the driver gets."""

    def insert_plain(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows of another database, all columns in order, as they are: no trigger changes them."""

    def numbers_given(self, connection: Connection, table: Table) -> int:
        """The highest id that a table which numbers its rows has ever given; 0: none, or it is not noted."""

    def note_numbers_given(self, connection: Connection, table: Table, highest: int) -> None:
        """Sees to it that only higher ids are given."""

    def count_anew(self, connection: Connection) -> None:
        """After many rows came at once: brings up to date what the database knows of its tables, where it plans by that."""

    def plain_rows(self, connection: Connection, statement: Any) -> tuple[tuple[Any, ...], ...]:
        """The rows of a SELECT without parameters as the driver gives them: equal ones can be told without reading them."""

    def read_plain(self, columns: Sequence[Column[Any]], row: Sequence[Any]) -> dict[str, Any]:
        """A row of `plain_rows` as SQLAlchemy reads it, by the names of its columns."""

    def create_triggers(self, connection: Connection) -> None:
        """All triggers that are missing. In a schema older than what they guard there is nothing to do."""

    def free_pages(self, connection: Connection) -> bool:
        """Gives a bounded part of the freed space back to the disk, where the database does not do so by itself. False once there is no
        more."""

    def forget_thoroughly(self, connection: Connection) -> None:
        """What is given up from here on is overwritten, where the database can be told to."""

    def file_bytes(self, connection: Connection) -> int:
        """The database's size, without its log and without pages that are free for use again."""

    def create_search(self, connection: Connection) -> None:
        """The search index, empty, with its options."""

    def begin_new_search(self, connection: Connection) -> None:
        """An empty index beside the one in use; what an earlier attempt left is dropped."""

    def add_to_new_search(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Indexes (search id, folded text) in the index that `begin_new_search` made."""

    def sort_new_search(self, connection: Connection) -> None:
        """After the texts that are there: what is cheaper over all of them than with each. Others can write meanwhile."""

    def put_new_search(self, connection: Connection) -> None:
        """The new index takes the place of the one in use, however damaged that is."""

    def folding_version(self, connection: Connection) -> int:
        """With which `text.folding.FOLDING_VERSION` the index was made; 0 in databases older than this note."""

    def note_folding_version(self, connection: Connection, version: int) -> None:
        """Stores it, with the transaction."""

    def add_to_search(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Indexes (search id, folded text)."""

    def as_indexed(self, folded: str) -> str:
        """A folded text as the index takes it: what of `add_to_search` needs no database."""

    def add_indexed(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Indexes (search id, text as of `as_indexed`)."""

    def enter_numbers(self, connection: Connection, table: Table, rows: Sequence[tuple[int, ...]]) -> None:
        """Rows of a table that holds whole numbers alone; those that are there stay."""

    def remove_from_search(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Takes (search id, folded text) out of the index."""

    def tidy_search(self, connection: Connection, pages: int) -> bool:
        """Puts a bounded part of the index in order. False when nothing was left to do."""

    def match_expression(self, folded_forms: Iterable[str]) -> str:
        """A question to the index: a text must hold each word of one of the forms. Empty when no form holds a letter or digit."""

    def index_expression(self, query: IndexQuery) -> str:
        """The same for a query of words that must stand together. Empty when nothing can be found by it."""

    def prefix_expression(self, stem: str) -> str:
        """A text must hold a word that begins so. Empty for a stem without a letter or digit."""

    def any_expression(self, expressions: Iterable[str]) -> str:
        """A text must answer to one of the questions; empty ones find nothing."""

    def all_expression(self, expressions: Iterable[str]) -> str:
        """A text must answer to each of the questions; an empty one finds nothing."""

    def indexed_words(self, folded: str) -> list[str]:
        """The words of a folded text, as they are looked up."""

    def search(self, connection: Connection, expression: str, *, limit: int | None, after_id: int) -> list[int]:
        """Ids of articles the expression finds, in order."""

    def any_found(self, connection: Connection, expression: str) -> bool:
        """Whether the expression finds an article."""

    def is_found(self, column: str, expression: str) -> str:
        """A condition: this expression, given as `:expression`, finds the article whose id the column holds."""

    def sooner_alone(self, connection: Connection, expression: str, count: int) -> bool:
        """Whether so many articles are sooner held against the expression one after the other than all are fetched that it finds: an
        estimate."""

    def is_found_alone(self, column: str, expression: str) -> str:
        """`is_found`, for each article by itself: for few of them."""

    def holds(self, connection: Connection, search_id: int, expression: str) -> bool:
        """Whether the expression finds this row of the index."""

    def not_found_by(self, connection: Connection, expression: str) -> list[int]:
        """Ids of articles that the expression does not find, in order; of all where it is empty."""

    def is_damaged(self, error: Exception) -> bool:
        """Whether it says that the database or the index is damaged."""

    def position(self, within: str, part: str) -> str:
        """An expression: where a text begins in another, from 1; 0 where it is not in it."""

    def moment(self, text: str) -> str:
        """An expression: a text of ISO form, with a space for the T, as the moment that a column holds."""

    def listed(self, source: str, alias: str) -> str:
        """A table of the texts or numbers in a JSON list (a parameter, or a column of a table before it) with columns `key`, from 0, and `value`."""

    def values_of(self, name: str, *, whole: bool) -> str:
        """A SELECT of the values of a JSON list given as the parameter `name`: whole numbers, or texts."""


def of(connection: Connection) -> Backend:
    """What understands the database that the connection leads to."""
    return named(connection.dialect.name)


def named(dialect: str) -> Backend:
    """The same by the name that SQLAlchemy has for the database."""
    if dialect == "sqlite":
        return sqlite
    from tracker.store import postgres  # imports psycopg, which is installed where it is asked for

    return postgres


def upsert(table: Table, keys: Sequence[str], *, keep: Sequence[str] = (), changed: dict[str, Any] | None = None) -> Any:
    """INSERT that updates the row with the same `keys`; columns in `keep` stay as they were, `changed` gives expressions."""
    statement = insert(table)
    names = [column.name for column in table.c if column.name not in keys and column.name not in keep]
    given = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=[*keys], set_={**given, **(changed or {})})


def insert_new(table: Table) -> Any:
    """INSERT that leaves rows that are there alone; its `rowcount` is of those that were not."""
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def excluded(table: Table) -> Any:
    """The row that an `upsert` was about to insert."""
    return insert(table).excluded


def inserted_id(connection: Connection, statement: Any) -> int:
    """Runs an INSERT of one row and returns the id it was given."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])
