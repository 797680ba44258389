"""Who is quoted: words in quotation marks whose speaker, by the sentence around them, is one of the campaign's spokespeople, and the
answers of an interview.

It finds; a person confirms. So what is doubtful is not found: another person nearer to the verb, a name in another case than the speaker's,
marks around a title or a word or two. Pure: a text and the places of names in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, pairwise

from msgspec import Struct

from tracker.matching.interviews import answers
from tracker.matching.naming import is_of_institution
from tracker.matching.speech_words import ACCORDING, CLAUSE_BREAKS, FILLERS, PREPOSITIONS, PRONOUNS, TITLED, VERBS
from tracker.model import Hit, Quote, Spokesperson
from tracker.text.folding import fold
from tracker.text.quotation_marks import LONGEST_QUOTE, Span, opening_dash, quoted_spans
from tracker.text.sentences import sentence_breaks

LEAST_WORDS = 4
"""Of a quote. Marks around fewer are a name, a term or irony; "Children come first" is three words in no language of the region."""
VERB_WITHIN, SPEAKER_WITHIN = 8, 16
"""Words from the closing mark to the verb, and from the verb to the name: room for an office and an institution."""
ZONE_CHARS = 600
"""Before and behind a quote that are read for its speaker; the longest sentence of the corpus has 700 with its quote."""
SENTENCES_BACK = 3
"""In which the speaker is looked for whom "he said" means: the quote's own sentence and two before it."""
MOST_SPANS = 300
"""Pairs of marks in one text; a page with more is a list of words."""
NESTED_TERMS = 12
"""Places of terms, counted back from a word, that may reach over it: a name is a term, and so are its parts."""
NAMED_SHARE = 0.6
"""Of a quote's letters that names of the campaign may cover: more is the campaign's own name in quotation marks."""
_WORD = re.compile(r"[^\W_]+(?:[-'’/][^\W_]+)*")
_OBLIQUE = re.compile("genitive|dative|accusative|instrumental|locative|ablative|plural|vocative")
_SPEECH_ENDS = re.compile(r"\s[–—-]\s|[,!?…]\s|[.]\s(?=[–—-]\s)")


class _Word(Struct, frozen=True):
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return fold(self.text)

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper() and not self.text.isupper()


class _Named(Struct, frozen=True):
    """A spokesperson's name in the text; `may_speak` is false in a case that a speaker's name does not stand in."""

    person: str
    start: int
    end: int
    may_speak: bool


class _Candidate(Struct, frozen=True):
    """Who may be the subject of a verb: a spokesperson, or somebody else (`person` is empty)."""

    person: str
    distance: int


def find_quotes(text: str, hits: Iterable[Hit], spokespeople: Sequence[Spokesperson]) -> tuple[Quote, ...]:
    """The quotes of spokespeople in a text, in its order. `hits` are all places of the campaign's terms in this text."""
    if not spokespeople:
        return ()
    return tuple(sorted(_Reading(text, tuple(hits), spokespeople).quotes(), key=lambda quote: quote.start))


