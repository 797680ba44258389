"""Declension of nouns in Bosnian, Croatian, Montenegrin and Serbian, by ending, on lower-case Latin words.

Where the ending does not show the class, both are made: a form nobody writes costs nothing, a form that is another
word does, and those are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import hbs_adjectives as adjectives
from . import hbs_irregular as table
from .hbs_letters import VOWELS, after_cluster, is_soft, palatalised, sibilarised, syllables, with_inserted_a, without_fleeting

Form = tuple[str, str]


def declined(word: str, name: bool) -> Iterator[Form]:
    """Every form of a noun typed in its nominative singular; `name` for names of people, places and brands."""
    if word in table.MASCULINE_STEMS:
        for stem in table.MASCULINE_STEMS[word]:
            yield from masculine(word, stem, name)
    elif word in table.NEUTER_STEMS:
        for stem in table.NEUTER_STEMS[word]:
            yield from neuter(stem)
        yield from neuter(word[:-1]) if name else ()
    elif is_feminine_consonant(word):
        yield from feminine_consonant(word)
        yield from masculine(word, word, name) if word in table.BOTH_GENDERS else ()
    elif word in table.PLURALS_ON_A:
        yield f"{word[:-1]}ima", "dative, locative or instrumental plural"
        yield f"{word[:-1]}iju", "genitive plural"
    else:
        yield from _by_ending(word, name)
    if name and len(word) > 4 and word.endswith(("ić", "ic")) and word not in table.NOT_FLEETING:
        yield from ((f"{word}k{ending}", "woman of that surname") for ending in ("a", "e", "i", "oj", "u", "om"))
    for forms, rule in table.SUPPLETION.get(word, {}).items():
        yield from ((form, rule) for form in forms.split())


def _by_ending(word: str, name: bool) -> Iterator[Form]:
    if word.endswith("a"):
        yield from feminine(word[:-1], name)
        if name and word.endswith("ia"):
            yield from ((f"{word[:-1]}j{ending}", "oblique case with -j-") for ending in ("e", "i", "u", "om"))
    elif word.endswith("o"):
        yield from on_o(word, name)
    elif word.endswith("e"):
        yield from on_e(word, name)
    elif word.endswith(("i", "y", "u", "é")):
        yield from foreign_vowel(word, name)
    else:
        for stem in masculine_stems(word, name):
            yield from masculine(word, stem, name)


def is_feminine_consonant(word: str) -> bool:
    if word in table.FEMININE_CONSONANT or word in table.BOTH_GENDERS:
        return True
    return word.endswith(("ost", "vest", "vijest")) and syllables(word) > 1 and word not in table.MASCULINE_ON_OST


def masculine_stems(word: str, name: bool) -> Iterator[str]:
    """The word itself, its stem without a fleeting vowel, or both where one cannot tell."""
    short = without_fleeting(word)
    if word in table.FLEETING:
        yield short
        if name:
            yield word
    elif word.endswith("ac") and syllables(word) > 1 and word not in table.NOT_FLEETING:
        if word[-3] == "l" and word[-4] in VOWELS:
            yield f"{word[:-3]}oc"
        yield short
        if word.endswith("dac"):
            yield f"{word[:-2]}c"
    else:
        if _may_lose_vowel(word, name):
            yield short
        yield word


def _may_lose_vowel(word: str, name: bool) -> bool:
    if syllables(word) < 2 or word in table.NOT_FLEETING or (word.endswith("ak") and after_cluster(word)):
        return False
    return word.endswith(table.FLEETING_ENDINGS) or (name and word.endswith(("ec", "ek", "ar", "el")))


def masculine(word: str, stem: str, name: bool) -> Iterator[Form]:
    yield from _masculine_singular(word, stem, name)
    if word.endswith(("anin", "enin")) or word in table.ETHNIC_ON_IN:
        yield from _short_plural(word[:-2])
        yield f"{word[:-2]}a", "genitive plural"
        return
    one = syllables(stem) == 1
    if name and one and word not in table.SHORT_PLURAL and not word.endswith("ac"):
        return
    if stem != word and word[-2:-1] in ("a", "e") and word not in table.MASCULINE_STEMS:
        yield f"{word}a", "genitive plural"
    if (not one or stem != word or word in table.SHORT_PLURAL or word in table.BOTH_PLURALS) and not (
        name and word.endswith(_FIRST_NAMES) and word not in table.ETHNIC_ON_AN
    ):
        yield from _short_plural(stem)
    if (one and word not in table.SHORT_PLURAL and not word.endswith("ac")) or word in table.BOTH_PLURALS:
        yield from _long_plural(table.LONG_PLURAL_STEM.get(word, stem))


# Their plural would be the genitive of the woman's name: Ivani, Ivane of Ivana.
_FIRST_NAMES = ("an", "slav", "mir")


def _masculine_singular(word: str, stem: str, name: bool) -> Iterator[Form]:
    yield f"{stem}a", "genitive singular"
    yield f"{stem}u", "dative or locative singular"
    soft = is_soft(stem)
    if not soft or name or stem.endswith(("ež", "eš", "ej", "eč", "c")):
        yield f"{stem}om", "instrumental singular"
    if soft or stem.endswith("r") or (name and stem.endswith(("s", "z"))) or word == "put":
        yield f"{stem}em", "instrumental singular"
    if stem.endswith(("k", "g", "h", "c")):
        if syllables(stem) > 1 or name:
            yield f"{palatalised(stem)}e", "vocative singular"
    elif not soft and (len(stem) > 3 if name else word in table.SHORT_PLURAL):
        yield f"{stem}e", "vocative singular"


def _short_plural(stem: str) -> Iterator[Form]:
    for before_i in (sibilarised(stem), f"{stem[:-1]}c" if stem.endswith(("tk", "dk")) else ""):
        if before_i:
            yield f"{before_i}i", "nominative plural"
            yield f"{before_i}ima", "dative, locative or instrumental plural"
    yield f"{stem}e", "accusative plural"
    if inserted := _genitive_plural(stem):
        yield inserted, "genitive plural"


def _genitive_plural(stem: str) -> str | None:
    inserted = with_inserted_a(stem)
    if inserted is None:
        return None
    if stem.endswith("oc"):
        return f"{stem[:-2]}laca"
    return f"{inserted}a"


def _long_plural(stem: str) -> Iterator[Form]:
    middles = ("ev",) if is_soft(stem) else ("ev", "ov") if stem.endswith(("ar", "ut", "x")) else ("ov",)
    for middle in middles:
        for ending, rule in (("i", "nominative plural"), ("a", "genitive plural"), ("ima", "dative plural"), ("e", "accusative plural")):
            yield f"{stem}{middle}{ending}", f"{rule} with -{middle}-"


def feminine(stem: str, name: bool) -> Iterator[Form]:
    if name and adjectives.is_land(f"{stem}a"):
        if (before_i := sibilarised(stem, masculine=False)) != stem:
            yield f"{before_i}i", "dative or locative singular"
        return
    yield f"{stem}e", "genitive singular or plural"
    yield f"{stem}u", "accusative singular"
    yield f"{stem}om", "instrumental singular"
    for before_i in (sibilarised(stem, masculine=False), stem):
        yield f"{before_i}i", "dative or locative singular"
    yield f"{stem}ama", "dative, locative or instrumental plural"
    word = f"{stem}a"
    if (name and not stem.endswith("k") and syllables(stem) > 1) or word in table.PERSON_VOCATIVES:
        yield f"{stem}o", "vocative singular"
    if inserted := with_inserted_a(stem):
        yield f"{inserted}a", "genitive plural"


def feminine_consonant(word: str) -> Iterator[Form]:
    stem = word
    if word in ("so", "misao", "zamisao", "pomisao"):
        stem = {"so": "sol"}.get(word, word[:-2] + "l")
    elif word in table.FEMININE_FLEETING:
        stem = without_fleeting(word)
    yield f"{stem}i", "genitive, dative or locative"
    yield f"{stem}ima", "dative, locative or instrumental plural"
    yield f"{iotated(word if stem == word else stem)}u", "instrumental singular"
    if stem != word and not word.endswith("o"):
        yield f"{word}ju", "instrumental singular"


def iotated(stem: str) -> str:
    """radost- to radošć-, smrt- to smrć-, stvar- to stvarj-, krv- to krvlj-."""
    if stem.endswith(("st", "zd")):
        return stem[:-2] + "šć"
    for end, joined in (("t", "ć"), ("d", "đ"), ("n", "nj"), ("l", "lj"), ("p", "plj"), ("b", "blj"), ("v", "vlj"), ("m", "mlj")):
        if stem.endswith(end):
            return stem[: -len(end)] + joined
    return stem if stem.endswith(("č", "ć", "š", "ž", "đ", "j")) else f"{stem}j"


def neuter_singular(stem: str) -> Iterator[Form]:
    yield f"{stem}a", "genitive singular"
    yield f"{stem}u", "dative or locative singular"
    yield f"{stem}om", "instrumental singular"
    if is_soft(stem) or stem.endswith("r"):
        yield f"{stem}em", "instrumental singular"


def neuter(stem: str) -> Iterator[Form]:
    yield from neuter_singular(stem)
    yield f"{stem}ima", "dative, locative or instrumental plural"
    if inserted := with_inserted_a(stem):
        yield f"{inserted}a", "genitive plural"


def on_o(word: str, name: bool) -> Iterator[Form]:
    """Kosovo, Marko, pismo; Mario and radio with -j-; posao and deo stand in the table."""
    stem = word[:-1]
    if name and word in table.HYPOCORISTICS:
        yield f"{stem}e", "genitive singular"
        yield f"{stem}i", "dative singular"
    if word.endswith("ao") and name:
        yield from _masculine_singular(word, f"{word[:-2]}l", name)
    if stem.endswith("i"):
        yield from _masculine_singular(word, f"{stem}j", name)
    if word in table.MASCULINE_FOREIGN_O:
        yield from masculine(word, word, name)
        return
    yield from neuter_singular(stem) if name else neuter(stem)
    if word in table.WITH_PLURAL_ON_I:
        yield from _short_plural(stem)


def on_e(word: str, name: bool) -> Iterator[Form]:
    stem = word[:-1]
    if stem[-1:] in VOWELS and stem.endswith(("o", "e", "u", "a")):
        yield from ((f"{stem}j{ending}", "oblique case with -j-") for ending in ("e", "i", "u", "om"))
        yield f"{word}m", "instrumental singular"
    if name:
        yield f"{stem}a", "genitive singular"
        yield f"{stem}u", "dative, locative or accusative singular"
        yield f"{stem}i", "dative or locative singular"
        yield f"{stem}{'em' if is_soft(stem) else 'om'}", "instrumental singular"
        yield from ((f"{word}{ending}", "oblique case of a foreign name") for ending in ("a", "u", "om", "em"))
        if syllables(word) == 2:
            yield from ((f"{word}t{ending}", "oblique case with -et-") for ending in ("a", "u", "om"))
        yield f"{stem}ima", "dative plural"
        yield f"{stem}ama", "dative plural of a feminine"
        return
    if word in table.FOREIGN_ON_E:
        yield from masculine(word, word, name)
        yield from _long_plural(word)
        return
    yield from neuter(stem)
    yield f"{stem}ama", "dative, locative or instrumental plural of a feminine"


def foreign_vowel(word: str, name: bool) -> Iterator[Form]:
    """Gandi, Kennedy, Fehmiu, taksi, intervju; nastavnici and Karpati are plurals."""
    stems = [word]
    if word.endswith("i"):
        if not name or word.endswith(table.PLURAL_NAME_ENDINGS) or word in table.PLURAL_NAMES:
            yield from plural_on_i(word[:-1])
        stems = [f"{word}j", word] if name or word[-2:-1] in VOWELS else [f"{word}j"]
    elif word.endswith("y"):
        stems = [f"{word}j", word, f"{word[:-1]}ij"]
    if name and word.endswith(("i", "y")):
        yield f"{word}em", "instrumental singular"
    for stem in stems if name or word in table.FOREIGN_NOUNS or not word.endswith(("i", "u")) else ():
        yield from _masculine_singular(word, stem, name)
        if not name:
            yield from _short_plural(stem)


def plural_on_i(stem: str) -> Iterator[Form]:
    """The other cases of a noun typed in its plural; nothing of the singular but what is the same form."""
    hard = {"c": "k", "z": "g", "s": "h"}.get(stem[-1])
    for base in (stem, f"{stem[:-1]}{hard}" if hard else ""):
        if base:
            yield f"{base}a", "genitive plural"
            yield f"{base}e", "accusative plural"
            if inserted := with_inserted_a(base):
                yield f"{inserted}a", "genitive plural"
    yield f"{stem}ima", "dative, locative or instrumental plural"


def possessive_stems(word: str, name: bool) -> Iterator[tuple[str, str]]:
    """Stems of the adjective that says whose: Hazizajev-, Markov-, Nikolin-, Miličin-."""
    if word.endswith("a"):
        yield f"{palatalised(word[:-1]) if word.endswith(('ca',)) else word[:-1]}in", "possessive in -in"
    elif word.endswith("e"):
        stem = word[:-1]
        yield f"{stem}{'ev' if is_soft(stem) else 'ov'}", "possessive"
        if syllables(word) == 2:
            yield f"{word}tov", "possessive in -ov"
    elif word.endswith("o"):
        yield f"{word[:-1]}ov", "possessive in -ov"
        if word.endswith("io"):
            yield f"{word[:-1]}jev", "possessive in -ev"
    elif word.endswith(("i", "y")):
        yield f"{word}jev", "possessive in -ev"
    else:
        for stem in masculine_stems(word, name):
            if is_soft(stem) or stem.endswith(("r", "s", "z")):
                yield f"{palatalised(stem) if stem.endswith('c') else stem}ev", "possessive in -ev"
            if not is_soft(stem) or name:
                yield f"{stem}ov", "possessive in -ov"
