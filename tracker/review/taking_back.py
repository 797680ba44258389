"""Taking back what was said: an event, an act, or the last word of a person; and a take-back itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.model import Event, Fact
from tracker.review import story_edits
from tracker.review.acts import Act, NothingToTakeBack, compare, place_of
from tracker.store import events, mentions
from tracker.store.database import Database
from tracker.store.events import Subject
from tracker.store.replay import counting

if TYPE_CHECKING:
    from sqlalchemy import Connection


def take_back(
    database: Database,
    *,
    event_id: int | None = None,
    act_id: int | None = None,
    mention_id: str | None = None,
    by: str,
    now: datetime,
    via: str = "desk",
    campaign_ids: Collection[str] | None = None,
    version: int | None = None,
) -> Act:
    """Takes an event or an act back, which may be a take-back itself; what stood before stands again. With a mention: only what the act
    says of it, or, where neither is named, its newest act that counts. A merge or split goes back as a whole.

    `campaign_ids`: those that the person may touch. `version`: of the mention's state, as in `Target`. Raises UnknownMention,
    StaleDecision, NothingToTakeBack.
    """
    with database.writing() as conn:
        place = place_of(conn, mention_id) if mention_id is not None else None
        if place is not None and version is not None:
            compare(conn, str(mention_id), place, version)
        targets = _targets(conn, event_id, act_id, place)
        return _take_back(conn, targets, by=by, now=now, via=via, campaign_ids=campaign_ids)


def take_back_last(database: Database, *, by: str, now: datetime, via: str = "desk", campaign_ids: Collection[str] | None = None) -> Act:
    """Takes back the newest act of a person that counts and is no take-back; asked again, the one before. Raises NothingToTakeBack."""
    with database.writing() as conn:
        before: int | None = None
        while found := events.acts_of(conn, by, campaign_ids, before):
            for act_id in found:
                if targets := _of_items(_countable(conn, events.of_act(conn, act_id))):
                    return _take_back(conn, targets, by=by, now=now, via=via, campaign_ids=campaign_ids)
            before = found[-1]
        raise NothingToTakeBack(f"nothing that {by or 'nobody'} said can be taken back")


def _take_back(
    conn: Connection, targets: Sequence[Event], *, by: str, now: datetime, via: str, campaign_ids: Collection[str] | None
) -> Act:
    allowed = [one for one in targets if campaign_ids is None or one.campaign_id in campaign_ids]
    if any(one.edition_id is not None for one in allowed):
        raise NothingToTakeBack("an approval is taken back with its edition: `tracker digest approve EDITION --take-back`")
    act = events.Act(conn, at=now, by=by, via=via)
    made = act.take_back(_whole_stories(conn, allowed))
    if not made:
        raise NothingToTakeBack("there is nothing to take back: nothing was said, or it was taken back before")
    touched: dict[str, list[int]] = {}
    moved_at: dict[str, set[int]] = {}
    for event in made:
        touched.setdefault(event.campaign_id, []).append(event.article_id or 0)
        moved_at.setdefault(event.campaign_id, set()).update([event.article_id or 0] if event.before != event.after else [])
    for campaign_id in touched:
        if moved := [one.article_id or 0 for one in made if one.fact is Fact.STORY and one.campaign_id == campaign_id]:
            story_edits.regroup(conn, campaign_id, moved, now)
    names = {campaign_id: mentions.ids_of(conn, campaign_id, {*ids}) for campaign_id, ids in touched.items()}
    done = [name for found in names.values() for name in found.values()]
    unmoved = [name for campaign_id, found in names.items() for one, name in found.items() if one not in moved_at[campaign_id]]
    return Act(act.id, now, by, tuple(done), unmoved=tuple(unmoved))


def _targets(conn: Connection, event_id: int | None, act_id: int | None, place: tuple[str, int] | None) -> list[Event]:
    if event_id is not None:
        event = events.get(conn, event_id)
        if event is None or (place is not None and (event.campaign_id, event.article_id) != place):
            raise NothingToTakeBack(f"there is no event {event_id} here; `tracker history MENTION` lists them")
        return [event]
    if act_id is not None:
        return [one for one in events.of_act(conn, act_id) if place is None or (one.campaign_id, one.article_id) == place]
    if place is None:
        raise UsageError("name an event, an act or a mention to take back")
    words = counting(events.of_subject(conn, Subject(*place)))
    newest = max((one.act for one in words), default=None)
    return [one for one in words if one.act == newest]


def _countable(conn: Connection, targets: Sequence[Event]) -> list[Event]:
    """Those that still count."""
    known = {subject: {one.id for one in counting(events.of_subject(conn, subject))} for subject in map(events.subject_of, targets)}
    return [one for one in targets if one.id in known[events.subject_of(one)]]


def _of_items(targets: Iterable[Event]) -> list[Event]:
    return [one for one in targets if one.edition_id is None]


def _whole_stories(conn: Connection, targets: Sequence[Event]) -> list[Event]:
    """With an event of a merge or split all of them: a part of it would leave stories that nobody said."""
    acts = {one.act for one in targets if one.fact is Fact.STORY}
    whole = {one.id: one for act in acts for one in events.of_act(conn, act) if one.fact is Fact.STORY}
    return [*({one.id: one for one in targets} | whole).values()]
