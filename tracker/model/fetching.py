"""What a request brought: outcomes, facts, links found, pages kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from tracker.model.watching import Lookback


class Precision(StrEnum):
    """How exact a date of publication is."""

    DAY = "day"
    MINUTE = "minute"


class Published(Struct, frozen=True):
    """When an outlet says it published. `at` keeps the outlet's own offset; with precision DAY its clock time means nothing."""

    at: datetime
    precision: Precision = Precision.MINUTE

    def iso(self) -> str:
        """ISO 8601: the day alone with precision DAY, else with time and offset."""
        return self.at.date().isoformat() if self.precision is Precision.DAY else self.at.isoformat()


class DateSource(StrEnum):
    """Where a date of publication was read, in order of trust."""

    RULE = "outlet_rule"
    JSON_LD = "json_ld"
    META = "meta"
    LISTING = "listing"
    ADDRESS = "address"
    BYLINE = "byline"
    UPDATE = "update"
    TEXT = "text"

    @property
    def is_of_publication(self) -> bool:
        """Whether it names the moment of publication, and not one of a change or a mention in the text."""
        return self not in (DateSource.UPDATE, DateSource.TEXT)


class DateReading(Struct, frozen=True):
    """What one source says of the moment of publication."""

    source: DateSource
    published: Published


class FetchOutcome(StrEnum):
    """How a poll of a source or the fetch of a page ended. Exactly one each."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    ROBOTS_REFUSED = "robots_refused"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate_limited"
    NOT_FOUND = "not_found"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    NOT_HTML = "not_html"
    NOT_A_FEED = "not_a_feed"
    REFUSED_ADDRESS = "refused_address"
    REDIRECT_LOOP = "redirect_loop"
    CERTIFICATE = "certificate"
    DNS_FAILED = "dns_failed"
    CONNECTION_FAILED = "connection_failed"
    SERVER_ERROR = "server_error"
    PARSE_FAILED = "parse_failed"
    FAILED = "failed"

    @property
    def succeeded(self) -> bool:
        """Whether the server gave what was asked for, or said that it has not changed."""
        return self in (FetchOutcome.FETCHED, FetchOutcome.UNCHANGED)


class Exchange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page's request and answer as they went over the wire, but for the body. `complete`: false where less was kept.

    Values of cookies and of logins are left out. `redirects`: (status, address) of the answers before the last one. `ip`: of the server,
    empty where it is not known, as behind a proxy."""

    complete: bool
    url: str
    ip: str
    redirects: tuple[tuple[int, str], ...]
    request_headers: tuple[tuple[str, str], ...]
    protocol: str
    status: int
    response_headers: tuple[tuple[str, str], ...]


class FetchFacts(Struct, frozen=True):
    """The HTTP facts of one request, kept whatever its outcome. `detail` is one line a press officer can read. `exchange`: of a page."""

    requested_url: str
    final_url: str
    outcome: FetchOutcome
    fetched_at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    elapsed_seconds: float | None = None
    size_bytes: int | None = None
    detail: str = ""
    exchange: Exchange | None = None


class FoundLink(Struct, frozen=True):
    """An address a source named as an article, with what the source said of it."""

    url: str
    source_id: str
    outlet_id: str
    found_by: str  # a SourceKind, or "backfill", or "person"
    title: str = ""
    summary: str = ""
    published: Published | None = None
    authors: tuple[str, ...] = ()
    named_by_owner: bool = True
    """False where an outlet named an address that the register gives to another; `outlet_id` is that other."""
    modified_at: datetime | None = None
    """When the outlet last changed it, where it says so."""


class FrontierLink(Struct, frozen=True):
    """A found link on its way to being fetched. `key` is its normalised address, unique over all time."""

    id: int
    key: str
    url: str
    outlet_id: str
    attempts: int = 0


class PollResult(Struct, frozen=True):
    """One poll of one source: facts, what it listed, and what the next conditional request needs. `further`: when looking back,
    the pages to ask next. `ttl_minutes`, `skip_hours` (UTC) and `retry_after_seconds`: when the outlet wants to be asked again."""

    source_id: str
    facts: FetchFacts
    links: tuple[FoundLink, ...] = ()
    listed: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    further: tuple[Lookback, ...] = ()
    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()
    retry_after_seconds: float | None = None


class PollRecord(msgspec.Struct, frozen=True, gc=False):
    """One past poll of a source, or a day's that ended alike, as the last of them. `new` counts what had not been seen before, `visits`
    the polls; `newest_at` and `oldest_at` date what was listed. No dataclass: months of a register are fifty thousand of them."""

    polled_at: datetime
    outcome: FetchOutcome
    listed: int = 0
    new: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    detail: str = ""
    visits: int = 1


class FetchedPage(Struct, frozen=True):
    """A page as it came: bytes never re-encoded. `hint_*` is what the source that named it said."""

    id: int
    link_id: int
    outlet_id: str
    requested_url: str
    final_url: str
    content_type: str
    body: bytes
    fetched_at: datetime
    hint_title: str = ""
    hint_summary: str = ""
    hint_published: Published | None = None
    hint_authors: tuple[str, ...] = ()
