"""What goes into a digest, and what stays in the house."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from tracker.digests.figures import appeared_at
from tracker.model import (
    Audience,
    Campaign,
    Cell,
    ChangedItem,
    ChangeKind,
    Entry,
    KeptBack,
    MentionChange,
    Regrouped,
    Revision,
    Selection,
    Window,
    Withdrawn,
)
from tracker.visibility import is_called_sensitive, is_cleared, is_listed_only, is_own_channel, is_rejected, is_withheld, rejects

PARTS = ("counted", "organisation", "context", "own_channels", "listed")


_Place = tuple[str, str, str]
"""Country, language, outlet."""


class _Sorted(Struct):
    """Entries by part, and counts of those that are in none."""

    parts: dict[str, list[Entry]] = field(default_factory=lambda: {part: [] for part in PARTS})
    held: Counter[_Place] = field(default_factory=Counter)
    rejected: Counter[_Place] = field(default_factory=Counter)
    unreviewed: Counter[_Place] = field(default_factory=Counter)
    sensitive: Counter[_Place] = field(default_factory=Counter)

    def kept_back(self) -> tuple[KeptBack, ...]:
        """What is in no part, by country, language and outlet."""
        places = sorted({*self.held, *self.rejected, *self.unreviewed})
        return tuple(
            KeptBack(
                place[0],
                self.held[place],
                self.rejected[place],
                self.unreviewed[place],
                place[1],
                place[2],
                sensitive=self.sensitive[place],
            )
            for place in places
        )


def select_entries(
    campaign: Campaign, entries: Sequence[Entry], *, reported: Collection[int] = (), audience: Audience = Audience.STAFF
) -> Selection:
    """Sorts entries into what a digest shows. Already reported articles, rejected ones and held ones are left out.

    What is only listed elsewhere is shown apart, to staff alone, until a person has accepted it.
    An item that a `hold` label marks appears in no part until a person has accepted it; `held` counts those. Partners see no
    circle of the staff's; where the campaign demands a review they see accepted items only, else those that nobody doubts;
    `unreviewed` counts the rest. Staff are told by `for_partners` how many of the counted items partners may see. The order is by country as the campaign lists them, then by time of publication, then by article.
    """
    found = _Sorted()
    audiences = {circle.id: circle.audience for circle in campaign.circles}
    first_staff = next((circle.id for circle in campaign.circles if circle.audience == "staff"), None)
    for full in sorted(entries, key=lambda entry: _order(campaign, entry)):
        entry = with_decisive_hits(campaign, full)
        place = place_of(entry)
        if entry.article.id in reported:
            continue
        for_partners = audiences.get(entry.mention.circle) == "partners"
        if audience is Audience.PARTNERS and not for_partners and not is_own_channel(campaign, entry):
            continue
        if is_rejected(entry):
            found.rejected[place] += 1
        elif is_withheld(entry):
            found.held[place] += 1
            found.sensitive[place] += is_called_sensitive(entry)
        elif audience is Audience.PARTNERS and not is_cleared(campaign, entry):
            found.unreviewed[place] += 1
        elif is_listed_only(entry):
            found.parts["listed"].append(entry)
        elif is_own_channel(campaign, entry):
            found.parts["own_channels"].append(entry)
        elif for_partners:
            found.parts["counted"].append(entry)
        else:
            found.parts["organisation" if entry.mention.circle == first_staff else "context"].append(entry)
    parts = {name: tuple(kept) for name, kept in found.parts.items()}
    cleared = [entry for entry in parts["counted"] if is_cleared(campaign, entry)] if audience is Audience.STAFF else []
    return Selection(
        **parts,
        held=found.held.total(),
        rejected=found.rejected.total(),
        unreviewed=found.unreviewed.total(),
        kept_back=found.kept_back(),
        for_partners=tuple(Counter(entry.outlet.country for entry in cleared).items()) if audience is Audience.STAFF else None,
        sensitive=found.sensitive.total(),
        partners_see=cells_of(cleared),
    )


def place_of(entry: Entry) -> _Place:
    """Country, language and outlet of an item: what a digest can be narrowed by."""
    return entry.outlet.country, entry.article.language, entry.outlet.id


def cells_of(entries: Iterable[Entry]) -> tuple[Cell, ...]:
    """How many items there are of each outlet in each language."""
    return tuple(Cell(*place, count) for place, count in Counter(map(place_of, entries)).items())


def decisive_terms(campaign: Campaign, circle_id: str, *, narrowing: bool = False) -> frozenset[str]:
    """Ids of the terms that a circle's query asks for: what an excerpt marks.

    A term behind `near` only narrows another and is left out, unless `narrowing` wants it too.
    """
    query = next((circle.query for circle in campaign.circles if circle.id == circle_id), "")
    asked = set(re.findall(r"\w+", re.sub(r"\bnot\s+\w+" if narrowing else r"near/\w+\s+\w+|\bnot\s+\w+", " ", query)))
    return frozenset(term.id for term in campaign.terms if term.id in asked)


def with_decisive_hits(campaign: Campaign, entry: Entry, *, narrowing: bool = False) -> Entry:
    """The entry with the hits of its circle's terms (see `decisive_terms`) and of the spokespeople's names alone.

    With all of them where the query quotes words instead of naming terms.
    """
    wanted = decisive_terms(campaign, entry.mention.circle, narrowing=narrowing)
    if not any(hit.term_id in wanted for hit in entry.mention.hits):
        return entry
    people = frozenset(term for person in campaign.spokespeople for term in person.terms)
    hits = tuple(hit for hit in entry.mention.hits if hit.term_id in wanted | people)
    return replace(entry, mention=replace(entry.mention, hits=hits))


def withdrawn_since(
    reported: Sequence[tuple[Entry, str, datetime]], now: Sequence[Entry], told: Window, judged: Mapping[int, datetime] | None = None
) -> tuple[Withdrawn, ...]:
    """Items of earlier editions that a person took back in the period `told`, by what is known of them now.

    `reported`: entry, kind of edition, when it was released. `judged`: when a person last decided on an article or took a decision back;
    None: as the verdicts say. The title of an item that may identify a child is left empty.
    """
    known = {entry.article.id: entry for entry in now}
    taken_back = []
    for entry, kind, released_at in reported:
        current = known.get(entry.article.id, entry)
        verdict = current.verdict
        decided_at = None if verdict is None else verdict.decided_at
        at = decided_at if judged is None else judged.get(entry.article.id)
        if at is None or not told.start_at <= at < told.end_at or at < released_at:
            continue
        if is_withheld(current):
            taken_back.append(Withdrawn("", "", kind, released_at, *place_of(entry)))
        elif rejects(verdict):
            taken_back.append(Withdrawn(entry.article.title, entry.outlet.name, kind, released_at, *place_of(entry)))
    return tuple(taken_back)


def changed_since(reported: Sequence[Entry], now: Sequence[Entry], found: Mapping[int, Sequence[Revision]]) -> tuple[ChangedItem, ...]:
    """Items of earlier editions whose pages changed since, each once with what stands now, in the order of those editions.

    What a person withholds or took back since is named by `withdrawn_since` alone. A page that was gone and is back again in the same
    period has not changed."""
    known = {entry.article.id: entry for entry in now}
    items: dict[int, ChangedItem] = {}
    for entry in reported:
        current = known.get(entry.article.id)
        if current is None or entry.article.id in items or is_withheld(current) or rejects(current.verdict):
            continue
        change, new_title = _net_change(current.mention.campaign_id, found.get(entry.article.id, ()))
        if change:
            shown = "" if new_title == entry.article.title else new_title
            items[entry.article.id] = ChangedItem(entry.article.id, entry.article.title, entry.outlet.name, change, shown, *place_of(entry))
    return tuple(items.values())


def _net_change(campaign_id: str, changes: Sequence[Revision]) -> tuple[str, str]:
    """What several changes of one page come to: a ChangeKind or, of an edit, what matters most of it; and the headline that is new."""
    edits = [change for change in changes if change.kind is ChangeKind.EDITED]
    moves = [change.kind for change in changes if change.kind is not ChangeKind.EDITED]
    if moves and moves[-1] is ChangeKind.GONE:
        return ChangeKind.GONE, ""
    if not edits:
        return (ChangeKind.BACK if moves and moves[0] is ChangeKind.BACK else ""), ""
    means = {one for change in edits for one in change.changes_for(campaign_id)}
    before, after = edits[0].before, edits[-1].after
    is_new = before is not None and after is not None and before.title != after.title and MentionChange.HELD not in means
    new_title = after.title if is_new and after is not None else ""
    for one in (MentionChange.NAME_GONE, MentionChange.CORRECTION):
        if one in means:
            return one, new_title
    return ChangeKind.EDITED, new_title


def regrouped_since(earlier: Sequence[Entry], moved: Mapping[int, str]) -> tuple[Regrouped, ...]:
    """Stories of earlier editions that a person merged with others or split since.

    `earlier`: their items as they were shown, the last showing first. `moved`: articles that a person put elsewhere since, with the key of
    the story that each is in now.
    """
    shown = {entry.article.id: entry for entry in reversed(earlier) if entry.article.id in moved}
    before: dict[str, list[Entry]] = {}
    for entry in shown.values():
        before.setdefault(entry.story_key or entry.mention.id, []).append(entry)
    found = []
    for members in before.values():
        keys, ids = {moved[entry.article.id] for entry in members}, {entry.article.id for entry in members}
        joined = any(key in keys for article_id, key in moved.items() if article_id not in ids)
        if len(keys) > 1 or joined:
            found.append(Regrouped(tuple(place_of(entry) for entry in members)))
    return tuple(found)


def _order(campaign: Campaign, entry: Entry) -> tuple[int, datetime, int]:
    country = entry.outlet.country
    rank = campaign.countries.index(country) if country in campaign.countries else len(campaign.countries)
    return rank, appeared_at(entry), entry.article.id
