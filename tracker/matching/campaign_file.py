"""What a campaign file may say: one struct for each of its tables. A new key is a line here and a line in `model.campaigns`.

Rules that need the file's other tables or its folder (queries, terms of a spokesperson, pictures) stand in `campaigns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from tracker.config.schema import ByLanguage, Id, Line, Text, Wrong, one_of, refuse_repeats, refuse_twice
from tracker.matching.query import RESERVED
from tracker.matching.scanning import unsearchable
from tracker.model import COUNTRIES, OBJECTIVE_MEASURES, OUTLET_COUNTRIES, TermKind

LANGUAGES = ("any", "sq", "sr", "hr", "bs", "cnr", "mk", "en")
"""Of a term's spellings: `any` is inflected by the rules of the text's language."""
CAPITALS = ("any", "typed")
"""Of a name or acronym: counts in small letters too, or with its own capitals alone. Without the key a rule decides (`naming`)."""
ORDERS = ("typed", "any")
"""Of the words of a phrase."""
MAX_SLOP = 20
"""Words between the words of a phrase; more than that is no phrase, `near` is meant."""
MAX_ENTRY_CHARS = 300
"""The longest spelling of the shipped campaign has 68."""
MAX_ENTRY_WORDS = 30
"""The longest spelling of the shipped campaign has 11."""
MAX_MARKS = 8
"""Donors' marks that one line of a report's cover can bear."""
RELEASE_LANGUAGES = LANGUAGES[1:]
"""Of articles: the script is none of it."""
MAX_RELEASE_CHARS = 40_000
"""Ten pages."""

Query = Annotated[str, Meta(description="an expression: query = 'river and not (lake or sea)'")]
Domain = Annotated[
    str, Meta(pattern=r"^(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}\Z", description="a domain as in crca.al, without https:// and path")
]
_ADDRESS = r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"


class TimeZone(Text):
    """The name of a zone that this machine knows."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Raises ValueError with what is wrong."""
        name = Text.read(value)
        try:
            ZoneInfo(name)
        except (OSError, ValueError, LookupError) as error:
            is_kosovo = "pristin" in name.lower() or "prishtin" in name.lower()
            hint = "for Kosovo write Europe/Belgrade" if is_kosovo else "for example Europe/Tirane"
            raise Wrong(f"unknown time zone {str(name)!r}; {hint}") from error
        return cls(name)


