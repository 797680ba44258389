"""What an item is to its story, in words: who published first, whose text it carries, that it tells it in its own words.

Only items that the reader sees are named, and of what bore a text before the campaign's time the outlet and the day. Where the source of a
text is an item that is held back, nothing is said of a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tracker.locale.wording import Wording
from tracker.model import Entry, Selection, StoryRole


class Chain:
    """The items that one reader sees, by article."""

    def __init__(self, shown: Iterable[Entry]) -> None:
        self._shown: Mapping[int, Entry] = {entry.article.id: entry for entry in shown}
        self._sizes = Counter(entry.story_key for entry in self._shown.values())

    def of(self, entry: Entry, words: Wording) -> str:
        """The item's part in its story; empty where it is alone and carries nothing, and where nothing was decided."""
        return " · ".join(part for part in (self._part(entry, words), self._before(entry, words)) if part)

    def _part(self, entry: Entry, words: Wording) -> str:
        part = entry.part
        if part is None:
            return ""
        if part.role is StoryRole.CARRIED:
            return self._carried(entry, words)
        if part.role is StoryRole.OWN_WORDS:
            return words.say("in_own_words")
        return ""

    def _carried(self, entry: Entry, words: Wording) -> str:
        part = entry.part
        assert part is not None
        if part.carried_from is None:
            return words.say("carries_from", outlet=part.credited) if part.credited else ""
        source = self._shown.get(part.carried_from)
        if source is None or source.outlet.id == entry.outlet.id:
            return ""
        said = words.say("carries_from", outlet=source.outlet.name)
        return said if part.gives_credit else f"{said}, {words.say('without_credit')}"

    def _before(self, entry: Entry, words: Wording) -> str:
        earlier = entry.before
        if earlier is None:
            return ""
        shown = self._shown.get(earlier.article_id)
        if shown is None and not earlier.may_be_named:
            return ""
        outlet = shown.outlet.name if shown else earlier.outlet_name
        return words.say("appeared_before", outlet=outlet, day=words.iso_day(earlier.published))


def shown_of(selection: Selection) -> tuple[Entry, ...]:
    """All items that an edition's reader sees."""
    return (*selection.counted, *selection.organisation, *selection.context, *selection.own_channels, *selection.listed)


def first_published(entry: Entry, words: Wording) -> str:
    """What is said before the outlet that stands first: that it published first, where that is decided; else that it is the earliest seen."""
    return words.say("first_published_by" if is_original(entry) else "earliest_seen")


def is_original(entry: Entry) -> bool:
    """Whether the item was decided to be where its story's text was published first."""
    return entry.part is not None and entry.part.role is StoryRole.ORIGINAL
