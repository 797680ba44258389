"""One row of the register: cells checked and turned into an outlet and its sources, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.model import OUTLET_COUNTRIES, Outlet, Source, SourceKind
from tracker.model.languages import latin_look
from tracker.urls.links import web_address
from tracker.urls.outlet_rules import read_keys, read_switch

REQUIRED = ("id", "name", "homepage", "country")
OVERRIDES = (
    "lenient_tls",
    "delay_seconds",
    "user_agent",
    "time_zone",
    "moved_hosts",
    "script_switch",
    "url_key",
    "lookback_days",
    "refuses",
)
"""What holds for one outlet in place of what holds for all; the last four: what in its addresses only chooses the script, where an
article's own number stands (`tracker/urls/outlet_rules.py`), how many days old a
dated link may be, and that it is known to refuse automated visitors."""
COLUMNS = (
    *REQUIRED,
    "languages",
    "scripts",
    "kind",
    "tier",
    "feeds",
    "feed_evidence",
    "sitemap",
    "platform",
    "notes",
    *OVERRIDES,
    "disabled",
    "sections",
    "search",
    "channels",
    "wordpress",
)
"""The register's columns. `disabled` names sources not watched: `feed:2 sitemap:1`.
`sections`: front or section pages to read for links; empty: the front page where no feed and no sitemap can be trusted; `none`: no page.
`search`: an address with `{term}` and, if it has pages, `{page}`. `channels`: feeds of a video platform. `wordpress`: the address of its posts interface."""

KINDS = ("agency", "broadcaster", "daily", "weekly", "portal", "investigative", "radio", "local", "specialist", "regional")
EVIDENCE = ("seen", "convention", "none")
MAX_DELAY_SECONDS = 3600.0
"""At one request an hour a front page and a feed can still be read each day."""
MAX_LOOKBACK_DAYS = 3660
"""Ten years: no archive of the register goes back farther than its outlet's site."""

ID = re.compile(r"[^\W_][\w.-]{0,79}")
"""An outlet's id: it stands in file names, addresses and options."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PLATFORM = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_SOURCE = re.compile(r"(feed|sitemap|section|search|channel|wordpress):([1-9]\d{0,2})")
_LISTED = {
    SourceKind.FEED: "feeds",
    SourceKind.SITEMAP: "sitemap",
    SourceKind.SECTION: "sections",
    SourceKind.SEARCH: "search",
    SourceKind.CHANNEL: "channels",
    SourceKind.WORDPRESS: "wordpress",
}
_BETWEEN_ADDRESSES = re.compile(r"\s+|[,;|](?=https?://)")
"""People join addresses by commas and semicolons too."""
_FAILING = re.compile(r"(?:^|;\s*)feed=reported-failing\b")


class WrongCell(ValueError):
    """A cell that cannot be used; the text says what would be right."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def outlet_and_sources(cells: Mapping[str, str]) -> tuple[Outlet, list[Source]]:
    """A row's outlet and the addresses to watch. Raises WrongCell."""
    row = _Row(cells)
    outlet = Outlet(
        id=row.matching("id", ID, "letters, digits, '-', '_' and '.', at most 80"),
        name=row.required("name"),
        homepage=row.address("homepage"),
        country=row.one_of("country", OUTLET_COUNTRIES),
        languages=row.several("languages", _LANGUAGE, "ISO 639 codes joined by '|', such as sq|en"),
        scripts=row.several("scripts", re.compile("Latn|Cyrl"), "Latn, Cyrl or Latn|Cyrl") or ("Latn",),
        kind=row.one_of("kind", KINDS, default="portal"),
        tier=int(row.one_of("tier", ("1", "2", "3"), default="3")),
        platform=row.matching("platform", _PLATFORM, "one word, such as wordpress") if row("platform") else "unknown",
        notes=row("notes"),
        **overrides(cells),
    )
    return outlet, _sources(row, outlet)


