"""How alike two words are to the ear and to the eye: for near misses and for respellings."""

from __future__ import annotations

import re

_SOUNDS = (
    (re.compile(r"sch|sz|sh|cz|ch"), "s"),
    (re.compile(r"xh|dzh|dz|zh|x(?=h)"), "z"),
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("dh|dj|gj"), "d"),
    (re.compile("ck|q|kj"), "k"),
    (re.compile("c(?=[eiy])|ç"), "s"),
    (re.compile("c"), "k"),
    (re.compile("w"), "v"),
    (re.compile("x"), "ks"),
    (re.compile("ll"), "l"),
)
_SILENT = re.compile("[aeiouyjhw]")
_TWICE = re.compile(r"(.)\1+")


def skeleton(folded: str) -> str:
    """The consonants a word is heard by: `facebook` and `fejsbuk` have the same."""
    sounds = folded
    for pattern, sound in _SOUNDS:
        sounds = pattern.sub(sound, sounds)
    first = sounds[:1] if sounds[:1] in "aeiouyjhw" else ""
    return _TWICE.sub(r"\1", first + _SILENT.sub("", sounds[len(first) :]))


def distance(one: str, other: str, most: int) -> int | None:
    """Letters to add, drop or change, two neighbours swapped counting once; None when more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        older, before, row = before, row, [number]
        for place, seen in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != seen))
            if number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == seen:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
