"""A campaign file, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TermKind(StrEnum):
    NAME = "name"
    WORD = "word"
    PHRASE = "phrase"
    ACRONYM = "acronym"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class TermEntry:
    """One spelling a person typed. `language` is a code, or `any`; an alias is an entry too."""

    text: str
    language: str = "any"
    kind: TermKind | None = None
    alias: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    kind: TermKind
    entries: tuple[TermEntry, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Circle:
    """Who sees what: an item belongs to the first circle whose query matches."""

    id: str
    name: str
    audience: str  # "partners" | "staff"
    query: str


@dataclass(frozen=True, slots=True)
class Label:
    """A mark for people. `hold` keeps an item inside the house until a person has looked."""

    id: str
    query: str
    name: str = ""
    hold: bool = False


@dataclass(frozen=True, slots=True)
class KeyMessage:
    id: str
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign file, read and checked. Queries are kept as typed; `matching` compiles them. `version` is a digest of the file."""

    id: str
    name: str
    countries: tuple[str, ...]
    since: date
    time_zone: str
    review: str
    circles: tuple[Circle, ...]
    terms: tuple[Term, ...]
    labels: tuple[Label, ...] = ()
    key_messages: tuple[KeyMessage, ...] = ()
    own_domains: tuple[str, ...] = ()
    possessives: bool = True
    kosovo_note: str = "none"
    branding: tuple[tuple[str, str], ...] = ()
    objectives: tuple[tuple[tuple[str, str], ...], ...] = ()
    releases: tuple[tuple[tuple[str, str], ...], ...] = ()
    partners: tuple[tuple[tuple[str, str], ...], ...] = ()
    version: str = ""