def overrides(cells: Mapping[str, str]) -> dict[str, Any]:
    """The overrides among the cells, as fields of an outlet. Raises WrongCell."""
    row = _Row(cells)
    return {
        "lenient_tls": row.one_of("lenient_tls", ("yes", "no"), default="no") == "yes",
        "delay_seconds": row.seconds("delay_seconds"),
        "user_agent": row.user_agent(),
        "time_zone": row.zone(),
        "moved_hosts": row.several("moved_hosts", _HOST, "host names joined by '|', such as old.example.al", fold=True),
        "script_switch": row.readable("script_switch", read_switch),
        "url_key": row.readable("url_key", read_keys),
        "lookback_days": row.days("lookback_days"),
        "refuses": row.one_of("refuses", ("yes", "no"), default="no") == "yes",
    }


def override_cells(outlet: Outlet) -> dict[str, str]:
    """The cells that read back as the outlet's overrides."""
    return {
        "lenient_tls": "yes" if outlet.lenient_tls else "",
        "delay_seconds": "" if outlet.delay_seconds is None else repr(outlet.delay_seconds),
        "user_agent": outlet.user_agent or "",
        "time_zone": outlet.time_zone or "",
        "moved_hosts": "|".join(outlet.moved_hosts),
        "script_switch": outlet.script_switch or "",
        "url_key": outlet.url_key or "",
        "lookback_days": "" if outlet.lookback_days is None else str(outlet.lookback_days),
        "refuses": "yes" if outlet.refuses else "",
    }


def cells(outlet: Outlet, sources: Iterable[Source]) -> dict[str, str]:
    """The row that reads back as this outlet with these sources. Addresses are numbered anew, in order."""
    by_kind: dict[SourceKind, list[Source]] = {kind: [] for kind in SourceKind}
    for source in sources:
        by_kind[source.kind].append(source)
    feeds = by_kind[SourceKind.FEED]
    off = [f"{kind}:{number}" for kind in by_kind for number, source in enumerate(by_kind[kind], 1) if not source.enabled]

    def joined(kind: SourceKind) -> str:
        return " ".join(source.address for source in by_kind[kind])

    return {
        "id": outlet.id,
        "name": outlet.name,
        "homepage": outlet.homepage,
        "country": outlet.country,
        "languages": "|".join(outlet.languages),
        "scripts": "|".join(outlet.scripts),
        "kind": outlet.kind,
        "tier": str(outlet.tier),
        "feeds": joined(SourceKind.FEED),
        "feed_evidence": feeds[0].evidence if feeds else "none",
        "sitemap": joined(SourceKind.SITEMAP),
        "platform": outlet.platform,
        "notes": outlet.notes,
        **override_cells(outlet),
        "disabled": " ".join(off) or "none",
        "sections": joined(SourceKind.SECTION) or "none",
        "search": joined(SourceKind.SEARCH),
        "channels": joined(SourceKind.CHANNEL),
        "wordpress": joined(SourceKind.WORDPRESS),
    }


def _sources(row: _Row, outlet: Outlet) -> list[Source]:
    found: dict[SourceKind, list[str]] = {kind: row.addresses(column) for kind, column in _LISTED.items() if kind is not SourceKind.SECTION}
    feeds, sitemaps = found[SourceKind.FEED], found[SourceKind.SITEMAP]
    evidence = row.one_of("feed_evidence", EVIDENCE, default="seen" if feeds else "none")
    found[SourceKind.SECTION] = _sections(row, outlet, trusted=bool(sitemaps) or (bool(feeds) and evidence == "seen"))
    off = _disabled(row, {kind: len(addresses) for kind, addresses in found.items()})
    grades = {SourceKind.FEED: evidence, SourceKind.SECTION: "convention"}
    return [
        Source(f"{outlet.id}:{kind}:{number}", outlet.id, kind, address, grades.get(kind, "seen"), enabled=f"{kind}:{number}" not in off)
        for kind in _LISTED
        for number, address in enumerate(found[kind], 1)
    ]


def _sections(row: _Row, outlet: Outlet, *, trusted: bool) -> list[str]:
    """The pages the row names; where it says nothing and no feed or sitemap can be trusted, the front page."""
    if row("sections") == "none":
        return []
    if row("sections"):
        return row.addresses("sections")
    failing = _FAILING.search(outlet.notes) is not None and not row("sitemap")
    return [] if trusted and not failing else [outlet.homepage]


