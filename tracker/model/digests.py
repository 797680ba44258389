"""What a digest prints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct, field

from tracker.model.articles import Article
from tracker.model.campaigns import Branding, KeyMessage, Objective, Spokesperson
from tracker.model.estimates import Estimate
from tracker.model.events import Fact
from tracker.model.fetching import Published
from tracker.model.mentions import HandItem, Medium, Mention, Part, Verdict
from tracker.model.pictures import Picture
from tracker.model.reach import Reach, UnreadNight
from tracker.model.revisions import ChangedItem
from tracker.model.watching import Outlet

ARTICLE_LANGUAGES = ("sq", "sr", "bs", "hr", "cnr", "mk", "en", "bg", "sl")
"""Languages that an article is read in."""
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "sq": "shqip",
        "sr-Latn": "srpski",
        "sr-Cyrl": "српски",
        "bs": "bosanski",
        "hr": "hrvatski",
        "cnr": "crnogorski",
        "mk": "македонски",
        "en": "English",
    }
)
"""The languages a digest is made in; each names itself."""

DOCUMENTS = ("report", "pdf", "docx", "xlsx", "csv")
"""Forms of a digest beside the mail, in the order of an index page. `report` is a web page that stands alone."""


class Audience(StrEnum):
    """Who an edition is for. Donors read what partners read."""

    STAFF = "staff"
    PARTNERS = "partners"


class EditionKind(StrEnum):
    """`report` covers any period that was asked for, `lifetime` the campaign from its first day, `situation` the last hours."""

    NIGHTLY = "nightly"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    REPORT = "report"
    LIFETIME = "lifetime"
    SITUATION = "situation"

    @property
    def is_serial(self) -> bool:
        """One follows the other, and none repeats what an earlier one reported."""
        return self in (EditionKind.NIGHTLY, EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY)


class AsFound(Struct, frozen=True):
    """What the outlet says of an item that a person corrected; `corrected` names the facts that are printed otherwise."""

    title: str
    outlet_id: str
    published: Published | None = None
    authors: tuple[str, ...] = ()
    corrected: tuple[Fact, ...] = ()


class Use(StrEnum):
    """What an item did with a text that the campaign sent to the media."""

    PUBLISHED = "published"  # half of its sentences and more are the release's
    PARTS = "parts"
    OWN = "own"
    NOT_MEASURED = "not_measured"  # the release has no text in its language, or the item none to compare


class TakeUp(Struct, frozen=True):
    """What an item took of a release, by its title: `of_item` is the share of the item's sentences that are the release's, `of_release`
    the share of the release's sentences that it used, both from 0 to 1. `quotes`: those of the release that it carried."""

    use: Use
    release: str = ""
    of_item: float = 0.0
    of_release: float = 0.0
    quotes: tuple[str, ...] = ()


class EarlierText(Struct, frozen=True):
    """Where an item's text stood days before; `published`: the ISO day, else when it was read. `may_be_named`: see `visibility`."""

    article_id: int
    outlet_id: str
    url: str
    published: str
    outlet_name: str = ""
    may_be_named: bool = False


class Entry(Struct, frozen=True):
    """A mention with all a digest may print of it. `article` and `outlet` are as a person corrected them; `as_found` keeps what the
    outlet says, None where nothing is corrected."""

    mention: Mention
    article: Article
    outlet: Outlet
    story_key: str
    verdict: Verdict | None = None
    found_by: str = ""
    found_at: datetime | None = None
    sensitive: bool = False  # a person said so, in this campaign or another
    hand: HandItem | None = None
    release: str = ""  # title of the campaign's own text that the item largely is
    as_found: AsFound | None = None
    part: Part | None = None  # in its story; None: not decided yet
    before: EarlierText | None = None
    take_up: TakeUp | None = None  # None: no release was sent in its time, or the edition is older than that was measured

    @property
    def corrected(self) -> tuple[str, ...]:
        """Names of the facts that a person corrected."""
        return () if self.as_found is None else self.as_found.corrected

    @property
    def medium(self) -> Medium:
        """As it was entered; an item of a video platform's channel is television, all else is online."""
        if self.hand is not None:
            return self.hand.medium
        return Medium.TELEVISION if self.found_by == "channel" else Medium.ONLINE


