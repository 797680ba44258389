"""What follows from events: which of them count, which word on each fact is in force, and the state of an item. Pure.

A take-back is an event too. One that is itself taken back leaves the word it took back counting again. Of the words on a fact that
count, the one said last is in force; of two said at one moment the later recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tracker.model import Corrections, Decision, Event, Fact, ItemState, Precision, Published, Value, Verdict


def taken_back(events: Iterable[Event]) -> dict[int, int]:
    """Events that no longer count, words and take-backs, with the take-back that says so."""
    gone: dict[int, int] = {}
    for event in sorted(events, key=lambda one: one.id, reverse=True):
        if event.takes_back is not None and event.id not in gone:
            gone[event.takes_back] = event.id
    return gone


def counting(events: Iterable[Event]) -> list[Event]:
    """The words that nobody has taken back, in the order in which they were said."""
    known = [*events]
    gone = taken_back(known)
    words = [one for one in known if one.takes_back is None and one.id not in gone]
    return sorted(words, key=lambda one: (one.said_at, one.id))


def in_force(events: Iterable[Event]) -> dict[Fact, Event]:
    """The word in force on each fact; none where nobody has said anything that counts."""
    return {one.fact: one for one in counting(events)}  # the last of each stays


def value_of(events: Iterable[Event], fact: Fact) -> Value:
    """What is said of the fact, None for nothing."""
    word = in_force(events).get(fact)
    return None if word is None else word.after


def state_of(campaign_id: str, article_id: int, events: Sequence[Event]) -> ItemState:
    """The state of an item by all of its events."""
    words = in_force(events)

    def said(fact: Fact) -> Value:
        return words[fact].after if fact in words else None

    verdict = words.get(Fact.VERDICT)
    decided = verdict is not None and verdict.after is not None
    return ItemState(
        campaign_id=campaign_id,
        article_id=article_id,
        version=max((one.id for one in events), default=0),
        decision=_text(said(Fact.VERDICT)),
        decided_at=verdict.said_at if verdict and decided else None,
        decided_by=verdict.by if verdict and decided else "",
        reason=_text(said(Fact.REASON)),
        note=_text(said(Fact.NOTE)),
        tone=_text(said(Fact.TONE)),
        prominence=_text(said(Fact.PROMINENCE)),
        key_messages=_list(said(Fact.KEY_MESSAGES)),
        quotes=_list(said(Fact.QUOTES)),
        tags=_list(said(Fact.TAGS)) or (),
        starred=said(Fact.STAR) is True,
        headline_en=_text(said(Fact.HEADLINE_EN)),
        picture_off=said(Fact.PICTURE) == "off",
        corrections=Corrections(
            _text(said(Fact.HEADLINE)),
            read_moment(_text(said(Fact.PUBLISHED))),
            _text(said(Fact.OUTLET)),
            _list(said(Fact.AUTHORS)),
        ),
        story=_number(said(Fact.STORY)),
    )


def verdict_of(state: ItemState | None) -> Verdict | None:
    """The verdict in force with all that stands beside it; None where no decision is."""
    if state is None or not state.decision or state.decided_at is None:
        return None
    return Verdict(
        campaign_id=state.campaign_id,
        article_id=state.article_id,
        decision=Decision(state.decision),
        decided_at=state.decided_at,
        note=state.note,
        by=state.decided_by,
        tone=state.tone,
        prominence=state.prominence,
        key_messages=state.key_messages,
        headline_en=state.headline_en,
        reason=state.reason,
        quotes=state.quotes,
        picture="off" if state.picture_off else "",
        tags=state.tags,
        starred=state.starred,
    )


def verdicts_of(campaign_id: str, article_id: int, events: Sequence[Event]) -> list[Verdict]:
    """Every verdict that counts, oldest first, each with what stood beside it until the next; the last is the one in force."""
    words = counting(events)
    given = [one for one in words if one.fact is Fact.VERDICT and one.after is not None]
    found = []
    for place, verdict in enumerate(given):
        later = given[place + 1] if place + 1 < len(given) else None
        until = [one for one in words if later is None or (one.said_at, one.act) < (later.said_at, later.act)]
        if (said := verdict_of(state_of(campaign_id, article_id, until))) is not None and said.decided_at == verdict.said_at:
            found.append(said)
    return found


def read_moment(text: str) -> Published | None:
    """A value of Fact.PUBLISHED; None for an empty one. Raises ValueError for what is neither an ISO day nor a moment with its offset."""
    if not text:
        return None
    at = datetime.fromisoformat(text)
    if len(text) == len("2026-10-11"):
        return Published(at.replace(tzinfo=UTC), Precision.DAY)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return Published(at)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Value) -> tuple[str, ...] | None:
    return value if isinstance(value, tuple) else None


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
