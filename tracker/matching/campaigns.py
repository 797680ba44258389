"""The campaign file: read, checked as a whole, and refused with file, line and column when anything in it is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tracker.config.checked_toml import CheckedToml
from tracker.config.toml_positions import Keys, TomlDocument, read_toml
from tracker.matching.campaignextras import nearest, read_branding, read_objectives, read_releases, read_spokespeople
from tracker.matching.query import RESERVED, QueryError, parse_query, references
from tracker.model import COUNTRIES, Campaign, Circle, KeyMessage, Label, Term, TermEntry, TermKind

LANGUAGES = ("any", "sq", "sr", "hr", "bs", "cnr", "mk", "en")
AUDIENCES = ("partners", "staff")
REVIEWS = ("required", "optional")
KOSOVO_NOTES = ("none", "eu", "un")
MAX_SLOP = 20
MAX_ENTRY_CHARS = 300
MAX_ENTRY_WORDS = 30
_KINDS = tuple(str(kind) for kind in TermKind)
_CAMPAIGN_KEYS = (
    "id", "name", "review", "countries", "since", "time_zone", "own_domains", "query", "circles", "labels", "terms", "key_messages", "possessives",
    "branding", "objectives", "spokespeople", "releases", "partners", "kosovo_note",
)  # fmt: skip
_ID = re.compile(r"[^\W\d][\w-]*")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")


def read_campaign(path: Path) -> Campaign:
    """The campaign of a file. Raises ConfigError naming file, line and column; nothing is half-loaded."""
    return _Reader(read_toml(path)).campaign()


class _Reader:
    def __init__(self, document: TomlDocument) -> None:
        self._document = document
        self._toml = CheckedToml(document)
        self._term_ids: frozenset[str] = frozenset()

    def campaign(self) -> Campaign:
        data = self._document.data
        self._toml.known(data, _CAMPAIGN_KEYS, (), "the campaign file")
        terms = self._terms()
        self._term_ids = frozenset(term.id for term in terms)
        identity = self._toml.identity(data, ())
        name = self._toml.text(data, "name", ())
        return Campaign(
            id=identity,
            name=name,
            countries=self._countries(),
            since=self._toml.day(data, "since", ()),
            time_zone=self._time_zone(),
            review=self._toml.choice(data, "review", (), REVIEWS, "required"),
            circles=self._circles(identity, name),
            terms=terms,
            labels=tuple(self._labels()),
            key_messages=tuple(self._key_messages()),
            own_domains=self._own_domains(),
            possessives=self._toml.switch(data, "possessives", (), default=True),
            kosovo_note=self._toml.choice(data, "kosovo_note", (), KOSOVO_NOTES, "none"),
            branding=read_branding(self._toml),
            objectives=tuple(read_objectives(self._toml)),
            spokespeople=tuple(read_spokespeople(self._toml, self._term_ids)),
            releases=tuple(read_releases(self._toml)),
            partners=self._plain_tables("partners"),
            folder=str(self._document.path.parent),
            version=hashlib.sha256(self._document.source.encode()).hexdigest()[:16],
        )

    # --- terms

    def _terms(self) -> tuple[Term, ...]:
        tables = self._document.data.get("terms")
        if not isinstance(tables, dict) or not tables:
            raise self._document.error("the campaign has no terms; write [terms.some_name] with kind and spellings", ("terms",))
        return tuple(self._term(identity, table) for identity, table in tables.items())

    def _term(self, identity: str, table: Any) -> Term:
        keys: Keys = ("terms", identity)
        if not _ID.fullmatch(identity) or identity.lower() in RESERVED:
            raise self._document.error(
                f"{identity!r} cannot be a term's id: letters, digits, _ and -, a letter first, no word of the query language", keys
            )
        if not isinstance(table, dict):
            raise self._document.error(f"terms.{identity} must be a table: [terms.{identity}]", keys)
        self._toml.known(table, ("kind", "slop", "aliases", *LANGUAGES), keys, f"terms.{identity}")
        if "kind" not in table:
            raise self._document.error(f"terms.{identity} has no kind; it is one of {', '.join(_KINDS)}", keys)
        kind = TermKind(self._toml.choice(table, "kind", keys, _KINDS, ""))
        slop = table.get("slop", 0)
        if isinstance(slop, bool) or not isinstance(slop, int) or not 0 <= slop <= MAX_SLOP:
            raise self._document.error(f"slop must be a whole number from 0 to {MAX_SLOP}", (*keys, "slop"))
        entries = [entry for name in (*LANGUAGES, "aliases") if name in table for entry in self._entries(table[name], (*keys, name))]
        if not entries:
            raise self._document.error(
                f"terms.{identity} has no spelling; give one under any, aliases or a language ({', '.join(LANGUAGES[1:])})", keys
            )
        return Term(identity, kind, tuple(entries), slop)

    def _entries(self, items: Any, keys: Keys) -> Iterator[TermEntry]:
        if not isinstance(items, list):
            raise self._document.error(f'{keys[-1]} must be a list: ["...", "..."]', keys)
        alias = keys[-1] == "aliases"
        language = "any" if alias else str(keys[-1])
        for number, item in enumerate(items):
            here: Keys = (*keys, number)
            text, kind = item, None
            if isinstance(item, dict):
                self._toml.known(item, ("text", "kind"), here, "an entry")
                text = self._toml.text(item, "text", here)
                kind = TermKind(self._toml.choice(item, "kind", here, _KINDS, "")) if "kind" in item else None
            if not isinstance(text, str):
                raise self._document.error('an entry is text, or { text = "...", kind = "..." }', here)
            words = re.findall(r"[^\W_]+", text)
            if not words:
                raise self._document.error("an entry must hold at least one letter or digit", here)
            if len(text) > MAX_ENTRY_CHARS or len(words) > MAX_ENTRY_WORDS:
                raise self._document.error(f"an entry may have {MAX_ENTRY_CHARS} characters and {MAX_ENTRY_WORDS} words at most", here)
            yield TermEntry(text.strip(), language, kind, alias)

    # --- queries

    def _query(self, table: dict[str, Any], keys: Keys) -> str:
        here: Keys = (*keys, "query")
        text = table.get("query")
        if not isinstance(text, str):
            raise self._document.error("needs a query: query = '...'", here)
        try:
            node = parse_query(text)
            for ref in references(node):
                if not ref.quoted and ref.text not in self._term_ids:
                    raise QueryError(f"no term {ref.text!r}{nearest(ref.text, self._term_ids)}", ref.offset)
        except QueryError as error:
            raise self._document.error(f"query: {error.message} (character {error.offset + 1} of the query)", here, error.offset) from error
        return text

    def _circles(self, identity: str, name: str) -> tuple[Circle, ...]:
        data = self._document.data
        if "query" in data and "circles" in data:
            raise self._document.error("has both a query and [[circles]]; write one of them", ("query",))
        if "query" in data:
            return (Circle(identity, name, "partners", self._query(data, ())),)
        circles = []
        for table, keys in self._toml.tables("circles", ("id", "name", "audience", "query")):
            circle_id = self._toml.identity(table, keys)
            audience = self._toml.choice(table, "audience", keys, AUDIENCES, "partners")
            circles.append(Circle(circle_id, self._toml.text(table, "name", keys, circle_id), audience, self._query(table, keys)))
        if not circles:
            raise self._document.error("has neither a query nor [[circles]]; write query = '...'", ())
        return tuple(circles)

    def _labels(self) -> Iterator[Label]:
        for table, keys in self._toml.tables("labels", ("id", "name", "query", "hold")):
            identity = self._toml.identity(table, keys)
            yield Label(
                identity,
                self._query(table, keys),
                self._toml.text(table, "name", keys, identity),
                self._toml.switch(table, "hold", keys, default=False),
            )

    def _key_messages(self) -> Iterator[KeyMessage]:
        for table, keys in self._toml.tables("key_messages", ("id", "name", "names", "query")):
            identity = self._toml.identity(table, keys)
            name = self._toml.line(table, "name", keys, identity)
            yield KeyMessage(identity, name, self._query(table, keys), self._toml.by_language(table, "names", keys))

    # --- the campaign's own facts

    def _countries(self) -> tuple[str, ...]:
        countries = self._toml.texts(self._document.data, "countries")
        known = (*COUNTRIES, "XB")
        if not countries:
            raise self._document.error(
                f"needs countries, for example countries = [{', '.join(map(repr, COUNTRIES))}]".replace("'", '"'), ("countries",)
            )
        for number, country in enumerate(countries):
            if country not in known:
                raise self._document.error(f"unknown country {country!r}; known are {', '.join(known)}", ("countries", number))
            if country in countries[:number]:
                raise self._document.error(f"country {country!r} stands twice", ("countries", number))
        return countries

    def _time_zone(self) -> str:
        name = self._toml.text(self._document.data, "time_zone", ())
        try:
            ZoneInfo(name)
        except (OSError, ValueError, LookupError) as error:
            hint = (
                "; for Kosovo write Europe/Belgrade"
                if "pristin" in name.lower() or "prishtin" in name.lower()
                else "; for example Europe/Tirane"
            )
            raise self._document.error(f"unknown time zone {name!r}{hint}", ("time_zone",)) from error
        return name

    def _own_domains(self) -> tuple[str, ...]:
        domains = self._toml.texts(self._document.data, "own_domains")
        for number, domain in enumerate(domains):
            if not _DOMAIN.fullmatch(domain):
                raise self._document.error(
                    f"{domain!r} is no domain; write it as in crca.al, without https:// and path", ("own_domains", number)
                )
        return tuple(domain.lower() for domain in domains)

    def _plain_tables(self, name: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        return tuple(self._toml.plain(table, keys) for table, keys in self._toml.tables(name, None))
