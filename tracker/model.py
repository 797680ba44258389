"""Every record of the flow, in flow order: frozen, typed, no I/O.

Moments (`*_at`) are aware and in UTC unless a docstring says otherwise; calendar days end in `_on`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

COUNTRIES = ("AL", "BA", "XK", "ME", "MK", "RS")
"""The six countries; the register uses `XB` besides, for regional and international services."""

HBS = frozenset({"bs", "hr", "sr", "cnr"})
"""One language group for matching: Bosnian, Croatian, Serbian, Montenegrin."""


# --- what we watch -----------------------------------------------------------------------------------------------


class SourceKind(StrEnum):
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    SEARCH = "search"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Outlet:
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


@dataclass(frozen=True, slots=True)
class Source:
    """One address of an outlet that we watch. `id` is stable over runs: `<outlet id>:<kind>:<number>`."""

    id: str
    outlet_id: str
    kind: SourceKind
    address: str
    evidence: str = "none"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Watched:
    """A source with its outlet and what its last poll left for a conditional request."""

    source: Source
    outlet: Outlet
    etag: str | None = None
    last_modified: str | None = None


# --- fetching ----------------------------------------------------------------------------------------------------


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
        return self in (FetchOutcome.FETCHED, FetchOutcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class FetchFacts:
    """The HTTP facts of one request, kept whatever its outcome. `detail` is one line a press officer can read."""

    requested_url: str
    final_url: str
    outcome: FetchOutcome
    fetched_at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    elapsed_seconds: float | None = None
    size_bytes: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FoundLink:
    """An address a source named as an article, with what the source said of it."""

    url: str
    source_id: str
    outlet_id: str
    found_by: str  # a SourceKind, or "backfill", or "person"
    title: str = ""
    summary: str = ""
    published: Published | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontierLink:
    """A found link on its way to being fetched. `key` is its normalised address, unique over all time."""

    id: int
    key: str
    url: str
    outlet_id: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class PollResult:
    """One poll of one source: facts, what it listed, and what the next conditional request needs."""

    source_id: str
    facts: FetchFacts
    links: tuple[FoundLink, ...] = ()
    listed: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedPage:
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


# --- articles ----------------------------------------------------------------------------------------------------


class Precision(StrEnum):
    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class Published:
    """When an outlet says it published. `at` keeps the outlet's own offset; with precision DAY its clock time means nothing."""

    at: datetime
    precision: Precision = Precision.MINUTE

    def iso(self) -> str:
        return self.at.date().isoformat() if self.precision is Precision.DAY else self.at.isoformat()


class SkipReason(StrEnum):
    """Why a fetched page became no article."""

    LISTING = "listing"
    GALLERY = "gallery"
    ERROR_PAGE = "error_page"
    COOKIE_WALL = "cookie_wall"
    BOT_WALL = "bot_wall"
    LOGIN_WALL = "login_wall"
    NOT_AN_ARTICLE = "not_an_article"
    TOO_SHORT = "too_short"
    SAME_PAGE = "same_page"
    UNREADABLE = "unreadable"
    EXTRACTION_TIMEOUT = "extraction_timeout"
    EXTRACTION_CRASHED = "extraction_crashed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that is no article, and why, in words."""

    reason: SkipReason
    detail: str = ""


class Depth(StrEnum):
    """How far a page was read: `SCREENED` is cheap visible text, `EXTRACTED` the full ladder."""

    SCREENED = "screened"
    EXTRACTED = "extracted"


@dataclass(frozen=True, slots=True)
class Article:
    """One page's content. With depth SCREENED, `body` is all visible text and most fields are empty. `id` 0: not stored yet."""

    outlet_id: str
    requested_url: str
    canonical_url: str
    title: str
    body: str
    fetched_at: datetime
    depth: Depth
    published: Published | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    lead: str = ""
    image: str = ""
    id: int = 0
    page_id: int = 0


# --- campaigns ---------------------------------------------------------------------------------------------------


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


# --- mentions and verdicts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence: `text[start:end] == form` in the named field (`title` or `body`), and the rule that made the form."""

    term_id: str
    start: int
    end: int
    form: str
    field: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding of ours, recomputed at will. `id` derives from (campaign, article), so a verdict outlives any re-run."""

    id: str
    campaign_id: str
    article_id: int
    circle: str
    hits: tuple[Hit, ...]
    labels: tuple[str, ...] = ()
    key_messages: tuple[str, ...] = ()
    held: bool = False
    campaign_version: str = ""


class Decision(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    UNSURE = "unsure"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's word on a mention. Kept for ever; the newest one counts."""

    campaign_id: str
    article_id: int
    decision: Decision
    decided_at: datetime
    note: str = ""
    by: str = ""


# --- stories -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoryText:
    """What grouping needs of an article."""

    article_id: int
    outlet_id: str
    title: str
    body: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """The same news in one or more outlets. `key` derives from its members, so arrival order does not show."""

    key: str
    article_ids: tuple[int, ...]


# --- digests -----------------------------------------------------------------------------------------------------


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
    """An edition before it is rendered. `sources_watched` counts the sources polled, `items_looked_at` the articles read."""

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


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """A digest in its forms; nothing in it is fetched when read."""

    subject: str
    text: str
    html: str


# --- runs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepReport:
    """What a step did. The outcomes add up to `inputs`."""

    step: str
    inputs: int
    outcomes: tuple[tuple[str, int], ...]
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()

    @property
    def adds_up(self) -> bool:
        return self.inputs == sum(count for _, count in self.outcomes)


@dataclass(frozen=True, slots=True)
class RunReport:
    """One night. `needs_a_person` lists what turns the exit code to 1."""

    run_id: int
    started_at: datetime
    ended_at: datetime | None
    steps: tuple[StepReport, ...] = ()
    needs_a_person: tuple[str, ...] = ()
    troubles: tuple[SourceTrouble, ...] = ()
    digest_paths: tuple[str, ...] = field(default=())
