"""Macedonian nouns: three articles, plurals, count plural and vocative, on lower-case Cyrillic words."""

from __future__ import annotations

from collections.abc import Iterator

from . import mk_irregular as table
from .mk_letters import SOFT, VOWELS, before_e, before_i, joined_with_i, syllables

Form = tuple[str, str]

ARTICLES = (("т", "definite"), ("в", "definite, near"), ("н", "definite, far"))
_PERSONS = ("ник", "тел", "ер", "ар", "ор", "ист", "лог", "ец", "ач", "дин", "ант", "ент")
_SOFT_NEUTER = ("ње", "це", "ште", "је", "ие", "ќе", "ѓе", "ље")


def declined(word: str, name: bool) -> Iterator[Form]:
    """Every form of a noun typed without article; `name` for names of people, places and brands."""
    if word in table.SUPPLETION:
        forms, rule = table.SUPPLETION[word]
        yield from ((form, rule) for form in forms.split())
    if word in table.FEMININE_CONSONANT or (word.endswith("ост") and syllables(word) > 1 and word not in table.MASCULINE_ON_OST):
        yield from feminine_consonant(word)
    elif word.endswith("а"):
        yield from feminine(word[:-1], name)
    elif word.endswith("о"):
        yield from on_o(word, name)
    elif word.endswith("е"):
        yield from on_e(word, name)
    elif word.endswith(("и", "у")):
        if name or word in table.FOREIGN or word.endswith("у"):
            yield from with_article(word, "о")
            yield from with_article(f"{word}а" if word.endswith("у") else f"{word}ја", "а", "plural")
        if word.endswith("и"):
            yield from with_article(word, "е", "plural")
    else:
        yield from masculine(word, name)


def with_article(form: str, vowel: str, rule: str = "") -> Iterator[Form]:
    """време, времето, времево, времено."""
    yield form, rule or "as typed"
    for letter, definite in ARTICLES:
        yield f"{form}{letter}{vowel}", f"{rule} {definite}".strip()


def masculine(word: str, name: bool) -> Iterator[Form]:
    """Forms of a masculine noun or name on a consonant."""
    for letter, definite in ARTICLES:
        yield f"{word}о{letter}", definite
        if word.endswith(("изам", "азам")):
            yield f"{word[:-2]}мо{letter}", definite
    yield f"{word}а", "object form of a name" if name else "count plural"
    if name or word.endswith(_PERSONS):
        yield f"{without_fleeting(word) or before_e(word)}е", "vocative"
        if word.endswith(SOFT) or word.endswith("тел"):
            yield f"{word}у", "vocative"
    for plural in plurals(word, name):
        yield from with_article(plural, "е", "plural")
    if word.endswith("анин") or word.endswith("јанин"):
        yield from with_article(f"{word[:-2]}и", "е", "plural")


def plurals(word: str, name: bool) -> Iterator[str]:
    """The plurals that the noun's class allows, without article."""
    short = without_fleeting(word) if not name or word.endswith(("ец", "ар", "ер")) else ""
    if syllables(word) == 1:
        if word in table.SHORT_PLURAL:
            yield joined_with_i(before_i(word))
        elif name:
            return
        if word.endswith("ј") and word[-2:-1] in VOWELS:
            yield f"{word[:-1]}еви"
        yield f"{word}{'еви' if word.endswith(SOFT) else 'ови'}"
        return
    if word in table.LONG_PLURAL:
        yield f"{short or word}ови"
    yield joined_with_i(before_i(word))
    if short:
        yield joined_with_i(before_i(short))


def without_fleeting(word: str) -> str:
    """министер to министр-, Македонец to Македонц-, театар to театр-; "" where no vowel can fall out."""
    if syllables(word) < 2 or word in table.NOT_FLEETING or not word.endswith(table.FLEETING_PLURAL) or word[-3] in VOWELS:
        return ""
    return word[:-2] + word[-1]


def feminine(stem: str, name: bool) -> Iterator[Form]:
    """Forms of a feminine noun or name on -a."""
    yield from with_article(f"{stem}а", "а")
    yield from with_article(joined_with_i(stem), "е", "plural")
    if name and len(stem) > 3:
        yield f"{stem}о", "vocative"
        if stem.endswith("иц"):
            yield f"{stem}е", "vocative"


def feminine_consonant(word: str) -> Iterator[Form]:
    """Безбедноста; безбедносна would be the adjective, so the article of what is far keeps the т."""
    base = word[:-1] if word.endswith("ст") else word
    yield f"{base}та", "definite"
    for letter, definite in ARTICLES[1:]:
        yield f"{word}{letter}а", definite
    yield from with_article(f"{word}и", "е", "plural")


def on_o(word: str, name: bool) -> Iterator[Form]:
    """Forms of a neuter noun or a name on -o."""
    stem = word[:-1]
    yield from with_article(word, "о")
    if name:
        yield f"{stem}а", "object form of a name"
        if word.endswith("ко"):
            yield from with_article(f"{stem}овци", "е", "plural")
        return
    if f"{stem}а" not in table.STOP_FORMS:
        yield from with_article(f"{stem}а", "а", "plural")
    if word in ("биро", "ниво", "депо", "евро"):
        yield from with_article(f"{word}а", "а", "plural")
    if word.endswith("ио"):
        yield from with_article(f"{stem}ја", "а", "plural")


def on_e(word: str, name: bool) -> Iterator[Form]:
    """Forms of a neuter noun or a name on -e."""
    yield from with_article(word, "о")
    if name:
        yield f"{word}та", "object form of a name"
        yield f"{word}т", "object form of a name"
    if word.endswith(_SOFT_NEUTER):
        yield from with_article(f"{word[:-1]}ја" if word.endswith("ие") else f"{word[:-1]}а", "а", "plural")
    elif len(word) > 3:
        yield from with_article(f"{word[:-1]}иња", "а", "plural")
    yield from ((f"{word}{letter}е", definite) for letter, definite in ARTICLES)


def typed_with_article(word: str) -> str:
    """The word without the article it was typed with (децата, правата, родителите); "" when there is none."""
    for article in ("ата", "ите", "ето", "ото", "иот", "оста"):
        if word.endswith(article) and len(word) - 2 >= 4:
            return word[:-2] if article != "оста" else f"{word[:-1]}т"
    return word[:-2] if word.endswith("от") and len(word) > 6 else ""
