"""TOML read with the place of every key and value, so that an error can point at the very character.

`tomllib` decides what a file means; the scanner here only notes where things stand in a file that is known to be valid.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct

from tracker.config.toml_text import read_toml_text
from tracker.errors import ConfigError

Keys = tuple[str | int, ...]
_SKIPPED = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")' + "|'''.*?'{3,5}(?!')" + r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'",
    re.DOTALL,
)
_OPEN = ("Illegal character '\\n'", "Found invalid character '\\n'", "Unterminated string", 'Expected "\'"', "Expected '\"'")
"""What `tomllib` says of a text without an end."""
_SHORT_STRING = re.compile(r'"(?:\\.|[^"\\])*"' + r"|'[^']*'")
_BARE_VALUE = re.compile(r"[^=]*=[ \t]*[^\s\"'\[{]")
_BACKSLASH = ("Unescaped '\\\\' in a string", "Invalid hex value")
_DAY = re.compile("[^=]*=[ \t]*\\d{1,4} ?[./\u2010-\u2015-] ?\\d{1,2} ?[./\u2010-\u2015-] ?\\d{1,4}")
_COMMA = re.compile(r"[^=]*=[ \t]*\d+,\d")
_YES = re.compile(r"[^=]*=[ \t]*(?:(?i:yes|no|on|off|po|jo|da|ne|да|не)|T(?:rue|RUE)|F(?:alse|ALSE))\b")
_COLON = re.compile(r"[ \t]*[\w-]+[ \t]*:")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_UNSEEN = re.compile("[\u00a0\u00ad\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]")
_CURLY = re.compile("[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb]")
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[ \t]*\r?\n[ \t\r\n]*|.)|\r\n|.", re.DOTALL)


class TomlDocument(Struct, frozen=True):
    """A file's data and where each part of it stands."""

    path: Path
    data: dict[str, Any]
    source: str
    places: dict[Keys, tuple[int, int]]
    """Where the key and where the value of an entry start, as offsets into `source`."""

    def position(self, keys: Keys) -> tuple[int, int] | None:
        """Line and column (from 1) of a key, or of an item of an array; None when the file has no such entry."""
        place = self.places.get(keys)
        return None if place is None else self._line_and_column(place[0])

    def position_within(self, keys: Keys, offset: int) -> tuple[int, int] | None:
        """Line and column of a character of a text value, whichever quotes and escapes it is written with."""
        place = self.places.get(keys)
        if place is None:
            return None
        return self._line_and_column(_offset_within(self.source, place[1], offset))

    def error(self, message: str, keys: Keys, offset: int | None = None) -> ConfigError:
        """The error for what stands at `keys`, or for the nearest thing around it that the file has."""
        place = self.position_within(keys, offset) if offset is not None else None
        while place is None and keys:
            place = self.position(keys)
            keys = keys[:-1]
        line, column = place or (None, None)
        return ConfigError(message, place=self.path, line=line, column=column)

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        return self.source.count("\n", 0, offset) + 1, offset - (self.source.rfind("\n", 0, offset) + 1) + 1


def read_toml(path: Path) -> TomlDocument:
    """A TOML file with positions. Raises ConfigError naming file, line and column when it cannot be read as one."""
    return parse_toml(read_toml_text(path), path)


