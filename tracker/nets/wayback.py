"""Wayback CDX: which pages of an outlet the Internet Archive captured, and when. Addresses only: it knows no headlines.

As its readme says (github.com/internetarchive/wayback, wayback-cdx-server): `fl` chooses the fields, `collapse=urlkey` gives each page once,
JSON answers are a list of rows whose first names the fields.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode, urlsplit

import msgspec

from tracker.nets.answers import Answer, AnswerOutcome, in_words
from tracker.nets.listing import Listing, Net, listing, moment_of

MOST_ROWS = 5000
"""Asked for at once: a month of a busy outlet."""
_ARTICLE = re.compile(r"\d{5,}|(?:[^/-]+-){3,}[^/-]+")
"""Articles of the register's outlets have a number or four words in their address; sections and tags have neither."""
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|css|js|xml|json|pdf|mp[34]|ico|woff2?)$|/(?:tag|tags|author|feed|wp-json|wp-content|page)/", re.I
)


def address(base_url: str, domain: str, since: date, until: date) -> str:
    """The question for the pages of a domain captured in these days (both included)."""
    asked = [
        ("url", domain),
        ("matchType", "domain"),
        ("from", f"{since:%Y%m%d}000000"),
        ("to", f"{until:%Y%m%d}235959"),
        ("output", "json"),
        ("fl", "original,timestamp"),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
        ("limit", str(MOST_ROWS)),
    ]
    return f"{base_url}{'&' if '?' in base_url else '?'}{urlencode(asked)}"


def read_answer(body: bytes, status: int | None = 200) -> Answer:
    """The captured pages. Never raises for any bytes."""
    if status == 429 or not body.strip().startswith(b"["):
        return Answer(AnswerOutcome.EMPTY) if status == 200 and not body.strip() else in_words(body, status)
    try:
        rows = msgspec.json.decode(body, type=list[msgspec.Raw])[: MOST_ROWS + 1]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Answer(AnswerOutcome.BROKEN)
    found = [one for row in rows[1:] if (one := _listing(row))]
    outcome = AnswerOutcome.READ if found else AnswerOutcome.BROKEN if len(rows) > 1 else AnswerOutcome.EMPTY
    return Answer(outcome, tuple(found), max(0, len(rows) - 1) - len(found), is_full=len(rows) > MOST_ROWS)


def may_be_article(url: str) -> bool:
    """Whether a captured address has the shape of an article's."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return bool(_ARTICLE.search(path)) and not _NO_PAGE.search(path)


def _listing(row: msgspec.Raw) -> Listing | None:
    try:
        original, timestamp = msgspec.json.decode(row, type=tuple[str, str])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    made = listing(Net.WAYBACK, original.replace(":80/", "/", 1), "", at=moment_of(timestamp))
    return made if made.url else None
