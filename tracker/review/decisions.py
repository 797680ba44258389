"""What persons say of items, and its taking back: what the commands, the sheets and the desk all ask. Each is one transaction.

Load -> decide -> save. What it means that an event counts or not: `store.replay`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.model import Event, Fact, ItemState
from tracker.review import story_edits
from tracker.review.acts import Act, NothingToTakeBack, Refusal, StaleDecision, Target, UnknownMention, Why, compare, place_of
from tracker.review.saying import Saying, say, say_many
from tracker.review.taking_back import take_back, take_back_last
from tracker.store import events, mentions, stories
from tracker.store.database import Database
from tracker.store.events import Subject
from tracker.store.replay import taken_back

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = [
    "Act",
    "HistoryLine",
    "NothingToTakeBack",
    "Refusal",
    "Saying",
    "StaleDecision",
    "Target",
    "UnknownMention",
    "Why",
    "history",
    "lines_of",
    "merge",
    "say",
    "say_many",
    "split",
    "states",
    "states_in",
    "take_back",
    "take_back_last",
]


class HistoryLine(Struct, frozen=True):
    """An event, and whether it still counts. `stories`: of a word on stories, how many its act, or the act that it takes back, made
    of the items that it named: of one they were merged, of several split; 0 where that was not asked."""

    event: Event
    in_force: bool
    taken_back_by: int | None = None
    stories: int = 0


def states(database: Database, mention_ids: Collection[str]) -> dict[str, ItemState]:
    """The state of each of the mentions; one that there is not is left out."""
    with database.reading() as conn:
        return states_in(conn, mention_ids)


def states_in(conn: Connection, mention_ids: Collection[str]) -> dict[str, ItemState]:
    """The same within a transaction: two statements, and one more a campaign."""
    places = mentions.named(conn, mention_ids)
    of_campaign: dict[str, list[int]] = {}
    for campaign_id, article_id in places.values():
        of_campaign.setdefault(campaign_id, []).append(article_id)
    known = {name: events.states_of(conn, name, article_ids) for name, article_ids in of_campaign.items()}
    return {name: known[campaign_id][article_id] for name, (campaign_id, article_id) in places.items()}


def history(database: Database, mention_id: str) -> tuple[HistoryLine, ...]:
    """All that persons said of a mention and took back, oldest first. Raises UnknownMention."""
    with database.reading() as conn:
        place = place_of(conn, mention_id)
        return lines_of(events.of_subject(conn, Subject(*place)))


def lines_of(said: Sequence[Event]) -> tuple[HistoryLine, ...]:
    """Each event of a subject with whether it still counts."""
    gone = taken_back(said)
    return tuple(HistoryLine(one, one.id not in gone, gone.get(one.id)) for one in said)


def with_stories(conn: Connection, lines: Sequence[HistoryLine]) -> tuple[HistoryLine, ...]:
    """The lines with `stories` filled in: one statement for each act that merged or split."""
    told: dict[int, HistoryLine] = {}
    for line in lines:
        event, stories_made = line.event, 0
        if event.fact is Fact.STORY and event.takes_back is not None:
            stories_made = told[event.takes_back].stories if event.takes_back in told else 0
        elif event.fact is Fact.STORY:
            act = [one for one in events.of_act(conn, event.act) if one.fact is Fact.STORY and one.campaign_id == event.campaign_id]
            stories_made = len({str(one.after) for one in act})
        told[event.id] = replace(line, stories=stories_made)
    return tuple(told.values())


def merge(
    database: Database,
    mention_ids: Sequence[str],
    *,
    by: str,
    now: datetime,
    via: str = "desk",
    versions: Mapping[str, int] | None = None,
) -> Act:
    """Makes the stories of these mentions one; a mention that is in none yet is put into its story first. Raises UnknownMention,
    StaleDecision, UsageError."""
    _group_what_is_new(database, mention_ids, now)
    return _edit(story_edits.merge, database, mention_ids, by=by, now=now, via=via, versions=versions)


def split(
    database: Database,
    mention_ids: Sequence[str],
    *,
    by: str,
    now: datetime,
    via: str = "desk",
    versions: Mapping[str, int] | None = None,
) -> Act:
    """Takes these mentions out of their stories; they become one story of their own. Raises what `merge` does."""
    return _edit(story_edits.split, database, mention_ids, by=by, now=now, via=via, versions=versions)


def _group_what_is_new(database: Database, mention_ids: Sequence[str], now: datetime) -> None:
    """Matching goes on while a night crawls, grouping comes at its end: what a person merges meanwhile is to be seen at once."""
    from tracker.pipeline.steps import group_by_id

    with database.reading() as conn:
        places = mentions.named(conn, mention_ids)
        new = [campaign_id for campaign_id, article_id in places.values() if not stories.keys_of(conn, campaign_id, [article_id])]
    for campaign_id in dict.fromkeys(new):
        group_by_id(database, campaign_id, now)


def _edit(
    edit: Callable[[Connection, events.Act, str, Collection[int], datetime], Collection[int]],
    database: Database,
    mention_ids: Sequence[str],
    *,
    by: str,
    now: datetime,
    via: str,
    versions: Mapping[str, int] | None,
) -> Act:
    with database.writing() as conn:
        act = events.Act(conn, at=now, by=by, via=via)
        campaign_id, article_ids = _of_one_campaign(conn, mention_ids, versions)
        touched = edit(conn, act, campaign_id, article_ids, now)
        return Act(act.id, now, by, tuple(mentions.ids_of(conn, campaign_id, touched).values()))


def _of_one_campaign(conn: Connection, mention_ids: Sequence[str], versions: Mapping[str, int] | None) -> tuple[str, list[int]]:
    if not mention_ids:
        raise UsageError("name the items")
    places = {name: place_of(conn, name) for name in mention_ids}
    for name, version in (versions or {}).items():
        if name in places:
            compare(conn, name, places[name], version)
    campaigns = {campaign_id for campaign_id, _ in places.values()}
    if len(campaigns) > 1:
        raise UsageError(f"these items are of several campaigns ({', '.join(sorted(campaigns))}); a story is of one")
    return campaigns.pop(), sorted({article_id for _, article_id in places.values()})
