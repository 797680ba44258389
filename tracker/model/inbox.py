"""What a reviewer looks at: which items of a campaign, and where a page of them begins."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct


class InboxState(StrEnum):
    """Items by what persons say of them: a Decision; `OPEN`: nobody has decided; `HELD`: may identify a child, and nobody has
    decided what becomes of it; `LISTED`: another lists it, its text was not read, and nobody has decided. `OPEN` leaves these out."""

    OPEN = "open"
    HELD = "held"
    LISTED = "listed"
    UNSURE = "unsure"
    ACCEPT = "accept"
    REJECT = "reject"
    SENSITIVE = "sensitive"
    ALL = "all"


class InboxFilter(Struct, frozen=True):
    """Empty fields leave all in. Days are those of publication, both included. `text`: words in any form and script."""

    campaign_id: str
    state: InboxState = InboxState.OPEN
    country: str = ""
    language: str = ""
    outlet_id: str = ""
    tier: int | None = None
    circle: str = ""
    from_on: date | None = None
    to_on: date | None = None
    text: str = ""


class InboxPlace(Struct, frozen=True):
    """A story in the order of the inbox: that with the newest item first. `key`: of the story, or of the item that is in none."""

    newest_at: datetime
    key: str
