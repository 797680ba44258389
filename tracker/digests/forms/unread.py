"""What an edition says where the outlets themselves could not be read: nothing found must never be taken for nothing published."""

from __future__ import annotations

from datetime import date

from tracker.digests.forms.plain_text import plain
from tracker.locale.wording import Wording
from tracker.model import Digest, Reach
from tracker.monitoring.reach import LEAST_PAGES, MOST, by, is_outage

MOST_DAYS = 10
"""Days named in one sentence: a third of a month, with its figure before them."""


def is_unread(digest: Digest) -> bool:
    """Whether most of what is watched could not be read when the edition was made, or its reader's countries."""
    return is_outage(digest.facts.reach, digest.facts.countries)


def unread_sentences(digest: Digest, words: Wording) -> tuple[str, ...]:
    """What could not be read, the worst first; empty where most was."""
    reach, facts, lines = digest.facts.reach, digest.facts, []
    if reach is not None and is_unread(digest):
        lines.append(_of_reach(_weakest(reach, digest), words))
    if facts.unread_nights:
        days = [words.day(date.fromisoformat(night.on)) for night in facts.unread_nights[:MOST_DAYS]]
        more = ", …" if len(facts.unread_nights) > MOST_DAYS else ""
        lines.append(words.say("unread_nights", len(facts.unread_nights), nights=facts.nights, days=plain(", ".join(days)) + more))
    return tuple(lines)


def unread_countries(digest: Digest) -> tuple[str, ...]:
    """Countries of the edition's readers of which no outlet could be read; none where nothing at all could be, as that is said above all."""
    reach = digest.facts.reach
    if reach is None or not reach.read:
        return ()
    counted = by(reach, "country")
    return tuple(code for code in digest.facts.countries if code in counted and not counted[code][1])


def reach_line(digest: Digest, words: Wording) -> str:
    """How many outlets were read; empty where none was to be."""
    reach = digest.facts.reach
    return words.say("outlets_read", reach.read, watched=reach.watched) if reach is not None and reach.watched else ""


def _weakest(reach: Reach, digest: Digest) -> Reach:
    """All that is watched where that failed, else the part of the readers' countries."""
    return reach if is_outage(reach) else reach.of_countries(digest.facts.countries)


def _of_reach(reach: Reach, words: Wording) -> str:
    if not reach.read:
        return words.say("unread_all", reach.watched)
    unread_pages = reach.pages_asked - reach.pages_read
    if reach.pages_asked >= LEAST_PAGES and unread_pages > MOST * reach.pages_asked and reach.watched == reach.read:
        return words.say("unread_pages", read=reach.pages_read, asked=reach.pages_asked)
    return words.say("unread_most", read=reach.read, watched=reach.watched)
