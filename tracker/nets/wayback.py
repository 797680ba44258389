"""Wayback CDX: which pages of an outlet the Internet Archive captured, and when. Addresses only: it knows no headlines.

As its readme says (github.com/internetarchive/wayback, wayback-cdx-server): `fl` chooses the fields, `collapse=urlkey` gives each page once,
JSON answers are a list of rows whose first names the fields; with `showResumeKey` one that was cut ends with an empty row and a row of what
asks for the rest.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote_plus, urlencode, urlsplit

import msgspec

from tracker.nets.answers import Answer, AnswerOutcome, in_words
from tracker.nets.listing import Listing, Net, listing, moment_of

MOST_ROWS = 5000
"""Asked for at once: a month of a busy outlet."""
MOST_TOKEN_CHARS = 3000
"""Of what asks for the rest: an address and a moment."""
_ARTICLE = re.compile(r"\d{5,}|(?:[^/-]+-){3,}[^/-]+")
"""Articles of the register's outlets have a number or four words in their address; sections and tags have neither."""
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|css|js|xml|json|pdf|mp[34]|ico|woff2?)$|/(?:tag|tags|author|feed|wp-json|wp-content|page)/", re.I
)


def address(base_url: str, domain: str, since: date, until: date, token: str = "") -> str:
    """The question for the pages of a domain captured in these days (both included). `token`: from where on."""
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
        ("showResumeKey", "true"),
        *([("resumeKey", token)] if token else []),
    ]
    return f"{base_url}{'&' if '?' in base_url else '?'}{urlencode(asked)}"


def read_answer(body: bytes, status: int | None = 200) -> Answer:
    """The captured pages, and what asks for the rest. Never raises for any bytes."""
    if status == 429 or not body.strip().startswith(b"["):
        return Answer(AnswerOutcome.EMPTY) if status == 200 and not body.strip() else in_words(body, status)
    try:
        rows = msgspec.json.decode(body, type=list[msgspec.Raw])[: MOST_ROWS + 3]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Answer(AnswerOutcome.BROKEN)
    following = _token(rows)
    rows = rows[:-2] if following else rows[: MOST_ROWS + 1]
    found = [one for row in rows[1:] if (one := _listing(row))]
    outcome = AnswerOutcome.READ if found else AnswerOutcome.BROKEN if len(rows) > 1 else AnswerOutcome.EMPTY
    return Answer(outcome, tuple(found), max(0, len(rows) - 1) - len(found), following)


def _token(rows: list[msgspec.Raw]) -> str:
    """What asks for the rest, which stands in the last row behind an empty one, as it would stand in an address."""
    try:
        before, (token,) = (msgspec.json.decode(row, type=list[str]) for row in rows[-2:])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        return ""
    return unquote_plus(token) if not before and len(token) <= MOST_TOKEN_CHARS else ""


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
