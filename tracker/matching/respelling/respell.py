"""Which respellings a typed word has: from the rules of the languages its letters may belong to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from tracker.matching.respelling import readings
from tracker.matching.respelling.letters import albanian, originals, slavic, slips
from tracker.matching.respelling.transducer import Rules
from tracker.text.folding import fold, latin

MAX_RESPELLINGS = 32
"""Of one word; `tests/matching/respelling` says how many the names of its tables have."""
MIN_CHARS = 3
"""A shorter word has too few letters to tell a respelling from another word."""
DEAREST = 2
"""Second choices in one reading; with three of them no name of the tables was met, and words of other meaning were."""
MAX_ORIGINALS = 8
"""Of a word typed by sound: the likeliest spellings; the tables of `tests/matching/respelling` need six."""
WIDE = 40
"""Readings of each language for proposals, which a person looks at."""
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_NATIVE = re.compile("[čćšžđ]")
_SOUNDED = re.compile(r"(?!.*(.)\1|.*[csptkgdz]h|.*(?:ou|ea|gj|dj)|.*c[aou])[abcčćdđefghijklmnoprsštuvzž]+")
"""A word that may be written by sound: no letter twice, no digraph of another language."""
_BY_SOUND = re.compile(r"[čćšžđkjv]|[aeo]u|a[^aeiou]{2}$|[aeiou][tlnrsp]e$")
_REGIONAL = re.compile(r"i[ćč]$|[scčš]ki$|[oe]v[aić]?$|[aeo]j$|[aiu]$|q")
_BRAND = re.compile(r"[^\W\d_A-Z][A-Z]")
"""TikTok, YouTube: a capital inside shows the owner's own spelling."""
_ALBANIAN_ONLY = re.compile("ë|xh|gj|q(?!u)")

_BY_LETTER: tuple[tuple[str, tuple[Rules, ...]], ...] = (
    ("ß", (readings.GERMAN,)),
    ("äöü", (readings.GERMAN, readings.HUNGARIAN, readings.TURKISH)),
    ("şğıșțţă", (readings.TURKISH,)),
    ("őű", (readings.HUNGARIAN,)),
    ("łżźęąńśřěůťďľĺŕý", (readings.SLAVIC_IN_LATIN,)),
    ("ã", (readings.PORTUGUESE, readings.SPANISH)),
    ("ñ", (readings.SPANISH,)),
    ("øåæ", (readings.DUTCH,)),
    ("ç", (readings.ALBANIAN, readings.TURKISH, readings.FRENCH, readings.SPANISH)),
    ("áóúí", (readings.SPANISH, readings.HUNGARIAN, readings.SLAVIC_IN_LATIN, readings.PORTUGUESE)),
    ("éèêàùœîôûï", (readings.FRENCH, readings.SPANISH, readings.HUNGARIAN, readings.ITALIAN, readings.PORTUGUESE)),
)
"""The letters that tell a language; of the first row that has a letter of the word the languages are tried."""
READINGS_BY_LETTER = 3
"""Of each language that a letter of the word tells; the tables need two."""


class Respelling(Struct, frozen=True):
    """One respelling, lower-case in Latin letters with diacritics; `press` is "sq" for Albanian letters, "hbs" for Slavic ones (Macedonian
    writes the same), "" for the spelling of the name's own language."""

    spelled: str
    press: str
    likely: bool = True
    """From the likeliest reading of its language."""


@lru_cache(maxsize=20_000)
def respellings(word: str, language: str = "any") -> tuple[Respelling, ...]:
    """At most `MAX_RESPELLINGS` other spellings of a typed word, likeliest first; none for a word with digits or under three letters.

    `language` is the campaign file's: `sq` adds nothing and takes foreign readings away where the letters are Albanian only.
    """
    typed = _letters(word)
    if len(typed) < 3 or not typed.isalpha():
        return ()
    found: dict[tuple[str, str], Respelling] = {}
    for spelled, press, likely in _spelled(typed, word, language):
        if len(spelled) >= MIN_CHARS and spelled != typed:
            found.setdefault((spelled, press), Respelling(spelled, press, likely))
    return tuple(found.values())[:MAX_RESPELLINGS]


def _letters(word: str) -> str:
    """Lower-case and in Latin letters, with every mark that tells the language of a name."""
    lowered = unicodedata.normalize("NFC", word).lower()
    return _CYRILLIC.sub(lambda letter: latin(letter.group()), lowered)


def sounds(word: str) -> frozenset[str]:
    """All that a word may be heard as, folded: two words that share one may be the same name. Wider than `respellings`."""
    typed = _letters(word)
    heard = {fold(spelled) for _, reading in _readings(typed, word, "any", wide=True) for spelled in slavic(reading)}
    return frozenset(heard | {fold(typed)})


def _spelled(typed: str, word: str, language: str) -> Iterator[tuple[str, str, bool]]:
    heard = _readings(typed, word, language)
    yield from ((spelled, "hbs", cost == 0) for cost, reading in heard for spelled in slavic(reading))
    yield from ((spelled, "sq", cost == 0) for cost, reading in heard for spelled in albanian(reading))
    yield from ((spelled, "", True) for spelled in slips(typed))
    if _may_be_heard(typed, word):
        yield from ((spelled, "", False) for spelled in islice(_verified(typed), MAX_ORIGINALS))


def _may_be_heard(typed: str, word: str) -> bool:
    """Whether the typed word may be a name of another language written by sound: it has letters that are used so, and no others."""
    by_sound = _BY_SOUND.search(typed) is not None or _CYRILLIC.search(word) is not None
    return by_sound and _SOUNDED.fullmatch(typed) is not None and not _BRAND.search(word)


def _verified(typed: str) -> Iterator[str]:
    """Spellings of other languages whose own likely readings the typed word is one of."""
    for original in dict.fromkeys(originals(typed, albanian_only=_REGIONAL.search(typed) is not None)):
        if any(spelled == typed for _, reading in _readings(original, original, "en") for spelled in slavic(reading)):
            yield original


def _readings(typed: str, word: str, language: str, *, wide: bool = False) -> list[tuple[int, str]]:
    found: dict[str, int] = {}
    for rules, most in _sources(typed, word, language):
        best = [(0, typed)] if rules is None else rules.best(typed, WIDE if wide else most, 2 * DEAREST if wide else DEAREST)
        for cost, reading in best:
            found[reading] = min(cost, found.get(reading, cost))
    return sorted(((cost, reading) for reading, cost in found.items()), key=lambda one: one[0])


def _sources(typed: str, word: str, language: str) -> Iterator[tuple[Rules | None, int]]:
    """The rules a word may be read by, and how many readings of each; None for a word that is written by sound already."""
    if _CYRILLIC.search(word) is not None:
        yield None, 1
        return
    if len(word) > 1 and word.isupper():
        yield readings.PLAIN, 1
        return
    if _NATIVE.search(typed):
        yield None, 1
        if not typed.isascii() and not _SOUNDED.fullmatch(typed):
            yield readings.SLAVIC_IN_LATIN, 1
        return
    for letters, by_letter in _BY_LETTER:
        if any(letter in letters for letter in typed):
            yield from ((rules, READINGS_BY_LETTER) for rules in by_letter)
            return
    if typed.endswith("ic"):
        yield readings.SLAVIC_BARE, 1
    for name, rules, most, sign, never in readings.FOREIGN:
        surely_albanian = name != "Albanian" and _ALBANIAN_ONLY.search(typed) is not None
        if not surely_albanian and sign.search(typed) and not (never and never.search(typed)):
            yield rules, most
