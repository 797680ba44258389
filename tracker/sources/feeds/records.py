"""What a feed lists, as records."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from tracker.model import FetchOutcome, Published


class FeedEntry(Struct, frozen=True):
    """One listed item. `url` is absolute http(s) or ""; texts are plain. `modified_at`: when it was last changed, where a WordPress says so."""

    id: str
    url: str
    title: str
    published: Published | None = None
    authors: tuple[str, ...] = ()
    summary: str = ""
    modified_at: datetime | None = None


class FeedDocument(Struct, frozen=True):
    """A feed as read: FETCHED with entries, EMPTY, NOT_A_FEED, PARSE_FAILED or TOO_LARGE with a reason in `detail`.

    A FETCHED feed has a `detail` too when something had to be mended or left out.
    """

    outcome: FetchOutcome
    detail: str = ""
    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()
    language: str = ""
