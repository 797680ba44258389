"""What a digest prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.model.articles import Article
from tracker.model.mentions import Mention, Verdict
from tracker.model.watching import Outlet


@dataclass(frozen=True, slots=True)
class Entry:
    """A mention with all a digest may print of it."""

    mention: Mention
    article: Article
    outlet: Outlet
    story_key: str
    verdict: Verdict | None = None
    found_by: str = ""
    found_at: datetime | None = None
    sensitive: bool = False  # a person said so, in this campaign or another


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A source that was not followed, in words for the digest."""

    source_id: str
    outlet_name: str
    country: str
    outcome: str  # a FetchOutcome, or "silent"
    detail: str = ""
    since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open period [start_at, end_at) in UTC."""

    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Selection:
    """What a digest shows, and what it keeps back. Only `counted` is in the figures."""

    counted: tuple[Entry, ...] = ()
    organisation: tuple[Entry, ...] = ()
    context: tuple[Entry, ...] = ()
    own_channels: tuple[Entry, ...] = ()
    held: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """An edition before it is rendered. `sources_watched` counts the sources polled, `items_looked_at` the articles read,
    `sources_unseen` those that showed nothing for a week, `windows_outrun` feeds that moved on by more than they show between two
    visits, of which `outrun_names` were not made good. `known_items` counts coverage that people know of, `known_found` what of it
    was found."""

    campaign_id: str
    campaign_name: str
    campaign_version: str
    countries: tuple[str, ...]
    time_zone: str
    kind: str
    window: Window
    made_at: datetime
    selection: Selection
    troubles: tuple[SourceTrouble, ...] = ()
    sources_watched: int = 0
    sources_answered: int = 0
    items_looked_at: int = 0
    kosovo_note: str = "none"
    sources_unseen: int = 0
    windows_outrun: int = 0
    windows_repaired: int = 0
    outrun_names: tuple[str, ...] = ()
    known_items: int = 0
    known_found: int = 0


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """A digest in its forms; nothing in it is fetched when read."""

    subject: str
    text: str
    html: str
