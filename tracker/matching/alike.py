"""Words of a text held against the forms of a spelling: which are a letter or two away, or sound the same.

Of two words alike, one of their first pairs of letters is, and most of their letters are: all others are passed over unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from tracker.matching.likeness import distance, skeleton
from tracker.text.folding import fold

LONGEST_WORD, MOST_WORDS = 60, 1000
"""Of those held against every form: what is longer is none; two pages of print have fewer different ones."""
_WORD = re.compile(r"[^\W_]+")


class SeenWord(Struct, frozen=True):
    """A word as it stands in a text first, and the consonants it is heard by."""

    word: str
    start: int
    sounds: str


class TextWords:
    """The different words of a text that may be nearly a form, folded, by how they begin. `cut_at`: where it was looked no further,
    None where the whole text was."""

    def __init__(self, text: str, most: int = MOST_WORDS) -> None:
        self.seen: dict[str, SeenWord] = {}
        self.cut_at: int | None = None
        self._by_beginning: dict[tuple[str, str], list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        for word in _WORD.finditer(text):
            if 3 < word.end() - word.start() <= LONGEST_WORD:
                folded = fold(word.group())
                if len(folded) > 1 and folded not in self.seen:
                    if len(self.seen) == most:
                        self.cut_at = word.start()
                        break
                    self._add(folded, SeenWord(word.group(), word.start(), skeleton(folded)))

    def _add(self, folded: str, seen: SeenWord) -> None:
        self.seen[folded] = seen
        self._by_sound.setdefault(seen.sounds, []).append(folded)
        for kind, part in _beginnings(folded):
            self._by_beginning.setdefault((kind, part), []).append(folded)

    def near(self, forms: Forms, heard: str) -> list[str]:
        """Those that may be a letter or two away from one of the forms, or are heard so, in the order of the text."""
        found = {word for beginning in forms.beginnings for word in self._by_beginning.get(beginning, ())}
        found.update(self._by_sound.get(heard, ()) if heard else ())
        return sorted(found, key=lambda word: self.seen[word].start)


class Forms:
    """The forms of one spelling, by how they begin and how long they are."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules = rules
        self._lengths = {len(form) for form in rules}
        self._by_beginning: dict[tuple[str, str, int], list[tuple[int, str, int]]] = {}
        for number, form in enumerate(rules):
            for kind, part in (("first", form[:1]), ("pair", form[:2]), ("second", form[1:3])):
                self._by_beginning.setdefault((kind, part, len(form)), []).append((number, form, _letters(form)))
        self.beginnings = {(kind, part) for kind, part, _ in self._by_beginning}

    def nearest(self, word: str, sounds_alike: bool) -> tuple[int, str] | None:
        """How far the nearest form is from the word, and in words; None where it is one, or none is near."""
        if word in self._rules:
            return None
        most = 1 if len(word) < 7 else 2
        best: tuple[int, str] | None = None
        for _, form in sorted(self._beginning_alike(word, most)):
            away = distance(word, form, most if best is None else best[0])
            if away and (best is None or away < best[0]):
                best = away, f"{away} letter{'s' if away > 1 else ''} away from {form!r}, {self._rules[form]}"
        if best is None and sounds_alike:
            return 3, "sounds like it; add it to the aliases if it is the same"
        return best

    def _beginning_alike(self, word: str, most: int) -> set[tuple[int, str]]:
        found: set[tuple[int, str]] = set()
        letters = _letters(word)
        for length in range(len(word) - most, len(word) + most + 1):
            if length in self._lengths:
                for kind, part in _beginnings(word):
                    for number, form, others in self._by_beginning.get((kind, part, length), ()):
                        if (letters ^ others).bit_count() <= 2 * most:
                            found.add((number, form))
        return found


def _beginnings(word: str) -> tuple[tuple[str, str], ...]:
    """Under which beginnings of a form this word is looked for."""
    return ("first", word[:1]), ("second", word[1:3]), ("second", word[:2]), ("pair", word[1:3])


def _letters(word: str) -> int:
    """Which letters a word has, a bit each; a change of one letter changes two bits at most."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 63)
    return found
