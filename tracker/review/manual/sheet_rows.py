"""A row of a hand-entered sheet, checked: what a person typed -> an item, or what is wrong with it. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from tracker.model import OUTLET_COUNTRIES, Medium, Outlet, Published, Tone
from tracker.spreadsheets.rows import Fault, Sheet, SheetRow, as_text
from tracker.text.dates import parse_moment, zone_of
from tracker.text.folding import fold
from tracker.urls.canonical import normalise, without_tracking
from tracker.urls.links import web_address

T = TypeVar("T")
COLUMNS = (
    "medium",
    "outlet",
    "country",
    "date",
    "time or page",
    "programme",
    "headline",
    "text",
    "link",
    "picture",
    "language",
    "author",
    "tone",
    "reach",
    "reach source",
    "reach date",
    "tier",
    "note",
)
NEEDED = ("medium", "outlet", "date", "headline")
ALSO = {
    "time/page": "time or page",
    "time": "time or page",
    "page": "time or page",
    "summary": "text",
    "text/summary": "text",
    "title": "headline",
    "url": "link",
    "published": "date",
    "reach_source": "reach source",
    "reach_on": "reach date",
    "reach on": "reach date",
}
EXAMPLE = "EXAMPLE"
"""A row whose note begins so shows how to fill the sheet in, and is skipped."""
LANGUAGES = ("sq", "sr", "bs", "hr", "cnr", "mk", "en")
_COUNTRY_NAMES = {
    "albania": "AL",
    "bosnia and herzegovina": "BA",
    "kosovo": "XK",
    "montenegro": "ME",
    "north macedonia": "MK",
    "serbia": "RS",
    "regional": "XB",
}
_MEDIA = {"tv": Medium.TELEVISION, "web": Medium.ONLINE, "newspaper": Medium.PRINT, "social media": Medium.SOCIAL}
_KINDS = {Medium.TELEVISION: "broadcaster", Medium.RADIO: "radio", Medium.PRINT: "daily", Medium.SOCIAL: "social"}
LONGEST = {"headline": 1000, "outlet": 200, "programme": 300, "time or page": 100, "author": 300, "reach source": 300, "note": 2000}
_PARTED_DAY = re.compile(r"\s*(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})(?!\d)")
_HALF_OF_DAY = re.compile(r"\d\s?[ap]\.?m\b", re.I)
_NUMBER = re.compile(r"\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+|\d+")


class HandRow(Struct, frozen=True):
    """An item as it was typed. `outlet` is the register's, or a new one that nobody watches where `outlet_is_new`. `link` is an
    address or empty. `reach` stands with its source and day only."""

    number: int
    medium: Medium
    outlet: Outlet
    outlet_is_new: bool
    published: Published
    headline: str
    place: str = ""
    programme: str = ""
    text: str = ""
    link: str = ""
    picture: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    tone: str = ""
    reach: int | None = None
    reach_source: str = ""
    reach_on: str = ""
    note: str = ""

    @property
    def identity(self) -> str:
        """The same for the same item entered again, in whichever sheet. What a person may add later (text, picture, reach) is no part of it."""
        said = (
            self.medium,
            fold(self.outlet.name),
            self.outlet.country,
            self.published.iso(),
            fold(self.programme),
            fold(self.place),
            fold(self.headline),
            normalise(self.link),
        )
        return hashlib.sha256("\x1f".join(said).encode("utf-8", "replace")).hexdigest()[:32]


class CheckedRows(Struct, frozen=True):
    """Every row of a sheet: read, wrong, or an example."""

    items: tuple[HandRow, ...]
    faults: tuple[Fault, ...]
    examples: tuple[int, ...]


def check_rows(sheet: Sheet, outlets: Iterable[Outlet], now: datetime) -> CheckedRows:
    """Reads every row; all faults of a row are told at once."""
    register = Register(outlets)
    items: list[HandRow] = []
    faults: list[Fault] = []
    examples: list[int] = []
    unclear = unclear_days(sheet)
    for row in sheet.rows:
        if row.text("note").upper().startswith(EXAMPLE):
            examples.append(row.number)
            continue
        reader = _RowReader(sheet, row, register, now)
        item = None if row.faults else reader.item()
        asked = unclear.get(row.number)
        item = None if asked else item
        faults += [*row.faults, *reader.faults, *([asked] if asked else [])]
        items += [item] if item is not None else []
    return CheckedRows(tuple(items), tuple(faults), tuple(examples))


def unclear_days(sheet: Sheet) -> dict[int, Fault]:
    """A question for each row whose day may be the month, in a column where another row surely puts the month first. Where none does,
    the day stands first, as the region writes; English clock time (AM, PM) says by itself that the month does."""
    typed = {row.number: text for row in sheet.rows if isinstance(text := row.values.get("date", ""), str)}
    parts = {number: (int(found[1]), int(found[2]), found[3]) for number, text in typed.items() if (found := _PARTED_DAY.match(text))}
    month_first = next((number for number, (first, second, _) in parts.items() if first <= 12 < second), None)
    if month_first is None:
        return {}
    return {
        number: Fault(
            number,
            "date",
            f"{typed[number][:40]!r} may be {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}: row {month_first} of this column puts"
            " the month first; write the day meant in that form",
        )
        for number, (first, second, year) in parts.items()
        if first != second and first <= 12 and second <= 12 and not _HALF_OF_DAY.search(typed[number])
    }


class Register:
    """Outlets by id and by name, however it is spelt; new ones join it."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._by_id: dict[str, Outlet] = {}
        self._by_name: dict[str, list[Outlet]] = {}
        self._new: set[str] = set()
        for outlet in outlets:
            self._add(outlet)

    def find(self, typed: str, country: str) -> Outlet | str:
        """The outlet, or why there is none; an empty reason: the register has no such name."""
        candidates = [self._by_id[typed]] if typed in self._by_id else self._by_name.get(fold(typed), [])
        if not candidates:
            return ""
        fitting = [outlet for outlet in candidates if country in ("", outlet.country)]
        countries = " and ".join(sorted({outlet.country for outlet in candidates}))
        if not fitting:
            return (
                f"the register has {candidates[0].name} in {countries}, not in {country}; leave the country empty or name the outlet apart"
            )
        if len(fitting) > 1:
            return f"the register has several {typed} ({', '.join(outlet.id for outlet in fitting)}); write the id instead of the name"
        return fitting[0]

    def is_new(self, outlet: Outlet) -> bool:
        """Whether a row of this sheet brought the outlet in."""
        return outlet.id in self._new

    def make(self, name: str, country: str, medium: Medium, tier: int, language: str) -> Outlet:
        """A new outlet that nobody watches. Its id tells so."""
        letters = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:50]
        letters = letters or hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
        made = Outlet(
            id=f"hand-{letters}-{country.lower()}",
            name=name,
            homepage="",
            country=country,
            languages=(language,) if language else (),
            kind=_KINDS.get(medium, "portal"),
            tier=tier,
            notes="entered by hand; not watched",
        )
        if made.id not in self._by_id:
            self._new.add(made.id)
            self._add(made)
        return self._by_id[made.id]

    def _add(self, outlet: Outlet) -> None:
        self._by_id[outlet.id] = outlet
        self._by_name.setdefault(fold(outlet.name), []).append(outlet)


