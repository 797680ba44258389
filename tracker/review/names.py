"""Names of people that can be told apart by looking: one alphabet, and no letters that pass for others."""

from __future__ import annotations

import unicodedata

_SIGNS = frozenset(" .-_@+'\u2019")
_LATIN = (range(0x41, 0x180), range(0x218, 0x21C))
_CYRILLIC = (range(0x400, 0x460), range(0x490, 0x492))
_PASSES_FOR = {
    **dict(zip("авекмнорстухіјѕԁћџғ", "abekmhopctyxijsdhuf", strict=True)),
    **{"0": "o", "1": "l", "i": "l", "ı": "l", "5": "s", "8": "b", "з": "3", "б": "6", "ч": "4", "ł": "l", "đ": "d", "ð": "d"},
}
"""By its shape, whatever it is called. Capitals are made small first, and accents fall away."""
_SHAPES = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def is_plain(name: str) -> bool:
    """Whether it is written in one alphabet, Latin or Cyrillic, with digits and the usual signs of names beside it."""
    letters = [letter for letter in unicodedata.normalize("NFC", name) if letter not in _SIGNS and not ("0" <= letter <= "9")]
    return any(
        all(letter.isalpha() and any(ord(letter) in part for part in alphabet) for letter in letters) for alphabet in (_LATIN, _CYRILLIC)
    )


def shape(name: str) -> str:
    """What a hurried reader sees: two names of one shape pass for each other."""
    plain = "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(one))
    seen = "".join(_PASSES_FOR.get(letter, letter) for letter in plain if letter.isalnum())
    for pair, one in _SHAPES:
        seen = seen.replace(pair, one)
    return seen