class _Reading:
    """A text with its quoted words blanked, so that only what stands around them is read."""

    def __init__(self, text: str, hits: Sequence[Hit], spokespeople: Sequence[Spokesperson]) -> None:
        self.text, self.spokespeople = text, spokespeople
        self.hits = sorted(hits, key=lambda hit: hit.start)
        self.starts = [hit.start for hit in self.hits]
        self.named = _names(text, hits, spokespeople)
        self.around = text
        self.named_at = [one.start for one in self.named]
        self.spans = quoted_spans(text)[:MOST_SPANS]
        spoken = islice(self._spoken_after_dashes(), MOST_SPANS)
        self.spans += [span for span in spoken if not any(one.start < span.end and span.start < one.end for one in self.spans)]
        self.spans.sort(key=lambda span: span.start)
        self.around = _blanked(text, self.spans)
        self.breaks = sorted(
            {0, len(text), *sentence_breaks(_blanked(text, self.spans, with_capitals=True)), *(m.end() for m in re.finditer(r"\n+", text))}
        )

    @cached_property
    def _offices(self) -> list[tuple[str, list[str], list[str]]]:
        """Of each spokesperson's role in each language: stems of the office, and the institution's words."""
        found = []
        for person in self.spokespeople:
            for role in {person.role, *(role for _, role in person.roles)}:
                office, _, institution = role.partition(",")
                stems = [fold(word)[:5] for word in _WORD.findall(office) if len(word) > 3]
                owners = [fold(word) for word in re.findall(r"[^\W_]{4,}", institution)]
                if len(stems) > 1 and owners:
                    found.append((person.name, stems, owners[:2]))
        return found

    def quotes(self) -> Iterator[Quote]:
        given = [*answers(self.text, self.named, self._names_another)]
        yield from (Quote(one.person, self.text[one.start : one.end], one.start, one.end) for one in given)
        speaker, ended = "", -1
        for span in self.spans:
            if not self._is_speech(span) or any(one.start < span.end and span.start < one.until for one in given):
                continue
            before, after = self._zones(span)
            announced = self.around[before[0] : before[1]].rstrip().endswith(":")
            found = self._before(before) if announced else self._after(after)
            if found is None:
                found = self._after(after) if announced else self._before(before)
            if found is None and self._goes_on(span, ended):
                found = speaker
            elif found == _UNNAMED:
                found = self._last_named(before[0] if before[0] < span.start else span.start) or ""
            speaker, ended = found or "", max(span.end, after[1]) if found else -1
            if found:
                yield Quote(found, span.inside(self.text), span.first, span.last)

    # --- what is a quote

    def _is_speech(self, span: Span) -> bool:
        inside = span.inside(self.text)
        words = _WORD.findall(inside)
        if len(words) < LEAST_WORDS:
            return False
        if self._words(max(0, span.start - 60), span.start) and self._words(max(0, span.start - 60), span.start)[-1].key in TITLED:
            return False
        long = [word for word in words if len(word) > 3]
        if len(long) > 2 and sum(word[0].isupper() for word in long) > 0.7 * len(long):
            return False  # A Title Written Like One
        near = self.hits[bisect_left(self.starts, span.first) : bisect_right(self.starts, span.last)]
        covered = {place for hit in near for place in range(hit.start, min(hit.end, span.last))}
        return len(covered) < NAMED_SHARE * len(inside)

    def _spoken_after_dashes(self) -> Iterator[Span]:
        """Speech that a dash opens at the start of a paragraph, to the dash or comma before its verb."""
        for found in re.finditer(r"[^\n]+", self.text):
            first = opening_dash(self.text, found.start())
            if first is None:
                continue
            for closing in _SPEECH_ENDS.finditer(self.text, first, min(found.end(), first + LONGEST_QUOTE)):
                at = closing.start()
                following = self._words(closing.end(), min(found.end(), closing.end() + 60))[:3]
                if any(word.key in VERBS for word in following) and not any(word.is_capitalised for word in following[:1]):
                    yield Span(found.start(), at + (0 if self.text[at].isspace() else 1), first, at)
                    break

    # --- who speaks

    def _zones(self, span: Span) -> tuple[tuple[int, int], tuple[int, int]]:
        """The parts of the sentence before and after the quote, up to the quotes beside it."""
        start = self.breaks[bisect_right(self.breaks, span.start) - 1]
        end = self.breaks[bisect_left(self.breaks, span.end)]
        start = max([start, span.start - ZONE_CHARS, *(other.end for other in self.spans if other.end <= span.start)])
        end = min([end, span.end + ZONE_CHARS, *(other.start for other in self.spans if other.start >= span.end)])
        inside, following = span.inside(self.text), self.text[span.end :].lstrip(" ")[:1]
        if inside[-1:] in ".…" and following.isupper():
            end = span.end  # a sentence of its own is over
        return (start, span.start), (span.end, end)

    def _words(self, start: int, end: int) -> list[_Word]:
        return [_Word(found[0], found.start(), found.end()) for found in _WORD.finditer(self.around, start, end)]

    def _after(self, zone: tuple[int, int]) -> str | None:
        """The speaker by the words behind the quote; `_UNNAMED` where there is a verb and nobody, None where there is no verb."""
        words = self._words(*zone)
        for place, word in enumerate(words[:VERB_WITHIN]):
            if word.key in CLAUSE_BREAKS:
                return None
            if word.key in ACCORDING:
                return self._according(words, place)
            if word.key in VERBS:
                if place and (before := self._nearest(words, range(place - 1, -1, -1))):
                    return before.person
                if any(one.key in PRONOUNS for one in words[place + 1 : place + 3]):
                    return _UNNAMED
                behind = self._nearest(words, range(place + 1, min(len(words), place + SPEAKER_WITHIN)))
                return behind.person if behind else self._by_office(words) or self._unnamed(words, place)
        return None

    def _before(self, zone: tuple[int, int]) -> str | None:
        """The same by the words before it: the last verb of the sentence, or a colon behind a name."""
        words = self._words(*zone)
        for place in range(len(words) - 1, -1, -1):
            if words[place].key in ACCORDING and (named := self._according(words, place)):
                return named
            if words[place].key in VERBS:
                found = self._nearest(words, range(place - 1, -1, -1)) or self._nearest(words, range(place + 1, len(words)))
                return found.person if found else self._by_office(words) or self._unnamed(words, place)
        if self.around[zone[0] : zone[1]].rstrip().endswith(":"):
            found = self._nearest(words, range(len(words) - 1, -1, -1))
            return found.person if found else None
        return None

    def _nearest(self, words: Sequence[_Word], places: Iterable[int]) -> _Candidate | None:
        """The first that may be the subject, going that way: a spokesperson, or another person. None where there is neither."""
        for distance, place in enumerate(places):
            word = words[place]
            if word.key in CLAUSE_BREAKS and distance > 2:
                return None
            named = self._name_at(word)
            behind = next((n for n in range(place - 1, -1, -1) if not (named and named.start <= words[n].start < named.end)), -1)
            of_another = behind >= 0 and words[behind].key in PREPOSITIONS and self._joined(words[behind], words[behind + 1])
            if named is not None:
                if named.may_speak and not of_another:
                    return _Candidate(named.person, distance)
                continue
            if self._is_other_person(words, place) and not of_another:
                return _Candidate("", distance)
        return None

    def _joined(self, one: _Word, other: _Word) -> bool:
        return not self.around[one.end : other.start].strip()

    def _is_other_person(self, words: Sequence[_Word], place: int) -> bool:
        """Whether a first name and a surname stand here that are no spokesperson's, or a capitalised word right at the verb."""
        word = words[place]
        if not word.is_capitalised or self._is_term(word):
            return False
        pair = [word]
        for step in (1, -1):
            beside = words[place + step] if 0 <= place + step < len(words) else None
            near = beside is not None and self._joined(*((word, beside) if step > 0 else (beside, word)))
            if beside is not None and near and beside.is_capitalised and not self._is_term(beside):
                pair.insert(len(pair) if step > 0 else 0, beside)
                first = place + min(step, 0)
                if first > 0 and words[first - 1].key in PREPOSITIONS and self._joined(words[first - 1], words[first]):
                    return False
                return not any(is_of_institution(one.text) for one in pair)
        at_verb = any(0 <= n < len(words) and words[n].key in VERBS for n in (place - 1, place + 1, place - 2, place + 2))
        return at_verb and word.start not in self.breaks

    def _names_another(self, start: int, end: int) -> bool:
        """Whether a person who is no spokesperson is named in this part, be it behind a word that may be a preposition."""
        words = self._words(start, end)
        return any(self._is_other_person(words, place) for place in range(len(words))) or any(
            one.is_capitalised and other.is_capitalised and one.start not in self.breaks and self._joined(one, other)
            for one, other in pairwise(words)
            if not (self._is_term(one) or self._is_term(other) or is_of_institution(one.text) or is_of_institution(other.text))
        )

    def _is_term(self, word: _Word) -> bool:
        last = bisect_right(self.starts, word.start)
        return any(word.start < hit.end for hit in self.hits[max(0, last - NESTED_TERMS) : last])

    def _name_at(self, word: _Word) -> _Named | None:
        last = bisect_right(self.named_at, word.start)
        return next((one for one in self.named[max(0, last - NESTED_TERMS) : last] if word.start < one.end), None)

    def _according(self, words: Sequence[_Word], place: int) -> str:
        """Behind "according to" a name stands in any case."""
        return next((named.person for word in words[place + 1 : place + 5] if (named := self._name_at(word))), "")

    def _by_office(self, words: Sequence[_Word]) -> str:
        """The spokesperson whose office and institution are named in place of the name."""
        keys = [key for word in words for key in re.split(r"[^\w]", word.key)]
        fitting = {
            person
            for person, stems, owners in self._offices
            if all(any(key.startswith(stem) for key in keys) for stem in stems)
            and any(any(key.startswith(owner[: max(4, len(owner) - 2)]) for key in keys) for owner in owners)
        }
        return fitting.pop() if len(fitting) == 1 else ""

    def _unnamed(self, words: Sequence[_Word], place: int) -> str:
        """`_UNNAMED` where nothing beside the verb says that somebody else speaks, or a pronoun says that it is the one before."""
        if any(words[n].key in PRONOUNS for n in range(max(0, place - 2), min(len(words), place + 3))):
            return _UNNAMED
        others = [word for n, word in enumerate(words) if n != place and word.key not in FILLERS]
        return _UNNAMED if not others else ""

    def _last_named(self, before: int) -> str:
        """The one spokesperson whom the nearest sentence with a name in it names, of the two before, where it names nobody else."""
        last = bisect_left(self.breaks, before)
        bounds = [place for place in self.breaks[max(0, last - SENTENCES_BACK) : last] if before - place <= 2 * ZONE_CHARS]
        for start, end in reversed([*pairwise([*bounds, before])]):
            words = self._words(start, end)
            near = {named.person for word in words if (named := self._name_at(word))}
            others = any(self._is_other_person(words, place) for place in range(len(words)))
            if near or others:
                return near.pop() if len(near) == 1 and not others else ""
        return ""

    def _goes_on(self, span: Span, ended: int) -> bool:
        """Whether the quote follows a quote's sentence at once, as a speech goes on after "said X"."""
        return ended >= 0 and 0 <= span.start - ended <= 3 and not self.around[ended : span.start].strip(" .\n")


