"""Which language group's forms apply to a text: from its language, or guessed from its commonest words."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from tracker.matching.function_words import FunctionWords

GROUPS = ("hbs", "sq", "mk", "en")
BIT = {group: 1 << number for number, group in enumerate(GROUPS)}
EVERY_GROUP = sum(BIT.values())
GROUP_OF = {"sq": "sq", "aln": "sq", "mk": "mk", "en": "en", "sr": "hbs", "hr": "hbs", "bs": "hbs", "cnr": "hbs", "sh": "hbs", "me": "hbs"}
GUESSED_CHARS = 4000
"""Of a text, to guess its group by function words: some 600 words hold dozens of them."""
SURE_WORDS = 3
"""Function words of a group that make a text surely its own, when no other group has more than a third of them."""

_COMMON = {
    "sq": "të në dhe për me që një nga është më nuk si te ne dhe per qe nje eshte me nga kjo ky janë jane ishte u ka".split(),
    "mk": "на во и се да од за со не што ќе по како е го ја ги или беше сите кои".split(),
    "hbs": "je i u na da se su za od sa nije koji koja ali kao iz što sto će ce bi do или је и у на да се су за од са није који која као из што ће".split(),
    "en": "the of and to in that is was for on with as it by at from his are has have".split(),
}
_ONLY = {word: group for group, words in _COMMON.items() for word in words if sum(word in others for others in _COMMON.values()) == 1}
_WORD = re.compile(r"[^\W\d_]+")
_MACEDONIAN, _SERBIAN = re.compile("[ѓќѕЃЌЅ]"), re.compile("[ђћјљњџЂЋ]")
_CROATIAN = frozenset(
    "tko što tjedan tjedna sudjelovati gospodarstvo tvrtka tvrtke vlak siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga".split()
)
_IJEKAVIAN = frozenset(
    "vrijeme djeca djece gdje ovdje uvijek vijest dvije mjesto cijeli također takođe poslije nedjelja ponedjeljak srijeda".split()
)


_SHARED = frozenset({"i"})
"""Counted for one group by `_ONLY`, and yet the commonest word of another: it says nothing about one paragraph."""

_IN_ONE_PARAGRAPH = {
    **dict.fromkeys("së edhe por kur duke pas prej saj tij deri".split(), "sq"),
    **dict.fromkeys("s uz o dvije dve kako ili sve kaže pod pred oko već samo".split(), "hbs"),
    **dict.fromkeys("уз о две како или све каже испред око већ само".split(), "hbs"),
    **dict.fromkeys("при кон меѓу според над како дека тоа сè".split(), "mk"),
    **dict.fromkeys("an but not after before about who will its".split(), "en"),
}
"""More words for a paragraph with few: rarer than those of `_COMMON`, each of one group."""

_FOR_GUESSING = FunctionWords(_ONLY)
_IN_PARAGRAPHS = FunctionWords({word: group for word, group in {**_IN_ONE_PARAGRAPH, **_ONLY}.items() if word not in _SHARED})
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LETTERS_OF = (("ђћć", "hbs", 2), ("ëç", "sq", 2), ("ѓќѕ", "mk", 3))
"""Letters that only one group writes, and how many function words they weigh."""
_HACEKS, _HACEK_BEFORE_VOWEL = "čšžđ", re.compile("[čšžđ][aeiou]")
"""Of the weight of ђ: other languages have these letters too, before consonants and at the ends of words."""


class ArticleLanguage:
    """The language of a whole text, looked at when a paragraph does not show its own."""

    __slots__ = ("_known", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: int | None = None

    @property
    def certain(self) -> int:
        """The group the text is surely written in, as a mask; 0 where it does not say."""
        if self._known is None:
            self._known = _evidence(self._text[:GUESSED_CHARS])[0]
        return self._known


class Paragraphs:
    """Which groups' forms apply where in one field, when the article's language is wrong or a paragraph is in another one."""

    __slots__ = ("_article", "_chars", "_ends", "_known", "primary")

    def __init__(self, chars: str, primary: int, article: ArticleLanguage | None = None) -> None:
        self.primary = primary
        self._article = article or ArticleLanguage("")
        self._chars = chars
        self._ends: list[int] | None = None
        self._known: dict[int, tuple[int, int]] = {}

    def certain(self, at: int) -> int:
        """The group that the paragraph around `at`, else the article, is surely written in, as a mask; 0 where neither says."""
        certain, possible = self._around(at)
        return certain or (self._article.certain if not possible or possible & self._article.certain else 0)

    def possible(self, at: int) -> int:
        """The groups that most of the paragraph's function words and letters speak for, as a mask; 0 where there are none."""
        return self._around(at)[1] or self._article.certain

    def is_in(self, group: str, at: int) -> bool:
        """Whether the article or the paragraph is in a language of the group."""
        return self.primary == BIT[group] or self.certain(at) == BIT[group]

    def _around(self, at: int) -> tuple[int, int]:
        if self._ends is None:
            self._ends = [found.start() for found in re.finditer("\n", self._chars)]
        number = bisect_left(self._ends, at)
        if number not in self._known:
            start = self._ends[number - 1] + 1 if number else 0
            stop = self._ends[number] if number < len(self._ends) else len(self._chars)
            self._known[number] = _evidence(self._chars[max(start, at - GUESSED_CHARS // 2) : min(stop, at + GUESSED_CHARS // 2)])
        return self._known[number]


def _evidence(text: str) -> tuple[int, int]:
    """The group a text is surely in, and those that most speaks for, as masks."""
    lowered = text.lower()
    counts = _counted(text, _IN_PARAGRAPHS)
    for letters, group, weight in _LETTERS_OF:
        if _has_any(lowered, letters) or (group == "hbs" and _has_any(lowered, _HACEKS) and _HACEK_BEFORE_VOWEL.search(lowered)):
            counts[group] += weight
    if not lowered.isascii() and _CYRILLIC.search(lowered):
        counts["hbs"], counts["mk"] = counts["hbs"] + 1, counts["mk"] + 1
    first, second = sorted(counts.values(), reverse=True)[:2]
    possible = sum(BIT[group] for group, count in counts.items() if count and count == first)
    return possible if first >= SURE_WORDS and first >= SURE_WORDS * second else 0, possible


def _has_any(text: str, letters: str) -> bool:
    """One by one: a letter is found many times as fast as each place where one of several may stand."""
    return any(letter in text for letter in letters)


def _counted(text: str, words: FunctionWords) -> dict[str, int]:
    groups = [*filter(None, words.groups(text))]
    return {group: groups.count(group) for group in GROUPS}


def mask_of(language: str, text: str) -> int:
    """The groups whose forms apply: the language's own, else the guessed one, else all."""
    group = GROUP_OF.get(language) or GROUP_OF.get(language.lower().partition("-")[0]) or guess_group(text)
    return BIT[group] if group else EVERY_GROUP


@lru_cache(maxsize=256)
def groups_in(mask: int) -> tuple[str, ...]:
    """The groups of a mask, in order."""
    return tuple(group for group in GROUPS if BIT[group] & mask)


def guess_group(text: str) -> str:
    """The group most of the text's function words belong to; empty where they do not say."""
    counts = _counted(text[:GUESSED_CHARS], _FOR_GUESSING)
    first, second = sorted(counts.values(), reverse=True)[:2]
    return max(counts, key=lambda group: counts[group]) if first >= SURE_WORDS and first >= SURE_WORDS * second else ""


def guess_language(text: str) -> str:
    """A language code where the text shows it, else empty. For texts that come without one; articles bring their own."""
    group = guess_group(text)
    if group != "hbs":
        return group
    words = set(_WORD.findall(text[:GUESSED_CHARS].lower()))
    if words & _CROATIAN:
        return "hr"
    return "bs" if words & _IJEKAVIAN else "sr"
