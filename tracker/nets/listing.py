"""What a second net says of one article: the most that is ever kept of a page that we did not read."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from tracker.text.sentences import sentence_breaks
from tracker.urls.links import web_address

MAX_TITLE_CHARS = 300
"""Headlines of the region have up to 180 characters; a title of more is no headline."""
MAX_SENTENCE_CHARS = 400
"""At most one sentence is kept of what an outlet wrote, and of a long one its beginning."""
LOOKED_AT_CHARS = 4000
"""Of a title or a description, before it is cut: a net may send megabytes."""

_TAG = re.compile(r"<[^<>]{0,300}>")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202f\ufeff]+")
_DIGITS = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d{1,9})?)?)?\s?(?:Z|UTC|\+00:?00)?", re.ASCII)
_ENDING = re.compile(r"\s+[|–—-]\s+")


class Net(StrEnum):
    """Who lists: the name under which a net is set, counted and told of. `NEWSLETTER`: a mail of the outlet itself."""

    GDELT = "gdelt"
    GDELT_DOC = "gdelt_doc"
    MEDIACLOUD = "mediacloud"
    WAYBACK = "wayback"
    SEARCH_FEED = "search_feed"
    NEWSLETTER = "newsletter"


class Listing(Struct, frozen=True):
    """An article as a net names it: address, headline, at most one sentence, and when it appeared or was seen (aware; None: not said)."""

    net: Net
    url: str
    title: str
    sentence: str = ""
    at: datetime | None = None
    language: str = ""


def listing(
    net: Net, url: str, title: str, text: str = "", at: datetime | None = None, *, outlet_name: str = "", language: str = ""
) -> Listing:
    """A listing from what a net sent, made plain and cut to what may be kept. The address is empty where it is none."""
    headline = without_name(plain(title, MAX_TITLE_CHARS), plain(outlet_name, MAX_TITLE_CHARS))
    return Listing(net, web_address(url), headline, first_sentence(plain(text, LOOKED_AT_CHARS)), at, language[:12].lower())


def plain(text: str, most: int) -> str:
    """One line without markup and unseen characters, at most so many of them."""
    found = html.unescape(_TAG.sub(" ", html.unescape(text[:LOOKED_AT_CHARS])))
    return _BLANK.sub(" ", found.encode("utf-8", "replace").decode()).strip()[:most]


def first_sentence(text: str) -> str:
    """The first sentence of a text, cut at a word where it is long."""
    breaks = sentence_breaks(text)
    sentence = text[: breaks[0]].strip() if breaks else text
    if len(sentence) <= MAX_SENTENCE_CHARS:
        return sentence
    return sentence[:MAX_SENTENCE_CHARS].rpartition(" ")[0].rstrip(",;:–-") + "…"


def without_name(title: str, outlet_name: str) -> str:
    """A title without the site's own name behind it: it would match a campaign that the site is named like."""
    pieces = list(_ENDING.finditer(title))
    last = pieces[-1] if pieces else None
    if last is None or not outlet_name or title[last.end() :].casefold() != outlet_name.casefold():
        return title
    return title[: last.start()]


def moment_of(text: str) -> datetime | None:
    """A moment as the nets write it: `20241021060000`, `20241021T060000Z`, `2024-10-21T06:00:00Z`, `2024-10-21`. In UTC; None for
    anything else."""
    found = _DIGITS.fullmatch(text.strip()[:40])
    if found is None:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        return None
