"""A campaign file, read and checked."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class TermKind(StrEnum):
    """How a term is matched: which inflected forms it has and whether case counts. The campaign file explains each."""

    NAME = "name"
    WORD = "word"
    PHRASE = "phrase"
    ACRONYM = "acronym"
    EXACT = "exact"


class TermEntry(Struct, frozen=True):
    """One spelling a person typed. `language` is a code, or `any`; an alias is an entry too.

    `capital` says whether a name or acronym counts in small letters: "any", "typed" (only with its capitals), or "" for the rule.
    """

    text: str
    language: str = "any"
    kind: TermKind | None = None
    alias: bool = False
    capital: str = ""
    respellings: bool | None = None
    """Whether spellings by the rules of the region's languages count too; None: as the term says."""


class Term(Struct, frozen=True):
    """A named search term of a campaign. `slop`: how many other words may stand between the words of a phrase."""

    id: str
    kind: TermKind
    entries: tuple[TermEntry, ...]
    slop: int = 0
    respellings: bool = True
    order: str = "typed"
    """Of the words of a phrase: "typed", or "any"."""


class Circle(Struct, frozen=True):
    """Who sees what: an item belongs to the first circle whose query matches."""

    id: str
    name: str
    audience: str  # "partners" | "staff"
    query: str
    names: tuple[tuple[str, str], ...] = ()  # (language, name)


class Label(Struct, frozen=True):
    """A mark for people. `hold` keeps an item inside the house until a person has looked."""

    id: str
    query: str
    name: str = ""
    hold: bool = False
    names: tuple[tuple[str, str], ...] = ()  # (language, name)


class KeyMessage(Struct, frozen=True):
    """`names`: (language, name) as readers of that language see it; `name` serves the others."""

    id: str
    name: str
    query: str
    names: tuple[tuple[str, str], ...] = ()


class Spokesperson(Struct, frozen=True):
    """Somebody whose being quoted a digest tells. `terms` are ids of the terms that name the person. The role is that of today: an
    edition keeps the one it was made with."""

    name: str
    terms: tuple[str, ...]
    role: str = ""
    roles: tuple[tuple[str, str], ...] = ()  # (language, role)


class Branding(Struct, frozen=True):
    """How a campaign's digests look. `logo` and `marks` are files beside the campaign file; `marks` are the donors'."""

    colour: str = ""  # #rrggbb
    logo: str = ""
    marks: tuple[str, ...] = ()
    funding: tuple[tuple[str, str], ...] = ()  # (language, funding statement)
    contact: str = ""  # whom readers may write to


class Outcome(Struct, frozen=True):
    """A figure that a person entered for an objective: a survey, calls to a hotline, attendance. It stands with its source and day."""

    name: str
    value: str
    source: str
    on: str  # ISO day


class Objective(Struct, frozen=True):
    """What the campaign wants to reach. `measure` names one of our figures (`OBJECTIVE_MEASURES`), empty where only outcomes tell.
    Objectives stand beside the figures and are never summed into one number."""

    name: str
    names: tuple[tuple[str, str], ...] = ()
    measure: str = ""
    target: int | None = None
    outcomes: tuple[Outcome, ...] = ()


class PressRelease(Struct, frozen=True):
    """A text that the campaign sent to the media: (language of articles, text), the language empty where the file does not say it.
    `names`: its title for readers of a language."""

    title: str
    texts: tuple[tuple[str, str], ...]
    sent_on: date | None = None
    names: tuple[tuple[str, str], ...] = ()


OBJECTIVE_MEASURES = ("stories", "items", "outlets", "countries", "tier_1_items")
"""Figures that an objective's target may be held against."""


class Campaign(Struct, frozen=True):
    """A campaign file, read and checked. Queries are kept as typed; `matching` compiles them. `version` is a digest of the file.
    `names`: (language, name) as readers of that language see it; `name` serves the others."""

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
    branding: Branding = Branding()
    objectives: tuple[Objective, ...] = ()
    spokespeople: tuple[Spokesperson, ...] = ()
    releases: tuple[PressRelease, ...] = ()
    partners: tuple[tuple[tuple[str, str], ...], ...] = ()
    version: str = ""
    names: tuple[tuple[str, str], ...] = ()
    folder: str = ""  # where its file lies, and the pictures that it names
