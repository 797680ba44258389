"""A person as feeds write one: the name beside an email address. Pure and linear."""

from __future__ import annotations

from tracker.sources.plain_text import plain_title

MAX_CHARS = 300
"""Ten names with addresses; more is a text in the wrong field."""


def person_name(written: str) -> str:
    """`mira@vest.media (Mira Kola)`, `Mira Kola <mira@vest.media>` and their like -> `Mira Kola`; an address without a name stays."""
    written = written[: 4 * MAX_CHARS]
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
    return plain_title(written)


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
