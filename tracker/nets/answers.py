"""Answers of nets that are asked a question: what came, the listings in it, and where the next page is."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tracker.nets.listing import Listing

MAX_RECORDS = 5000
"""Of one answer; the nets send 250 to 1,000."""
SAID_CHARS = 120
"""Of what a net answers in words, for the operator's log."""


class AnswerOutcome(StrEnum):
    """How a question ended. `LIMITED`: it asks us to come less often; `REFUSED`: it does not take the question or the key."""

    READ = "read"
    EMPTY = "empty"
    LIMITED = "limited"
    REFUSED = "refused"
    BROKEN = "broken"


class Answer(Struct, frozen=True):
    """`wrong`: records that are none. `following`: what asks for the next page; empty: there is none. `said`: the net's own words."""

    outcome: AnswerOutcome
    listings: tuple[Listing, ...] = ()
    wrong: int = 0
    following: str = ""
    said: str = ""
    is_full: bool = False


def in_words(body: bytes, status: int | None) -> Answer:
    """An answer that is no data: a limit told in words, with whatever status, or a refusal."""
    said = " ".join(body[:2000].decode("utf-8", "replace").split())[:SAID_CHARS]
    if status == 429 or any(word in said.lower() for word in ("limit requests", "rate limit", "too many requests", "throttle")):
        return Answer(AnswerOutcome.LIMITED, said=said)
    return Answer(AnswerOutcome.REFUSED if status in (400, 401, 403, 422) or said else AnswerOutcome.EMPTY, said=said)