def parse_toml(source: str, path: Path) -> TomlDocument:
    """The same for a text that is, or is to be, the content of the file at `path`. Raises ConfigError."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        lines = source.splitlines() or [""]
        line, column = (int(match[1]), int(match[2])) if match and match[1] else (len(lines), len(lines[-1]) + 1)
        words = str(error).split(" (at ")[0]
        raise ConfigError(_told(words, lines[min(line, len(lines)) - 1]), place=path, line=line, column=column) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"is not valid TOML: {error if isinstance(error, ValueError) else 'nested too deeply'}", place=path) from error
    return TomlDocument(path, data, source, _Scanner(source).places())


def _told(words: str, line: str) -> str:
    """What `tomllib` says, and what a person most likely did on this line of the file."""
    bare = _SHORT_STRING.sub("", line)
    hint = _hint_of_letters(words, bare) or _hint_of_value(words, line) or _hint_of_name(words, line, bare.partition("=")[0])
    return f"is not valid TOML: {words}{hint and '; '}{hint}"


def _hint_of_letters(words: str, bare: str) -> str:
    if _UNSEEN.search(bare):
        return "this line has a character that is not seen, or a space of another kind: type the line anew"
    if _CURLY.search(bare):
        return "write straight quotation marks"
    if words.startswith(_OPEN):
        return "is a closing quotation mark missing?"
    if words.startswith("Unclosed array"):
        return "is a comma or a closing bracket missing?"
    return ""


def _hint_of_value(words: str, line: str) -> str:
    if words.startswith(_BACKSLASH):
        return "between straight single quotation marks a \\ stands for itself"
    if _DAY.match(line) or words.startswith("Invalid date"):
        return "a day is written 2024-10-01, without quotation marks"
    if _COMMA.match(line):
        return "a number has a point, not a comma"
    if _YES.match(line):
        return "yes and no are written true and false"
    if words.startswith("Invalid value") or (words.startswith("Expected newline") and _BARE_VALUE.match(line)):
        return "a text stands in quotation marks"
    return ""


def _hint_of_name(words: str, line: str, name: str) -> str:
    if words.startswith("Expected '='") and _COLON.match(line):
        return "between a name and its value stands ="
    if words.startswith(("Expected", "Invalid statement")) and _CYRILLIC.search(name):
        return "the name has a Cyrillic letter that looks like a Latin one: type it anew in Latin letters"
    if words.startswith(("Expected", "Invalid statement")) and not name.isascii():
        return "names before = and in brackets have the letters a to z without marks, digits, _ and -"
    return ""


def _offset_within(source: str, start: int, wanted: int) -> int:
    literal = source[start] == "'"
    quotes = 3 if source[start : start + 3] in ('"""', "'''") else 1
    at = start + quotes
    if quotes == 3 and source[at : at + 1] == "\n":
        at += 1
    if literal:
        return at + wanted
    passed = 0
    while passed < wanted:
        match = _ESCAPE.match(source, at)
        if match is None:
            break
        at = match.end()
        passed += not re.match(r"\\[ \t]*\r?\n", match[0])
    return at


class _Scanner:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._places: dict[Keys, tuple[int, int]] = {}
        self._lengths: dict[Keys, int] = {}

    def places(self) -> dict[Keys, tuple[int, int]]:
        table: Keys = ()
        while self._skip() < len(self._source):
            start = self._at
            if self._source[start] != "[":
                self._entry(table)
                continue
            array = self._source.startswith("[[", start)
            self._at += 2 if array else 1
            names = self._keys()
            self._at = self._source.index("]", self._at) + (2 if array else 1)
            table = self._resolved(names, start, array=array)
        return self._places

    def _resolved(self, names: list[tuple[str, int]], start: int, *, array: bool) -> Keys:
        """The table's keys with the number of the current item after every array of tables on the way."""
        keys: Keys = ()
        for number, (name, place) in enumerate(names, 1):
            keys = (*keys, name)
            self._places.setdefault(keys, (place, start))
            if array and number == len(names):
                self._lengths[keys] = self._lengths.get(keys, 0) + 1
            if keys in self._lengths:
                keys = (*keys, self._lengths[keys] - 1)
                self._places.setdefault(keys, (place, start))
        return keys

    def _entry(self, table: Keys) -> None:
        names = self._keys()
        self._at = self._source.index("=", self._at) + 1
        self._at = _end(_BLANK, self._source, self._at)
        keys = table
        for name, place in names:
            keys = (*keys, name)
            self._places.setdefault(keys, (place, self._at))
        self._value(keys)

    def _value(self, keys: Keys) -> None:
        letter = self._source[self._at]
        if letter in "\"'":
            self._at = _end(_STRING, self._source, self._at)
        elif letter == "[":
            self._array(keys)
        elif letter == "{":
            self._at += 1
            while self._source[self._skip()] != "}":
                self._entry(keys)
                self._pass_comma()
            self._at += 1
        else:
            self._at = _end(_SCALAR, self._source, self._at)

    def _array(self, keys: Keys) -> None:
        self._at += 1
        number = 0
        while self._source[self._skip()] != "]":
            self._places[(*keys, number)] = (self._at, self._at)
            self._value((*keys, number))
            self._pass_comma()
            number += 1
        self._at += 1

    def _pass_comma(self) -> None:
        if self._source[self._skip()] == ",":
            self._at += 1

    def _keys(self) -> list[tuple[str, int]]:
        names: list[tuple[str, int]] = []
        while True:
            self._at = start = _end(_BLANK, self._source, self._at)
            quoted = self._source[start] in "\"'"
            self._at = _end(_STRING if quoted else _BARE_KEY, self._source, start)
            raw = self._source[start : self._at]
            names.append((next(iter(tomllib.loads(f"{raw}=0"))) if quoted else raw, start))
            self._at = _end(_BLANK, self._source, self._at)
            if self._source[self._at] != ".":
                return names
            self._at += 1

    def _skip(self) -> int:
        self._at = _end(_SKIPPED, self._source, self._at)
        return self._at


def _end(pattern: re.Pattern[str], source: str, at: int) -> int:
    match = pattern.match(source, at)
    if match is None:
        raise AssertionError(f"the scanner lost its way at character {at}")
    return match.end()
