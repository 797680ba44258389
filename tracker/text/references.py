"""References to characters and entities in XML as text, put right before a parser sees them. Pure and linear."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from types import MappingProxyType

MAX_ADDED_CHARS = 1_000_000
"""Which a document's own entities may add: an eighth of the largest feed that is read."""
NO_ENTITIES: Mapping[str, str] = MappingProxyType({})

_REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z_][\w.-]{0,63});)?")
_BARE_ANGLE = re.compile(r"<(?=[\s\d=<,.;)-])")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def mend_references(text: str, entities: Mapping[str, str] = NO_ENTITIES) -> str:
    """XML text with bare ampersands and angles escaped, HTML's entity names and `entities` spelt out, references to characters XML cannot hold
    dropped; CDATA untouched."""
    reference = _Reference(entities)
    parts, at = [], 0
    while True:
        start = text.find("<![CDATA[", at)
        if start < 0:
            parts.append(_REFERENCE.sub(reference, _BARE_ANGLE.sub("&lt;", text[at:])))
            return "".join(parts)
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end + 3
        parts += [_REFERENCE.sub(reference, _BARE_ANGLE.sub("&lt;", text[at:start])), text[start:end]]
        at = end


class _Reference:
    """What a reference is replaced by. Entities of the document may add MAX_ADDED_CHARS in all; later ones stay as names."""

    def __init__(self, entities: Mapping[str, str]) -> None:
        self._entities, self._added = entities, 0

    def __call__(self, found: re.Match[str]) -> str:
        decimal, hexadecimal, name = found.groups()
        if name:
            return self._named(found[0], name)
        if decimal or hexadecimal:
            number = int(decimal) if decimal else int(hexadecimal, 16)
            writable = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
            return found[0] if writable else ""
        return "&amp;"

    def _named(self, written: str, name: str) -> str:
        if name in _XML_NAMES:
            return written
        known = html.unescape(written)
        if name in self._entities and self._added < MAX_ADDED_CHARS:
            known = self._entities[name]
            self._added += len(known)
        return html.escape(known) if known != written else f"&amp;{name};"
