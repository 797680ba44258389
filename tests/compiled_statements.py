"""SQLite statements compiled once for all databases of a process: each test opens its own, and to compile anew took a tenth of its time."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

KEPT = 3000


class SharedStatements:
    """In place of an engine's own `_compiled_cache`, whatever it is given. Its keys have the dialect."""

    def __init__(self) -> None:
        self._cache: LRUCache[Any, Any] = LRUCache(KEPT)

    def __get__(self, engine: object, kind: type | None = None) -> LRUCache[Any, Any]:
        return self._cache

    def __set__(self, engine: object, value: Any) -> None:
        """An engine's own."""


class AlikeDialects:
    """What makes two dialects one key: statements are compiled alike for both."""

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Dialect) and _settings(self) == _settings(other))

    def __hash__(self) -> int:
        return hash(type(self))


def _settings(dialect: Any) -> tuple[Any, ...]:
    made = (dialect.paramstyle, dialect.server_version_info, dialect.dbapi, dialect._json_serializer, dialect._json_deserializer)
    return (type(dialect), *made, dialect.label_length, dialect.insert_returning, dialect.update_returning, dialect.delete_returning)
