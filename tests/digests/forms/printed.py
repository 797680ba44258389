"""What a reader sees of a page, read out of its HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset("p h1 h2 h3 h4 li td th tr table br div section figcaption text title".split())
_UNSEEN = frozenset({"style", "head", "script"})


class Page(HTMLParser):
    """The visible text of a page (blocks apart by line breaks), its links, its elements, and the language it declares."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.language = ""
        self._unseen: list[str] = []
        self.feed(html)

    @property
    def text(self) -> str:
        return re.sub(r"[ \t\u00a0]*\n\s*", "\n", "".join(self._pieces).replace("\u00a0", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag in _UNSEEN or found.get("class") == "preheader" or (tag == "svg" and "narrow" in (found.get("class") or "")):
            self._unseen.append(tag)
        if tag in _BLOCKS:
            self._pieces.append("\n")
        if tag == "html":
            self.language = found["lang"] or ""
        if tag == "a":
            self.links.append(found["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        if tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._pieces.append(data)
