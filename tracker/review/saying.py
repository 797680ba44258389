"""Saying something of items: one act, one transaction, and a word with its reason for every item that it could not be said of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tracker.model import CORRECTABLE, Article, Campaign, Event, Fact, ItemState, Published, Value
from tracker.review.acts import Act, Refusal, Target, Why, raise_refusal, stale
from tracker.review.values import Refused, checked, choices_of, fitting, one_line, values_of
from tracker.store import articles, events, mentions, registers
from tracker.store.database import Database
from tracker.store.events import Subject

if TYPE_CHECKING:
    from sqlalchemy import Connection


def say(
    database: Database,
    mention_id: str,
    said: Mapping[Fact, Value],
    *,
    by: str,
    now: datetime,
    via: str = "desk",
    version: int | None = None,
    campaign: Campaign | None = None,
) -> Act:
    """Records what a person says of an item. Raises UnknownMention, StaleDecision, or UsageError for a value that cannot be kept; what
    is said already is an act without id."""
    campaigns = [campaign] if campaign else []
    act = say_many(database, [Target(mention_id, version)], said, by=by, now=now, via=via, campaigns=campaigns)
    for refusal in act.refused:
        raise_refusal(refusal)
    return act


def say_many(
    database: Database,
    targets: Sequence[Target],
    said: Mapping[Fact, Value],
    *,
    by: str,
    now: datetime,
    via: str = "desk",
    campaigns: Collection[Campaign] = (),
    why: str = "",
) -> Act:
    """Says the same of each of the items, as one act. What cannot be recorded of one is told and keeps none of the others back; an item
    that is named twice is taken once. `campaigns`: to compare key messages and spokespeople with. `why`: in the person's own words; they
    go into each item's note, behind what stands there."""
    with database.writing() as conn:
        saying = Saying(conn, by=by, now=now, via=via, campaigns=campaigns, why=one_line(why))
        for target in {target.mention_id: target for target in reversed(targets)}.values():
            saying.say(target, said)
        return saying.report()


class Saying:
    """One act on its way into the database, within one transaction of `writing`."""

    def __init__(self, conn: Connection, *, by: str, now: datetime, via: str, campaigns: Collection[Campaign] = (), why: str = "") -> None:
        self._conn, self._now, self._by, self._via = conn, now, by, via
        self._act = events.Act(conn, at=now, by=by, via=via)
        self._campaigns = {campaign.id: campaign for campaign in campaigns}
        self._why = why
        self._done: list[str] = []
        self._refused: list[Refusal] = []
        self._repeated = 0

    def say(self, target: Target, said: Mapping[Fact, Value]) -> Refusal | None:
        """Records what is said of the item; what stood in the way, None where it was recorded."""
        refusal = self._say(target, said)
        if refusal is None:
            self._done.append(target.mention_id)
        else:
            self._refused.append(refusal)
        return refusal

    def report(self) -> Act:
        """What was done, and what was not."""
        return Act(self._act.id or self._repeated, self._now, self._by, tuple(self._done), tuple(self._refused))

    def _say(self, target: Target, said: Mapping[Fact, Value]) -> Refusal | None:
        name = target.mention_id
        place = mentions.named(self._conn, [name]).get(name)
        if place is None:
            return Refusal(name, Why.UNKNOWN, f"no mention {name!r}; `tracker export mentions` lists them")
        subject = Subject(*place)
        known = events.of_subject(self._conn, subject)
        state = events.states_of(self._conn, place[0], [place[1]])[place[1]]
        if self._why:
            said = {**said, Fact.NOTE: _with_words(state.note, self._why)}
        if target.version is not None and target.version != state.version:
            if repeated := self._said_before(said, state, known):
                self._repeated = repeated
                return None
            return stale(name, said, state, known)
        try:
            outlets = self._outlets if said.get(Fact.OUTLET) else None
            kept = checked(said, self._now, choices_of(self._campaigns.get(place[0]), outlets))
            kept = fitting(self._as_found(place[1], kept), state)
        except Refused as error:
            return Refusal(name, Why.INVALID, str(error), state)
        if not self._act.say(subject, kept, known):
            return Refusal(name, Why.UNCHANGED, f"{name}: is said already", state)
        return None

    def _said_before(self, said: Mapping[Fact, Value], state: ItemState, known: Sequence[Event]) -> int:
        """The act in which this person said just that as the last word, as a second press of a button finds it; 0 for none."""
        last = max(known, key=lambda one: one.id, default=None)
        if last is None or last.by != self._by or {last.via, self._via} != {"desk"} or last.takes_back is not None:
            return 0
        stands = values_of(state)
        return last.act if all(stands.get(fact) == (value or None) for fact, value in said.items()) else 0

    @cached_property
    def _outlets(self) -> Collection[str]:
        """Read only where an outlet is named: the register is larger than all else that a word needs."""
        return registers.outlets(self._conn).keys()

    def _as_found(self, article_id: int, said: Mapping[Fact, Value]) -> dict[Fact, Value]:
        """What is corrected into what the outlet says is no correction."""
        if not any(fact in CORRECTABLE and value is not None for fact, value in said.items()):
            return dict(said)
        article = articles.get(self._conn, article_id)
        assert article is not None
        return {fact: None if fact in CORRECTABLE and value == _found(article, fact) else value for fact, value in said.items()}


def _with_words(note: str, words: str) -> str:
    """The words behind the note; the note alone where it ends with them, as at the second press of a button."""
    return note if note.endswith(words) else f"{note} {words}".strip()


def _found(article: Article, fact: Fact) -> Value:
    published: Published | None = article.published
    return {
        Fact.HEADLINE: article.title,
        Fact.PUBLISHED: published.iso() if published else None,
        Fact.OUTLET: article.outlet_id,
        Fact.AUTHORS: article.authors,
    }[fact]
