"""Albanian noun paradigms: from a dictionary word to its definite, oblique and plural forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import sq_irregular as table

Form = tuple[str, str]

VOWELS = "aeëiouy"
_FLEETING = re.compile(r"[aeëiouy][^aeëiouy]+ë(?:rr|[rlmn])$")
_U_ENDING = re.compile(r"(?:[kg]|(?<![szdtxcp])h)$")
_SYLLABLE = re.compile(r"[aeëiouyâêîôû]+")
PERSONS = re.compile(r"(?:tar|tor|or|ar|ist|log|ier|an|ant|ent|graf|krat|ik|ak|uar|jot)$")
_ONLY_E = re.compile(r"(?:im|ion|itet|azh|acion|shtim|ment|ium)$")
_ZERO_PLURAL = re.compile(r"(?:[ue]s|ës|yes|[aeiouyë][^aeiouyë]+as|aj|uar|ur|yer)$")
# Persons who do something, mësues and nxënës: one plural, beside that of the women, mësuese.
_AGENT = re.compile(r"..(?:[uy]e|ë)s$")
_A_PLURAL = re.compile(r"(?:[spfçcz]|rr|th|ks|el|er|il|[ai]st|gram|on|ol|ët)$")


def syllables(word: str) -> int:
    """How many syllables the word has."""
    return len(_SYLLABLE.findall(word))


def without_fleeting_vowel(word: str) -> str:
    """libër -> libr, ëndërr -> ëndrr; other words unchanged, dëm and vërë among them."""
    if not _FLEETING.search(word):
        return word
    return word[:-3] + word[-2:] if word.endswith("rr") else word[:-2] + word[-1]


def masculine(word: str) -> Iterator[Form]:
    """Singular of a masculine noun: libër libri librit librin, mik miku, njeri njeriu, zë zëri."""
    yield word, "indefinite"
    for stem in _masculine_stems(word):
        vowel = "u" if _U_ENDING.search(stem) or (stem.endswith(("i", "e")) and stem == word) else "i"
        yield stem + vowel, "definite"
        yield stem + vowel + "t", "definite genitive, dative or ablative"
        yield stem + vowel + "n", "definite accusative"
    if word == "ujë":
        yield "ujët", "definite, neuter"


def _masculine_stems(word: str) -> Iterator[str]:
    if word in table.R_STEMS:
        yield word + "r"
    if word.endswith("ua"):
        yield word[:-2] + "o"
    elif word.endswith("ë") and word not in table.R_STEMS:
        yield word[:-1]
    elif word[-1:] in VOWELS:
        if word not in table.R_STEMS or word in ("kufi", "bari"):
            yield word
    else:
        if (short := without_fleeting_vowel(word)) != word:
            yield short
        if short == word or word in ("gjarpër", "dhëndër", "mjeshtër"):
            yield word


def feminine(word: str) -> Iterator[Form]:
    """Singular of a feminine noun: fushatë fushata, siguri siguria, lule lulja, ide ideja idenë, letër letra."""
    yield word, "indefinite"
    stem, definite, oblique, accusative, indefinite = _feminine_endings(word)
    for ending in definite:
        yield stem + ending, "definite"
    for ending in oblique:
        yield stem + ending, "definite genitive, dative or ablative"
    for ending in accusative:
        yield stem + ending, "definite accusative"
    for ending in indefinite:
        yield stem + ending, "indefinite genitive, dative or ablative"


def stressed(word: str) -> Iterator[Form]:
    """Singular of a feminine name stressed on its last vowel: Kanada Kanadaja Kanadasë, Kore Koreja Koresë."""
    yield word, "indefinite"
    yield word + "ja", "definite"
    yield word + "së", "definite genitive, dative or ablative"
    yield word + "në", "definite accusative"
    yield word + "je", "indefinite genitive, dative or ablative"


_Endings = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _feminine_endings(word: str) -> _Endings:
    last = word[-1]
    if word.endswith("ua"):
        return word, ("ja",), ("s",), ("n",), ("je",)
    if last == "ë":
        return word[:-1], ("a",), ("ës",), ("ën",), ("e",)
    if last == "i":
        return word, ("a",), ("së",), ("në",), ("e",)
    if last == "e":
        return _endings_after_e(word)
    if last in "aouy":
        return word, ("ja",), ("së", "s"), ("në", "n"), ("je",)
    return without_fleeting_vowel(word), ("a",), ("ës",), ("ën",), ("e",)


def _endings_after_e(word: str) -> _Endings:
    stem = word[:-1]
    if syllables(word) == 1:
        return stem, ("eja",), ("esë",), ("enë",), ("eje",)
    if word in table.FEMININE_STRESSED:
        return stem, ("eja", "ja"), ("esë", "es"), ("enë", "en"), ("eje",)
    if stem.endswith(("gj", "nj")):  # one letter each: lagje lagjja
        return stem, ("ja", "a"), ("es",), ("en",), ("eje",)
    if stem.endswith(("i", "j")):  # rënie rënia, mbrojtje mbrojtja
        return stem, ("a",), ("es",), ("en",), ("eje",)
    return stem, ("eja",) if stem[-1:] in VOWELS else ("ja",), ("es",), ("en",), ("eje",)


def plural(form: str) -> Iterator[Form]:
    """All cases of one plural: fushata fushatat fushatave fushatash, miq miqtë miqve miqsh."""
    yield form, "plural"
    for ending in _definite_plural_endings(form):
        yield form + ending, "plural definite"
    yield form + "ve", "plural genitive, dative or ablative"
    for ending in _ablative_endings(form):
        yield form + ending, "plural ablative"


def _ablative_endings(form: str) -> tuple[str, ...]:
    if form[-1] in VOWELS:
        return ("sh",)
    return ("sh", "ish") if form.endswith(("q", "gj", "j", "m", "r")) else ("ish",)


def _definite_plural_endings(form: str) -> tuple[str, ...]:
    last, before = form[-1], form[-2:-1]
    if last in "aeëo":
        return ("t", "të") if syllables(form) == 1 or form in table.FEMININE_STRESSED else ("t",)
    if last in "iuy":
        return ("të",)
    if last == "j" and before in VOWELS:
        return ("t", "të") if syllables(form) == 1 or before == "i" else ("t",)
    if form.endswith(("nj", "gj", "q", "m", "sh")):
        return ("të", "it") if before not in VOWELS and not form.endswith(("nj", "gj")) else ("të",)
    if form.endswith(("ar", "uar", "yer", "t", "l")):
        return ("të", "t", "it")
    return ("it",)


def masculine_plurals(word: str) -> Iterator[Form]:
    """Every case of the plurals a masculine noun may have: its ending alone does not tell which it takes."""
    for form in table.MASCULINE_PLURALS.get(word) or _plural_stems(word):
        yield from plural(form)
    if word not in table.MASCULINE_PLURALS and syllables(word) == 1 and word[-1] not in VOWELS:
        # The bare plural of a short noun is too often another word (burg burga, ar arë): only its longer forms.
        yield from ((word + ending, "plural definite") for ending in ("ët", "at"))
        yield from ((word + ending, "plural genitive, dative or ablative") for ending in ("ëve", "ave", "ësh", "ash"))


def _plural_stems(word: str) -> Iterator[str]:
    short = without_fleeting_vowel(word)
    if word.endswith("ë"):
        yield word[:-1] + "a"
        if word.endswith("më"):
            yield word[:-1] + "enj"
    elif word.endswith("ua"):
        yield word[:-2] + "onj"
    elif word[-1] in VOWELS:
        yield word + "nj" if word[-1] in "iou" else word
    elif short != word:
        yield from (short + "a", short + "e")
    else:
        yield from _palatal_plurals(word)
        yield from _vowel_plurals(word)


def _palatal_plurals(word: str) -> Iterator[str]:
    if word.endswith("k") and len(word) > 2:
        if not word.endswith(("ik", "ak")) or syllables(word) == 1:
            yield word[:-1] + "q"
        if not word.endswith("ik"):
            yield word[:-1] + "qe"
    elif word.endswith("g") and not word.endswith("log"):
        yield word + "j"
        yield word + "je"
    elif word.endswith(("ull", "all", "ell", "ill", "yll")):
        yield word[:-2] + "j"


def _vowel_plurals(word: str) -> Iterator[str]:
    short = syllables(word) == 1
    if _ONLY_E.search(word) and not short:
        yield word + "e"
        return
    if _ZERO_PLURAL.search(word):
        yield word
    if _AGENT.search(word):
        yield word + "e"
        return
    if not word.endswith(("log", "g", "ull")):
        yield word + "e"
    if (not short and not word.endswith("ull")) or word in table.SHORT_WITH_DIAERESIS or word.endswith("th"):
        yield word + "ë"
    if word in table.SHORT_WITH_A or word.endswith(("p", "c", "ç")) or (not short and _A_PLURAL.search(word)):
        yield word + "a"


def feminine_plurals(word: str) -> Iterator[Form]:
    """fushata fushatat, gjuhë gjuhët, siguri siguritë, letra letrat."""
    for form in table.FEMININE_PLURALS.get(word) or _feminine_plural_stems(word):
        yield from plural(form)


def _feminine_plural_stems(word: str) -> tuple[str, ...]:
    if word.endswith("ë"):
        return (word[:-1] + "a", word) if word.endswith(table.UNCHANGED_PLURALS) else (word[:-1] + "a",)
    return (word if word[-1] in VOWELS else without_fleeting_vowel(word) + "a",)
