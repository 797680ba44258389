"""Answers of an interview: speech without quotation marks, known by the layout alone.

Two layouts: each speech behind its speaker's name and a colon, or questions in paragraphs of their own with answers below. What is
doubtful is no interview: a headline of the form "Name: words" is none by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from msgspec import Struct

from tracker.text.folding import fold
from tracker.text.sentences import sentence_breaks

LEAST_TURNS = 2
"""Speeches behind a name, or questions with their answers: one is a headline, a caption or a rhetorical question."""
MOST_ANSWERS = 3
"""Of an interview, the first: it would fill a report by itself."""
LEAST_WORDS, MOST_CHARS = 6, 500
"""Of an answer; a longer one ends with its last whole sentence before."""
LABEL_WORDS = 7
"""Before the colon: a name and an office."""
LONGEST_QUESTION = 400
_LABEL = re.compile(r"[^\S\n]*[*_\"“„«(]{0,3}(?P<label>[^\n:?!]{2,80}):[*_]{0,3}[^\S\n]+(?=\S)")
_INTERVIEW = re.compile(r"\b(?:n?intervist|interv(?:j|y)u|interview|razgovor|razgovar|bised|conversation with|spoke to|talked to|pyetje)")
_ANSWER_LABELS = frozenset("pergjigje pergjigja odgovor odgovara answer a o".split())
_QUESTION_LABELS = frozenset("pyetje pyetja pitanje prasanje question novinar novinarka gazetari gazetarja q".split())


class Named(Protocol):
    """A spokesperson's name in the text."""

    @property
    def person(self) -> str:
        """Whose name it is."""

    @property
    def start(self) -> int:
        """Its first letter."""

    @property
    def end(self) -> int:
        """Behind its last letter."""


class Answer(Struct, frozen=True):
    """What somebody said, [start, end) of the text; `until` is the end of the paragraph."""

    person: str
    start: int
    end: int
    until: int


class _Paragraph(Struct, frozen=True):
    start: int
    end: int
    label: str  # folded, empty where there is none
    speech: int  # where the words behind the label begin
    person: str  # the spokesperson whom the label names


def answers(text: str, named: Sequence[Named], names_another: Callable[[int, int], bool]) -> Iterator[Answer]:
    """The first answers of spokespeople in an interview, in order. `names_another` says whether a part of the text names a person who is
    none of them."""
    paragraphs = [_read(text, found.start(), found.end(), named) for found in re.finditer(r"[^\n]*\S[^\n]*", text)]
    count = 0
    for person, start, until in _labelled(paragraphs) or _below_questions(text, paragraphs, named, names_another):
        end = _ended(text, start, until)
        if len(text[start:end].split()) >= LEAST_WORDS and count < MOST_ANSWERS:
            count += 1
            yield Answer(person, start, end, until)


def _read(text: str, start: int, end: int, named: Sequence[Named]) -> _Paragraph:
    found = _LABEL.match(text, start, end)
    if found is None or len(found["label"].split()) > LABEL_WORDS:
        return _Paragraph(start, end, "", start, "")
    first, last = found.span("label")
    people = {one.person for one in named if first <= one.start and one.end <= last}
    return _Paragraph(start, end, fold(found["label"].strip(" .*_")), found.end(), people.pop() if len(people) == 1 else "")


def _labelled(paragraphs: Sequence[_Paragraph]) -> list[tuple[str, int, int]]:
    """Speeches behind a spokesperson's name, where the text goes from one label to the next."""
    turns = [one for one in paragraphs if one.person]
    labels = [one for one in paragraphs if one.label]
    asked = {one.label for one in labels if not one.person}
    in_turn = len(turns) >= LEAST_TURNS and (len(labels) > len(turns) or len({one.person for one in turns}) > 1)
    if not (in_turn or (turns and asked & _QUESTION_LABELS)):
        return []
    return [(one.person, one.speech, one.end) for one in turns]


def _below_questions(
    text: str, paragraphs: Sequence[_Paragraph], named: Sequence[Named], names_another: Callable[[int, int], bool]
) -> list[tuple[str, int, int]]:
    """Paragraphs below questions, where what stands above the first one says that this is an interview, and with whom."""
    turns = [(one, other) for one, other in pairwise(paragraphs) if _asks(text, one) and not _asks(text, other)]
    if len(turns) < LEAST_TURNS:
        return []
    first = turns[0][0].start
    people = {one.person for one in named if one.start < first}
    if len(people) != 1 or not _INTERVIEW.search(fold(text[:first])) or names_another(0, first):
        return []
    [person] = people
    own = [(other, other.speech if other.label in _ANSWER_LABELS else other.start) for _, other in turns]
    return [
        (person, start, other.end) for other, start in own if not other.label or other.label in _ANSWER_LABELS or other.person == person
    ]


def _asks(text: str, paragraph: _Paragraph) -> bool:
    return paragraph.end - paragraph.start <= LONGEST_QUESTION and text[paragraph.start : paragraph.end].rstrip(' \t*_”“"»').endswith("?")


def _ended(text: str, start: int, until: int) -> int:
    """The end of the last whole sentence within MOST_CHARS, of the first one where it is longer."""
    said = text[start:until].rstrip()
    if len(said) <= MOST_CHARS:
        return start + len(said)
    breaks = [place for place in sentence_breaks(said) if place]
    fitting = [place for place in breaks if place <= MOST_CHARS]
    if not fitting:
        return start + len(said[:MOST_CHARS].rpartition(" ")[0] or said[:MOST_CHARS])
    return start + len(said[: fitting[-1]].rstrip())
