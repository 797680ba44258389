"""What stands between quotation marks of any language, and after the dash that opens speech. Pairs only; who speaks is not asked here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

LONGEST_QUOTE = 1500
"""Characters. A pair further apart is two marks whose partners are missing; the longest speech of the corpus has 900."""
DEEPEST = 6
"""Marks open at a time; the press nests two."""
_CLOSERS = {
    "„": "“”\"‟'",
    "“": '”“"',
    "”": "”",
    '"': '"”“',
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‚": "‘’'",
    "‘": "’'",
    "'": "'’",
    "‟": '”"',
}
_MARKS = re.compile("[" + re.escape("".join(_CLOSERS) + "’") + "]|''|,,")
_DOUBLED = {"''": '"', ",,": "„"}
_BEFORE_OPENING = re.compile(r"[\s(\[{:;,/–—.!?…-]|[„“”\"«»‹›‚‘']")
"""A full stop too: many portals lose the space behind it. With a pair open, such a mark closes it."""
_DASH = re.compile(r"[^\S\n]*[–—-][^\S\n]+(?=\S)")


class Span(Struct, frozen=True):
    """Words in quotation marks: `start` and `end` with the marks, `first` and `last` without them."""

    start: int
    end: int
    first: int
    last: int

    def inside(self, text: str) -> str:
        """The words themselves."""
        return text[self.first : self.last].strip()


def quoted_spans(text: str) -> list[Span]:
    """The outermost pairs of quotation marks, in order. A mark without a partner in its paragraph opens nothing, unless the next
    paragraph opens with the same mark, as a long speech is printed."""
    found: list[Span] = []
    carried = ""
    for start, end in _paragraphs(text):
        spans, left_open = _pairs(text, start, end)
        follows = _opening_of(text, end)
        if left_open is not None and follows and text.startswith(follows, left_open) and end - left_open <= LONGEST_QUOTE:
            spans = [span for span in spans if span.end <= left_open] + [Span(left_open, end, left_open + len(follows), end)]
            carried = follows
        elif carried and left_open is not None:
            carried = ""
        found += _outermost(spans)
    return found


def opening_dash(text: str, start: int) -> int | None:
    """Where speech begins in a paragraph that starts there with a dash; None where it does not."""
    found = _DASH.match(text, start)
    return found.end() if found else None


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    return ((found.start(), found.end()) for found in re.finditer(r"[^\n]+", text))


def _opening_of(text: str, end: int) -> str:
    """The mark with which the paragraph after this place opens."""
    following = text[end : end + 4].lstrip()
    return following[:1] if following[:1] in _CLOSERS and end < len(text) else ""


def _pairs(text: str, start: int, end: int) -> tuple[list[Span], int | None]:
    """Every pair of a paragraph, and where the last mark stands that found no partner."""
    stack: list[tuple[int, int, str]] = []
    spans: list[Span] = []
    for found in _MARKS.finditer(text, start, end):
        mark, at, after = _DOUBLED.get(found[0], found[0]), found.start(), found.end()
        before, following = text[at - 1 : at] if at > start else " ", text[after : after + 1] if after < end else " "
        if mark in "'’‘" and before.isalnum() and following.isalnum():
            continue  # an apostrophe
        depth = next((n for n in reversed(range(len(stack))) if mark in _CLOSERS[stack[n][2]]), None)
        apart = not before.strip() or bool(_BEFORE_OPENING.fullmatch(before)) or (depth is None and mark in "„“«" and following.isupper())
        opens = mark in _CLOSERS and apart and (mark == "„" or (not following.isspace() and following not in ",.;:!?)"))
        if depth is not None and not (opens and mark in stack[depth][2] and before.isspace()) and (not opens or not before.isspace()):
            opened, first, _ = stack[depth]
            del stack[depth:]
            if at - first <= LONGEST_QUOTE:
                spans.append(Span(opened, after, first, at))
        elif opens:
            stack.append((at, after, mark))
            del stack[:-DEEPEST]
    return spans, stack[0][0] if stack else None


def _outermost(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
