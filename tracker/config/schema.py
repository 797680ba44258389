"""A TOML file read into msgspec structs. The struct says what may be written, and a fault is one sentence with its place.

A field's type and `msgspec.Meta` are its rule; `Meta(description=...)` completes the sentence "must be ...". What a type cannot say
stands in `__post_init__`, which raises `Wrong` with the keys of what is wrong. Or it stands in a type with its own `read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self, TypeVar

import msgspec
from msgspec import Meta

from tracker.config.toml_positions import Keys, TomlDocument
from tracker.model import LANGUAGES

MAX_LINE_CHARS = 500
"""A name or a funding statement is printed as it stands: it must fit a page's line or two."""
MAX_ID_CHARS = 60
"""Ids stand in addresses, file names and table columns."""
T = TypeVar("T")
Record = TypeVar("Record", bound=msgspec.Struct)


class Wrong(ValueError):
    """A value that its type allows and we do not: a whole sentence, and where it stands below the struct or value being read."""

    def __init__(self, message: str, *keys: str | int) -> None:
        self.keys: Keys = keys
        super().__init__(message)


class Text(str):
    """Text that is not empty, without blanks around it."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Raises ValueError with what is wrong, to stand behind the name of the key."""
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be text that is not empty")
        return cls(value.strip())


class Line(Text):
    """Text for print on one line: printable, at most `MAX_LINE_CHARS`."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Raises ValueError with what is wrong, to stand behind the name of the key."""
        line = " ".join(Text.read(value).split())
        if len(line) > MAX_LINE_CHARS:
            raise ValueError(f"may have {MAX_LINE_CHARS} characters at most")
        if not line.isprintable():
            raise ValueError("holds a character that cannot be printed, such as a control or direction mark")
        return cls(line)


def one_of(words: Iterable[str]) -> Meta:
    """The rule of a text that is one of these words."""
    choices = tuple(words)
    return Meta(pattern=rf"^(?:{'|'.join(map(re.escape, choices))})\Z", extra={"choices": choices})


Id = Annotated[
    str,
    Meta(
        pattern=rf"^[^\W\d][\w-]{{0,{MAX_ID_CHARS - 1}}}\Z",
        description=f"text of letters, digits, _ and -, a letter first, {MAX_ID_CHARS} characters at most",
    ),
]
ByLanguage = Annotated[
    dict[Annotated[str, one_of(LANGUAGES)], Line], Meta(description='one text for each language: { sq = "...", mk = "..." }')
]
"""Texts by the language of the reader."""


def read_struct(document: TomlDocument, struct: type[T], title: str) -> T:
    """The document as `struct`. Raises ConfigError at what does not fit; `title` names the file in it."""
    try:
        return convert(document.data, struct, title)
    except Wrong as wrong:
        raise document.error(str(wrong), wrong.keys) from wrong


def convert(data: Mapping[str, Any], struct: type[T], title: str) -> T:
    """`data` as `struct`. Raises Wrong, whose keys lead from the top to what does not fit."""
    try:
        return _converted(data, struct)
    except msgspec.ValidationError as error:
        from tracker.config.faults import Explanation  # only where something is wrong: a command without faults starts faster

        raise Explanation(data, struct, title, error, _converted).wrong() from error


def as_record(record: type[Record], table: msgspec.Struct, **others: Any) -> Record:
    """The struct `record` with what the table has under the names of its fields, and `others` in place of it."""
    names = {*record.__struct_fields__} & {*table.__struct_fields__}
    return record(**{name: _plain(getattr(table, name)) for name in names} | others)


def _plain(value: Any) -> Any:
    """Texts without their rule, tables as (name, value)."""
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, Mapping):
        return tuple((str(name), _plain(item)) for name, item in value.items())
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def refuse_repeats(items: Iterable[str], table: str, field: str) -> None:
    """Raises Wrong at the second of two items of `[[table]]` with the same value in `field`."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item in seen:
            raise Wrong(f"{field} {item!r} stands twice in [[{table}]]", table, number, field)
        seen.add(item)


def refuse_twice(items: Iterable[str], name: str) -> None:
    """Raises Wrong at the second of two equal items of the list `name`."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item in seen:
            raise Wrong(f"{item!r} stands twice in {name}", name, number)
        seen.add(item)


def _converted(data: Mapping[str, Any], struct: type[T]) -> T:
    return msgspec.convert(data, struct, dec_hook=_read_custom, builtin_types=(date, datetime))


def _read_custom(kind: Any, value: object) -> object:
    return kind.read(value)
