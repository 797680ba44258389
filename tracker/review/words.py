"""What persons said, in words for commands and refusals. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.model import Decision, Event, Fact, ItemState, Value
from tracker.review.values import values_of

_NOTHING = "nothing"
_SHORTENED = 80


def said_words(said: Mapping[Fact, Value]) -> str:
    """What is said, in one line."""
    return ", ".join(f"{value}" if fact is Fact.VERDICT and value else f"{fact} {value_words(value)}" for fact, value in said.items())


def value_words(value: Value) -> str:
    """A value in a few words."""
    if value is None:
        return _NOTHING
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, str):
        return value if value in _PLAIN else repr(value[:_SHORTENED])
    return "yes" if value is True else str(value)


def state_words(state: ItemState) -> str:
    """All that stands of an item, in one line."""
    return said_words({fact: value for fact, value in values_of(state).items() if value is not None}) or "nothing is said"


def event_words(event: Event) -> str:
    """What one event changed, in one line."""
    if event.takes_back is not None:
        return f"{event.fact}: takes back {event.takes_back}; {value_words(event.after)} stands again"
    before = f" (was {value_words(event.before)})" if event.before is not None and event.before != event.after else ""
    return f"{event.fact}: {value_words(event.after)}{before}"


def who_when(event: Event) -> str:
    """Who said it and when."""
    return f"{event.said_at:%Y-%m-%d %H:%M} UTC{f' by {event.by}' if event.by else ''}"


_PLAIN = frozenset({*map(str, Decision), "off"})
