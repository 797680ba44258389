"""Serbian Latin -> Serbian Cyrillic by rule. Names that are printed in Latin stay as they are.

Only this direction is safe for wording of our own. Text from outside (headlines, names) is never converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SINGLE = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))
_DOUBLE = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = frozenset("".join(_SINGLE))

KEPT_LATIN = (
    "TikTok",
    "CRCA/ECPAT",
    "CRCA",
    "ECPAT",
    "INHOPE",
    "Facebook",
    "Instagram",
    "YouTube",
    "WhatsApp",
    "tracker digest approve",
    "CET",
    "CEST",
    "UTC",
    "PDF",
    "XLSX",
    "DOCX",
    "CSV",
    "RSS",
    "JSON",
    "HTML",
)
"""Names, signs and commands that stay in Latin in Cyrillic text too."""

_SEAM = re.compile(
    # a prefix or a first part ends before the second letter: in+jekcija, kon+junktura, nad+živeti
    r"(?<!\w)(?:ne|re|dez|mikro|makro)?(?:in(?=jek|jic)|kon(?=ju[nkg]|jekt)|van(?=jezi)|tan(?=jug)|an(?=jon)|pan(?=jevr|jug)"
    r"|nad(?=žnj|žir|živ|žup|žel)|od(?=živ|žal|žub|žvak|žmir)|pod(?=žan|žup|žar|žvak|žig|žeć|žeg)|pred(?=živ|žet))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S*[\w/]|\w[\w-]*(?:\.[\w-]+)+(?:/\S*\w)?", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_FIELD = r"\{\w*\}"


def to_cyrillic(text: str, *, keep: Iterable[str] = ()) -> str:
    """The text in Cyrillic. Addresses, `{fields}`, words with q, w, x, y and the names of `KEPT_LATIN` and `keep` stay as they are."""
    names = sorted({*KEPT_LATIN, *keep}, key=len, reverse=True)
    kept = re.compile("|".join([_FIELD, _ADDRESS.pattern, *(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)]))
    pieces, at = [], 0
    for found in kept.finditer(text):
        pieces += [_WORD.sub(_word, text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*pieces, _WORD.sub(_word, text[at:])])


def _word(found: re.Match[str]) -> str:
    word = found[0]
    if not _LETTERS.issuperset(word.lower()):
        return word
    seams = {match.end() for match in _SEAM.finditer(word)}
    letters, at = [], 0
    while at < len(word):
        pair = word[at : at + 2]
        width = 2 if pair.lower() in _DOUBLE and at + 1 not in seams else 1
        piece = word[at : at + width]
        letter = _DOUBLE[piece.lower()] if width == 2 else _SINGLE[piece.lower()]
        letters.append(letter.upper() if piece[0].isupper() else letter)
        at += width
    return "".join(letters)
