"""Spellings seen in texts that look like a name of the campaign, but are none of its forms: for a person to accept as aliases."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from tracker.matching.acceptance import starts_sentence
from tracker.matching.addresses import stands_in_address
from tracker.matching.likeness import distance, skeleton
from tracker.matching.matcher import Matcher
from tracker.matching.respelling import sounds
from tracker.matching.scanning import pattern_bytes
from tracker.model import TermKind
from tracker.text.folding import fold

MIN_CHARS = 4
"""Shorter words are near too many others."""
MIN_CAPITAL_SHARE = 0.8
"""Of a spelling's occurrences; a common word that starts sentences now and then stays below."""
ENDING_CHARS = 3
"""Letters of a case ending that a respelling may add (-ovima has five, two are in the forms already)."""
EXAMPLE_CHARS = 80
"""Of the sentence shown with a proposal: a line of a terminal."""
_WORD = re.compile(r"[^\W\d_]{2,}")


class Suggestion(Struct, frozen=True):
    """A spelling that may be the term's: how often it was seen, in how many texts, and one place."""

    term_id: str
    entry: str
    spelling: str
    count: int
    texts: int
    example: str


class _Sighting:
    __slots__ = ("capital", "example", "small", "spellings", "texts")

    def __init__(self) -> None:
        self.capital = self.small = self.texts = 0
        self.example = ""
        self.spellings: Counter[str] = Counter()


def suggest(matcher: Matcher, texts: Iterable[str], *, least: int = 2) -> tuple[Suggestion, ...]:
    """Respellings seen at least `least` times, the most frequent first. Reads the texts once, keeps only what is alike."""
    names = _Names(matcher)
    seen: defaultdict[str, _Sighting] = defaultdict(_Sighting)
    for text in texts:
        here = set()
        for word, start, end in _candidates(text):
            folded = fold(word)
            if not names.like(folded):
                continue
            sighting = seen[folded]
            if word[0].isupper() and not starts_sentence(text, start) and not stands_in_address(text, start, end):
                sighting.capital += 1
                sighting.spellings[word] += 1
                sighting.example = sighting.example or " ".join(text[max(0, start - EXAMPLE_CHARS) : end + EXAMPLE_CHARS].split())
                here.add(folded)
            elif word[0].islower():
                sighting.small += 1
        for folded in here:
            seen[folded].texts += 1
    found = [
        Suggestion(*names.like(folded)[0], sighting.spellings.most_common(1)[0][0], sighting.capital, sighting.texts, sighting.example)
        for folded, sighting in seen.items()
        if sighting.capital >= least and sighting.capital >= MIN_CAPITAL_SHARE * (sighting.capital + sighting.small)
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.term_id, one.spelling)))


class _Names:
    """The words of a campaign's names, by sound and by letters."""

    def __init__(self, matcher: Matcher) -> None:
        self._known = {key for entry in matcher.vocabulary.entries for word in entry.words for key in word.forms}
        self._heard: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._sounds: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._letters: list[tuple[str, str, str]] = []
        self._entries = {fold(entry.text).replace("-", " ") for entry in matcher.vocabulary.entries}
        self._single: dict[bytes, tuple[str, str]] = {}
        self._answers: dict[str, list[tuple[str, str]]] = {}
        for entry in matcher.vocabulary.entries:
            if entry.kind is TermKind.NAME and entry.term_id and len(entry.words) == 1:
                self._single |= dict.fromkeys(entry.words[0].forms, (entry.term_id, entry.text))
            if entry.kind in (TermKind.NAME, TermKind.ACRONYM) and entry.term_id and not entry.hashtag:
                for typed in {word.typed for word in entry.words if word.typed[0].isupper() and len(word.typed) >= MIN_CHARS}:
                    folded = fold(typed)
                    self._letters.append((folded, entry.term_id, entry.text))
                    for heard in sounds(typed):
                        self._sounds[heard].append((entry.term_id, entry.text))
                    if len(skeleton(folded)) > 2:
                        self._heard[skeleton(folded)].append((folded, entry.term_id, entry.text))

    def like(self, folded: str) -> list[tuple[str, str]]:
        """Terms and entries that a folded word may be another spelling of; none when it is one of their forms."""
        if folded not in self._answers:
            self._answers[folded] = list(dict.fromkeys(self._look(folded)))
        return self._answers[folded]

    def _look(self, folded: str) -> Iterator[tuple[str, str]]:
        if " " in folded:
            yield from self._apart(folded)
            return
        if len(folded) < MIN_CHARS or pattern_bytes(folded) in self._known:
            return
        for length in range(len(folded), max(MIN_CHARS, len(folded) - ENDING_CHARS) - 1, -1):
            yield from self._sounds.get(folded[:length], ())
        heard = skeleton(folded)
        for length in (len(heard), len(heard) - 1):
            for typed, term_id, entry in self._heard.get(heard[:length], ()):
                if abs(len(typed) - len(folded)) <= ENDING_CHARS:
                    yield term_id, entry
        for typed, term_id, entry in self._letters:
            most = 2 if len(typed) > 7 else 1
            if typed[:1] == folded[:1] or typed[-3:] == folded[-3:]:
                stem = folded[: len(typed) + 1] if len(folded) > len(typed) + 1 else folded
                if len(folded) - len(typed) <= ENDING_CHARS and distance(stem, typed, most) is not None:
                    yield term_id, entry

    def _apart(self, folded: str) -> Iterator[tuple[str, str]]:
        """A name of one word written as two (Tik Tok), unless that is an entry already."""
        found = self._single.get(pattern_bytes(folded.replace(" ", "")))
        if found is not None and folded not in self._entries:
            yield found


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    """Single words, and two capitalised words side by side that may be one name written apart."""
    last: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        yield word.group(), word.start(), word.end()
        if (
            last is not None
            and word.start() == last.end() + 1
            and last.group()[0].isupper()
            and word.group()[0].isupper()
            and len(last.group()) < MIN_CHARS
        ):
            yield f"{last.group()} {word.group()}", last.start(), word.end()
        last = word
