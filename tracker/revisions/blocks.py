"""A page taken apart into the blocks that its reader sees, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from lxml.html import HtmlElement
from msgspec import Struct

from tracker.extraction.document import PageDocument, open_document
from tracker.extraction.screen import INLINE, one_line
from tracker.model import FetchedPage
from tracker.text.folding import fold

MAX_BLOCKS = 4000
"""A bound on the work: the richest article page of the corpus has under 2,000."""
MAX_BLOCK_CHARS = 20_000
"""A bound on the work: longer blocks are dumps without paragraphs, of which the head is compared."""
MARK_LEVELS = 3
"""Elements that name a place: the block's own and two above. More make every template's variants different places."""

_DROPPED = frozenset(("script", "style", "svg", "iframe", "object", "noscript", "template", "head", "select", "button", "textarea"))
_INLINE = frozenset(INLINE)
_WRAPPERS = frozenset(("ul", "ol", "dl", "li", "blockquote", "table", "tbody", "tr"))
"""What stands between a text and its items: an item that is added to a text comes with a list of its own."""
_NUMBERS = re.compile(r"\d+")
_WORD = re.compile(r"\w+|[%€$£°]")
_WORDS_APART = bytes(code if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128)) + bytes(128)
"""What stands for an ASCII character where words are cut; eight times as fast as looking for them."""


@lru_cache(maxsize=8192)  # two readings of a page share nearly all of their blocks
def key_of(text: str) -> str:
    """What of a text is compared: its words in one script, without case, accents, punctuation and spacing."""
    folded = fold(text)
    if folded.isascii() and "%" not in folded and "$" not in folded:
        return b" ".join(folded.encode().translate(_WORDS_APART).split()).decode()
    return " ".join(_WORD.findall(folded))


class Block(Struct, frozen=True):
    """One paragraph, heading or line. `mark` names its place in the template; `within` numbers the element of the page in which it stands,
    not counting lists, tables and quotes around it; `linked`: share of its characters inside links; `names`: classes and ids of its elements, lower case."""

    text: str
    key: str
    mark: str
    within: int
    linked: float
    tag: str
    names: str


class Page(Struct, frozen=True, dict=True):
    """A page ready to be compared."""

    document: PageDocument

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, in the order of the page."""
        return tuple(_blocks(self.document.whole_tree))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all blocks."""
        return frozenset(block.key for block in self.blocks)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of its main headings."""
        return tuple(block.text for block in self.blocks if block.tag == "h1")[:5]

    @cached_property
    def page_title(self) -> str:
        """What stands in `<title>`."""
        node = next(self.document.whole_tree.iter("title"), None)
        return one_line("".join(node.itertext())) if node is not None else ""

    @cached_property
    def shared_title(self) -> str:
        """The headline for those who share the page."""
        return self.document.meta("og:title", "twitter:title")


def open_page(page: FetchedPage) -> Page:
    """A page as it came; parsed when first asked. Never raises, whatever the bytes are."""
    return Page(open_document(page))


def _blocks(tree: HtmlElement) -> Iterator[Block]:
    body = tree.find("body")
    walk = _Walk()
    walk.element(body if body is not None else tree, (), 0)
    walk.end()
    yield from walk.found


class _Walk:
    """One walk over a tree; text of inline elements joins what stands beside it."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._chars = 0
        self._place: tuple[HtmlElement, ...] = ()
        self._numbers: dict[HtmlElement, int] = {}
        self._marks: dict[HtmlElement, tuple[str, str]] = {}

    def element(self, node: HtmlElement, above: tuple[HtmlElement, ...], links: int) -> None:
        tag = node.tag
        if not isinstance(tag, str) or tag in _DROPPED or _is_hidden(node) or len(self.found) >= MAX_BLOCKS:
            return
        inline = tag in _INLINE
        if not inline:
            above = (*above[-8:], node)
            self.end()
        if tag == "a":
            links += 1
        if text := node.text:
            self._say(text, above, links)
        for child in node:
            self.element(child, above, links)  # the parser bounds the depth: libxml2 takes 256 levels
            if text := child.tail:
                self._say(text, above, links)
        if not inline:
            self.end()

    def _say(self, text: str, place: tuple[HtmlElement, ...], links: int) -> None:
        if self._chars > MAX_BLOCK_CHARS:
            return
        self._pieces.append(text)
        if shown := len(text.strip()):
            self._place = place
            self._chars += shown
            self._linked += shown if links else 0

    def end(self) -> None:
        if not self._chars:
            self._pieces = []
            return
        text = one_line("".join(self._pieces))
        linked, chars, self._pieces = self._linked, self._chars, []
        self._linked = self._chars = 0
        key = key_of(text) if text else ""
        if not key or not self._place:
            return
        own = self._place[-1]
        parent = next((node for node in reversed(self._place[:-1]) if node.tag not in _WRAPPERS), own)
        within = self._numbers.setdefault(parent, len(self._numbers))
        mark, names = self._marked(own)
        self.found.append(Block(text, key, mark, within, min(1.0, linked / max(chars, 1)), own.tag, names))

    def _marked(self, own: HtmlElement) -> tuple[str, str]:
        """Mark and names of a place, made once for each element."""
        if own not in self._marks:
            names = [(node.tag, _names(node)) for node in self._place[-MARK_LEVELS:]]
            mark = "/".join(f"{tag}.{_NUMBERS.sub('#', name)}" for tag, name in names)
            self._marks[own] = (mark, " ".join(name for _, name in names))
        return self._marks[own]


def _names(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}".strip().lower()[:200]


def _is_hidden(node: HtmlElement) -> bool:
    style = node.get("style")
    return (style is not None and "display:none" in style.replace(" ", "").lower()) or node.get("hidden") is not None
