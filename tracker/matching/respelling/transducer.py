"""Letters to letters by weighted rules: the likeliest few of all the ways to read a word."""

from __future__ import annotations

import re
from collections import defaultdict

from msgspec import Struct

BEAM = 40
"""Partial readings kept at every letter: twice the most that are asked for, so that a late letter can still reorder them."""
NOTHING = "-"


class Rules(Struct, frozen=True):
    """Rules in order of precedence: what is read at a place, and what it may become, likeliest first."""

    by_letter: dict[str, tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]]

    def best(self, word: str, most: int, dearest: int) -> list[tuple[int, str]]:
        """At most `most` readings of a lower-case word with their costs, likeliest first. Every second choice costs one, every third two; a reading that
        costs more than `dearest` is left out. Work grows with the length of the word alone."""
        found: list[tuple[int, str]] = [(0, "")]
        at = 0
        while at < len(word):
            length, options = self._at(word, at)
            longer = [
                (cost + price, reading + option)
                for cost, reading in found
                for price, option in enumerate(options)
                if cost + price <= dearest
            ]
            found = sorted(longer, key=lambda one: one[0])[:BEAM]
            at += length
        cheapest: dict[str, int] = {}
        for cost, reading in found:
            cheapest.setdefault(reading, cost)
        return [(cost, reading) for reading, cost in cheapest.items()][:most]

    def _at(self, word: str, at: int) -> tuple[int, tuple[str, ...]]:
        for pattern, options in self.by_letter.get(word[at], ()):
            match = pattern.match(word, at)
            if match is not None and match.end() > at:
                return match.end() - at, options
        return 1, (word[at],)


_CONTEXT_BEFORE = re.compile(r"^\^|^\(\?<=[^)]*\)")


def rules(text: str) -> Rules:
    """Rules written one after another as `letters>option/option`, with `-` for nothing; the letters are a regular expression that
    begins with one letter or a choice of letters, after what must stand before it."""
    by_letter: defaultdict[str, list[tuple[re.Pattern[str], tuple[str, ...]]]] = defaultdict(list)
    for rule in text.split():
        pattern, _, options = rule.partition(">")
        compiled = re.compile(pattern), tuple("" if option == NOTHING else option for option in options.split("/"))
        for letter in _first_letters(_CONTEXT_BEFORE.sub("", pattern)):
            by_letter[letter].append(compiled)
    return Rules({letter: tuple(found) for letter, found in by_letter.items()})


def _first_letters(pattern: str) -> str:
    return pattern[1 : pattern.index("]")] if pattern.startswith("[") else pattern[0]
