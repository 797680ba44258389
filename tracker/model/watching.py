"""What we watch: outlets and their sources."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

COUNTRIES = ("AL", "BA", "XK", "ME", "MK", "RS")
"""The six countries of the campaigns (ISO 3166; XK as used for Kosovo)."""

OUTLET_COUNTRIES = (*COUNTRIES, "XB")
"""Where an outlet of the register may be: `XB` stands for regional and international services."""

HBS = frozenset({"bs", "hr", "sr", "cnr"})
"""One language group for matching: Bosnian, Croatian, Serbian, Montenegrin."""


class SourceKind(StrEnum):
    """What lists an outlet's articles: which spider reads it."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    SEARCH = "search"
    CHANNEL = "channel"
    WORDPRESS = "wordpress"


class Outlet(Struct, frozen=True):
    """A publisher, as the register knows it. Country and tier come from here and from nowhere else."""

    id: str
    name: str
    homepage: str
    country: str
    languages: tuple[str, ...]
    scripts: tuple[str, ...] = ("Latn",)
    kind: str = "portal"
    tier: int = 3
    platform: str = "unknown"
    notes: str = ""
    lenient_tls: bool = False
    delay_seconds: float | None = None
    user_agent: str | None = None
    time_zone: str | None = None
    moved_hosts: tuple[str, ...] = ()
    script_switch: str | None = None
    url_key: str | None = None
    lookback_days: int | None = None
    refuses: bool = False


class Source(Struct, frozen=True):
    """One address of an outlet that we watch. `id` is stable over runs: `<outlet id>:<kind>:<number>`."""

    id: str
    outlet_id: str
    kind: SourceKind
    address: str
    evidence: str = "none"
    enabled: bool = True


class Lookback(Struct, frozen=True):
    """A page that lists older articles: a sitemap, a page of an outlet's own search. `id` 0: not stored yet.

    `by_words`: fetch only what bears one of the terms in its title or address. The outlet's own search lists the rest."""

    address: str
    outlet_id: str
    kind: SourceKind
    source_id: str = ""
    depth: int = 0
    by_words: bool = False
    id: int = 0
    attempts: int = 0


class Watched(Struct, frozen=True):
    """A source with its outlet and what its last poll left for a conditional request. With `lookback` it stands for that page.
    `known_articles`: addresses of the outlet that are articles, for telling a page's links apart. `since`: the first day of which its
    links are wanted."""

    source: Source
    outlet: Outlet
    etag: str | None = None
    last_modified: str | None = None
    lookback: Lookback | None = None
    known_articles: tuple[str, ...] = ()
    next_due_at: datetime | None = None
    since: date | None = None


class Assignment(Struct, frozen=True):
    """What every spider of a crawl knows of it: its moment and, when looking back, the days and the terms (language, text) wanted."""

    now: datetime
    since: date | None = None
    until: date | None = None
    terms: tuple[tuple[str, str], ...] = ()
    max_unzipped_bytes: int = 64 * 1024 * 1024
    """As `fetch.max_unzipped_bytes` is where nothing is set."""
