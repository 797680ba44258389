"""One pass of expat over an XML document before anything is built of it: is it well-formed, is it safe, where can it be cut?

The limits are those beyond which feedparser takes seconds; real feeds stay far below them.
"""

from __future__ import annotations

import re
from xml.parsers import expat

MAX_DEPTH = 500
"""Beyond it feedparser's stacks grow slow: `tests/sources/feeds/test_feed.py`, "10,000 deep"."""
MAX_ELEMENTS = 60_000  # feedparser takes up to 60 us for one; 5,000 entries with twelve each
MAX_ENTRIES = 5_000
"""Fifty times what WordPress gives at most; with twelve elements each feedparser takes up to 3.6 s for them."""
MAX_ATTRIBUTES = 200  # an element; feedparser looks each up among all
MAX_PERSON_COST = 200_000_000  # feedparser looks for an email address in time that grows with the square of an author's length

ITEMS = frozenset({"item", "entry"})
PERSONS = frozenset(
    {"author", "creator", "contributor", "publisher", "name", "email", "managingeditor", "webmaster", "owner", "editor", "person"}
)
ENTITIES_REFUSED = "the document declares entities (<!ENTITY), which is refused as unsafe"


class _Refused(Exception):
    """Ends a scan: the document is not safe to parse."""


class _Enough(Exception):
    """Ends a scan: the document is safe up to the last entry that began."""


class Scan:
    """What the pass found. `refused`: why it must not be parsed; `complete`: well-formed as far as it is used; `overflow`: only part is."""

    def __init__(self, text: str) -> None:
        self.refused = self.error = ""
        self.unbound = self.complete = self.overflow = False
        self._document = _DECLARATION.sub("", text, count=1).lstrip().encode("utf-8", "replace")
        self._open: list[str] = []
        self._elements = self._entries = self._person_depth = self._person_chars = self._person_cost = 0
        self._cut_at, self._cut_open = -1, ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.namespace_prefixes = True
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity
        self._run()

    def cut(self) -> str:
        """The document up to the last entry that fits, closed again."""
        return self._document[: self._cut_at].decode("utf-8", "replace") + self._cut_open

    @property
    def entries(self) -> int:
        """How many entries began."""
        return self._entries

    def _run(self) -> None:
        try:
            self._parser.Parse(self._document, True)
            self.complete = True
        except _Enough:
            self.complete = self.overflow = True
        except _Refused as reason:
            self.refused = str(reason)
        except expat.ExpatError as error:
            self.error = f"{expat.ErrorString(error.code)}, line {error.lineno}"
            self.unbound = error.code == _UNBOUND

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parts = name.split(" ")
        local = parts[0] if len(parts) == 1 else parts[1]
        if local in ITEMS:
            self._entry()
        self._open.append(f"{parts[2]}:{local}" if len(parts) == 3 else local)
        self._elements += 1
        if len(self._open) > MAX_DEPTH:
            raise _Refused(f"elements nested more than {MAX_DEPTH} deep")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _Refused(f"an element with more than {MAX_ATTRIBUTES} attributes")
        if self._elements > MAX_ELEMENTS:
            if self._entries < 2:
                raise _Refused(f"more than {MAX_ELEMENTS} elements")
            self._entries -= 1
            raise _Enough
        if not self._person_depth and local.lower() in PERSONS:
            self._person_depth, self._person_chars = len(self._open), 0
            self._parser.CharacterDataHandler = self._person_text

    def _entry(self) -> None:
        if self._entries >= MAX_ENTRIES:
            self._mark()
            raise _Enough
        self._entries += 1
        self._mark()

    def _mark(self) -> None:
        self._cut_at, self._cut_open = self._parser.CurrentByteIndex, "".join(f"</{name}>" for name in reversed(self._open))

    def _end(self, _: str) -> None:
        if len(self._open) == self._person_depth:
            self._person_depth = 0
            self._parser.CharacterDataHandler = None
        self._open.pop()

    def _person_text(self, text: str) -> None:
        self._person_cost += len(text) * (len(text) + 2 * self._person_chars)
        self._person_chars += len(text)
        if self._person_cost > MAX_PERSON_COST:
            raise _Refused("authors' names of absurd length")

    def _entity(self, *_: object) -> None:
        raise _Refused(ENTITIES_REFUSED)


_DECLARATION = re.compile(r"^<\?xml[^>]{0,300}\?>")
_UNBOUND = expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]
