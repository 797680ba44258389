"""A short quotation around the words that matched, in pieces that a template can escape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from tracker.model import Article, Hit

EXCERPT_CHARS = 260
"""Short enough for quotation right (under 5 % of a usual article of 4,000-6,000 characters) and for three lines of a mail."""


KEPT = 1024
"""Excerpts kept for the other languages and forms of an edition, which quote the same: with their texts some 10 MB."""
MOST_HITS = 200
"""Hits looked at to place an excerpt; a text with more of them names the campaign everywhere."""

_PILED = re.compile("(?<=[\u0300-\u036f]{2})[\u0300-\u036f]+")
"""More than two marks on one letter: no language of ours writes that."""


class Piece(Struct, frozen=True):
    """A piece of an excerpt; `marked` where it is a form that was matched."""

    text: str
    marked: bool = False


def without_controls(text: str) -> str:
    """Text from outside without what can turn, hide or break a line: control, direction, private and surrogate characters, and
    marks piled on a letter until they cover the lines around."""
    if _bears_marks(text):
        text = _PILED.sub("", text)
    if text.isprintable():
        return text
    return "".join(
        " " if (kind := unicodedata.category(letter)) in ("Cc", "Zl", "Zp") else letter if kind not in ("Cf", "Co", "Cs") else ""
        for letter in text
    )


def excerpt(article: Article, hits: Sequence[Hit], *, length: int = EXCERPT_CHARS) -> tuple[Piece, ...]:
    """At most about `length` characters of the body where most terms stand together, cut at words; the lead's start where only the title matched."""
    return _excerpt(article.body, tuple(hits), length)


@lru_cache(maxsize=KEPT)
def _excerpt(body: str, hits: tuple[Hit, ...], length: int) -> tuple[Piece, ...]:
    inside = sorted(
        (hit for hit in hits if hit.field == "body" and 0 <= hit.start < hit.end <= len(body)), key=lambda hit: (hit.start, -hit.end)
    )
    start, end = _window(body, _busiest(inside, length), length)
    pieces: list[Piece] = []
    at = start
    for hit in inside:
        if hit.start < at or hit.end > end:
            continue
        pieces += [Piece(body[at : hit.start]), Piece(body[hit.start : hit.end], marked=True)]
        at = hit.end
    pieces.append(Piece(body[at:end]))
    text = [Piece(_on_one_line(piece.text), piece.marked) for piece in pieces if piece.text]
    if start > 0:
        text.insert(0, Piece("… "))
    if end < len(body.rstrip()):
        text.append(Piece(" …"))
    return tuple(text)


def _on_one_line(text: str) -> str:
    """Keeps a space at either end. Of what is printable only the space is white."""
    return text if text.isprintable() and "  " not in text and not _bears_marks(text) else re.sub(r"\s+", " ", without_controls(text))


def _bears_marks(text: str) -> bool:
    """Whether letters of the text may bear marks of their own, by the bytes that U+0300 to U+036F begin with: a search is slower."""
    if text.isascii():
        return False
    raw = text.encode("utf-8", "replace")
    return b"\xcc" in raw or b"\xcd" in raw


def _busiest(hits: Sequence[Hit], length: int) -> int:
    """Where to look: the first place around which the most different terms stand."""
    if not hits:
        return 0
    reach = length * 2 // 3
    if hits[-1].end <= hits[0].start + reach:
        return hits[0].start
    around = [
        (len({other.term_id for other in hits if hit.start <= other.start and other.end <= hit.start + reach}), hit.start)
        for hit in hits[:MOST_HITS]
    ]
    return min(around, key=lambda found: (-found[0], found[1]))[1]


def _window(body: str, around: int, length: int) -> tuple[int, int]:
    start = max(0, around - length // 3)
    if start > 0:
        paragraph = body.rfind("\n", start, around)
        cut = re.compile(r"\s").search(body, start, around)
        start = paragraph + 1 if paragraph >= 0 else cut.end() if cut else around
    end = min(len(body), start + length)
    if end < len(body):
        cut_at = max(body.rfind(" ", around, end), body.rfind("\n", around, end))
        end = cut_at if cut_at > around else end
    return start, end
