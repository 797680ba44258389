"""The form in which a person says all that may be said of an item: what is shown in it, and what changed when it comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tracker.model import Campaign, Entry, Fact, ItemState
from tracker.model.events import Value
from tracker.store.replay import read_moment

MOST_CHARS = 2000
NONE_OF_THEM = "none"
"""Of a list of boxes: none of these, as against nothing said."""
_LIST = re.compile(r"\s*[;\n]\s*")


Fields = Mapping[str, Sequence[str]]
"""A form that came back: all values of each name."""


def shown(entry: Entry, state: ItemState) -> dict[Fact, Value]:
    """What stands in the form: of a fact that the outlet has and nobody corrected, the outlet's word."""
    article = entry.article
    return {
        Fact.HEADLINE: article.title,
        Fact.PUBLISHED: article.published.iso() if article.published else "",
        Fact.OUTLET: entry.outlet.id,
        Fact.AUTHORS: article.authors,
        Fact.HEADLINE_EN: state.headline_en,
        Fact.TONE: state.tone,
        Fact.PROMINENCE: state.prominence,
        Fact.KEY_MESSAGES: state.key_messages,
        Fact.QUOTES: state.quotes,
        Fact.TAGS: state.tags,
        Fact.STAR: state.starred,
        Fact.PICTURE: state.picture_off,
        Fact.NOTE: state.note,
    }


def read_changes(fields: Fields, campaign: Campaign, entry: Entry, state: ItemState) -> dict[Fact, Value]:
    """The facts of which the form says something else than what stood in it, as they are said."""
    before = shown(entry, state)
    return {fact: _said(fact, value) for fact, value in _given(fields, campaign).items() if value != _as_typed(before[fact])}


def _as_typed(value: Value) -> Value:
    return " ".join(value.split())[:MOST_CHARS] if isinstance(value, str) else value


def _said(fact: Fact, value: Value) -> Value:
    """What is emptied takes away what was said; an empty list of boxes says that none of them holds."""
    if fact is Fact.PICTURE:
        return "off" if value else None
    return value if fact in (Fact.KEY_MESSAGES, Fact.QUOTES) else value or None


def _given(fields: Fields, campaign: Campaign) -> dict[Fact, Value]:
    text = {
        Fact.HEADLINE: "headline",
        Fact.PUBLISHED: "published",
        Fact.OUTLET: "outlet",
        Fact.HEADLINE_EN: "headline_en",
        Fact.TONE: "tone",
        Fact.PROMINENCE: "prominence",
        Fact.NOTE: "note",
    }
    given: dict[Fact, Value] = {fact: " ".join(_first(fields, name).split())[:MOST_CHARS] for fact, name in text.items()}
    given[Fact.AUTHORS] = _listed(_first(fields, "authors"))
    given[Fact.TAGS] = _listed(_first(fields, "tags"))
    given[Fact.STAR] = bool(_first(fields, "star"))
    given[Fact.PICTURE] = bool(_first(fields, "picture_off"))
    if campaign.key_messages:
        given[Fact.KEY_MESSAGES] = _boxes(fields.get("message", ()))
    if campaign.spokespeople:
        given[Fact.QUOTES] = _boxes(fields.get("quote", ()))
    return given


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _boxes(ticked: Sequence[str]) -> tuple[str, ...] | None:
    named = tuple(one for one in ticked if one != NONE_OF_THEM)
    return named if named or NONE_OF_THEM in ticked else None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in _LIST.split(text[:MOST_CHARS].strip()) if one))


def unreadable_day(fields: Fields) -> str | None:
    """What was typed as the day of publication, where that is neither a day nor a moment."""
    typed = _first(fields, "published").strip()
    try:
        read_moment(typed)
    except ValueError:
        return typed[:60]
    return None


def kept(fields: Fields) -> dict[str, str]:
    """What was typed, to stand in the form again when it was refused."""
    return {name: _first(fields, name)[:MOST_CHARS] for name in fields}
