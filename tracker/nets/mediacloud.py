"""Media Cloud: the stories it has of our outlets, by its search of `story-list`, page after page.

Asked by domains alone, so that no word of a campaign leaves the house. Needs a key of one's own account; it goes into a header. As its own
client and server have it (github.com/mediacloud/api-client, web-search): `q`, `start`, `end`, `page_size`, `pagination_token`, and at least
one collection in `cs`; two requests a minute; what it does not take is told as JSON with `status` and `note`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode, urljoin

import msgspec

from tracker.nets.answers import MAX_RECORDS, Answer, AnswerOutcome, in_words
from tracker.nets.listing import Listing, Net, listing, moment_of

PAGE_STORIES = 500
DOMAINS_AT_ONCE = 20
"""Named in one question: an address of some 600 characters."""
MAX_TOKEN_CHARS = 500


class _Story(msgspec.Struct):
    url: str = ""
    title: str | None = None
    publish_date: str | None = None
    indexed_date: str | None = None
    language: str | None = None
    media_name: str | None = None


class _Answer(msgspec.Struct):
    stories: list[msgspec.Raw]
    pagination_token: str | None = None


def address(base_url: str, domains: Sequence[str], since: date, until: date, collections: Sequence[int] = (), token: str = "") -> str:
    """The question for stories of these domains, published in these days (both included)."""
    asked: dict[str, object] = {
        "q": f"canonical_domain:({' OR '.join(domains)})",
        "start": since.isoformat(),
        "end": until.isoformat(),
        "platform": "onlinenews-mediacloud",
        "page_size": PAGE_STORIES,
    }
    asked |= {"cs": ",".join(map(str, collections))} if collections else {}
    asked |= {"pagination_token": token} if token else {}
    return urljoin(base_url if base_url.endswith("/") else f"{base_url}/", "search/story-list") + "?" + urlencode(asked)


def read_answer(body: bytes, status: int | None = 200) -> Answer:
    """The stories of an answer and the token of the next page. Never raises for any bytes."""
    if (status or 0) >= 400 or not body.strip().startswith(b"{"):
        return in_words(body, status)
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return in_words(body, status) if _is_refusal(body) else Answer(AnswerOutcome.BROKEN)
    stories = answer.stories[:MAX_RECORDS]
    found = [one for story in stories if (one := _listing(story))]
    token = (answer.pagination_token or "") if stories else ""
    outcome = AnswerOutcome.READ if found else AnswerOutcome.BROKEN if stories else AnswerOutcome.EMPTY
    return Answer(outcome, tuple(found), len(stories) - len(found), token if len(token) <= MAX_TOKEN_CHARS else "")


class _Refusal(msgspec.Struct):
    status: str
    note: str = ""


def _is_refusal(body: bytes) -> bool:
    """Whether an answer without stories says in its own form why."""
    try:
        return bool(msgspec.json.decode(body, type=_Refusal).status)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


def _listing(story: msgspec.Raw) -> Listing | None:
    try:
        one = msgspec.json.decode(story, type=_Story)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    at = moment_of(one.publish_date or "") or moment_of(one.indexed_date or "")
    made = listing(Net.MEDIACLOUD, one.url, one.title or "", at=at, outlet_name=one.media_name or "", language=one.language or "")
    return made if made.url else None