class Figure(Line):
    """A figure as a person wrote it, with or without quotes."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Raises ValueError with what is wrong."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return cls(Line.read(str(value) if is_number else value))


class OneValue(str):
    """Any single value of TOML, as text."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Raises ValueError with what is wrong."""
        if isinstance(value, dict | list):
            raise ValueError("must be one value")
        return cls(value)


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: a key that it does not name is an error."""


class SpellingTable(Table, frozen=True):
    """A spelling with a kind of its own."""

    text: Text
    kind: TermKind | None = None
    capital: Annotated[str, one_of(CAPITALS)] = ""
    respellings: bool | None = None


Spellings = tuple[Annotated[str | SpellingTable, Meta(description='text, or { text = "...", kind = "..." }')], ...]


class TermTable(Table, frozen=True):
    """`[terms.ID]`."""

    kind: TermKind
    slop: Annotated[int, Meta(ge=0, le=MAX_SLOP)] = 0
    order: Annotated[str, one_of(ORDERS)] = "typed"
    capital: Annotated[str, one_of(CAPITALS)] = ""
    respellings: bool = True
    any: Spellings = ()
    sq: Spellings = ()
    sr: Spellings = ()
    hr: Spellings = ()
    bs: Spellings = ()
    cnr: Spellings = ()
    mk: Spellings = ()
    en: Spellings = ()
    aliases: Spellings = ()

    def __post_init__(self) -> None:
        if self.order == "any" and self.kind is not TermKind.PHRASE:
            raise Wrong('order = "any" is for phrases; the words of a name keep their order', "order")
        is_empty = True
        for name, number, spelling in self.spellings():
            is_empty = False
            words = re.findall(r"[^\W_]+", spelling.text)
            if not words:
                raise Wrong("an entry must hold at least one letter or digit", name, number)
            if len(spelling.text) > MAX_ENTRY_CHARS or len(words) > MAX_ENTRY_WORDS:
                raise Wrong(f"an entry may have {MAX_ENTRY_CHARS} characters and {MAX_ENTRY_WORDS} words at most", name, number)
            if unknown := unsearchable(spelling.text):
                raise Wrong(f"no text is searched for {unknown!r}; write the entry in Latin or Cyrillic letters", name, number)
        if is_empty:
            raise Wrong(f"the term has no spelling; give one under any, aliases or a language ({', '.join(LANGUAGES[1:])})")

    def spellings(self) -> Iterator[tuple[str, int, SpellingTable]]:
        """(key, number, spelling), languages in their order and aliases last."""
        for name in (*LANGUAGES, "aliases"):
            for number, item in enumerate(getattr(self, name)):
                yield name, number, SpellingTable(Text(item.strip())) if isinstance(item, str) else item


TermId = Annotated[
    str,
    Meta(
        pattern=rf"^(?!(?i:{'|'.join(sorted(RESERVED))})\Z)[^\W\d][\w-]*\Z",
        description="a term's id: letters, digits, _ and -, a letter first, no word of the query language",
    ),
]


class CircleTable(Table, frozen=True):
    """`[[circles]]`."""

    id: Id
    query: Query
    name: Text | None = None
    names: ByLanguage = {}
    audience: Annotated[str, one_of(("partners", "staff"))] = "partners"


class LabelTable(Table, frozen=True):
    """`[[labels]]`."""

    id: Id
    query: Query
    name: Text | None = None
    names: ByLanguage = {}
    hold: bool = False


class KeyMessageTable(Table, frozen=True):
    """`[[key_messages]]`."""

    id: Id
    query: Query
    name: Line | None = None
    names: ByLanguage = {}


class BrandingTable(Table, frozen=True):
    """`[branding]`."""

    colour: Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z", description='written as in colour = "#1a5276"')] = ""
    logo: Text | None = None
    marks: Annotated[tuple[Text, ...], Meta(max_length=MAX_MARKS, description=f"a list of {MAX_MARKS} pictures at most")] = ()
    contact: Annotated[str, Meta(pattern=rf"^{_ADDRESS}\Z", description="one e-mail address")] = ""
    funding: ByLanguage = {}


class OutcomeTable(Table, frozen=True):
    """`[[objectives.outcomes]]`."""

    name: Line
    value: Figure
    source: Line
    on: date


class ObjectiveTable(Table, frozen=True):
    """`[[objectives]]`."""

    name: Line
    names: ByLanguage = {}
    measure: Annotated[str, one_of(OBJECTIVE_MEASURES)] = ""
    target: Annotated[int, Meta(ge=1, description="a whole number above 0")] | None = None
    outcomes: tuple[OutcomeTable, ...] = ()

    def __post_init__(self) -> None:
        if self.target is not None and not self.measure:
            raise Wrong(f"a target needs a measure to be held against: one of {', '.join(OBJECTIVE_MEASURES)}", "target")


class SpokespersonTable(Table, frozen=True):
    """`[[spokespeople]]`."""

    name: Line
    terms: Annotated[tuple[str, ...], Meta(min_length=1, description='a list of the terms that name the person: terms = ["..."]')]
    role: Line | None = None
    roles: ByLanguage = {}


class ReleaseTable(Table, frozen=True):
    """`[[releases]]`: what was sent to the media on one day, its text in each language. `text` alone: the language is not said."""

    title: Line
    names: ByLanguage = {}
    sent_on: date | None = None
    text: Text | None = None
    texts: Annotated[
        dict[Annotated[str, one_of(RELEASE_LANGUAGES)], Text],
        Meta(description='one text for each language that it was sent in: [releases.texts] with sq = """...""", mk = """..."""'),
    ] = {}

    def __post_init__(self) -> None:
        if self.text is None and not self.texts:
            raise Wrong("has no text; write texts by language: [releases.texts] with sq = ...", "text")
        if self.text is not None and self.texts:
            raise Wrong("has both text and texts; write texts by language", "text")
        for name, text in self.by_language():
            if len(text) > MAX_RELEASE_CHARS:
                raise Wrong(f"text may have {MAX_RELEASE_CHARS} characters at most", *(("texts", name) if name else ("text",)))

    def by_language(self) -> tuple[tuple[str, str], ...]:
        """(language, text); the language is empty where it is not said."""
        return ((("", str(self.text)),) if self.text is not None else ()) + tuple((name, str(text)) for name, text in self.texts.items())


class CampaignFile(Table, frozen=True):
    """The whole file."""

    terms: Annotated[dict[TermId, TermTable], Meta(min_length=1, description="tables such as [terms.some_name], with kind and spellings")]
    id: Id
    name: Text
    countries: Annotated[
        tuple[Annotated[str, one_of(OUTLET_COUNTRIES)], ...],
        Meta(min_length=1, description=f"a list such as {str([*COUNTRIES]).replace(chr(39), chr(34))}"),
    ]
    since: date
    time_zone: TimeZone
    names: ByLanguage = {}
    review: Annotated[str, one_of(("required", "optional"))] = "required"
    query: Query | None = None
    circles: tuple[CircleTable, ...] = ()
    labels: tuple[LabelTable, ...] = ()
    key_messages: tuple[KeyMessageTable, ...] = ()
    own_domains: tuple[Domain, ...] = ()
    possessives: bool = True
    kosovo_note: Annotated[str, one_of(("none", "eu", "un"))] = "none"
    branding: BrandingTable = BrandingTable()
    objectives: tuple[ObjectiveTable, ...] = ()
    spokespeople: tuple[SpokespersonTable, ...] = ()
    releases: tuple[ReleaseTable, ...] = ()
    partners: tuple[dict[str, OneValue], ...] = ()

    def __post_init__(self) -> None:
        if self.query is not None and self.circles:
            raise Wrong("has both a query and [[circles]]; write one of them", "query")
        if self.query is None and not self.circles:
            raise Wrong("has neither a query nor [[circles]]; write query = '...'")
        refuse_twice(self.countries, "countries")
        for name, field in (("circles", "id"), ("labels", "id"), ("key_messages", "id"), ("objectives", "name"), ("spokespeople", "name")):
            refuse_repeats((getattr(table, field) for table in getattr(self, name)), name, field)

    def queries(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Every query with its keys."""
        if self.query is not None:
            yield ("query",), self.query
        for name in ("circles", "labels", "key_messages"):
            for number, table in enumerate(getattr(self, name)):
                yield (name, number, "query"), table.query