def _disabled(row: _Row, listed: Mapping[SourceKind, int]) -> set[str]:
    """What is not watched: what the column says; without it, feeds that others report as failing, until a check finds them working."""
    said = row("disabled")
    if not said:
        failing = _FAILING.search(row("notes")) is not None
        return {f"feed:{number}" for number in range(1, listed[SourceKind.FEED] + 1)} if failing else set()
    if said == "none":
        return set()
    for name in said.split():
        found = _SOURCE.fullmatch(name)
        if found is None or int(found[2]) > listed[SourceKind(found[1])]:
            raise WrongCell("disabled", f"{name!r} names no source of this row; write none, or numbers such as feed:1 sitemap:1")
    return set(said.split())


class _Row:
    """Cells by column, each read with the check that fits."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells

    def __call__(self, column: str) -> str:
        return self._cells.get(column, "")

    def required(self, column: str) -> str:
        if not (value := self(column)):
            raise WrongCell(column, "must not be empty")
        return value

    def matching(self, column: str, pattern: re.Pattern[str], wanted: str) -> str:
        value = self.required(column)
        if not pattern.fullmatch(value):
            raise WrongCell(column, f"{value[:60]!r} must be {wanted}")
        return value

    def one_of(self, column: str, known: tuple[str, ...], default: str = "") -> str:
        value = self(column) or default
        if value not in known:
            cyrillic = "; its letters are Cyrillic ones" if latin_look(value) in known else ""
            raise WrongCell(column, f"{value[:60]!r} must be one of {', '.join(known)}{cyrillic}")
        return value

    def several(self, column: str, pattern: re.Pattern[str], wanted: str, *, fold: bool = False) -> tuple[str, ...]:
        value = self(column).lower() if fold else self(column)
        parts = tuple(part.strip() for part in value.split("|")) if value else ()
        if not all(map(pattern.fullmatch, parts)):
            raise WrongCell(column, f"{value[:60]!r} must be {wanted}")
        return parts

    def address(self, column: str) -> str:
        value = self.required(column)
        if not _is_address(value):
            raise WrongCell(column, f"{value[:80]!r} must be one address that begins with http:// or https://")
        return value

    def addresses(self, column: str) -> list[str]:
        found = [address.rstrip(",;|") for address in _BETWEEN_ADDRESSES.split(self(column)) if address.strip(",;|")]
        for address in found:
            if not _is_address(address):
                raise WrongCell(
                    column, f"{address[:80]!r} must be an address that begins with http:// or https://; several are joined by a space"
                )
            if found.count(address) > 1:
                raise WrongCell(column, f"{address[:80]!r} stands twice")
        return found

    def seconds(self, column: str) -> float | None:
        return self._parsed(column, float, lambda value: 0 <= value <= MAX_DELAY_SECONDS, f"seconds, 0 to {MAX_DELAY_SECONDS:.0f}")

    def days(self, column: str) -> int | None:
        value = self._parsed(
            column, float, lambda value: value.is_integer() and 1 <= value <= MAX_LOOKBACK_DAYS, f"days, 1 to {MAX_LOOKBACK_DAYS}"
        )
        return None if value is None else int(value)

    def readable(self, column: str, read: Callable[[str], object]) -> str | None:
        """A cell as it stands, once its reader has taken it."""
        if not (text := self(column)):
            return None
        try:
            read(text)
        except ValueError as error:
            raise WrongCell(column, str(error)) from error
        return text

    def _parsed(self, column: str, read: Callable[[str], float], holds: Callable[[float], bool], wanted: str) -> float | None:
        if not (text := self(column)):
            return None
        try:
            value = read(text)
        except ValueError:
            value = -1.0
        if not holds(value):
            raise WrongCell(column, f"{text[:60]!r} must be {wanted}")
        return value

    def user_agent(self) -> str | None:
        value = self("user_agent")
        if not value.isprintable() or len(value) > 300:
            raise WrongCell("user_agent", "must be one line of at most 300 characters")
        return value or None

    def zone(self) -> str | None:
        if not (name := self("time_zone")):
            return None
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError) as error:
            raise WrongCell("time_zone", f"{name[:60]!r} must be an IANA zone such as Europe/Tirane") from error
        return name


def _is_address(value: str) -> bool:
    return web_address(value) == value and "," not in (urlsplit(value).hostname or "")
