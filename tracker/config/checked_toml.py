"""The pieces a TOML file of ours is made of, each checked where it is read: every fault names its line and column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from tracker.config.toml_positions import Keys, TomlDocument
from tracker.errors import ConfigError
from tracker.settings import DIGEST_LANGUAGES

MAX_LINE_CHARS = 500
"""What is printed as it stands, a name or a funding statement, must fit a page's line or two."""
_ID = re.compile(r"[^\W\d][\w-]*")


class CheckedToml:
    """A TOML document and the checks on its parts. Every method raises ConfigError at the place of what is wrong."""

    def __init__(self, document: TomlDocument) -> None:
        self.document = document

    def error(self, message: str, keys: Keys) -> ConfigError:
        """The error for what stands at `keys`, to be raised by the caller."""
        return self.document.error(message, keys)

    def tables(self, name: str, known: Collection[str] | None, unique: str = "id") -> Iterator[tuple[dict[str, Any], Keys]]:
        """The tables of `[[name]]` with their keys. `known`: the only keys allowed, None for any; no two may share their `unique`."""
        yield from self.tables_in(self.document.data, name, (), known, unique)

    def tables_in(
        self, parent: dict[str, Any], name: str, around: Keys, known: Collection[str] | None, unique: str = "id"
    ) -> Iterator[tuple[dict[str, Any], Keys]]:
        """As `tables`, inside another table that stands at `around`."""
        tables = parent.get(name, [])
        written = f"[[{'.'.join(str(key) for key in (*around, name) if isinstance(key, str))}]]"
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.error(f"{name} must be written as {written}", (*around, name))
        seen: set[str] = set()
        for number, table in enumerate(tables):
            keys: Keys = (*around, name, number)
            if known is not None:
                self.known(table, known, keys, written)
                if unique in table and str(table[unique]) in seen:
                    raise self.error(f"{unique} {table[unique]!r} stands twice in {written}", (*keys, unique))
                seen.add(str(table.get(unique)))
            yield table, keys

    def known(self, table: dict[str, Any], known: Collection[str], keys: Keys, where: str) -> None:
        """Refuses a key that is not `known`."""
        for name in table:
            if name not in known:
                raise self.error(f"unknown key {name!r} in {where}; known are {', '.join(known)}", (*keys, name))

    def identity(self, table: dict[str, Any], keys: Keys) -> str:
        """The table's `id`."""
        identity = self.text(table, "id", keys)
        if not _ID.fullmatch(identity) or len(identity) > 60:
            raise self.error(
                f"{identity!r} cannot be an id: letters, digits, _ and -, a letter first, 60 characters at most", (*keys, "id")
            )
        return identity

    def text(self, table: dict[str, Any], name: str, keys: Keys, default: str | None = None) -> str:
        """Text that is not empty; `default` where the key is missing, and an error where there is none."""
        value = table.get(name, default)
        if value is None:
            raise self.error(f'needs {name}: {name} = "..."', (*keys, name))
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{name} must be text that is not empty", (*keys, name))
        return value.strip()

    def line(self, table: dict[str, Any], name: str, keys: Keys, default: str | None = None) -> str:
        """Text for print on one line; an empty `default` stands for a key that may be missing."""
        if default == "" and name not in table:
            return ""
        line = " ".join(self.text(table, name, keys, default).split())
        if len(line) > MAX_LINE_CHARS:
            raise self.error(f"{name} may have {MAX_LINE_CHARS} characters at most", (*keys, name))
        if not line.isprintable():
            raise self.error(f"{name} holds a character that cannot be printed, such as a control or direction mark", (*keys, name))
        return line

    def texts(self, table: dict[str, Any], name: str, keys: Keys = ()) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        values = table.get(name, [])
        if not isinstance(values, list):
            raise self.error(f'{name} must be a list: ["...", "..."]', (*keys, name))
        for number, value in enumerate(values):
            if not isinstance(value, str):
                raise self.error(f"{name} holds something that is no text", (*keys, name, number))
        return tuple(values)

    def by_language(self, table: dict[str, Any], name: str, keys: Keys) -> tuple[tuple[str, str], ...]:
        """(language, text) of a table such as `names = { sq = "..." }`; languages are those a digest is made in."""
        here: Keys = (*keys, name)
        texts = table.get(name, {})
        if not isinstance(texts, dict):
            raise self.error(f'{name} must be one text a language: {name} = {{ sq = "...", mk = "..." }}', here)
        for language in texts:
            if language not in DIGEST_LANGUAGES:
                raise self.error(f"unknown language {language!r} in {name}; known are {', '.join(DIGEST_LANGUAGES)}", (*here, language))
        return tuple((language, self.line(texts, language, here)) for language in texts)

    def choice(self, table: dict[str, Any], name: str, keys: Keys, choices: Collection[str], default: str) -> str:
        """One of the words of `choices`."""
        value = table.get(name, default)
        if value not in choices:
            raise self.error(f"{name} must be one of {', '.join(choices)}, not {value!r}", (*keys, name))
        return str(value)

    def switch(self, table: dict[str, Any], name: str, keys: Keys, *, default: bool) -> bool:
        """True or false."""
        value = table.get(name, default)
        if not isinstance(value, bool):
            raise self.error(f"{name} must be true or false", (*keys, name))
        return value

    def day(self, table: dict[str, Any], name: str, keys: Keys) -> date:
        """A day, which TOML writes without quotes."""
        value = table.get(name)
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.error(f"{name} must be a day without quotes: {name} = 2024-10-01", (*keys, name))
        return value

    def plain(self, table: Any, keys: Keys) -> tuple[tuple[str, str], ...]:
        """(name, value) of a table of single values."""
        if not isinstance(table, dict):
            raise self.error(f"{keys[-1]} must be a table", keys)
        for name, value in table.items():
            if isinstance(value, dict | list):
                raise self.error(f"{name} must be one value", (*keys, name))
        return tuple((name, value if isinstance(value, str) else str(value)) for name, value in table.items())
