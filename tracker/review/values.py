"""What may be said of a fact: typed values made into those that are kept, or refused in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from tracker.model import Campaign, Decision, Fact, ItemState, Prominence, RejectReason, Tone, Value
from tracker.store.replay import read_moment
from tracker.text.folding import fold
from tracker.visibility import is_rejection

LONGEST = 1000
"""Characters of a note or a headline: half a page."""
LONGEST_NAME = 200
LONGEST_TAG = 60
MOST_TAGS = 20
MOST_AUTHORS = 20
EARLIEST_YEAR = 1990
"""No campaign of ours is older; an earlier year is a slip of the keyboard."""

CHOICES: Mapping[Fact, tuple[str, ...]] = {
    Fact.VERDICT: tuple(map(str, Decision)),
    Fact.REASON: tuple(map(str, RejectReason)),
    Fact.TONE: tuple(map(str, Tone)),
    Fact.PROMINENCE: tuple(map(str, Prominence)),
    Fact.PICTURE: ("off",),
}
SAID_OTHERWISE = (Fact.STORY, Fact.APPROVAL, Fact.EVIDENCE, Fact.ERASED)
"""Facts that follow from merging, splitting, approving and evidence, and are never said by themselves."""


class Refused(ValueError):
    """A value that cannot be kept; the text says why."""


class Choices(Struct, frozen=True):
    """What a campaign and the register offer to choose from; None: not to be compared."""

    key_messages: Collection[str] | None = None
    spokespeople: Collection[str] | None = None
    outlets: Collection[str] | None = None


def choices_of(campaign: Campaign | None, outlets: Collection[str] | None = None) -> Choices:
    """What there is to choose from in a campaign (None: anything)."""
    if campaign is None:
        return Choices(outlets=outlets)
    return Choices([one.id for one in campaign.key_messages], [one.name for one in campaign.spokespeople], outlets)


def values_of(state: ItemState) -> dict[Fact, Value]:
    """What is said of each fact of an item; None for nothing."""
    corrected = state.corrections
    return {
        Fact.VERDICT: state.decision or None,
        Fact.REASON: state.reason or None,
        Fact.TONE: state.tone or None,
        Fact.PROMINENCE: state.prominence or None,
        Fact.KEY_MESSAGES: state.key_messages,
        Fact.QUOTES: state.quotes,
        Fact.TAGS: state.tags or None,
        Fact.STAR: state.starred or None,
        Fact.HEADLINE_EN: state.headline_en or None,
        Fact.PICTURE: "off" if state.picture_off else None,
        Fact.HEADLINE: corrected.headline or None,
        Fact.PUBLISHED: corrected.published.iso() if corrected.published else None,
        Fact.OUTLET: corrected.outlet_id or None,
        Fact.AUTHORS: corrected.authors,
        Fact.NOTE: state.note or None,
    }


def checked(said: Mapping[Fact, Value], now: datetime, choices: Choices | None = None) -> dict[Fact, Value]:
    """The values as they are kept. Raises Refused for one that cannot be."""
    return {fact: _checked(fact, value, now, choices or Choices()) for fact, value in said.items()}


def fitting(said: Mapping[Fact, Value], state: ItemState) -> dict[Fact, Value]:
    """What is said of an item that stands so: a reason goes with the rejection it belongs to. Raises Refused for a reason without one."""
    decision = said.get(Fact.VERDICT, state.decision)
    if is_rejection(decision):
        return dict(said)
    if said.get(Fact.REASON) is not None:
        raise Refused("reason: belongs to a rejection")
    return dict(said) | ({Fact.REASON: None} if state.reason else {})


def _checked(fact: Fact, value: Value, now: datetime, choices: Choices) -> Value:
    if fact in SAID_OTHERWISE:
        raise Refused(f"{fact}: is not said by itself")
    if value is None:
        return None
    if fact in CHOICES:
        if value not in CHOICES[fact]:
            raise Refused(f"{fact}: {_shown(value)} is none of {', '.join(CHOICES[fact])}")
        return str(value)
    if fact is Fact.STAR:
        return True if value is True else None
    if fact in (Fact.KEY_MESSAGES, Fact.QUOTES):
        known = choices.key_messages if fact is Fact.KEY_MESSAGES else choices.spokespeople
        return _known(fact, _list(fact, value), known)
    if fact is Fact.TAGS:
        return _tags(_list(fact, value))
    if fact is Fact.AUTHORS:
        return _names(fact, _list(fact, value))
    return _checked_text(fact, value, now, choices)


def _checked_text(fact: Fact, value: Value, now: datetime, choices: Choices) -> Value:
    if not isinstance(value, str):
        raise Refused(f"{fact}: {_shown(value)} is no text")
    text = one_line(value)
    if not text:
        return None
    if fact is Fact.PUBLISHED:
        return _moment(text, now)
    if fact is Fact.OUTLET and choices.outlets is not None and text not in choices.outlets:
        raise Refused(f"outlet: {_shown(text)} is not in the register; `tracker sources list` shows it")
    if len(text) > LONGEST:
        raise Refused(f"{fact}: has {len(text)} characters; {LONGEST} at most")
    return text


def _moment(text: str, now: datetime) -> str:
    try:
        published = read_moment(text)
        is_late = published is not None and published.at.astimezone(UTC) > now + timedelta(days=1)
    except (ValueError, OverflowError):  # the last day of the calendar has no moment in another zone
        raise Refused(f"published: {_shown(text)} is neither a day (2026-10-11) nor a moment with its offset") from None
    assert published is not None
    if published.at.year < EARLIEST_YEAR:
        raise Refused(f"published: {text} is too long ago")
    if is_late:
        raise Refused(f"published: {text} lies in the future")
    return published.iso()


def _known(fact: Fact, said: tuple[str, ...], known: Collection[str] | None) -> tuple[str, ...]:
    if known is not None and (unknown := [one for one in said if one not in known]):
        raise Refused(f"{fact}: the campaign has no {_shown(unknown[0])}; there are {', '.join(known) or 'none'}")
    return tuple(dict.fromkeys(said))


def _tags(said: tuple[str, ...]) -> tuple[str, ...] | None:
    """Each once, whatever its letters look like; the first spelling stays."""
    tags = [*{fold(tag): tag for tag in reversed(said)}.values()][::-1]
    if len(tags) > MOST_TAGS:
        raise Refused(f"tags: {len(tags)} are too many; {MOST_TAGS} at most")
    if (longest := max((len(tag) for tag in tags), default=0)) > LONGEST_TAG:
        raise Refused(f"tags: one has {longest} characters; {LONGEST_TAG} at most")
    return tuple(tags) or None


def _names(fact: Fact, said: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(said))
    if len(names) > MOST_AUTHORS or any(len(name) > LONGEST_NAME for name in names):
        raise Refused(f"{fact}: at most {MOST_AUTHORS} names of {LONGEST_NAME} characters")
    return names


def _list(fact: Fact, value: Value) -> tuple[str, ...]:
    if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
        raise Refused(f"{fact}: {_shown(value)} is no list of texts")
    return tuple(text for one in value if (text := one_line(one)))


def one_line(text: str) -> str:
    """One line of what any form can print."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _shown(value: object) -> str:
    return repr(str(value)[:40])
