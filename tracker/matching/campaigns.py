"""A campaign file: read, checked as a whole, and refused with file, line and column when anything in it is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from msgspec.structs import replace

from tracker.config.schema import as_record, read_struct
from tracker.config.toml_positions import Keys, TomlDocument, parse_toml
from tracker.config.toml_text import read_toml_text
from tracker.matching.cache import NO_CACHE, Cache
from tracker.matching.campaign_file import CampaignFile, TermTable
from tracker.matching.query import QueryError, parse_query, references
from tracker.model import (
    Branding,
    Campaign,
    Circle,
    KeyMessage,
    Label,
    Objective,
    Outcome,
    PressRelease,
    Spokesperson,
    Term,
    TermEntry,
)
from tracker.model.languages import latin_look

PICTURE_ENDINGS = (".png", ".svg", ".jpg")
MAX_PICTURE_BYTES = 1024 * 1024
"""A logo of 40 KB prints sharp; every report sent carries it."""


def read_campaign(path: Path, cache: Cache = NO_CACHE) -> Campaign:
    """The campaign of a file. Raises ConfigError naming file, line and column; nothing is half-loaded."""
    return parse_campaign(read_toml_text(path), path, cache)


def parse_campaign(source: str, path: Path, cache: Cache = NO_CACHE) -> Campaign:
    """The campaign of a text that is, or is to become, the file at `path`; its pictures are looked for beside it. Raises ConfigError."""
    campaign = cache.value(source.encode("utf-8", "surrogatepass"), Campaign, lambda: _read(source, path))
    _check_pictures(source, path, campaign.branding)  # each time: they may have gone since the file was read
    return replace(campaign, folder=str(path.parent))


def version_of(source: str) -> str:
    """What tells a campaign file's text from its other versions."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def _read(source: str, path: Path) -> Campaign:
    document = parse_toml(source, path)
    file = read_struct(document, CampaignFile, "the campaign file")
    _check_terms_named(document, file)
    return as_record(
        Campaign,
        file,
        circles=_circles(file),
        terms=tuple(_term(identity, table) for identity, table in file.terms.items()),
        labels=tuple(as_record(Label, table, name=str(table.name or table.id)) for table in file.labels),
        key_messages=tuple(as_record(KeyMessage, table, name=str(table.name or table.id)) for table in file.key_messages),
        own_domains=tuple(domain.lower() for domain in file.own_domains),
        branding=as_record(Branding, file.branding, colour=file.branding.colour.lower(), logo=str(file.branding.logo or "")),
        objectives=tuple(
            as_record(
                Objective,
                table,
                outcomes=tuple(as_record(Outcome, outcome, on=outcome.on.isoformat()) for outcome in table.outcomes),
            )
            for table in file.objectives
        ),
        spokespeople=tuple(as_record(Spokesperson, table, role=str(table.role or "")) for table in file.spokespeople),
        releases=tuple(as_record(PressRelease, table, texts=table.by_language()) for table in file.releases),
        version=version_of(source),
    )


def _circles(file: CampaignFile) -> tuple[Circle, ...]:
    if file.query is not None:
        return (as_record(Circle, file, name=str(file.name), audience="partners"),)
    return tuple(as_record(Circle, table, name=str(table.name or table.id)) for table in file.circles)


def _term(identity: str, table: TermTable) -> Term:
    entries = (
        as_record(
            TermEntry,
            spelling,
            language="any" if name == "aliases" else name,
            alias=name == "aliases",
            capital=spelling.capital or table.capital,
        )
        for name, _, spelling in table.spellings()
    )
    return as_record(Term, table, id=identity, entries=tuple(entries))


def _check_terms_named(document: TomlDocument, file: CampaignFile) -> None:
    """Raises ConfigError at a query that cannot be read, and at the name of a term that the file does not have."""
    for keys, query in file.queries():
        try:
            for ref in references(parse_query(query)):
                if not ref.quoted and ref.text not in file.terms:
                    raise QueryError(f"no term {ref.text!r}{_nearest(ref.text, file.terms)}", ref.offset)
        except QueryError as error:
            message = f"query: {error.message} (character {error.offset + 1} of the query)"
            raise document.error(message, keys, error.offset) from error
    for number, person in enumerate(file.spokespeople):
        for place, term in enumerate(person.terms):
            if term not in file.terms:
                raise document.error(f"no term {term!r}{_nearest(term, file.terms)}", ("spokespeople", number, "terms", place))


def _nearest(identity: str, term_ids: Collection[str]) -> str:
    """The end of an error about an unknown term: the one that was probably meant, or those there are."""
    if (latin := latin_look(identity)) != identity and latin in term_ids:
        return f"; it has Cyrillic letters: type {latin!r} in Latin ones"
    close = get_close_matches(identity, sorted(term_ids), 1)
    return f"; did you mean {close[0]!r}?" if close else f"; terms are {', '.join(sorted(term_ids)[:12])}"


def _check_pictures(source: str, path: Path, branding: Branding) -> None:
    """Raises ConfigError unless every picture lies in the campaign file's folder or below it and can be printed."""
    named: list[tuple[str, Keys]] = [(branding.logo, ("branding", "logo"))] if branding.logo else []
    named += [(mark, ("branding", "marks", number)) for number, mark in enumerate(branding.marks)]
    for name, keys in named:
        if fault := _picture_fault(path.parent, name):
            raise parse_toml(source, path).error(fault, keys)


def _picture_fault(parent: Path, name: str) -> str:
    """What is wrong with a picture; empty when it can be printed."""
    folder = parent.resolve()
    if not name.lower().endswith(PICTURE_ENDINGS) or not name.isprintable():
        return f"{name!r} is no picture that can be printed; take one of {', '.join(PICTURE_ENDINGS)}"
    if Path(name).is_absolute() or "\\" in name or ":" in name or ".." in Path(name).parts:
        return f"{name!r} must be a path inside the folder of the campaign file, as in marks/donor.png"
    try:
        file = (folder / name).resolve()
        size = file.stat().st_size if file.is_file() else 0
    except (OSError, RuntimeError) as error:
        return f"{name!r} cannot be read: {getattr(error, 'strerror', None) or error}"
    if not file.is_relative_to(folder):
        return f"{name!r} leads out of the folder of the campaign file"
    if not size:
        return f"no such picture: {name}; it must lie beside the campaign file"
    if size > MAX_PICTURE_BYTES:
        return f"{name} is larger than {MAX_PICTURE_BYTES // 2**10} KiB, which no report should carry"
    return ""
