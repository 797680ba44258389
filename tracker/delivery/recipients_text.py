"""Changes to the text of `recipients.toml`: comments, order and layout stay as the person who wrote it left them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import tomlkit
from tomlkit.items import Array

from tracker.config.toml_positions import TomlDocument, parse_toml
from tracker.delivery.recipients import FILE_NAME
from tracker.errors import UsageError

Value = str | date | tuple[str, ...]
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_HEADER = re.compile(r"\s*\[\[\s*recipients\s*\]\]")
_NEW = "# Who gets which edition; personal data. docs/editions.md says what may stand here.\n"


def with_entry(source: str, values: Mapping[str, Value]) -> str:
    """The text with one more entry at its end. What is empty is left out. Raises UsageError as `in_tables`."""
    source = in_tables(source)
    table = tomlkit.table()
    for name, value in values.items():
        if value:
            table.add(name, [*value] if isinstance(value, tuple) else value)
    entry = "[[recipients]]\n" + table.as_string()
    before = source.rstrip("\n") or _NEW.rstrip("\n")
    return f"{before}\n\n{entry.rstrip()}\n"


def without_entries(source: str, numbers: Collection[int]) -> str:
    """The text without these entries (from 0) and the comment right above each; other comments stay. Raises UsageError as `in_tables`."""
    source = in_tables(source)
    lines = source.splitlines()
    headers = _header_lines(source)
    begins = [_with_comment(lines, header) for header in headers]
    gone: set[int] = set()
    for number in numbers:
        end = begins[number + 1] if number + 1 < len(begins) else len(lines)
        gone |= set(range(begins[number], _own_end(lines, headers[number], end)))
    kept = "\n".join(line for at, line in enumerate(lines) if at not in gone)
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n") + "\n"


def with_value(source: str, number: int, name: str, value: date | None) -> str:
    """The text with another value of an entry, or without it (None). Raises UsageError as `in_tables`."""
    source = in_tables(source)
    document = tomlkit.parse(source)
    entries = document.get("recipients", [])
    if name in entries[number]:
        if value is None:
            del entries[number][name]
        else:
            entries[number][name] = value
        return tomlkit.dumps(document)
    if value is None:
        return source
    lines = source.splitlines()
    lines.insert(_header_lines(source)[number] + 1, f"{name} = {tomlkit.item(value).as_string()}")
    return "\n".join(lines) + "\n"


def in_tables(source: str) -> str:
    """The text with each recipient in a `[[recipients]]` table, also where they were written as a list: `recipients = [{ ... }]`. Raises
    UsageError where comments stand within such a list, as nobody could say whose they are."""
    document = tomlkit.parse(source)
    listed = document.get("recipients")
    if not isinstance(listed, Array):
        return source
    if "#" in _QUOTED.sub("", listed.as_string()):
        raise UsageError(
            f"{FILE_NAME} has comments within recipients = [...]; write each entry as a table of its own: a line [[recipients]], below it "
            "name = ... and the other keys, one a line; then try again"
        )
    tables = tomlkit.aot()
    for entry in listed:
        table = tomlkit.table()
        for name, value in entry.items():
            table.add(name, value)
        tables.append(table)
    document.remove("recipients")
    return tomlkit.dumps(document).rstrip("\n") + "\n\n" + "\n".join(f"[[recipients]]\n{table.as_string().strip()}\n" for table in tables)


def _header_lines(source: str) -> list[int]:
    document: TomlDocument = parse_toml(source, Path(FILE_NAME))
    count = len(document.data.get("recipients", []))
    places = [document.position(("recipients", number)) for number in range(count)]
    found = [place[0] - 1 for place in places if place is not None]
    lines = source.splitlines()
    if len(found) != count or not all(_HEADER.match(lines[at]) for at in found):
        raise UsageError(f"{FILE_NAME} does not name each recipient in a table of its own, [[recipients]]; change it by hand")
    return found


def _with_comment(lines: list[str], header: int) -> int:
    """Where the entry begins: the comment right above it is its own."""
    at = header
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    begins_file = at == 0 and header > 0
    return header if begins_file else at


def _own_end(lines: list[str], header: int, end: int) -> int:
    """Behind the entry's last line; comments that stand apart below it are nobody's."""
    at = header + 1
    for number in range(header + 1, end):
        if lines[number].strip() and not (lines[number].lstrip().startswith("#") and not lines[number - 1].strip()):
            if lines[number].lstrip().startswith("#") and at < number:
                continue
            at = number + 1
    return at