class SourceTrouble(Struct, frozen=True):
    """A source that was not followed, in words for the digest."""

    source_id: str
    outlet_name: str
    country: str
    outcome: str  # a FetchOutcome, or "silent"
    detail: str = ""
    since_at: datetime | None = None
    languages: tuple[str, ...] = ()  # of the outlet; empty where it was not kept


class Window(Struct, frozen=True):
    """A half-open period [start_at, end_at) in UTC."""

    start_at: datetime
    end_at: datetime


class Scope(Struct, frozen=True):
    """What a digest or an export was narrowed to: countries of outlets, languages of articles, outlets as (id, name). An empty field
    narrows nothing; of those that are not empty all must hold."""

    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    outlets: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.countries or self.languages or self.outlets)

    @property
    def outlet_ids(self) -> frozenset[str]:
        """The outlets' ids."""
        return frozenset(identity for identity, _ in self.outlets)

    def covers(self, country: str, language: str, outlet_id: str) -> bool:
        """Whether an item of this outlet in this language belongs to it."""
        return (
            (not self.countries or country in self.countries)
            and (not self.languages or language in self.languages)
            and (not self.outlets or outlet_id in self.outlet_ids)
        )


class Cell(Struct, frozen=True):
    """Items of one outlet in one language. `is_leading`: it is a leading national outlet. `tones`: (Tone, items), of what a person
    assessed; `messages`: (key message, items in which a person said it came through), of `assessed` items."""

    country: str
    language: str
    outlet_id: str
    items: int
    is_leading: bool = False
    tones: tuple[tuple[str, int], ...] = ()
    messages: tuple[tuple[str, int], ...] = ()
    assessed: int = 0


class KeptBack(Struct, frozen=True):
    """Items of one outlet in one language that an edition does not show; of editions made before that was kept, of all of a country's.
    `sensitive`: of `held`, those that a person called so."""

    country: str
    held: int = 0
    rejected: int = 0
    unreviewed: int = 0
    language: str = ""
    outlet_id: str = ""
    sensitive: int = 0


class Selection(Struct, frozen=True):
    """What a digest shows, and what it keeps back. Only `counted` is in the figures. `own_channels` are the campaign's and its
    partners' own sites, `listed` what another lists of outlets that we may not read and no person has accepted; staff alone see these. `held` counts what may identify a child and no person has cleared, `unreviewed` what waits for a person
    and is not shown for that; `kept_back` has both by country, language and outlet. `for_partners`: how many of the counted items
    partners see too by country, None where that was not counted; `partners_see` the same by language and outlet. `sensitive`: of `held`, the items that a person called sensitive; nothing is left to decide on them."""

    counted: tuple[Entry, ...] = ()
    organisation: tuple[Entry, ...] = ()
    context: tuple[Entry, ...] = ()
    own_channels: tuple[Entry, ...] = ()
    listed: tuple[Entry, ...] = ()
    held: int = 0
    rejected: int = 0
    unreviewed: int = 0
    kept_back: tuple[KeptBack, ...] = ()
    for_partners: tuple[tuple[str, int], ...] | None = None
    sensitive: int = 0
    partners_see: tuple[Cell, ...] = ()

    @property
    def undecided(self) -> int:
        """Items held back until a person decides."""
        return self.held - self.sensitive

    @property
    def shown(self) -> tuple[Entry, ...]:
        """Every entry that is printed, in the order of the parts."""
        return (*self.counted, *self.organisation, *self.context, *self.own_channels, *self.listed)


class Period(Struct, frozen=True):
    """The figures of another period, to tell a change by. `by_country`: items by country, for readers of some countries only; `cells`
    also by language and outlet, empty in editions made before that was kept; `stories` those of all countries."""

    window: Window
    items: int
    by_country: tuple[tuple[str, int], ...] = ()
    cells: tuple[Cell, ...] = ()
    stories: int = 0


class CountryFacts(Struct, frozen=True):
    """What of `EditionFacts` belongs to one country's outlets."""

    country: str
    sources_watched: int = 0
    sources_answered: int = 0
    items_looked_at: int = 0


