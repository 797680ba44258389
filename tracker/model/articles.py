"""A page read: an article, or the reason why it is none."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from tracker.model.fetching import DateReading, Published


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
    SAME_TEXT = "same_text"
    FORWARDS = "forwards"
    SHARED_PAGE = "shared_page"
    UNREADABLE = "unreadable"
    EXTRACTION_TIMEOUT = "extraction_timeout"
    EXTRACTION_CRASHED = "extraction_crashed"
    BYTES_LOST = "bytes_lost"
    FAILED = "failed"

    @property
    def step_outcome(self) -> str:
        """The outcome of a page that was skipped for this reason, as the report of the step extract counts it."""
        return f"skipped: {self}"


SKIPPED_OUTCOMES = frozenset(reason.step_outcome for reason in SkipReason)
"""Outcomes of pages that were read and gave no article."""


class Skipped(Struct, frozen=True):
    """A page that is no article, and why. `detail` is for people. `same_as`: with SAME_PAGE and SAME_TEXT, the canonical address of
    the article that the page repeats."""

    reason: SkipReason
    detail: str = ""
    same_as: str = ""

    @property
    def remark(self) -> str:
        """What to show a person beside the reason; empty when there is nothing to add."""
        if self.reason is SkipReason.SHARED_PAGE:
            return "one page came for articles of several outlets, as a login page of the network does"
        if self.reason is SkipReason.BYTES_LOST:
            return "its bytes were gone before anybody read them; its address is asked again"
        if not self.same_as:
            return self.detail
        return f"same {'text' if self.reason is SkipReason.SAME_TEXT else 'address'} as {self.same_as}"


class Depth(StrEnum):
    """How far a page was read: `LISTED` not at all (headline and a sentence as another lists them), `SCREENED` is cheap visible text,
    `EXTRACTED` the full ladder."""

    LISTED = "listed"
    SCREENED = "screened"
    EXTRACTED = "extracted"


class Article(Struct, frozen=True):
    """One page's content. With depth SCREENED, `body` is all visible text and most fields are empty. `id` 0: not stored yet.

    `date_readings`: empty where `published` is sure; else all that was read, in order of trust.
    """

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
    date_readings: tuple[DateReading, ...] = ()

    def may_be_from(self, day: date) -> bool:
        """Whether it may have appeared on that day or later: by its date, or, where that is unsure, by any reading or none at all."""
        if self.published is None or self.published.at.date() >= day:
            return True
        return any(not reading.source.is_of_publication or reading.published.at.date() >= day for reading in self.date_readings)
