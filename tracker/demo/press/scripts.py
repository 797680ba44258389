"""Other spellings of a text: Serbian Cyrillic in Latin letters, and any Latin text as people type it in a hurry."""

from __future__ import annotations

import re

_LATIN = str.maketrans(
    {
        **dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)),
        **dict(zip("АБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШ", "ABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠ", strict=True)),
        **{"љ": "lj", "њ": "nj", "џ": "dž"},
    }
)
_PAIRS = {"Љ": "Lj", "Њ": "Nj", "Џ": "Dž"}
_PLAIN = str.maketrans({**dict(zip("ëçšžčćłËÇŠŽČĆŁ", "ecszcclECSZCCL", strict=True)), "đ": "dj", "Đ": "Dj"})


def latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters; what is Latin already stays as it is."""

    def pair(found: re.Match[str]) -> str:
        letters, following = _PAIRS[found[0]], text[found.end() : found.end() + 1]
        return letters.upper() if following.isupper() else letters

    return re.sub("[ЉЊЏ]", pair, text).translate(_LATIN)


def plain(text: str) -> str:
    """Latin text without its diacritics."""
    return text.translate(_PLAIN)
