"""What one person says in one go, what stood in its way, and the errors of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.errors import UsageError
from tracker.model import Event, Fact, ItemState, Value
from tracker.review.words import said_words, state_words, who_when
from tracker.store import events, mentions
from tracker.store.events import Subject

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Why(StrEnum):
    """Why nothing was recorded of an item."""

    UNKNOWN = "unknown"
    STALE = "stale"
    UNCHANGED = "unchanged"
    INVALID = "invalid"


class Target(Struct, frozen=True):
    """A mention, and the version of its state that the person saw; None: not compared."""

    mention_id: str
    version: int | None = None


class Refusal(Struct, frozen=True):
    """An item of which nothing was recorded. `state` and `last`: as it stands now, and the last that was said; None where there is none."""

    mention_id: str
    why: Why
    words: str
    state: ItemState | None = None
    last: Event | None = None


class Act(Struct, frozen=True):
    """What was said in one go, or taken back. `id` 0: nothing was. `unmoved`: of what is done, items that stand as before, since a later
    word than the one taken back counts."""

    id: int
    said_at: datetime
    by: str
    done: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unmoved: tuple[str, ...] = ()


class UnknownMention(UsageError):
    """There is no such mention."""


class NothingToTakeBack(UsageError):
    """Nothing there counts any more, or ever did."""


class StaleDecision(UsageError):
    """Somebody has spoken since. `state` is what stands now, `last` the last event."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.words)
        self.state, self.last = refusal.state, refusal.last


def raise_refusal(refusal: Refusal) -> None:
    """The error that belongs to it; none for what is said already."""
    if refusal.why is Why.UNKNOWN:
        raise UnknownMention(refusal.words)
    if refusal.why is Why.STALE:
        raise StaleDecision(refusal)
    if refusal.why is Why.INVALID:
        raise UsageError(refusal.words)


def stale(mention_id: str, said: Mapping[Fact, Value], state: ItemState, known: Sequence[Event]) -> Refusal:
    """The refusal of a word that was said without sight of the last one; it names both."""
    last = max(known, key=lambda one: one.id, default=None)
    since = f" ({who_when(last)})" if last else ""
    words = f"{mention_id}: changed since{since}: now {state_words(state)}; not recorded: {said_words(said)}"
    return Refusal(mention_id, Why.STALE, words, state, last)


def place_of(conn: Connection, mention_id: str) -> tuple[str, int]:
    """The mention's campaign and article. Raises UnknownMention."""
    place = mentions.named(conn, [mention_id]).get(mention_id)
    if place is None:
        raise UnknownMention(f"no mention {mention_id!r}; `tracker export mentions` lists them")
    return place


def compare(conn: Connection, mention_id: str, place: tuple[str, int], version: int) -> None:
    """Raises StaleDecision where the mention's state is of another version."""
    state = events.states_of(conn, place[0], [place[1]])[place[1]]
    if state.version != version:
        raise StaleDecision(stale(mention_id, {}, state, events.of_subject(conn, Subject(*place))))
