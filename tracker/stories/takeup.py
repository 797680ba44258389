"""What items took of the campaign's own texts: sentence by sentence, in any script. "Published the release" says nothing against an item.

A release is measured in the languages that it was sent in. An item in another language is not measured, which is not "nothing".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise

from msgspec import Struct

from tracker.model import HBS, PressRelease, TakeUp, Use
from tracker.stories.shingles import folded_words, shingles_of
from tracker.text.quotation_marks import quoted_spans
from tracker.text.sentences import sentence_breaks

SAME_SENTENCE = 0.6
"""Share of a sentence's shingles that stand in the other text: a word or two changed in ten, as editors do. As for stories (`grouping`)."""
LARGELY = 0.5
"""Share of an item's sentences: half of what the outlet printed is the release's own words. An outlet's own first paragraph over a short
release must not hide it."""
LEAST_WORDS = 5
"""Of a sentence: shorter ones ("He thanked all partners.") are alike by chance, and are not counted."""
LEAST_ITEM_WORDS = 20
"""Of an item: less is a headline, of which nothing can be said."""
PUBLISHED_WORDS = 30
"""Of the sentences taken: less is a brief, or what an outlet prints under all its articles."""
ONE_IS_ENOUGH_WORDS = 12
"""A single sentence of so many words is taken from the release; of shorter ones it takes two."""
QUOTE_WORDS = 5
"""Of a quote: fewer words are a name or a title in quotation marks."""
MEASURED_FOR = timedelta(days=30)
"""After the day it was sent: later an item that took nothing is about other things."""


class Reader(Struct, frozen=True):
    """An item as it is measured."""

    text: str
    language: str
    published_on: date | None = None


def measure_take_up(items: Sequence[Reader], releases: Sequence[PressRelease], names: Collection[str] = ()) -> list[TakeUp | None]:
    """For each item what it took of the release of which it took most. None: no release was sent in its time. `names`: what everybody
    writes alike, such as the campaign's name, and what therefore says nothing."""
    texts = [_Text.of(text, language, release) for release in releases for language, text in release.texts]
    said_by_all = {shingle for shingles in shingles_of([folded_words(name) for name in names]) for shingle in shingles}
    return [_of_item(item, releases, texts, said_by_all) for item in items]


class _Sentence(Struct, frozen=True):
    words: int
    shingles: frozenset[int]

    def is_in(self, others: Collection[int], said_by_all: Collection[int]) -> bool:
        own = self.shingles.difference(said_by_all)
        return len(own) * 2 > len(self.shingles) and len(own.intersection(others)) >= SAME_SENTENCE * len(own)


class _Text(Struct, frozen=True):
    """A text by sentences. `release`: whose it is."""

    language: str
    sentences: tuple[_Sentence, ...]
    shingles: frozenset[int]
    release: PressRelease
    quotes: tuple[tuple[str, _Sentence], ...] = ()

    @classmethod
    def of(cls, text: str, language: str, release: PressRelease, *, quoted: bool = True) -> _Text:
        quotes = [span.inside(text) for span in quoted_spans(text)] if quoted else []
        read = [*_read(chain(_split(text), quotes))]
        sentences = read[: len(read) - len(quotes)]
        of_quotes = zip(quotes, read[len(read) - len(quotes) :], strict=True)
        return cls(
            language,
            tuple(one for one in sentences if one.words >= LEAST_WORDS),
            frozenset(chain.from_iterable(one.shingles for one in sentences)),
            release,
            tuple((quote, one) for quote, one in of_quotes if one.words >= QUOTE_WORDS),
        )


def _split(text: str) -> list[str]:
    marks = [0, *sentence_breaks(text), len(text)]
    return [text[start:end] for start, end in pairwise(marks)]


def _read(sentences: Iterator[str]) -> Iterator[_Sentence]:
    words = [folded_words(sentence) for sentence in sentences]
    for each, shingles in zip(words, shingles_of(words), strict=True):
        yield _Sentence(len(each), frozenset(shingles))


def _of_item(item: Reader, releases: Sequence[PressRelease], texts: Sequence[_Text], said_by_all: Collection[int]) -> TakeUp | None:
    of_its_time = [release for release in releases if _may_use(item, release)]
    if not of_its_time:
        return None
    comparable = [text for text in texts if text.release in of_its_time and _same_language(item.language, text.language)]
    read = _Text.of(item.text, item.language, of_its_time[0], quoted=False)
    if not comparable or sum(one.words for one in read.sentences) < LEAST_ITEM_WORDS:
        return _unless_late(TakeUp(Use.NOT_MEASURED, of_its_time[0].title), item, of_its_time)
    best = max((_taken(read, text, said_by_all) for text in comparable), key=lambda one: (_RANK[one.use], one.of_item, one.of_release))
    if best.use is Use.OWN and any(not text.language for text in comparable):  # in which language that text is, nobody said
        best = TakeUp(Use.NOT_MEASURED, best.release)
    return best if best.use in (Use.PUBLISHED, Use.PARTS) else _unless_late(best, item, of_its_time)


_RANK = {Use.NOT_MEASURED: 0, Use.OWN: 1, Use.PARTS: 2, Use.PUBLISHED: 3}


def _taken(item: _Text, text: _Text, said_by_all: Collection[int]) -> TakeUp:
    taken = [one for one in item.sentences if one.is_in(text.shingles, said_by_all)]
    used = sum(one.is_in(item.shingles, said_by_all) for one in text.sentences)
    quotes = tuple(quote for quote, one in text.quotes if one.is_in(item.shingles, said_by_all))
    of_item, of_release = len(taken) / max(len(item.sentences), 1), used / max(len(text.sentences), 1)
    if of_item >= LARGELY and sum(one.words for one in taken) >= PUBLISHED_WORDS:
        use = Use.PUBLISHED
    elif len(taken) > 1 or quotes or any(one.words >= ONE_IS_ENOUGH_WORDS for one in taken):
        use = Use.PARTS
    else:
        use, of_item, of_release = Use.OWN, 0.0, 0.0
    return TakeUp(use, text.release.title, round(of_item, 4), round(of_release, 4), quotes)


def _may_use(item: Reader, release: PressRelease) -> bool:
    """Outlets print a release a day early where they got it under embargo."""
    return item.published_on is None or release.sent_on is None or item.published_on >= release.sent_on - timedelta(days=1)


def _unless_late(found: TakeUp, item: Reader, releases: Sequence[PressRelease]) -> TakeUp | None:
    """Nothing where the item appeared long after every release: that it took nothing says nothing."""
    day = item.published_on
    late = day is not None and all(one.sent_on is not None and day - one.sent_on > MEASURED_FOR for one in releases)
    return None if late else found


def _same_language(one: str, other: str) -> bool:
    """Outlets in Bosnian, Croatian, Montenegrin and Serbian carry each other word for word."""
    return not other or one == other or (one in HBS and other in HBS)
