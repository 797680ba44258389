"""Options that narrow a report or an export to countries, languages of articles and outlets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from tracker.errors import UsageError
from tracker.model import LANGUAGES, EditionKind, Scope
from tracker.workspace import Parts


def narrowing(*language_names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds --country, --outlet and the language of articles under these names."""

    def adding(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option("--outlet", "outlets", multiple=True, help="Only items of this outlet, id or name; may be repeated.")(
            command
        )
        told = "Only items written in this language, such as sq; may be repeated."
        command = click.option(*language_names, "written_in", multiple=True, metavar="LANGUAGE", help=told)(command)
        told = "Only items of this country's outlets, such as XK; may be repeated."
        return click.option("--country", "countries", multiple=True, help=told)(command)

    return adding


def languages_of(
    kind: EditionKind, asked: Sequence[str], read_in: Sequence[str], written_in: Sequence[str], *, narrowed: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(languages of articles, languages of readers) of an order. `--language` is the reader's, but in a report that is `narrowed` to
    countries or outlets: there it narrows too, and without `--in` the report is written in it as well. `--article-language` says it
    outright and leaves `--language` to the reader. Raises UsageError for what no reader's language is."""
    if kind is EditionKind.REPORT and narrowed and asked and not written_in:
        spoken = dict.fromkeys("sr-Latn" if code == "sr" else code for code in asked)
        return tuple(asked), tuple(read_in) or tuple(code for code in spoken if code in LANGUAGES)
    if unknown := [code for code in asked if code not in LANGUAGES]:
        raise UsageError(f"no edition is written in {unknown[0]!r}; languages are {', '.join(LANGUAGES)}")
    return tuple(written_in), tuple(dict.fromkeys((*read_in, *asked)))


def scope_of(parts: Parts, countries: Sequence[str], written_in: Sequence[str], outlets: Sequence[str]) -> Scope:
    """What was asked for. Raises UsageError for what is not known."""
    if not (countries or written_in or outlets):
        return Scope()
    from tracker.digests.scopes import read_scope
    from tracker.store import registers

    with parts.database.reading() as conn:
        return read_scope(countries, written_in, outlets, registers.outlets(conn))


def described(scope: Scope) -> str:
    """The scope as it may be asked for again."""
    return ", ".join((*scope.countries, *scope.languages, *(identity for identity, _ in scope.outlets)))
