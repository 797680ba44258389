"""What the counted items took of the texts that the campaign sent to the media, in words and in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from tracker.digests.forms.plain_text import NAME_CHARS, plain
from tracker.digests.forms.tables import Bar, bars
from tracker.locale.wording import Wording
from tracker.model import Digest, Entry, TakeUp, Use

IN_ORDER = (Use.PUBLISHED, Use.PARTS, Use.OWN, Use.NOT_MEASURED)
QUOTE_CHARS = 320
"""Four lines; what is longer is cut, and says so by its dots."""


class CarriedQuote(Struct, frozen=True):
    """Words of a release, and in how many items they stand; `counted` says that in words."""

    text: str
    items: int
    counted: str


class ReleaseUse(Struct, frozen=True):
    """What items took of one release. `uses`: items by what they did, those without an item left out; `sentence` says all in one line.
    `took`: ids of the mentions that took something, the most of the item first."""

    title: str
    uses: tuple[Bar, ...]
    sentence: str
    quotes: tuple[CarriedQuote, ...]
    took: tuple[str, ...]


def release_uses(digest: Digest, words: Wording) -> tuple[ReleaseUse, ...]:
    """One for each release that an item was held against, the one of which most items took something first."""
    found: dict[str, list[tuple[Entry, TakeUp]]] = {}
    for entry in digest.selection.counted:
        if entry.take_up is not None:
            found.setdefault(entry.take_up.release, []).append((entry, entry.take_up))
    names = dict(digest.facts.release_names)
    read = [_use(title, mine, names, words) for title, mine in found.items()]
    return tuple(sorted(read, key=lambda one: (-len(one.took), one.title)))


def used(entry: Entry, words: Wording) -> str:
    """What one item did with a release, for the line below it; empty where it took nothing, or nothing is known."""
    taken = entry.take_up
    if taken is None:
        return words.say("published_release") if entry.release else ""
    if taken.use not in (Use.PUBLISHED, Use.PARTS):
        return ""
    shares = words.say("used_shares", item=words.percent(taken.of_item), release=words.percent(taken.of_release))
    quotes = words.say("used_quotes", len(taken.quotes)) if taken.quotes else ""
    return f"{words.say(f'used_{taken.use}')}: {', '.join(filter(None, [shares, quotes]))}"


def _use(title: str, found: list[tuple[Entry, TakeUp]], names: Mapping[str, tuple[tuple[str, str], ...]], words: Wording) -> ReleaseUse:
    counted = Counter(taken.use for _, taken in found)
    rows = [(words.say(f"used_{use}"), counted[use]) for use in IN_ORDER if counted[use]]
    named = words.quote(plain(words.name_in(names.get(title, ()), title), NAME_CHARS))
    told = "; ".join(f"{label}: {words.number(count)}" for label, count in rows)
    quotes = Counter(quote for _, taken in found for quote in taken.quotes)
    took = [(entry.mention.id, taken) for entry, taken in found if taken.use in (Use.PUBLISHED, Use.PARTS)]
    return ReleaseUse(
        named,
        bars(rows, words),
        f"{words.say('take_up_of', title=named)}: {told}.",
        tuple(CarriedQuote(plain(text, QUOTE_CHARS), count, words.count("item", count)) for text, count in quotes.most_common()),
        tuple(identity for identity, taken in sorted(took, key=lambda one: (-one[1].of_item, -one[1].of_release, one[0]))),
    )
