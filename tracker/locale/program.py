"""What the program says in English, said in the reader's language: reasons, faults and errors, which name places, numbers and words.

As with gettext the English sentence finds its translation. `program/en.toml` has each with the places of its values; a sentence that is
not there has no translation, and `say` tells so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter

from msgspec import Struct

from tracker.locale.cyrillic import to_cyrillic
from tracker.locale.wording import Wording, wording

Forms = str | Mapping[str, str]
"""A sentence, or its forms by the plural that its number `n` asks for."""
KEPT = 2000
"""Answers kept in a language: a page of a tried text says the same few notes hundreds of times."""
LONGEST = 4000
"""Characters of a sentence; a longer one is a text that somebody pasted."""
CODE_WORDS = (
    *(
        "near",
        "not",
        "and",
        "or",
        "query",
        "circles",
        "terms",
        "any",
        "aliases",
        "kind",
        "text",
        "name",
        "order",
        "colour",
        "true",
        "false",
    ),
    *("UTF-8", "UTF-16", "TOML", "MB", "MiB", "KiB", "Windows-1250", "OpenDocument", "xls", "xlsx", "sq", "mk", "marks/donor.png"),
    *("near/5", "near/s", "b", "c", "releases", "texts"),
)
"""What a campaign file or a sheet has in Latin letters, also where a reader reads Cyrillic."""
_FOLDER = Path(__file__).parent / "program"
_WITHIN: Mapping[str, tuple[str, ...]] = {
    "error": ("toml_",),
    "fault": ("query_", "term_", "row_"),
    "wanted": ("wanted_",),
    "where": ("the_file",),
    "what": ("an_entry",),
    "languages": ("in_",),
    "names": ("query_a_term", "query_quoted"),
    "found": ("query_end",),
    "lacking": ("miss_",),
    "words": ("miss_here", "mail_limit"),
    "fact": ("fact_",),
}
"""Values that are sentences of ours themselves, and which."""
_CODE = re.compile(r"`[^`]+`")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class _Sentence(Struct, frozen=True):
    key: str
    pattern: re.Pattern[str]
    rank: tuple[bool, int]
    """Of two sentences that fit, that which begins with words of its own and has more of them is meant."""


class ProgramWords:
    """The program's sentences for readers of one language. Ask `program_words` for it."""

    def __init__(self, words: Wording, table: Mapping[str, Forms], sentences: Sequence[_Sentence]) -> None:
        self._words, self._table, self._sentences = words, table, sentences
        self._said = lru_cache(maxsize=KEPT)(self._find)

    def say(self, english: str) -> str | None:
        """The sentence in the language; None where it is none of the program's."""
        return self._said(" ".join(english.split()), ("",)) if len(english) <= LONGEST else None

    def _find(self, english: str, families: tuple[str, ...]) -> str | None:
        for sentence in self._sentences:
            if sentence.key.startswith(families) and (found := sentence.pattern.fullmatch(english)):
                return self._put(sentence.key, found.groupdict())
        return None

    def _put(self, key: str, values: Mapping[str, str]) -> str:
        forms, number = self._table[key], values.get("n", "")
        form = forms if isinstance(forms, str) else self._words.form_of(forms, int(number) if number.isdecimal() else 0)
        return form.format(**{name: self._value(name, value) for name, value in values.items()})

    def _value(self, name: str, value: str) -> str:
        if families := _WITHIN.get(name):
            if (whole := self._said(value, families)) is not None:
                return whole
            if ", " in value:
                return ", ".join(self._said(part, families) or part for part in value.split(", "))
        quoted = _QUOTED.fullmatch(value)
        return self._words.quote(quoted[1] or quoted[2] or "") if quoted else value


@cache
def program_words(language: str) -> ProgramWords:
    """The program's sentences in one of `LANGUAGES`. Raises KeyError for any other."""
    words, is_cyrillic = wording(language), language == "sr-Cyrl"
    table = _read("sr-Latn" if is_cyrillic else language)
    return ProgramWords(words, {key: _in_cyrillic(forms) for key, forms in table.items()} if is_cyrillic else table, _sentences())


def _read(language: str) -> dict[str, Forms]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))


def _in_cyrillic(forms: Forms) -> Forms:
    if isinstance(forms, str):
        return to_cyrillic(forms, keep=(*CODE_WORDS, *_CODE.findall(forms)))
    return {name: to_cyrillic(form, keep=CODE_WORDS) for name, form in forms.items()}


@cache
def _sentences() -> tuple[_Sentence, ...]:
    found = [_sentence(key, form) for key, forms in _read("en").items() for form in ([forms] if isinstance(forms, str) else forms.values())]
    return tuple(sorted(found, key=lambda sentence: sentence.rank))


def _sentence(key: str, form: str) -> _Sentence:
    parts = [(literal, name) for literal, name, _, _ in Formatter().parse(form)]
    pattern = "".join(
        re.escape(literal) + ("" if name is None else r"(?P<n>\d+)" if name == "n" else f"(?P<{name}>.+?)") for literal, name in parts
    )
    return _Sentence(key, re.compile(pattern, re.DOTALL), (not parts[0][0], -sum(len(literal) for literal, _ in parts)))
