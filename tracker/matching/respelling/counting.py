"""Which respellings count, alone or beside the other words of a name, and in which of their forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.matching.respelling.respell import Respelling

MAX_WORDS = 4
"""Ursula von der Leyen; longer names are those of institutions."""
SHORT_CHARS = 4
"""So short a respelling is another word too often: of 40 such in the measured texts 11 were (Musk/maska, Tusk/task, Kohl/kola)."""
_LINKING = frozenset("of the for and in on për e i të së dhe në za na u o od и за на во".split())
_OWN_LETTERS = re.compile("[čćšžđç]")
_OTHERS = frozenset(
    "haris dragi drago hari ari mila mila marko marija maria ana daniel danijel filip viktor mihail denis robert martin dino damir edin emir "
    "goran igor ivan jana jasmin luka maja mario matej milan mirko nikola petar pavle saša sara stefan tomas toma zoran lena lina dina adel alma "
    "sami rami deni beni dani mira vera nina tina teo leon elena irena klara emil boris anton simon aron samir alan adam nora holande holand".split()
)
"""Given names of the region, and a land: a surname alone that is respelt so (Harris/Haris, Draghi/Dragi, Hollande/Holande) is nearly
always somebody or something else."""
_NOT_RESPELT = re.compile(r"^vocative|indefinite|, far|, near")
_SLAVIC_ADJECTIVE = re.compile(r"(?:[scčš]k|[nlv])[iy]j?$|[oei]va$|[scčš]ka$")


def respellable(words: Sequence[str]) -> bool:
    """Whether an entry's words are those of a person, a place or a brand: none of them links the common words of an institution's name
    (of, za, për), which is translated and not respelt."""
    return 0 < len(words) <= MAX_WORDS and words[-1][:1].isupper() and not any(word.lower() in _LINKING for word in words)


def counts_alone(respelling: Respelling) -> bool:
    """Whether it may stand for a name of one word: a short one only as the likeliest reading, none that is a given name of the region."""
    length = len(respelling.spelled)
    if respelling.spelled in _OTHERS:
        return False
    return length > SHORT_CHARS or (length == SHORT_CHARS and respelling.likely)


def is_doubtful(respelling: Respelling) -> bool:
    """Short, and without a letter that the name of the other language has not: needs a capital that its place does not explain."""
    return len(respelling.spelled) <= SHORT_CHARS and _OWN_LETTERS.search(respelling.spelled) is None


def inflects_respelt(spelled: str, form: str, rule: str, press: str) -> bool:
    """Whether a form of a respelling counts. A foreign name has its singular cases and possessives, and keeps its letters in them; it is no adjective unless it ends as
    Slavic ones do, and Macedonian gives it no article."""
    is_adjective = "adjective" in rule
    kept = spelled[:-1] if is_adjective or spelled[-1] in ("aeoë" if press == "sq" else "ao") else spelled
    if not form.startswith(kept) or _NOT_RESPELT.search(rule) or (press == "hbs" and "definite" in rule):
        return False
    return not is_adjective or _SLAVIC_ADJECTIVE.search(spelled) is not None


def respelling_rule(spelled: str, rule: str) -> str:
    """What explanations and evidence call the form."""
    return f"respelling {spelled}, {rule}" if rule else f"respelling {spelled}"
