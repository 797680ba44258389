"""GDELT DOC 2.0, for looking back: what it saw of an outlet in the last three months.

Asked by the outlet's domain alone, so that no word of a campaign leaves the house; for the same reason no country is named (its codes are
FIPS, not ISO: AL, BK, KV, MJ, MK, RI). As its publisher says (blog.gdeltproject.org, "GDELT DOC 2.0 API Debuts"): 250 results at most, three months back, one
request in five seconds; who asks more often is told so in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from tracker.nets.answers import Answer, AnswerOutcome, in_words
from tracker.nets.listing import Listing, Net, listing, moment_of

MOST_RESULTS = 250
REACHES_BACK = timedelta(days=90)
"""Three months; days before are not asked for."""
FIRST_SLICE = timedelta(days=7)
"""A busy outlet has more than MOST_RESULTS in it; then its halves are asked."""
SHORTEST_SLICE = timedelta(hours=1)


class _Article(msgspec.Struct):
    url: str = ""
    title: str = ""
    seendate: str = ""


class _Answer(msgspec.Struct):
    articles: list[msgspec.Raw] = []


def address(base_url: str, domain: str, start_at: datetime, end_at: datetime) -> str:
    """The question for an outlet's articles seen in a span."""
    asked = {
        "query": f"domainis:{domain}",
        "mode": "artlist",
        "format": "json",
        "maxrecords": MOST_RESULTS,
        "sort": "datedesc",
        "startdatetime": f"{start_at:%Y%m%d%H%M%S}",
        "enddatetime": f"{end_at:%Y%m%d%H%M%S}",
    }
    return f"{base_url}{'&' if '?' in base_url else '?'}{urlencode(asked)}"


def slices(since: datetime, until: datetime, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans to ask for, the newest first, none older than the net reaches back."""
    first, end = max(since, now - REACHES_BACK), min(until, now)
    while end > first:
        start = max(first, end - FIRST_SLICE)
        yield start, end
        end = start


def halves(start_at: datetime, end_at: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """What to ask in place of a span whose answer was full; nothing where it cannot be made shorter."""
    if end_at - start_at < 2 * SHORTEST_SLICE:
        return ()
    middle = start_at + (end_at - start_at) / 2
    return (middle, end_at), (start_at, middle)


def read_answer(body: bytes, status: int | None = 200) -> Answer:
    """The articles of an answer. Never raises for any bytes."""
    if not body.strip().startswith(b"{"):
        return in_words(body, status)
    try:
        records = msgspec.json.decode(body, type=_Answer, strict=False).articles
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Answer(AnswerOutcome.BROKEN)
    found = [one for record in records[:MOST_RESULTS] if (one := _listing(record))]
    outcome = AnswerOutcome.READ if found else AnswerOutcome.BROKEN if records else AnswerOutcome.EMPTY
    return Answer(outcome, tuple(found), min(len(records), MOST_RESULTS) - len(found), is_full=len(records) >= MOST_RESULTS)


def _listing(record: msgspec.Raw) -> Listing | None:
    try:
        one = msgspec.json.decode(record, type=_Article)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    made = listing(Net.GDELT_DOC, one.url, one.title, at=moment_of(one.seendate))
    return made if made.url else None
