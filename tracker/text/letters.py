"""What single letters are folded to: Cyrillic to Latin, and every Latin letter of Unicode to the letters A to Z it is made of."""

from __future__ import annotations

import re
import unicodedata

_SERBIAN = "а:a б:b в:v г:g д:d ђ:đ е:e ж:ž з:z и:i ј:j к:k л:l љ:lj м:m н:n њ:nj о:o п:p р:r с:s т:t ћ:ć у:u ф:f х:h ц:c ч:č џ:dž ш:š"
_OTHERS = "ѓ:ǵ ќ:ḱ ѕ:dz ѐ:e ѝ:i й:j щ:št ъ:a ь: ю:ju я:ja ы:y э:e ё:jo і:i ї:ji є:je ґ:g ў:u ҫ:s һ:h"
LATIN_OF = {pair[0]: pair[2:] for pair in f"{_SERBIAN} {_OTHERS}".split()}
"""Cyrillic letters of the region and its neighbours in Latin, diacritics kept."""

FOLDED_LETTERS = {pair[0]: pair[2:] for pair in "đ:dj ђ:dj ѓ:gj ќ:kj ǵ:gj ḱ:kj ð:dj ɖ:dj þ:th æ:ae œ:oe ß:ss".split()}
"""Letters that fold to more than the letter they look like."""

FOLDED_SIGNS = dict.fromkeys("‘’‚‛′ʼʹ´‹›", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−⁃", "-") | dict.fromkeys("⁄∕", "/")
"""Quotation marks, hyphens and strokes that mean the same."""

_NAMED = {
    pair.partition(":")[0]: pair.partition(":")[2]
    for pair in (
        "ETH:dj THORN:th ENG:n SCHWA:e EZH:z ESH:s YOGH:y WYNN:w KRA:k ALPHA:a GAMMA:g DELTA:d IOTA:i IOTIFIED:je LAMBDA:l UPSILON:u "
        "PHI:f CHI:h BETA:b OMEGA:o REVERSED-SCHWA:e OPEN-O:o DEZH:dz TESH:ts LEZH:lz HENG:h FENG:fn AIN:a ALEF:a RUM:rum"
    ).split()
}
_SAYS_NOTHING = frozenset(
    "LATIN CAPITAL SMALL LETTER LETTERS LIGATURE DIGRAPH MODIFIER SUBSCRIPT SUPERSCRIPT EPIGRAPHIC TURNED REVERSED INVERTED SIDEWAYS OPEN CLOSED "
    "DOTLESS LONG SCRIPT INSULAR BARRED BROKEN HALF TOP BOTTOM STRETCHED SQUAT TAILLESS VISIGOTHIC VOLAPUK OLD POLISH MIDDLE-WELSH MIDDLE "
    "SCOTS SIGMOID ANGLICANA DOUBLE ARCHAIC BLACKLETTER LENIS STIRRUP BASELINE SAKHA EGYPTOLOGICAL DIAERESIZED GLOTTAL".split()
)
_MADE_OF = re.compile("[A-Z]{1,2}")


def base_of(letter: str) -> str:
    """The letters a to z that a Latin letter is a variety of, by its Unicode name; "" for a character that is no Latin letter.

    `ə`, `ɓ` and `ŧ` have no decomposition in Unicode, but `LATIN SMALL LETTER B WITH HOOK` says what it is. A letter whose name says
    nothing (a click, a tone) stands for the first letter of that name: no two words become one by losing it.
    """
    name = unicodedata.name(letter, "")
    if not name.startswith("LATIN ") or not unicodedata.category(letter).startswith("L"):
        return ""
    words = name.partition(" WITH ")[0].split()
    telling = [word for word in words if word not in _SAYS_NOTHING] or words[-1:]
    for word in telling:
        if word in _NAMED:
            return _NAMED[word]
        if _MADE_OF.fullmatch(word):
            return word.lower()
    return telling[0][0].lower()
