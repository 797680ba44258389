"""An article's lead picture: what is asked for, how asking ended, and what is shown of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class PictureOutcome(StrEnum):
    """How a picture that came was judged. One that did not come has a FetchOutcome in its place."""

    KEPT = "kept"
    NOT_A_PICTURE = "not_a_picture"
    OTHER_FORMAT = "other_format"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    BLANK = "blank"
    BROKEN = "broken"
    OUTLETS_MARK = "outlets_mark"  # the same on many articles of the outlet: its logo, no picture of the news


class WantedPicture(Struct, frozen=True):
    """A picture to ask for: the address that the article names as its lead picture."""

    article_id: int
    outlet_id: str
    url: str
    attempts: int = 0


class Picture(Struct, frozen=True):
    """A picture as it is shown: a small JPEG without any note of where or by whom it was taken. `digest` names the bytes as they came."""

    digest: str
    width: int
    height: int
    content: bytes


class PictureResult(Struct, frozen=True):
    """How asking for one picture ended: a PictureOutcome or FetchOutcome. `digest`: of the bytes that came, empty where none did."""

    wanted: WantedPicture
    outcome: str
    asked_at: datetime
    detail: str = ""
    digest: str = ""
    picture: Picture | None = None
