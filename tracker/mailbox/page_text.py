"""The words and links of a mail's HTML. Nothing in it is fetched or run; what it quotes of an older mail is told apart by `>`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html
from msgspec import Struct

MOST_CHARS = 100_000
MOST_LINKS = 600
"""A newsletter of a large outlet has 120."""
MOST_WORDS = 300
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BREAKS = frozenset("p div br tr li ul ol table blockquote h1 h2 h3 h4 h5 h6 hr".split())


class PageText(Struct, frozen=True):
    """`links`: (address, the words that it stands under), in their order."""

    text: str
    links: tuple[tuple[str, str], ...]


def text_of_page(raw: bytes, charset: str) -> PageText:
    """Words and links of a page; empty for bytes that are none."""
    for encoding in (charset or None, "utf-8", None):
        try:
            parser = html.HTMLParser(encoding=encoding, huge_tree=False, remove_comments=True, no_network=True)
            root = html.document_fromstring(raw, parser=parser)
        except (LookupError, ValueError, etree.LxmlError):
            continue
        return PageText(_text(root), tuple(_links(root)))
    return PageText("", ())


def _text(root: html.HtmlElement) -> str:
    pieces: list[str] = []
    quoted = unseen = size = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            quoted += tag == "blockquote"
            unseen += tag in _UNSEEN
            piece = ("\n" + "> " * bool(quoted) if tag in _BREAKS else "") + ("" if unseen or not tag else node.text or "")
        else:
            quoted -= tag == "blockquote"
            unseen -= tag in _UNSEEN
            piece = ("\n" + "> " * bool(quoted) if tag in _BREAKS else "") + ("" if unseen else node.tail or "")
        pieces.append(piece)
        size += len(piece)
        if size > MOST_CHARS:
            break
    lines = (" ".join(line.split()) for line in "".join(pieces)[:MOST_CHARS].split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join("" if line == ">" else line for line in lines)).strip()


def _links(root: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for number, node in enumerate(root.iter("a")):
        if number >= MOST_LINKS:
            return
        if href := (node.get("href") or "").strip():
            words = " ".join("".join(piece for _, piece in zip(range(60), node.itertext(), strict=False)).split())
            yield href, words[:MOST_WORDS]
