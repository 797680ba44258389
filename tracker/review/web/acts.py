"""What was done, in one line with its undo, on the page that follows or in the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import session
from msgspec import Struct

from tracker.model import Campaign, Fact, ItemState, Outlet
from tracker.model.events import Value
from tracker.review.acts import Act, Refusal, Why
from tracker.review.web.context import Desk
from tracker.store import articles, mentions

_KEPT = "told"
MOST_NAMED = 10
"""Items that could not be done are named; of more the number is told."""


MOST_CHARS = 200
"""Of each, where they are kept for the next page."""
MOST_HEADLINE_CHARS = 60


class Told(Struct, frozen=True):
    """A sentence; the act that undo takes back, 0 for none; and what could not be done, an item each. `undone`: the act is an undo
    itself, and taking it back does again what was undone."""

    sentence: str
    act_id: int = 0
    refused: tuple[str, ...] = ()
    undone: bool = False


def tell(told: Told) -> None:
    """Keeps it for the next page that this person opens."""
    session[_KEPT] = [_short(told.sentence), told.act_id, [*map(_short, told.refused)], told.undone]


def _short(text: str) -> str:
    """It travels in a cookie, and browsers drop one of more than 4 kB."""
    return text if len(text) <= MOST_CHARS else f"{text[:MOST_CHARS]}…"


def take_told() -> Told | None:
    """What the last request kept, once."""
    kept = session.pop(_KEPT, None)
    return Told(str(kept[0]), int(kept[1]), tuple(map(str, kept[2])), *map(bool, kept[3:4])) if kept else None


def said_in_words(here: Desk, act: Act, said: str) -> Told:
    """What a word on items did."""
    sentence = here.words.say(f"said_{said}", len(act.done)) if act.done else here.words.say("said_nothing")
    return Told(sentence, act.id, refusals_in_words(here, act.refused, said))


def undone_in_words(here: Desk, act: Act, *, again: bool = False) -> Told:
    """What an undo did, or with `again` its taking back, which is an act too."""
    moved, refused = len(act.done) - len(act.unmoved), refusals_in_words(here, act.refused)
    if act.unmoved:
        refused = (*refused, here.words.say("undone_stands")) if moved else refused
    sentence = here.words.say("redone" if again else "undone", moved) if moved else here.words.say("undone_stands")
    return Told(sentence, act.id, refused, not again)


def refusals_in_words(here: Desk, refused: tuple[Refusal, ...], said: str = "") -> tuple[str, ...]:
    """Each item that could not be done: its headline, and why. `said`: the decision that was wanted of it, shown beside the one that
    stands where somebody was faster."""
    named = refused[:MOST_NAMED]
    with here.reading() as conn:
        places = mentions.named(conn, [one.mention_id for one in named])
        titles = {one.id: one.title for one in articles.get_many(conn, [article_id for _, article_id in places.values()])}
    lines = [
        here.words.say(
            f"refused_{one.why}",
            headline=_headline(titles.get(places[one.mention_id][1] if one.mention_id in places else 0, one.mention_id)),
        )
        + (f" {_by(here, one)}" if one.last is not None else "")
        + (f" {_both(here, one.state, said)}" if said and one.why is Why.STALE and one.state is not None else "")
        for one in named
    ]
    if len(refused) > MOST_NAMED:
        lines.append(here.words.say("refused_more", len(refused) - MOST_NAMED))
    return tuple(lines)


def _headline(title: str) -> str:
    """So much of it that what follows is read too."""
    return title if len(title) <= MOST_HEADLINE_CHARS else f"{title[:MOST_HEADLINE_CHARS].rstrip()}…"


def _both(here: Desk, state: ItemState, said: str) -> str:
    """What stands, and what the person wanted."""
    say, stands = here.words.say, state.decision or "undecided"
    return f"{say('stale_now')}: {say(f'is_{stands}')} · {say('stale_mine')}: {say(f'is_{said}')}"


def _by(here: Desk, refusal: Refusal) -> str:
    last = refusal.last
    assert last is not None
    return here.words.say("refused_by", name=last.by or "?", moment=here.words.moment(last.said_at, here.zone))


def value_in_words(here: Desk, campaign: Campaign, outlets: Sequence[Outlet], fact: Fact, value: Value) -> str:
    """What was said of a fact, as people read it. Messages and outlets are called by their names."""
    if value == ():
        return here.words.say("none_of_them")
    if value is None or value in ("", False):
        return here.words.say("is_undecided" if fact is Fact.VERDICT else "nothing_said")
    if value is True:
        return "✓"
    if isinstance(value, tuple):
        messages = {one.id: here.words.name_in(one.names, one.name) for one in campaign.key_messages} if fact is Fact.KEY_MESSAGES else {}
        return "; ".join(messages.get(one, one) for one in value)
    if fact is Fact.OUTLET:
        return next((outlet.name for outlet in outlets if outlet.id == value), str(value))
    if fact is Fact.PUBLISHED:
        return _day_or_moment(here, str(value))
    family = _FAMILIES.get(fact)
    return here.words.say(f"{family}_{value}") if family else str(value)


def _day_or_moment(here: Desk, text: str) -> str:
    try:
        return here.words.day(date.fromisoformat(text)) if len(text) <= 10 else here.words.moment(datetime.fromisoformat(text), here.zone)
    except ValueError:
        return text


_FAMILIES = {Fact.VERDICT: "is", Fact.REASON: "reason", Fact.TONE: "tone", Fact.PROMINENCE: "prominence"}
