"""Column types: how moments, texts and lists of ours lie in the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator

from tracker.model import Precision, Published, Value


def storable(text: str) -> str:
    """`text` without lone surrogates, which come from the outlets' broken pages and which no database takes."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(value: Any) -> str:
    """Compact JSON that any database takes; what is empty is an empty list."""
    return storable(_encoder.encode(value)) if value else "[]"


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC so that it sorts."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text of any origin."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Items(TypeDecorator[Any]):
    """A tuple of strings, or of pairs, in order."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return [] if value is None else list(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return tuple(tuple(item) if isinstance(item, list) else item for item in value or ())


class Said(TypeDecorator[Value]):
    """The value of a fact, as JSON; null for nothing."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Value, dialect: Dialect) -> str | None:
        return None if value is None else storable(_encoder.encode(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Value:
        if value is None:
            return None
        said = json.loads(value)
        return tuple(said) if isinstance(said, list) else said


def published_columns(prefix: str = "published") -> list[Column[Any]]:
    """A `Published` in three columns: moment in UTC, the outlet's own offset, precision."""
    return [
        Column(f"{prefix}_at", Moment, doc="in UTC; null: no date is known"),
        Column(f"{prefix}_offset_seconds", Integer, doc="of the outlet's own zone from UTC; null: no date is known"),
        Column(f"{prefix}_precision", String, doc="a Precision; null: no date is known"),
    ]


def published_values(published: Published | None, prefix: str = "published") -> dict[str, Any]:
    """The values of `published_columns`."""
    if published is None:
        return {f"{prefix}_at": None, f"{prefix}_offset_seconds": None, f"{prefix}_precision": None}
    offset = published.at.utcoffset()
    return {
        f"{prefix}_at": published.at,
        f"{prefix}_offset_seconds": 0 if offset is None else int(offset.total_seconds()),
        f"{prefix}_precision": str(published.precision),
    }


def read_published(at: datetime | None, offset_seconds: int | None, precision: str | None) -> Published | None:
    """The `Published` of these columns; None where no date is stored."""
    if at is None:
        return None
    local = at.astimezone(timezone(timedelta(seconds=offset_seconds or 0)))
    return Published(at=local, precision=Precision(precision or Precision.MINUTE))
