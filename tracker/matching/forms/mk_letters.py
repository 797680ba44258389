"""Macedonian letters and sound changes. The rules work on Cyrillic; a word typed in Latin letters is answered in Latin letters."""

from __future__ import annotations

import re

VOWELS = "аеиоу"
SOFT = ("ј", "ц", "ч", "џ", "ж", "ш", "ќ", "ѓ", "њ", "љ")

_PAIRS = (
    ("dž", "џ"),
    ("gj", "ѓ"),
    ("kj", "ќ"),
    ("lj", "љ"),
    ("nj", "њ"),
    ("dz", "ѕ"),
    ("zh", "ж"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ǵ", "ѓ"),
    ("ḱ", "ќ"),
    ("đ", "ѓ"),
    ("ć", "ќ"),
    ("č", "ч"),
    ("š", "ш"),
    ("ž", "ж"),
    *zip("abvgdezijklmnoprstufhc", "абвгдезијклмнопрстуфхц", strict=True),
)
_TO_CYRILLIC = dict(_PAIRS)
_DIGRAPH = re.compile("|".join(latin for latin, _ in _PAIRS))
_TO_LATIN = str.maketrans(
    dict(zip("абвгдезијклмнопрстуфхц", "abvgdezijklmnoprstufhc", strict=True))
    | {"ѓ": "gj", "ќ": "kj", "љ": "lj", "њ": "nj"}
    | {"ѕ": "dz", "џ": "dž", "ж": "ž", "ч": "č", "ш": "š", "ѐ": "e", "ѝ": "i"}
)
_BEFORE_I = {"к": "ц", "г": "з", "х": "с"}
_BEFORE_E = {"к": "ч", "г": "ж", "х": "ш", "ц": "ч"}


def is_cyrillic(word: str) -> bool:
    """Whether a letter of the word is Cyrillic."""
    return any("\u0400" <= letter <= "\u04ff" for letter in word)


def cyrillic(word: str) -> str:
    """A lower-case Latin spelling in Macedonian letters; letters Macedonian has not (w, x, y, q) stay."""
    return _DIGRAPH.sub(lambda found: _TO_CYRILLIC[found.group()], word)


def latin(word: str) -> str:
    """The word in Latin letters, one for one."""
    return word.translate(_TO_LATIN)


def syllables(word: str) -> int:
    """How many syllables the word has; a vocalic r counts."""
    return len(re.findall(r"[аеиоу]|(?<![аеиоу])р(?![аеиоу])", word))


def before_i(stem: str) -> str:
    """учебник- to учебниц-, геолог- to геолоз-: before a plural -и."""
    return stem[:-1] + _BEFORE_I.get(stem[-1], stem[-1])


def before_e(stem: str) -> str:
    """Бог- to Бож-, војник- to војнич-: before vocative -е."""
    return stem[:-1] + _BEFORE_E.get(stem[-1], stem[-1])


def joined_with_i(stem: str) -> str:
    """The plural -и swallows ј after a vowel: случај, случаи; економија, економии."""
    return f"{stem[:-1]}и" if stem.endswith("ј") and stem[-2:-1] in VOWELS else f"{stem}и"
