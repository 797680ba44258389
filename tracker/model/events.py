"""What persons say, as it is kept: one event a fact, only ever added; and what follows from all of them, the state in force."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from tracker.model.fetching import Published

Value = str | bool | int | tuple[str, ...] | None
"""What is said of a fact. None: nothing, or as the outlet has it."""


class Fact(StrEnum):
    """What a person may say something of. Only a new word or a take-back changes it."""

    VERDICT = "verdict"  # a Decision
    REASON = "reason"  # a RejectReason; only beside a rejection
    NOTE = "note"
    TONE = "tone"  # a Tone
    PROMINENCE = "prominence"  # a Prominence
    KEY_MESSAGES = "key_messages"  # ids of those that came through
    QUOTES = "quotes"  # names of the spokespeople whom the item quotes
    TAGS = "tags"
    STAR = "star"
    HEADLINE_EN = "headline_en"  # a translation
    PICTURE = "picture"  # "off": never shown
    HEADLINE = "headline"  # this and the next three correct what the outlet says
    PUBLISHED = "published"  # an ISO day, or an ISO moment with its offset
    OUTLET = "outlet"  # an id of the register
    AUTHORS = "authors"
    STORY = "story"  # a number; articles of a campaign with the same one are one story
    APPROVAL = "approval"  # of an edition
    EVIDENCE = "evidence"  # when and why a protected item went into a pack
    ERASED = "erased"  # why its contents were taken away for ever


CORRECTABLE = (Fact.HEADLINE, Fact.PUBLISHED, Fact.OUTLET, Fact.AUTHORS)
"""What an outlet says of its item and a person may correct."""


class RejectReason(StrEnum):
    """Why an item is no coverage."""

    OTHER_SUBJECT = "other_subject"  # the same words, another matter
    NAMESAKE = "namesake"  # another person or body of that name
    NOT_COVERAGE = "not_coverage"  # a listing, an advertisement, a notice
    DUPLICATE = "duplicate"
    OWN_TEXT = "own_text"  # on the campaign's or a partner's own site
    OLD = "old"
    NOT_ABOUT = "not_about"  # it does not concern the campaign
    OTHER = "other"


class Event(Struct, frozen=True):
    """One fact that a person said. `before` and `after`: the value in force just before it and just after it.

    All that was said in one go has the same `act`. `takes_back`: the event that this one takes back; None for a word. `article_id`
    or `edition_id` names what it is about.
    """

    id: int
    act: int
    campaign_id: str
    article_id: int | None
    edition_id: int | None
    fact: Fact
    before: Value
    after: Value
    said_at: datetime
    by: str = ""
    via: str = ""
    takes_back: int | None = None


class Corrections(Struct, frozen=True):
    """What a person says in place of the outlet; empty or None: as the outlet has it."""

    headline: str = ""
    published: Published | None = None
    outlet_id: str = ""
    authors: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[Fact, ...]:
        """The facts that are corrected."""
        said = (self.headline, self.published, self.outlet_id, self.authors is not None)
        return tuple(fact for fact, is_said in zip(CORRECTABLE, said, strict=True) if is_said)

    def __bool__(self) -> bool:
        return bool(self.names)


class ItemState(Struct, frozen=True):
    """All that persons say of a campaign's item, as it stands. `version` grows with every word and take-back; 0: nobody has said anything.

    `decision` is a Decision, `reason` a RejectReason; empty where there is none. `decided_at` and `decided_by` belong to the decision.
    """

    campaign_id: str
    article_id: int
    version: int = 0
    decision: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    note: str = ""
    tone: str = ""
    prominence: str = ""
    key_messages: tuple[str, ...] | None = None
    quotes: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    starred: bool = False
    headline_en: str = ""
    picture_off: bool = False
    corrections: Corrections = Corrections()
    story: int | None = None
