"""A person as feeds write one: the name beside an email address. Pure and linear."""

from __future__ import annotations

import re

from tracker.sources.plain_text import plain_title

MAX_CHARS = 300
"""Ten names with addresses; more is a text in the wrong field."""

_ROLE = re.compile(
    r"\s{0,9}(?:"
    r"(?:piše|pišu|pise|pisu|пише|пишу|пишува|пишуваат|shkruan|shkruajnë|shkruar nga|written by|story by|by|nga)\b\s{0,9}[:\-–—.]?"
    r"|(?:autor|autori|autorka|autorica|аутор|аутори|ауторка|автор|автори|авторка|autore|autorja|author|authors|napisao|napisala|napisali|написао|"
    r"написала|напишал|напишала|pripremio|pripremila|pripremili|priredio|priredila|припремио|припремила|подготвил|подготвила|подготви|përgatiti|"
    r"përgatitur nga|novinar|novinarka|новинар|новинарка|gazetari|gazetarja|tekst|текст|text|od|од|redaktor|redaktorja|urednik|urednica|"
    r"уредник|уредничка)\s{0,9}[:–—]"
    r")\s{0,9}",
    re.I,
)
"""What stands before a name in the region's feeds; a word that may be a name itself counts with a colon only."""


def person_name(written: str) -> str:
    """`mira@vest.media (Mira Kola)`, `Mira Kola <mira@vest.media>`, `Piše: Mira Kola` and their like -> `Mira Kola`; an address without a
    name stays."""
    return _without_role(_named(written[: 4 * MAX_CHARS]))


def _without_role(name: str) -> str:
    role = _ROLE.match(name)
    if role is None:
        return name
    rest = name[role.end() :]
    return rest if rest or name.endswith(":") else name


def _named(written: str) -> str:
    for opening, closing in (("(", ")"), ("<", ">")):
        before, opened, rest = written.partition(opening)
        inside, closed, after = rest.partition(closing)
        if not opened or not closed:
            continue
        outside = f"{before} {after}".strip()
        if _is_address(inside) and outside:
            return plain_title(outside)
        if _is_address(outside) and inside.strip():
            return plain_title(inside)
    return plain_title(written).removeprefix("mailto:")


def mended_name(name: str) -> str:
    """A name without what is left beside it of an email address that was cut in its midst: `a (Mira Kola` -> `Mira Kola`."""
    for opening, closing in (("(", ")"), ("<", ">")):
        if (opening in name) != (closing in name):
            before, _, after = name.partition(opening if opening in name else closing)
            return max(before, after, key=len).strip()
    return name


def _is_address(text: str) -> bool:
    """Whether a text is one email address and nothing else."""
    name, at, host = text.strip().removeprefix("mailto:").partition("@")
    return bool(at and name) and "." in host and not any(letter.isspace() for letter in name + host)
