"""Texts that appeared before, in the whole archive: each text is read once, as it is stored, and an item's text is looked for among all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from tracker.model import Part, Story, StoryText
from tracker.store import story_parts, text_prints
from tracker.store.database import Database
from tracker.stories.prints import prints_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

TEXTS_AT_ONCE = 200
"""In a transaction: some 0.1 s, after which others can write."""
MOST_READ = 20_000
"""Texts read in one run, some 20 s: an archive that was there before is read in the nights that follow."""
FEW_UNREAD = 50
"""Texts that are read at once before others are stored: items of channels, of second nets and of sheets are stored without their prints."""
MOST_COMPARED = 5
"""Candidates whose words are looked at, those that share most first."""
Decided = Sequence[tuple[Story, tuple[Part, ...]]]


class Found(NamedTuple):
    """Stories with the parts of their articles, and articles of the archive, each with one of these whose text it bears later."""

    decided: Decided
    later: Mapping[int, int]


class Known(NamedTuple):
    """The article that bore a text first, days before it, and those that bear it days later."""

    before: int | None
    later: tuple[int, ...]


def read_texts(database: Database, most: int = MOST_READ) -> int:
    """Enters stored texts that were not read yet; returns how many. Killed, it goes on behind the last that was entered."""
    count = 0
    while count < most:
        with database.reading() as conn:
            found = text_prints.unread(conn, TEXTS_AT_ONCE)
        if not found:
            break
        prints = dict(zip(found, prints_of([*found.values()]), strict=True))
        with database.writing() as conn:
            text_prints.add(conn, prints, up_to=max(found))
        count += len(found)
    return count


def are_read(conn: Connection) -> bool:
    """Whether every text stored so far is read. A few that are not are read here."""
    found = text_prints.unread(conn, FEW_UNREAD + 1)
    if len(found) > FEW_UNREAD:
        return False
    if found:
        text_prints.add(conn, dict(zip(found, prints_of([*found.values()]), strict=True)), up_to=max(found))
    return True


def with_earlier(conn: Connection, campaign_id: str, decided: Decided, texts: Mapping[int, StoryText]) -> Found:
    """The parts, those of texts that appeared before any of their story with the article that bore the text first; and what the archive
    holds of their texts that came after them."""
    wanted = [part.article_id for _, parts in decided for part in parts]
    prints = dict(zip(wanted, prints_of([texts[one].body for one in wanted]), strict=True))
    looked = {one: look_up(conn, campaign_id, texts[one], mine) for one, mine in prints.items() if mine}
    parts = [(story, tuple(_with_before(part, looked.get(part.article_id)) for part in parts)) for story, parts in decided]
    return Found(parts, {later: one for one, known in sorted(looked.items(), reverse=True) for later in known.later})


def _with_before(part: Part, known: Known | None) -> Part:
    return replace(part, before=part.before or known.before) if known else part


def look_up(conn: Connection, campaign_id: str, text: StoryText, prints: Sequence[int]) -> Known:
    """What the archive holds of a text with these prints."""
    from tracker.stories.earlier import LEAST_SHARED, SURE_WITHOUT_TEXT, earliest

    found = text_prints.holders(conn, prints)
    del found[text.article_id]
    likely = [(one, shared) for one, shared in sorted(found.items(), key=lambda one: (-one[1], one[0])) if shared >= LEAST_SHARED]
    if not likely:
        return Known(None, ())
    others, given_up = story_parts.archived(conn, campaign_id, [one for one, _ in likely[:MOST_COMPARED]])
    sure = {one for one, shared in likely if one in given_up and shared >= SURE_WITHOUT_TEXT}
    later = tuple(one for one, other in others.items() if one not in given_up and earliest(other, [text]) is not None)
    return Known(earliest(text, [*others.values()], sure), later)


def enter(conn: Connection, texts: Mapping[int, StoryText]) -> None:
    """Enters texts whose parts were decided: one that was read again may have changed."""
    text_prints.add(conn, dict(zip(texts, prints_of([text.body for text in texts.values()]), strict=True)))
