"""Sound changes of Bosnian, Croatian, Montenegrin and Serbian that declension needs, on Latin letters."""

from __future__ import annotations

import re

VOWELS = "aeiou"
SOFT = ("č", "ć", "š", "ž", "đ", "j", "c", "lj", "nj", "dž", "št", "žd", "šć")

_CYRILLIC = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)) | {"љ": "lj", "њ": "nj", "џ": "dž"}
_SIBILANT = {"k": "c", "g": "z", "h": "s"}
_PALATAL = {"k": "č", "g": "ž", "h": "š", "c": "č", "z": "ž"}
_VOICELESS = {"b": "p", "d": "t", "g": "k", "z": "s", "ž": "š", "đ": "ć"}
_FOREIGN_DIGRAPHS = ("sh", "ch", "th", "gh", "ph", "kh", "zh")
_NO_INSERTION = (*_FOREIGN_DIGRAPHS, "st", "št", "zd", "žd", "šć", "ždr", "jst")


def latin(word: str) -> str:
    """The Latin spelling of a word typed in either script, capitals kept."""
    out = []
    for letter in word:
        mapped = _CYRILLIC.get(letter.lower())
        if mapped is None:
            out.append(letter)
        elif letter.isupper():
            out.append(mapped.upper() if word.isupper() and len(word) > 1 else mapped.capitalize())
        else:
            out.append(mapped)
    return "".join(out)


def syllables(stem: str) -> int:
    """Vowels, r between consonants (Krk, grb), and a long jat as one (lijek)."""
    return len(re.findall(r"ije|[aeiouy]|(?<![aeiouy])r(?![aeiouy])", stem.lower()))


def is_soft(stem: str) -> bool:
    """Whether the stem ends in a soft consonant, which takes -e- where others take -o-."""
    return stem.lower().endswith(SOFT)


def sibilarised(stem: str, *, masculine: bool = True) -> str:
    """momk- to momc-, podatk- to podac-: what stands before a plural -i, or before -i of the feminine dative."""
    if stem.endswith(("tk", "dk")) and len(stem) > 3:
        return stem[:-2] + "c"
    if stem.endswith(_FOREIGN_DIGRAPHS) or (not masculine and stem.endswith(("ck", "čk", "ćk"))):
        return stem
    return stem[:-1] + _SIBILANT.get(stem[-1], stem[-1])


def palatalised(stem: str) -> str:
    """predsednik- to predsednič-, Milic- to Milič-: before vocative -e and possessive -in."""
    if stem.endswith("tc"):
        return stem[:-2] + "č"
    if stem.endswith(_FOREIGN_DIGRAPHS):
        return stem
    return stem[:-1] + _PALATAL.get(stem[-1], stem[-1])


def cluster(stem: str) -> tuple[str, str] | None:
    """The two sounds that end a stem, when a genitive plural can put an a between them (sestr-, devojk-, zemlj-)."""
    if stem.endswith(_NO_INSERTION):
        return None
    last = stem[-2:] if stem.endswith(("lj", "nj", "dž")) else stem[-1:]
    before = stem[: -len(last)]
    if len(before) < 2 or not last or last in VOWELS or before[-1].lower() in VOWELS or not before[-1].isalpha():
        return None
    return before, last


def with_inserted_a(stem: str) -> str | None:
    """sestr- to sestar-, društv- to društav-, pripovetk- to pripovedak- is left alone."""
    parts = cluster(stem)
    return f"{parts[0]}a{parts[1]}" if parts else None


def after_cluster(word: str) -> bool:
    """Whether two consonants stand before a last vowel and consonant (ekran, vršnjak): then that vowel is seldom fleeting."""
    return len(word) > 4 and word[-3] not in VOWELS and word[-4] not in VOWELS and word[-4:-2] not in ("st", "št", "zd", "žd", "jt", "ns")


def without_fleeting(word: str) -> str:
    """The oblique stem of a word whose last vowel is fleeting: vetar to vetr-, vrabac to vrapc-, sudac to suc-, predak to pretk-."""
    head, last = (word[:-3], word[-2:]) if word.endswith(("lj", "nj")) else (word[:-2], word[-1:])
    if last == "n" and head.endswith("st"):
        return f"{head[:-1]}n"
    if last in ("c", "č") and head.endswith(("t", "d")):
        return head[:-1] + last
    if last in "ckčšstp" and head[-1:] in _VOICELESS:
        return head[:-1] + _VOICELESS[head[-1]] + last
    return head + last
