"""The inbox: stories that wait for a person, the original first, with what helps to decide on each item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tracker.digests.figures import story_groups
from tracker.digests.forms.chain import Chain, is_original
from tracker.digests.forms.excerpts import Piece, excerpt
from tracker.digests.periods import days
from tracker.digests.selection import with_decisive_hits
from tracker.model import DATE_UNCERTAIN, LISTED_ELSEWHERE, Campaign, ChangeKind, Entry, Hit, InboxFilter, InboxPlace, ItemState
from tracker.review.word_search import words_expression
from tracker.store import entries, inbox, item_states, revisions
from tracker.visibility import calls_sensitive, is_called_sensitive, is_held, is_withheld, was_held

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.locale.wording import Wording

STORIES_AT_ONCE = 25
"""On a page: two screens of a desk, five of a telephone."""
EXCERPT_CHARS = 320
MOST_FORMS = 4
"""Of a term that are named as the reason; the item page shows all."""
OLDER_BY = timedelta(days=2)
"""An item whose story's first item is so much older is told as such: the same text comes back as news."""


class Reason(Struct, frozen=True):
    """A term that was found, with forms as they stand in the text."""

    term_id: str
    forms: tuple[str, ...]


class Item(Struct, frozen=True):
    """An item as the inbox shows it. `pieces`: an excerpt, empty for a copy, whose text is that of the original."""

    entry: Entry
    state: ItemState
    title: tuple[Piece, ...]
    pieces: tuple[Piece, ...] = ()
    why: tuple[Reason, ...] = ()
    changed: ChangeKind | None = None

    @property
    def id(self) -> str:
        """The mention's id."""
        return self.entry.mention.id

    @property
    def target(self) -> str:
        """The item and its version, as a form sends them back."""
        return f"{self.id}:{self.state.version}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided."""
        return not self.state.decision

    @property
    def is_held(self) -> bool:
        """Whether it may identify a child and nobody has accepted it."""
        return is_held(self.entry.mention, self.entry.verdict)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to think of before deciding, as keys of sentences."""
        label, sensitive = self.entry.mention.labels, is_called_sensitive(self.entry)
        told = {
            "warn_held": self.is_held and not sensitive,
            "warn_was_held": was_held(self.entry.mention, self.entry.verdict) and not sensitive,
            "warn_sensitive": sensitive and not calls_sensitive(self.entry.verdict),  # else the verdict says it
            "warn_date": DATE_UNCERTAIN in label or bool(self.entry.article.date_readings),
            "warn_corrected": bool(self.state.corrections),
            "warn_listed": LISTED_ELSEWHERE in label,
            "warn_by_hand": self.entry.hand is not None,
            "warn_edited": self.changed is ChangeKind.EDITED,
            "warn_gone": self.changed is ChangeKind.GONE,
        }
        return tuple(key for key, holds in told.items() if holds)


class Story(Struct, frozen=True):
    """A story as the inbox shows it: the original, then what followed."""

    campaign: Campaign
    place: InboxPlace
    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        """The original: the earliest, as far as times are known."""
        return self.items[0]

    @property
    def anchor(self) -> str:
        """Its name within the page."""
        return f"s-{self.first.id}"

    @property
    def decisions(self) -> tuple[str, ...]:
        """What was decided on its items, each once; an empty one for open items."""
        return tuple(dict.fromkeys(item.state.decision for item in self.items))

    def part_of(self, item: Item, words: Wording) -> str:
        """Whose text the item carries, or that it tells it in its own words; names items of this story alone, as far as they are shown."""
        return Chain(one.entry for one in self.items).of(item.entry, words)

    def label_of(self, item: Item, words: Wording) -> str:
        """What stands before the outlet where the story was published first, and others followed; empty for every other item."""
        said = words.say("first_published_by")
        return f"{said[0].upper()}{said[1:]}: " if len(self.items) > 1 and is_original(item.entry) else ""

    @property
    def is_open(self) -> bool:
        """Whether an item waits."""
        return any(item.is_open for item in self.items)

    @property
    def targets(self) -> tuple[Item, ...]:
        """What a verdict on the story serves: its open items; all of them once none is open."""
        waiting = tuple(item for item in self.items if item.is_open)
        return waiting or self.items

    @property
    def acceptable(self) -> tuple[Item, ...]:
        """What an acceptance of the story serves: an item that may identify a child is accepted alone, by whoever has looked at it."""
        safe = tuple(item for item in self.targets if not item.is_held)
        return safe or self.targets[:1]

    @property
    def pick(self) -> str:
        """All that a form must send back: items to accept, then those that only other decisions concern."""
        alone = [item.target for item in self.targets if item not in self.acceptable]
        return f"{' '.join(item.target for item in self.acceptable)}|{' '.join(alone)}"

    @property
    def is_old_text(self) -> bool:
        """Whether an item that waits came long after the first of its story, or after others were decided on."""
        moments = [item.entry.found_at for item in self.items if item.entry.found_at]
        waiting = [item.entry.found_at for item in self.items if item.is_open and item.entry.found_at]
        return bool(waiting) and bool(moments) and max(waiting) - min(moments) >= OLDER_BY


class Page(Struct, frozen=True):
    """A page of the inbox. `next`: where the next one begins, None at the end."""

    stories: tuple[Story, ...]
    next: InboxPlace | None


def read_page(
    conn: Connection,
    campaign: Campaign,
    wanted: InboxFilter,
    *,
    after: InboxPlace | None = None,
    limit: int = STORIES_AT_ONCE,
    hidden: bool,
) -> Page:
    """Stories of which an item fits. `hidden`: whether the person may see what may leave the house in no form."""
    holding = words_expression(conn, campaign, wanted.text) if wanted.text else None
    sensitive = None if hidden else entries.sensitive_articles(conn, campaign.id)
    within = _moments(campaign, wanted)
    places = inbox.page(conn, wanted, within=within, holding=holding, sensitive=sensitive, after=after, limit=limit + 1)
    shown = places[:limit]
    return Page(read_stories(conn, campaign, shown, hidden=hidden), shown[-1] if len(places) > limit else None)


def read_stories(conn: Connection, campaign: Campaign, places: Sequence[InboxPlace], *, hidden: bool) -> tuple[Story, ...]:
    """The stories at these places with all their items; one of which the person may see nothing is left out."""
    members = inbox.members(conn, campaign.id, [place.key for place in places])
    article_ids = sorted({article_id for found in members.values() for article_id in found})
    reading = entries.Reading(conn, campaign.id)
    standing = {entry.article.id: entry for entry in reading.standing(article_ids)}
    groups = {
        key: group.entries
        for key, found in members.items()
        if (seen := [standing[one] for one in found if one in standing and (hidden or not is_withheld(standing[one]))])
        for group in story_groups([replace(entry, story_key=key) for entry in seen])
    }
    states = item_states.many(conn, campaign.id, article_ids)
    changed = revisions.newest_kinds(conn, article_ids)
    firsts = sorted(group[0].article.id for group in groups.values())
    full = {entry.article.id: entry for entry in reading.in_full(firsts)}
    return tuple(
        Story(campaign, place, tuple(_item(campaign, entry, full, states, changed) for entry in groups[place.key]))
        for place in places
        if place.key in groups
    )


def _item(
    campaign: Campaign,
    entry: Entry,
    full: Mapping[int, Entry],
    states: Mapping[int, ItemState],
    changed: Mapping[int, ChangeKind],
) -> Item:
    state = states.get(entry.article.id, ItemState(campaign.id, entry.article.id))
    whole = full.get(entry.article.id)
    if whole is None:
        return Item(entry, state, (Piece(entry.article.title),), changed=changed.get(entry.article.id))
    decisive = with_decisive_hits(campaign, whole, narrowing=True)
    return Item(
        whole,
        state,
        marked(whole.article.title, decisive.mention.hits, "title"),
        excerpt(whole.article, decisive.mention.hits, length=EXCERPT_CHARS),
        told_once(reasons(decisive.mention.hits)),
        changed.get(entry.article.id),
    )


def reasons(hits: Sequence[Hit], most: int = MOST_FORMS) -> tuple[Reason, ...]:
    """Which terms were found, by which forms."""
    forms: dict[str, dict[str, str]] = {}
    for hit in hits:
        forms.setdefault(hit.term_id, {}).setdefault(hit.form.casefold(), hit.form)
    return tuple(Reason(term_id, tuple(found.values())[:most]) for term_id, found in forms.items())


def told_once(found: Sequence[Reason]) -> tuple[Reason, ...]:
    """The reasons in one line: each term by its first form, without forms that stand within one that is told."""
    told: list[Reason] = []
    for reason in sorted(found, key=lambda one: -len(one.forms[0])):
        if not any(reason.forms[0].casefold() in other.forms[0].casefold() for other in told):
            told.append(Reason(reason.term_id, reason.forms[:1]))
    return tuple(reason for reason in (Reason(one.term_id, one.forms[:1]) for one in found) if reason in told)


def marked(text: str, hits: Sequence[Hit], field: str) -> tuple[Piece, ...]:
    """A whole text in pieces, the forms that were found marked. A hit that does not fit the text is passed over."""
    pieces, at = [], 0
    inside = [hit for hit in hits if hit.field == field and 0 <= hit.start < hit.end <= len(text)]
    for hit in sorted(inside, key=lambda hit: (hit.start, -hit.end)):
        if hit.start < at:
            continue
        pieces += [Piece(text[at : hit.start]), Piece(text[hit.start : hit.end], marked=True)]
        at = hit.end
    return tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text)


def _moments(campaign: Campaign, wanted: InboxFilter) -> tuple[datetime | None, datetime | None]:
    zone = ZoneInfo(campaign.time_zone)
    start = days(wanted.from_on, wanted.from_on + timedelta(days=1), zone).start_at if wanted.from_on else None
    end = days(wanted.to_on, wanted.to_on + timedelta(days=1), zone).end_at if wanted.to_on else None
    return start, end