class _RowReader:
    """One row, column by column; what is wrong goes into `faults`."""

    def __init__(self, sheet: Sheet, row: SheetRow, register: Register, now: datetime) -> None:
        self._sheet, self._row, self._register, self._now = sheet, row, register, now
        self.faults: list[Fault] = []

    def item(self) -> HandRow | None:
        """The row's item; None when anything is wrong."""
        medium = self._choice("medium", {**{str(medium): medium for medium in Medium}, **_MEDIA}, needed=True)
        country = self._choice("country", {**{code.lower(): code for code in OUTLET_COUNTRIES}, **_COUNTRY_NAMES})
        language = self._choice("language", {code: code for code in LANGUAGES}) or ""
        tier = self._choice("tier", {"1": 1, "2": 2, "3": 3}) or 0
        tone = self._choice("tone", {str(tone): str(tone) for tone in Tone}) or ""
        outlet = self._outlet(country or "", medium or Medium.ONLINE, tier, language)
        published = self._published(outlet)
        headline, link, picture = self._short("headline", needed=True), self._address("link"), self._address("picture")
        reach, reach_source, reach_on = self._reach()
        if medium in (Medium.ONLINE, Medium.SOCIAL) and not link and not self._row.text("link"):
            self._fault("link", f"is empty; an item of medium {medium} has an address", "link")
        authors = tuple(name.strip() for name in re.split(r"[;,]", self._short("author")) if name.strip())
        place, programme, note = self._short("time or page"), self._short("programme"), self._short("note")
        if self.faults or medium is None or outlet is None or published is None:
            return None
        return HandRow(
            number=self._row.number,
            medium=medium,
            outlet=outlet,
            outlet_is_new=self._register.is_new(outlet),
            published=published,
            headline=headline,
            place=place,
            programme=programme,
            text=as_text(self._row.values.get("text", "")).strip(),
            link=link,
            picture=picture,
            language=language,
            authors=authors,
            tone=tone,
            reach=reach,
            reach_source=reach_source,
            reach_on=reach_on,
            note=note,
        )

    def _outlet(self, country: str, medium: Medium, tier: int, language: str) -> Outlet | None:
        typed = self._short("outlet", needed=True)
        if not typed:
            return None
        found = self._register.find(typed, country)
        if isinstance(found, Outlet):
            return found
        if found:
            self._fault("outlet", found, "outlet")
        elif not country:
            if not self._row.text("country"):
                known = ", ".join(OUTLET_COUNTRIES)
                self._fault("country", f"is empty, and the register has no outlet {typed!r}; write one of {known}", "country")
        else:
            return self._register.make(typed, country, medium, tier, language)
        return None

    def _published(self, outlet: Outlet | None) -> Published | None:
        typed = self._row.values.get("date", "")
        if typed == "":
            self._fault("date", "is empty", "empty")
            return None
        day = self._sheet.day(typed)
        text = as_text(typed) if day is None or isinstance(typed, datetime) else day.isoformat()
        written = day is not None or re.search(r"(?<!\d)\d{4}(?!\d)", text) is not None
        zone = outlet.time_zone or zone_of(outlet.country) if outlet else "UTC"
        found = parse_moment(text, zone=zone, now=self._now) if written else None
        if found is None:
            self._fault("date", f"{text[:40]!r} is no day of the past; write it as 2026-11-23 or 23.11.2026", "date")
        return found

    def _reach(self) -> tuple[int | None, str, str]:
        typed, source, on = (self._row.text(name) for name in ("reach", "reach source", "reach date"))
        if not (typed or source or on):
            return None, "", ""
        for name, given in (("reach", typed), ("reach source", source), ("reach date", on)):
            if not given:
                self._fault(name, "is empty; a reach stands only with its source and its date, else leave all three empty")
        day = self._sheet.day(self._row.values.get("reach date", ""))
        if day is None and on:
            read = parse_moment(on, zone="UTC", now=self._now) if re.search(r"(?<!\d)\d{4}(?!\d)", on) else None
            day = read.at.date() if read else None
            if day is None:
                self._fault("reach date", f"{on[:40]!r} is no day of the past; write it as 2026-11-23", "date")
        if typed and not _NUMBER.fullmatch(typed):
            self._fault("reach", f"{typed[:40]!r} is no whole number")
            return None, "", ""
        number = int(re.sub(r"\D", "", typed)) if typed else None
        return number, self._short("reach source"), day.isoformat() if day else ""

    def _address(self, column: str) -> str:
        typed = self._row.text(column)
        address = without_tracking(web_address(typed)) if typed else ""
        if typed and not (address and normalise(address)):
            self._fault(column, f"{typed[:60]!r} is no web address; write it with https:// in front", "address")
        return address

    def _choice(self, column: str, choices: Mapping[str, T], *, needed: bool = False) -> T | None:
        typed = self._row.text(column)
        if typed.lower() in choices:
            return choices[typed.lower()]
        if typed or needed:
            said = f"{typed[:40]!r} is none of" if typed else "is empty; choose one of"
            self._fault(column, f"{said} {', '.join(dict.fromkeys(str(value) for value in choices.values()))}", "choice")
        return None

    def _short(self, column: str, *, needed: bool = False) -> str:
        text = self._row.text(column)
        if needed and not text:
            self._fault(column, "is empty", "empty")
        if len(text) > LONGEST[column]:
            self._fault(column, f"has {len(text)} characters; {LONGEST[column]} at most", "long")
        return text

    def _fault(self, column: str, reason: str, kind: str = "") -> None:
        self.faults.append(Fault(self._row.number, column, reason, kind))