_UNNAMED = "\0"
"""A verb of speech beside which nobody is named."""


def _names(text: str, hits: Sequence[Hit], spokespeople: Sequence[Spokesperson]) -> list[_Named]:
    """Where spokespeople are named; by the surname alone, too, once the whole name stands in the text."""
    found: list[_Named] = []
    surnames: dict[str, str] = {}
    for person in spokespeople:
        own = [hit for hit in hits if hit.term_id in person.terms]
        found += [_Named(person.name, hit.start, hit.end, "nominative" in hit.rule or not _OBLIQUE.search(hit.rule)) for hit in own]
        spelled = [fold(hit.form.split()[-1]) for hit in own if not _OBLIQUE.search(hit.rule)]
        if own:
            surnames |= {one: person.name for one in (fold(person.name.split()[-1]), *spelled) if len(one) > 3}
    found += _surnames_alone(text, surnames)
    longest: list[_Named] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end, not one.may_speak)):
        if not longest or one.end > longest[-1].end:
            longest.append(one)
    return longest


def _surnames_alone(text: str, surnames: Mapping[str, str]) -> Iterator[_Named]:
    """Places of these surnames in any case; behind another first name they are another person's."""
    initials, before = {one[0] for one in surnames}, None
    for found in _WORD.finditer(text) if surnames else ():
        word = _Word(found[0], found.start(), found.end())
        if word.is_capitalised and fold(word.text[0]) in initials:
            fitting = [one for one in surnames if word.key.startswith(one[:-1]) and len(word.key) <= len(one) + 3]
            if fitting and not (before is not None and _is_first_name(text, before, word)):
                may_speak = any(word.key in (one, f"{one}i", f"{one}u") for one in fitting)
                yield _Named(surnames[fitting[0]], word.start, word.end, may_speak)
        before = word


def _is_first_name(text: str, before: _Word, word: _Word) -> bool:
    """Whether a capitalised word stands directly before the other and is not capitalised for beginning its sentence."""
    begins = before.start < 2 or text[before.start - 1] in ".!?…\n" or text[max(0, before.start - 2)] in ".!?…\n"
    return before.is_capitalised and text[before.end : word.start].isspace() and not begins


def _blanked(text: str, spans: Iterable[Span], *, with_capitals: bool = False) -> str:
    """The text without what is quoted; `with_capitals`: a capital stands for words that begin with one, as sentences do."""
    parts, at = [], 0
    for span in spans:
        capital = "X" if with_capitals and text[span.first : span.first + 1].isupper() else "_"
        parts += [text[at : span.start], capital, "_" * (span.end - span.start - 1)]
        at = span.end
    return "".join([*parts, text[at:]])
