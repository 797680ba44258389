"""What a campaign's digests print beside its coverage: branding, objectives, and the people who speak for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tracker.config.checked_toml import CheckedToml
from tracker.config.toml_positions import Keys
from tracker.model import OBJECTIVE_MEASURES, Branding, Objective, Outcome, PressRelease, Spokesperson

PICTURE_ENDINGS = (".png", ".svg", ".jpg")
MAX_MARKS = 8
"""Donors' marks that one line of a report's cover can bear."""
MAX_PICTURE_BYTES = 1024 * 1024
"""A logo of 40 KB prints sharp; every report sent carries it."""
MAX_RELEASE_CHARS = 40_000
"""Ten pages."""
_BRANDING_KEYS = ("colour", "logo", "marks", "contact", "funding")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")


def read_branding(toml: CheckedToml) -> Branding:
    """The `[branding]` of the file; a neutral one where there is none. Pictures must lie in the campaign file's folder or below it."""
    table, keys = toml.document.data.get("branding", {}), ("branding",)
    if not isinstance(table, dict):
        raise toml.error("branding must be a table: [branding]", keys)
    toml.known(table, _BRANDING_KEYS, keys, "[branding]")
    colour, contact = (toml.line(table, name, keys, "") for name in ("colour", "contact"))
    if colour and not _COLOUR.fullmatch(colour):
        raise toml.error('colour must be written as in colour = "#1a5276"', (*keys, "colour"))
    if contact and not _ADDRESS.fullmatch(contact):
        raise toml.error(f"contact must be one e-mail address, not {contact!r}", (*keys, "contact"))
    marks = toml.texts(table, "marks", keys)
    if len(marks) > MAX_MARKS:
        raise toml.error(f"marks may have {MAX_MARKS} pictures at most", (*keys, "marks"))
    logo = toml.text(table, "logo", keys) if "logo" in table else ""
    return Branding(
        colour=colour.lower(),
        logo=_picture(toml, logo, (*keys, "logo")) if logo else "",
        marks=tuple(_picture(toml, mark, (*keys, "marks", number)) for number, mark in enumerate(marks)),
        funding=toml.by_language(table, "funding", keys),
        contact=contact,
    )


def _picture(toml: CheckedToml, name: str, keys: Keys) -> str:
    folder = toml.document.path.parent.resolve()
    if not name.lower().endswith(PICTURE_ENDINGS) or not name.isprintable():
        raise toml.error(f"{name!r} is no picture that can be printed; take one of {', '.join(PICTURE_ENDINGS)}", keys)
    if Path(name).is_absolute() or "\\" in name or ":" in name or ".." in Path(name).parts:
        raise toml.error(f"{name!r} must be a path inside the folder of the campaign file, as in marks/donor.png", keys)
    try:
        file = (folder / name).resolve()
        size = file.stat().st_size if file.is_file() else 0
    except (OSError, RuntimeError) as error:
        raise toml.error(f"{name!r} cannot be read: {getattr(error, 'strerror', None) or error}", keys) from error
    if not file.is_relative_to(folder):
        raise toml.error(f"{name!r} leads out of the folder of the campaign file", keys)
    if not size:
        raise toml.error(f"no such picture: {name}; it must lie beside the campaign file", keys)
    if size > MAX_PICTURE_BYTES:
        raise toml.error(f"{name} is larger than {MAX_PICTURE_BYTES // 2**10} KiB, which no report should carry", keys)
    return name


def read_releases(toml: CheckedToml) -> Iterator[PressRelease]:
    """Every `[[releases]]` of the file: a title and the text that was sent to the media, one table a language."""
    for table, keys in toml.tables("releases", ("title", "text"), unique=""):
        text = toml.text(table, "text", keys)
        if len(text) > MAX_RELEASE_CHARS:
            raise toml.error(f"text may have {MAX_RELEASE_CHARS} characters at most", (*keys, "text"))
        yield PressRelease(toml.line(table, "title", keys), text)


def read_objectives(toml: CheckedToml) -> Iterator[Objective]:
    """Every `[[objectives]]` of the file with the outcomes entered for it."""
    for table, keys in toml.tables("objectives", ("name", "names", "measure", "target", "outcomes"), unique="name"):
        measure = toml.choice(table, "measure", keys, OBJECTIVE_MEASURES, "") if "measure" in table else ""
        target = table.get("target")
        if target is not None and (isinstance(target, bool) or not isinstance(target, int) or target < 1):
            raise toml.error("target must be a whole number above 0", (*keys, "target"))
        if target is not None and not measure:
            raise toml.error(f"a target needs a measure to be held against: one of {', '.join(OBJECTIVE_MEASURES)}", (*keys, "target"))
        outcomes = tuple(
            _outcome(toml, outcome, here)
            for outcome, here in toml.tables_in(table, "outcomes", keys, ("name", "value", "source", "on"), unique="")
        )
        yield Objective(toml.line(table, "name", keys), toml.by_language(table, "names", keys), measure, target, outcomes)


def _outcome(toml: CheckedToml, table: dict[str, Any], keys: Keys) -> Outcome:
    value = table.get("value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        table = {**table, "value": str(value)}
    name, value, source = (toml.line(table, key, keys) for key in ("name", "value", "source"))
    return Outcome(name, value, source, toml.day(table, "on", keys).isoformat())


def read_spokespeople(toml: CheckedToml, term_ids: Collection[str]) -> Iterator[Spokesperson]:
    """Every `[[spokespeople]]` of the file; a person is recognised by terms of the campaign."""
    for table, keys in toml.tables("spokespeople", ("name", "terms", "role", "roles"), unique="name"):
        name = toml.line(table, "name", keys)
        terms = toml.texts(table, "terms", keys)
        if not terms:
            raise toml.error(f'needs the terms that name {name}: terms = ["..."]', (*keys, "terms"))
        for number, term in enumerate(terms):
            if term not in term_ids:
                raise toml.error(f"no term {term!r}{nearest(term, term_ids)}", (*keys, "terms", number))
        yield Spokesperson(name, terms, toml.line(table, "role", keys, ""), toml.by_language(table, "roles", keys))


def nearest(identity: str, term_ids: Collection[str]) -> str:
    """The end of an error about an unknown term: the one that was probably meant, or those there are."""
    close = get_close_matches(identity, sorted(term_ids), 1)
    return f"; did you mean {close[0]!r}?" if close else f"; terms are {', '.join(sorted(term_ids)[:12])}"
