"""What persons said, event by event: rows are only ever added, and no run touches them. Each is written together with the state that
follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, func, select

from tracker.model import Event, Fact, ItemState, Value
from tracker.store import appearance, backend, item_states, regroupings
from tracker.store.batches import chunks
from tracker.store.replay import in_force, state_of, taken_back, value_of
from tracker.store.schema.people import events

ACTS_AT_ONCE = 20
"""Acts looked at by one statement when the last that can be taken back is looked for: a person rarely takes back more in a row."""
REGROUPED_BY = frozenset({Fact.PUBLISHED, Fact.OUTLET})
"""Corrections by which an item may be of another story, or have another part in it."""


class Subject(Struct, frozen=True):
    """What an event is about: an article in a campaign, or an edition of it."""

    campaign_id: str
    article_id: int | None = None
    edition_id: int | None = None


class Act:
    """All that a person says in one go. Within one transaction of `writing`; what it writes is seen by the reads of that transaction."""

    def __init__(self, conn: Connection, *, at: datetime, by: str = "", via: str = "") -> None:
        self._conn, self._at, self._by, self._via = conn, at, by, via
        self.id = 0
        """The number that its events share; 0 until there is one."""

    def say(self, subject: Subject, said: Mapping[Fact, Value], known: Sequence[Event] | None = None) -> list[Event]:
        """Records what is said of the subject; gives the new events. What is said already is no event, a verdict excepted: said again it
        is a decision anew. `known`: all events of the subject, where they were read before."""
        earlier = [*(of_subject(self._conn, subject) if known is None else known)]
        words = in_force(earlier)
        before = {fact: words[fact].after if fact in words else None for fact in said}
        new = [(fact, before[fact], value, None) for fact, value in said.items() if value != before[fact] or fact is Fact.VERDICT]
        return self._write(subject, earlier, new)

    def take_back(self, targets: Sequence[Event]) -> list[Event]:
        """Records that these events no longer count; gives the new ones. One that does not count already is passed over. The last said
        goes first, so that each new event tells what stands again after it."""
        made: list[Event] = []
        by_subject: dict[Subject, list[Event]] = {}
        for target in sorted(targets, key=lambda one: one.id, reverse=True):
            by_subject.setdefault(subject_of(target), []).append(target)
        for subject, mine in by_subject.items():
            earlier = of_subject(self._conn, subject)
            gone = taken_back(earlier)
            new: list[tuple[Fact, Value, Value, int | None]] = []
            so_far = list(earlier)
            for target in mine:
                if target.id in gone:
                    continue
                before = value_of(so_far, target.fact)
                so_far.append(_taking_back(target, so_far))
                new.append((target.fact, before, value_of(so_far, target.fact), target.id))
            made += self._write(subject, earlier, new)
        return made

    def _write(self, subject: Subject, earlier: Sequence[Event], new: Sequence[tuple[Fact, Value, Value, int | None]]) -> list[Event]:
        if not new:
            return []
        first = backend.of(self._conn).next_ids(self._conn, events, len(new))
        self.id = self.id or first
        made = [
            Event(
                number,
                self.id,
                subject.campaign_id,
                subject.article_id,
                subject.edition_id,
                fact,
                before,
                after,
                self._at,
                self._by,
                self._via,
                target,
            )
            for number, (fact, before, after, target) in enumerate(new, first)
        ]
        backend.of(self._conn).insert_rows(self._conn, events, [_values(one) for one in made])
        if subject.article_id is not None:
            item_states.write(self._conn, [state_of(subject.campaign_id, subject.article_id, [*earlier, *made])])
            if any(one.fact is Fact.PUBLISHED for one in made):
                appearance.follow(self._conn, [subject.article_id])
            if any(one.fact in REGROUPED_BY for one in made):
                regroupings.note(self._conn, subject.campaign_id, subject.article_id, made[-1].id)
        return made


def subject_of(event: Event) -> Subject:
    """What the event is about."""
    return Subject(event.campaign_id, event.article_id, event.edition_id)


def of_subject(conn: Connection, subject: Subject) -> list[Event]:
    """Every event about it, in the order of recording."""
    if subject.article_id is not None:
        return _read(conn, (events.c.campaign_id == subject.campaign_id) & (events.c.article_id == subject.article_id))
    return _read(conn, (events.c.edition_id == subject.edition_id) & (events.c.campaign_id == subject.campaign_id))


def of_items(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, list[Event]]:
    """Every event about each of the articles in the campaign, in the order of recording."""
    found: dict[int, list[Event]] = {article_id: [] for article_id in article_ids}
    for batch in chunks(article_ids):
        for event in _read(conn, (events.c.campaign_id == campaign_id) & events.c.article_id.in_(batch)):
            found[event.article_id or 0].append(event)
    return found


def of_article(conn: Connection, article_id: int) -> dict[str, list[Event]]:
    """Every event about the article by campaign, in the order of recording."""
    found: dict[str, list[Event]] = {}
    for event in _read(conn, events.c.article_id == article_id):
        found.setdefault(event.campaign_id, []).append(event)
    return {campaign_id: found[campaign_id] for campaign_id in sorted(found)}


def of_act(conn: Connection, act: int) -> list[Event]:
    """All that was said in one go, in the order of recording; empty where there is no such act."""
    return _read(conn, events.c.act == act)


def get(conn: Connection, event_id: int) -> Event | None:
    """The event with this id, or None."""
    return next(iter(_read(conn, events.c.id == event_id)), None)


def newest_id(conn: Connection) -> int:
    """A number that grows with every word and every take-back."""
    return int(conn.execute(select(func.coalesce(func.max(events.c.id), 0))).scalar_one())


def next_number(conn: Connection) -> int:
    """The id that the next event gets. Only within `writing`."""
    return backend.of(conn).next_id(conn, events)


def said_between(conn: Connection, campaign_id: str, facts: Collection[Fact], start_at: datetime, end_at: datetime) -> dict[int, datetime]:
    """Articles of the campaign of which a person said or took back one of the facts in [start_at, end_at), and when last."""
    at = events.c.said_at
    wanted = select(events.c.article_id, func.max(at).label("at")).where(events.c.campaign_id == campaign_id, at >= start_at, at < end_at)
    wanted = wanted.where(events.c.fact.in_([str(fact) for fact in facts]), events.c.article_id.is_not(None))
    return {row.article_id: row.at for row in conn.execute(wanted.group_by(events.c.article_id))}


def moved_between(conn: Connection, campaign_id: str, start_at: datetime, end_at: datetime) -> dict[int, datetime]:
    """Articles of the campaign that a person put into another story in [start_at, end_at), and when last; not those that were put back."""
    touched = said_between(conn, campaign_id, [Fact.STORY], start_at, end_at)
    said = of_items(conn, campaign_id, touched)
    before = {one: value_of([event for event in said[one] if event.said_at < start_at], Fact.STORY) for one in touched}
    return {one: at for one, at in touched.items() if before[one] != value_of(said[one], Fact.STORY)}


def acts_of(conn: Connection, by: str, campaign_ids: Collection[str] | None, before: int | None = None) -> list[int]:
    """The person's last acts that are no take-backs (in these campaigns; None: in all), the newest first, ACTS_AT_ONCE of them.
    `before`: only earlier ones than this act."""
    wanted = select(events.c.act).distinct().where(events.c.said_by == by, events.c.takes_back.is_(None))
    if campaign_ids is not None:
        wanted = wanted.where(events.c.campaign_id.in_([*campaign_ids]))
    if before is not None:
        wanted = wanted.where(events.c.id < before)
    return [*conn.execute(wanted.order_by(events.c.act.desc()).limit(ACTS_AT_ONCE)).scalars()]


def states_of(conn: Connection, campaign_id: str, article_ids: Iterable[int]) -> dict[int, ItemState]:
    """The state of each of the articles, those included that nobody has said anything of."""
    known = item_states.many(conn, campaign_id, [*article_ids])
    return {one: known.get(one) or ItemState(campaign_id, one) for one in article_ids}


def _taking_back(target: Event, earlier: Sequence[Event]) -> Event:
    """An event that only tells the replay that `target` no longer counts."""
    number = 1 + max(one.id for one in earlier)
    return Event(
        number, 0, target.campaign_id, target.article_id, target.edition_id, target.fact, None, None, target.said_at, takes_back=target.id
    )


def _read(conn: Connection, wanted: ColumnElement[bool]) -> list[Event]:
    return [_event(row) for row in conn.execute(select(events).where(wanted).order_by(events.c.id))]


def _values(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "act": event.act,
        "campaign_id": event.campaign_id,
        "article_id": event.article_id,
        "edition_id": event.edition_id,
        "fact": str(event.fact),
        "before": event.before,
        "after": event.after,
        "said_at": event.said_at,
        "said_by": event.by,
        "via": event.via,
        "takes_back": event.takes_back,
    }


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        act=row.act,
        campaign_id=row.campaign_id,
        article_id=row.article_id,
        edition_id=row.edition_id,
        fact=Fact(row.fact),
        before=row.before,
        after=row.after,
        said_at=row.said_at,
        by=row.said_by,
        via=row.via,
        takes_back=row.takes_back,
    )
