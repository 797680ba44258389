"""A document's DOCTYPE taken off before a parser sees it: no entity is declared then, none is fetched, none unfolds. Pure and linear.

What an internal subset declares as plain text is kept and applied as text; a value that refers to another entity, to a file or to an
address is not. References to what is not declared stay for `mend_references`, which knows HTML's names.
"""

from __future__ import annotations

import html
import re

from msgspec import Struct, field

MAX_ENTITIES = 500
"""Declarations that are kept: HTML 4 has 252 names, and files that declare all of them exist."""
MAX_VALUE_CHARS = 200
"""Of an entity's text. Real ones stand for a letter or a site's name."""
MAX_SUBSET_CHARS = 200_000
"""Of an internal subset: the three entity sets of XHTML have about 30,000 together."""

_OPENING = re.compile(r"<!DOCTYPE\b", re.I)
_ENTITY = re.compile(r"<!ENTITY\s{1,40}([A-Za-z_][\w.-]{0,63})\s{1,40}(?:\"([^\"<%]{0,200})\"|'([^'<%]{0,200})')\s{0,40}>")
_CHARACTERS = re.compile(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")
_MARKS = re.compile(r"[\"'\[\]>]|<!--|<\?")
_CLOSING = {'"': '"', "'": "'", "<!--": "-->", "<?": "?>"}


class Undressed(Struct, frozen=True):
    """A document without its DOCTYPE, and the entities of plain text that this declared."""

    text: str
    entities: dict[str, str] = field(default_factory=dict)


def without_doctype(text: str) -> Undressed:
    """The document as it is when its prolog has no DOCTYPE, or one without an end: a parser that refuses entities judges that."""
    start = _after_misc(text)
    if not _OPENING.match(text, start):
        return Undressed(text)
    end = _end(text, start)
    if end < 0:
        return Undressed(text)
    return Undressed(text[:start] + text[end:], _entities(text[start:end]))


def _after_misc(text: str) -> int:
    """Where the prolog's XML declaration, comments and instructions are over."""
    at = 0
    while True:
        while at < len(text) and text[at] in "\ufeff \t\r\n":
            at += 1
        opening = next((mark for mark in ("<!--", "<?") if text.startswith(mark, at)), "")
        end = text.find(_CLOSING[opening], at + len(opening)) if opening else -1
        if end < 0:
            return at
        at = end + len(_CLOSING[opening])


def _end(text: str, start: int) -> int:
    """Where a DOCTYPE is over, quotes and comments of its subset passed by; -1 when it has no end."""
    at, inside, limit = start + len("<!DOCTYPE"), False, start + MAX_SUBSET_CHARS
    while found := _MARKS.search(text, at, limit):
        mark, at = found[0], found.end()
        if mark in _CLOSING:
            closing = text.find(_CLOSING[mark], at, limit)
            if closing < 0:
                return -1
            at = closing + len(_CLOSING[mark])
        elif mark in "[]":
            inside = mark == "["
        elif not inside:
            return at
    return -1


def _entities(doctype: str) -> dict[str, str]:
    """The first declaration of a name holds, as XML has it."""
    found: dict[str, str] = {}
    for declared in _ENTITY.finditer(doctype):
        value = declared[2] if declared[2] is not None else declared[3]
        if "&" not in _CHARACTERS.sub("", value) and len(found) < MAX_ENTITIES:
            found.setdefault(declared[1], html.unescape(value))
    return found
