"""A change to a campaign file's text: comments, order and layout stay as the person who wrote it left them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomlkit
from msgspec import Struct
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array

from tracker.errors import UsageError
from tracker.matching.campaign_file import LANGUAGES
from tracker.model import TermKind

SPELLINGS = (*LANGUAGES, "aliases")
"""Keys of a term that hold spellings."""
QUERIES = ("circles", "labels", "key_messages")
"""Tables that hold queries."""
WRAP_CHARS = 160
"""A list that would be longer than this gets its new entry on a line of its own."""


class AddSpelling(Struct, frozen=True):
    """One more spelling of a term, under a language, `any` or `aliases`. A term that is not there is made, of this kind."""

    term_id: str
    language: str
    text: str
    kind: str = ""


class RemoveSpelling(Struct, frozen=True):
    """A spelling that no longer counts."""

    term_id: str
    language: str
    text: str


class SetQuery(Struct, frozen=True):
    """The query of a circle, label or key message."""

    table: str
    id: str
    query: str


Change = AddSpelling | RemoveSpelling | SetQuery


def changed(source: str, changes: Sequence[Change]) -> str:
    """The text with the changes made, in their order; all else is as it was, to the character. Whether the result is a campaign is for
    `parse_campaign` to say. Raises UsageError for a change of what is not there."""
    try:
        document = tomlkit.parse(source)
    except TOMLKitError as error:
        raise UsageError(f"the campaign file cannot be changed from here: {error}; change its text") from error
    for change in changes:
        _make(document, change)
    return tomlkit.dumps(document)


def _make(document: Any, change: Change) -> None:
    if isinstance(change, AddSpelling):
        _add(document, change)
    elif isinstance(change, RemoveSpelling):
        _remove(document, change)
    else:
        _set_query(document, change)


def _add(document: Any, change: AddSpelling) -> None:
    text = " ".join(change.text.split())
    if not text:
        raise UsageError("give the spelling to add")
    _check_language(change.language)
    term = _term(document, change)
    spellings = term.get(change.language)
    if spellings is None:
        _add_key(term, change.language, _list([text]))
        return
    if any(_text_of(one) == text for one in spellings):
        raise UsageError(f"{text!r} is a spelling of {change.term_id} already")
    _append(spellings, text)


def _term(document: Any, change: AddSpelling) -> Any:
    terms = document.get("terms", {})
    if change.term_id in terms:
        return terms[change.term_id]
    if not change.kind:
        raise UsageError(f"no term {change.term_id!r}")
    if change.kind not in [*TermKind]:
        raise UsageError(f"{change.kind!r} is no kind of a term; there are {', '.join(TermKind)}")
    table = tomlkit.table()
    table.add("kind", change.kind)
    if "terms" not in document:
        document.add("terms", tomlkit.table(is_super_table=True))
    document["terms"].add(change.term_id, table)
    return document["terms"][change.term_id]


def _add_key(table: Any, key: str, value: Any) -> None:
    """After the last key, before the comment that belongs to what follows the table."""
    body, after = table.value.body, []
    while body and body[-1][0] is None:
        after.append(body.pop())
    table.add(key, value)
    body.extend(reversed(after))


def _append(spellings: Any, text: str) -> None:
    if not isinstance(spellings, Array):
        raise UsageError("its spellings are no list; change the file's text")
    written = spellings.as_string()
    if "\n" in written:
        spellings.add_line(text, indent=_indent_of(written))
    elif len(written) + len(text) > WRAP_CHARS:
        spellings.multiline(True)
        spellings.append(text)
    else:
        spellings.append(text)


def _indent_of(written: str) -> str:
    line = next((line for line in written.split("\n")[1:] if line.strip()), "  ")
    return line[: len(line) - len(line.lstrip())] or "  "


def _remove(document: Any, change: RemoveSpelling) -> None:
    _check_language(change.language)
    term = document.get("terms", {}).get(change.term_id, {})
    spellings = term.get(change.language, ())
    place = next((place for place, one in enumerate(spellings) if _text_of(one) == change.text), None)
    if place is None:
        raise UsageError(f"{change.text!r} is no spelling of {change.term_id} under {change.language}")
    del spellings[place]
    if not spellings:
        term.remove(change.language)


def _set_query(document: Any, change: SetQuery) -> None:
    query = change.query.replace("\r\n", "\n").strip()
    if "'''" in query or not query.replace("\n", "").isprintable() or not query:
        raise UsageError("give a query, without three apostrophes in a row and without control characters")
    if change.table == "query":
        if "query" not in document:
            raise UsageError("the campaign has circles; name the one whose query it is")
        document["query"] = _query(query)
        return
    tables = document.get(change.table) if change.table in QUERIES else None
    found = next((one for one in tables if one.get("id") == change.id), None) if isinstance(tables, AoT | Array) else None
    if found is None:
        raise UsageError(f"no {change.id!r} among the {change.table} of the campaign file")
    found["query"] = _query(query)


def _query(text: str) -> Any:
    """Between apostrophes, which a query needs no escapes in; several lines begin below the key."""
    if "\n" not in text and "'" not in text:
        return tomlkit.string(text, literal=True)
    return tomlkit.parse(f"query = '''\n{text}\n'''\n")["query"]


def _list(texts: Sequence[str]) -> Any:
    made = tomlkit.array()
    made.extend(texts)
    return made


def _text_of(spelling: Any) -> str:
    return str(spelling.get("text", "") if hasattr(spelling, "get") else spelling).strip()


def _check_language(language: str) -> None:
    if language not in SPELLINGS:
        raise UsageError(f"{language!r} is no place for spellings; there are {', '.join(SPELLINGS)}")