class EditionFacts(Struct, frozen=True):
    """What an edition says beside its entries; frozen when it is made.

    `sources_watched` counts the sources polled in the period, `sources_answered` those of them that gave a usable result at least
    once; `sources_unseen` those that listed nothing for a week. `items_looked_at` counts the articles of the period that were read,
    and those read in it. `by_country`: these figures by the outlets' country, empty where that was not counted. `windows_outrun` counts feeds that moved on by more than they list between two polls; `outrun_names`
    are those whose lost items were not recovered. `known_items` counts coverage that people know of, `known_found` the part of it
    that the tracker has."""

    troubles: tuple[SourceTrouble, ...] = ()
    sources_watched: int = 0
    sources_answered: int = 0
    items_looked_at: int = 0
    sources_unseen: int = 0
    windows_outrun: int = 0
    windows_repaired: int = 0
    outrun_names: tuple[str, ...] = ()
    known_items: int = 0
    known_found: int = 0
    campaign_name: str = ""
    campaign_names: tuple[tuple[str, str], ...] = ()  # (language, name)
    countries: tuple[str, ...] = ()
    time_zone: str = "UTC"
    kosovo_note: str = "none"
    review: str = "required"
    since_on: str = ""  # the campaign's first day, ISO
    query: str = ""  # of the circle that is counted, as it is written in the campaign file
    key_messages: tuple[KeyMessage, ...] = ()
    spokespeople: tuple[Spokesperson, ...] = ()
    objectives: tuple[Objective, ...] = ()
    branding: Branding = field(default_factory=Branding)
    failed_deliveries: int = 0
    pictures: tuple[tuple[str, bytes], ...] = ()  # (name in the branding, the file)
    reach: Reach | None = None  # what of the watched outlets was read; None where none was to be polled
    nights: int = 0  # of the period, those that ran
    unread_nights: tuple[UnreadNight, ...] = ()  # of these, those in which most could not be read
    by_country: tuple[CountryFacts, ...] = ()
    release_names: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()  # (title of a release, (language, its title there))
    estimate: Estimate | None = None  # of what was missed; None in editions made before there was one
    witness: str = ""  # the line of the last closed day, by which packs of evidence are checked; empty before revision 0024


class Withdrawn(Struct, frozen=True):
    """An item that an earlier edition reported and that a person has taken back since. A sensitive one is never named: its title is empty."""

    title: str
    outlet_name: str
    edition_kind: str
    reported_at: datetime
    country: str = ""
    language: str = ""
    outlet_id: str = ""


class Regrouped(Struct, frozen=True):
    """A story of an earlier edition that a person merged or split since. `places`: country, language and outlet of its items there."""

    places: tuple[tuple[str, str, str], ...]


class ReleaseFacts(Struct, frozen=True):
    """What an edition says to one audience beside its entries; frozen when it is released. `before` is the period before this one,
    None where there is none to compare with; `trend` are up to seven periods before, the oldest first; `since_start` is the campaign
    from its first day to the edition's last."""

    held: int = 0
    rejected: int = 0
    unreviewed: int = 0
    withdrawn: tuple[Withdrawn, ...] = ()
    before: Period | None = None
    kept_back: tuple[KeptBack, ...] = ()
    for_partners: tuple[tuple[str, int], ...] | None = None  # (country, items)
    sensitive: int = 0
    partners_see: tuple[Cell, ...] = ()
    trend: tuple[Period, ...] = ()
    since_start: Period | None = None
    regrouped: tuple[Regrouped, ...] = ()
    changed: tuple[ChangedItem, ...] = ()


class Digest(Struct, frozen=True):
    """An edition for one audience, before it is rendered. `sentences` are a person's own, (language, sentence). `scope` says what it
    was narrowed to. `write_to`: whom to write to so as to get no more of it. `lead_pictures`: (article id, picture) of what may be shown with one."""

    campaign_id: str
    campaign_version: str
    kind: str
    audience: str
    window: Window
    made_at: datetime
    selection: Selection
    facts: EditionFacts = EditionFacts()
    edition_id: int = 0
    approved_at: datetime | None = None
    approved_by: str = ""
    sentences: tuple[tuple[str, str], ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    before: Period | None = None
    scope: Scope = Scope()
    lead_pictures: tuple[tuple[int, Picture], ...] = ()
    write_to: str = ""
    trend: tuple[Period, ...] = ()
    since_start: Period | None = None
    regrouped: tuple[Regrouped, ...] = ()
    changed: tuple[ChangedItem, ...] = ()
