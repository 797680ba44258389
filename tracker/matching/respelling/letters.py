"""A reading, written as Serbian writes sounds, in the letters of the press that is read; and back into the spellings it may come from."""

from __future__ import annotations

import re

from tracker.matching.respelling.transducer import Rules, rules

_TWICE = re.compile(r"([^\W\daeiou])\1+")
_IOTATED = re.compile(r"(?<=[^aeiou])i(?=[aeou])|(?<=[^aeiou])ij(?=[aeou])")

ALBANIAN_LETTERS = rules("""
    dž>xh lj>l/lj nj>nj š>sh č>ç ć>q/ç ž>zh đ>gj/xh ^r>r/rr (?<=[aeiou])l(?=[aeiou])>l/ll l$>l/ll
    k(?=is$)>k/q (?<=[dt])ar$>ar/ër (?<=[^aeiou])r(?=[^aeiou])>r/ër w(?=[aeiou])>u/v w>v
""")

AS_GERMAN = rules("""
    ^št>st/scht ^šp>sp ^šv>schw š>sch č>tsch dž>dsch ks>x/chs aj>ei/ai/ey oj>eu/äu ^f>f/v v>w/v c>z/tz (?<=[aeou])k$>ck/k ^k>k/c
    h>ch/h ije>ie (?<=m)it$>idt/itt (?<=[aeiou])l$>l/ll (?<=[aeiou])f$>f/ff (?<=[aeiou])n$>n/nn (?<=[aeiou])t(?=[aeiou])>t/tt
    (?<=[aeiou])l(?=[aeiou])>l/ll (?<=[aeiou])m(?=[aeiou])>m/mm
""")

AS_ENGLISH = rules("""
    ^džon>john/jon dž>j/g č>ch/tch š>sh ks>x kv>qu aj(?=[^aeiou]e)>i aj(?=[^aeiou]$)>i/igh aj>i/y/ai ej(?=[^aeiou]$)>a/ai/ay ej(?=[^aeiou])>a/ai ej>ay ija>ia ije>ie
    au>ow/ou (?<=[^aeiou])i$>y/ey ^k>c/k (?<=[aeiou])k$>ck/k k(?=[eiy])>k k>c/k ^v>w/v v>v/w ^j>y j>j ls$>les ^f>f/ph
    (?<=[aeiou])r(?=[aeiou])>r/rr (?<=[aeiou])l$>l/ll (?<=[aeiou])l(?=[aeiou])>l/ll (?<=[aeiou])t(?=[aeiou])>t/tt (?<=[aeiou])n(?=[aeiou])>n/nn
    (?<=[^aeiou])a(?=[^aeiou]{2})>u/a u(?=[klt]$)>oo/u
""")

AS_FRENCH = rules("""
    š>ch ž>j/g k(?=[eiaou])>c/qu k>c/k ^u>ou u>ou/u (?<=[^aeiou])i$>y/i o$>eau/ot/au
""")

AS_SPANISH = rules("""
    č>ch lj>ll nj>ñ ^h>j h(?=[ei])>g/j k(?=[ei])>qu k>c/k ^s>z/s s$>z/s (?<=[aeiou])r(?=[aeiou])>rr/r (?<=[aeiou])l$>ll/l gv>gu
""")

AS_TURKISH = rules("š>ş č>ç dž>c (?<=o)gl>ğl (?<=[aeiou])g(?=[^aeiou])>ğ")

AS_ALBANIAN = rules(
    "dž>xh lj>l nj>nj š>sh č>ç ć>q ž>zh đ>gj ^t>th/t (?<=[aeiou])c(?=[aeiou])>c/x (?<=[aeiou])l(?=[aeiou])>ll/l ^r>rr/r i$>i/y"
)

ORIGINALS: tuple[tuple[str, Rules, int], ...] = (
    ("German", AS_GERMAN, 6),
    ("English", AS_ENGLISH, 6),
    ("French", AS_FRENCH, 2),
    ("Spanish", AS_SPANISH, 2),
    ("Turkish", AS_TURKISH, 1),
    ("Albanian", AS_ALBANIAN, 4),
)
"""From a spelling by sound to those of the languages it may come from, and how many of each are tried."""


def slavic(reading: str) -> tuple[str, ...]:
    """A reading as Serbian, Bosnian, Croatian, Montenegrin and Macedonian print it: no letter twice, `ie` also as `ije` and back."""
    spelled = _TWICE.sub(r"\1", reading.replace("w", "v"))
    found = _IOTATED.search(spelled)
    if found is None:
        return (spelled,)
    other = "i" if found.group() == "ij" else "ij"
    return (spelled, spelled[: found.start()] + other + spelled[found.end() :])


def albanian(reading: str, most: int = 4) -> list[str]:
    """A reading in Albanian letters, the usual spelling first."""
    return [spelled for _, spelled in ALBANIAN_LETTERS.best(_TWICE.sub(r"\1", reading), most, 2)]


_TWICE_ANY = re.compile(r"([^\W\daeiou])\1")
_SLAVIC_END = re.compile(r"(?<=sk)(?:yy|iy|yi|yj|ij|y|i)$")
_SLAVIC_ENDS = ("yy", "y", "iy", "yj", "ij")


def slips(typed: str) -> list[str]:
    """Spellings of the same language that the press mixes up: a letter once for twice (Borell, Borrel), the ends of a Slavic name in
    Latin letters (Zelenskyy, Zelensky, Zelenskiy)."""
    once = [typed[: found.start()] + typed[found.end() - 1 :] for found in _TWICE_ANY.finditer(typed)]
    ends = [_SLAVIC_END.sub(end, typed) for end in _SLAVIC_ENDS] if _SLAVIC_END.search(typed) else []
    return [*once, *([_TWICE.sub(r"\1", typed)] if once else []), *ends]


def originals(spelled: str, *, albanian_only: bool) -> list[str]:
    """Spellings of other languages that are read as `spelled`, some of each language."""
    return [
        original
        for name, backwards, most in ORIGINALS
        if name == "Albanian" or not albanian_only
        for _, original in backwards.best(spelled, most, 2)
    ]
