"""What we found in articles, what people say of it, and which articles are one story."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from tracker.model.fetching import Precision

DATE_UNCERTAIN = "date_uncertain"
"""Label that the program itself sets: by what its date says the item is older than the campaign, and that date is unsure."""
LISTED_ELSEWHERE = "listed_elsewhere"
"""Label that the program itself sets: another lists the item, and its outlet does not let us read the text."""


class Hit(Struct, frozen=True):
    """One occurrence: `text[start:end] == form` in the named field (`title` or `body`), and the rule that made the form."""

    term_id: str
    start: int
    end: int
    form: str
    field: str
    rule: str = ""


class Quote(Struct, frozen=True):
    """Words of a spokesperson in quotation marks, as the program found them: `text[start:end]` without the marks."""

    speaker: str
    text: str
    start: int
    end: int


class Mention(Struct, frozen=True):
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
    """A person's decision on a mention; `visibility` says what follows from it."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNSURE = "unsure"
    SENSITIVE = "sensitive"


class Tone(StrEnum):
    """How an item speaks of the campaign, as a person judged it: no offline resource does it for these languages (design.md 7)."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    MIXED = "mixed"


class Prominence(StrEnum):
    """Where an item names the campaign."""

    HEADLINE = "headline"
    LEAD = "lead"
    TEXT = "text"
    PASSING = "passing"


class Verdict(Struct, frozen=True):
    """A person's word on a mention, with all else that stands beside it. Kept for ever; of those not taken back the newest counts.

    `tone` and `prominence`: a Tone and a Prominence, empty where the person said nothing. `key_messages`: ids of those that came
    through, None where the person said nothing of them; `quotes` likewise the names of the spokespeople whom the item quotes.
    `headline_en`: the reviewer's translation of the headline. `reason`: a RejectReason. `picture`: "off" where it is never shown.
    """

    campaign_id: str
    article_id: int
    decision: Decision
    decided_at: datetime
    note: str = ""
    by: str = ""
    tone: str = ""
    prominence: str = ""
    key_messages: tuple[str, ...] | None = None
    headline_en: str = ""
    reason: str = ""
    quotes: tuple[str, ...] | None = None
    picture: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False


class Medium(StrEnum):
    """Where an item appeared, as the figures tell it apart."""

    ONLINE = "online"
    PRINT = "print"
    TELEVISION = "television"
    RADIO = "radio"
    SOCIAL = "social"


class HandItem(Struct, frozen=True):
    """Coverage that a person entered: what no crawl could find. The article of the same id bears headline, text, outlet and day.

    `place` is the page or the time of the broadcast as it was typed, `picture` the address of a scan. `reach` stands only with
    `reach_source` and `reach_on` (ISO day); None: unknown, and stays so.
    """

    campaign_id: str
    article_id: int
    medium: Medium
    circle: str
    entered_at: datetime
    entered_by: str = ""
    programme: str = ""
    place: str = ""
    picture: str = ""
    reach: int | None = None
    reach_source: str = ""
    reach_on: str = ""


class StoryText(Struct, frozen=True):
    """What grouping needs of an article. `published_at` keeps the outlet's offset where roles are decided; with `precision` DAY its clock
    time means nothing."""

    article_id: int
    outlet_id: str
    title: str
    body: str
    published_at: datetime | None = None
    precision: Precision = Precision.MINUTE
    authors: tuple[str, ...] = ()


class Story(Struct, frozen=True):
    """The same news in one or more outlets. `key` derives from its members, so arrival order does not show."""

    key: str
    article_ids: tuple[int, ...]


class StoryRole(StrEnum):
    """What an item is to its story."""

    ORIGINAL = "original"
    CARRIED = "carried"
    OWN_WORDS = "own_words"


class Part(Struct, frozen=True):
    """An article's part in its story.

    `carried_from`: the article whose text it carries; None for what is not carried, and where the source was not found. `shared`: the
    part of its text that stands in that one, 0 to 1. `credited`: the newsroom that it names as the source of its text, as readers know it;
    empty where it names none. `credited_outlet`: that newsroom's id in the register; empty where it is in none. `gives_credit`: whether it
    names the newsroom of `carried_from`, or any where none was found. `before`: the article that bore its text days before, under another
    address or date; None where none did.
    """

    article_id: int
    role: StoryRole
    carried_from: int | None = None
    shared: float | None = None
    credited: str = ""
    credited_outlet: str = ""
    gives_credit: bool = False
    before: int | None = None
