"""One item with all that is known of it: the whole text, facts and where they come from, its story, and what persons said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.digests.forms.excerpts import Piece, without_controls
from tracker.errors import UsageError
from tracker.model import Campaign, Entry, Hit, InboxPlace, ItemState, Mention, Revision
from tracker.monitoring.changes import is_held_now
from tracker.review.decisions import HistoryLine, lines_of, with_stories
from tracker.review.inbox import Item, Reason, Story, marked, read_stories, reasons
from tracker.revisions.difference import Sentence, shown_difference
from tracker.store import entries, events, inbox, item_states, mentions, revisions
from tracker.store.events import Subject
from tracker.text.letters import LATIN_OF
from tracker.visibility import is_withheld

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_BODY_CHARS = 200_000
"""Shown of a text; a longer one is no article, and a browser would hang over it."""
ALL_FORMS = 40

Paragraph = tuple[Piece, ...]


class Change(Struct, frozen=True):
    """One change of the item's page: what it means for the campaign (`MentionChange`s), and the sentences around it."""

    revision: Revision
    means: tuple[str, ...]
    sentences: tuple[Sentence, ...]


class ItemPage(Struct, frozen=True):
    """An item, its text in paragraphs, its story (the original first), and every word said of it, oldest first."""

    campaign: Campaign
    item: Item
    story: Story
    paragraphs: tuple[Paragraph, ...]
    history: tuple[HistoryLine, ...]
    why: tuple[Reason, ...]
    changes: tuple[Change, ...] = ()

    @property
    def entry(self) -> Entry:
        """The item with all that is printed of it."""
        return self.item.entry

    @property
    def state(self) -> ItemState:
        """What persons say of it, as it stands."""
        return self.item.state

    @property
    def is_cyrillic(self) -> bool:
        """Whether its text is in Cyrillic, so that there is another script to read it in."""
        return any(letter.casefold() in LATIN_OF for letter in self.entry.article.body[:2000])


def find(conn: Connection, mention_id: str) -> Mention | None:
    """The mention of an address, or None."""
    return mentions.get(conn, mention_id)


def read_item(conn: Connection, campaign: Campaign, mention: Mention, *, hidden: bool) -> ItemPage | None:
    """The item's page; None where the person may not see it. `hidden`: whether the person may see what leaves the house in no form."""
    found = entries.for_campaign(conn, campaign.id, article_ids=[mention.article_id])
    if not found or (is_withheld(found[0]) and not hidden):
        return None
    entry = found[0]
    state = item_states.many(conn, campaign.id, [mention.article_id]).get(mention.article_id)
    item = Item(
        entry,
        state or ItemState(campaign.id, mention.article_id),
        marked(entry.article.title, _title_hits(entry), "title"),
        changed=revisions.newest_kinds(conn, [mention.article_id]).get(mention.article_id),
    )
    key = inbox.keys_of(conn, campaign.id, [mention.article_id])[mention.article_id]
    stories = read_stories(conn, campaign, [InboxPlace(entry.found_at or entry.article.fetched_at, key)], hidden=hidden)
    said = events.of_subject(conn, Subject(campaign.id, mention.article_id))
    return ItemPage(
        campaign,
        item,
        stories[0],
        paragraphs(entry.article.body, entry.mention.hits),
        with_stories(conn, lines_of(said)),
        reasons(entry.mention.hits, ALL_FORMS),
        _changes(conn, campaign.id, mention.article_id, hidden=hidden),
    )


def _changes(conn: Connection, campaign_id: str, article_id: int, *, hidden: bool) -> tuple[Change, ...]:
    """The newest first; without those whose new text is held back, for who may not see that."""
    found = revisions.of_articles(conn, [article_id]).get(article_id, [])
    return tuple(
        Change(one, one.changes_for(campaign_id), shown_difference(one.before, one.after))
        for one in reversed(found)
        if hidden or not is_held_now(one, campaign_id)
    )


def _title_hits(entry: Entry) -> Sequence[Hit]:
    """The places were found in the outlet's headline: in a corrected one they are somewhere else."""
    return () if entry.corrected else entry.mention.hits


def paragraphs(body: str, hits: Sequence[Hit]) -> tuple[Paragraph, ...]:
    """The text in paragraphs of pieces, every form that was found marked."""
    found: list[list[Piece]] = [[]]
    for piece in marked(body[:MOST_BODY_CHARS], hits, "body"):
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                found.append([])
            if line:
                found[-1].append(Piece(without_controls(line), piece.marked))
    return tuple(tuple(pieces) for pieces in found if any(piece.text.strip() for piece in pieces))


def in_latin(pieces: Sequence[Piece]) -> Paragraph:
    """The same in Latin letters, marks where they were."""
    return tuple(replace(piece, text="".join(map(_latin_letter, piece.text))) for piece in pieces)


def _latin_letter(letter: str) -> str:
    small = letter.casefold()
    if small not in LATIN_OF:
        return letter
    return LATIN_OF[small] if small == letter else LATIN_OF[small].capitalize()


def moved_to(text: str) -> str:
    """The id of a mention in what a person typed or pasted: the id itself, or an address of the desk that ends with it.

    Raises UsageError for neither.
    """
    word = text.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    if not word or not all(letter.isalnum() or letter in "-_" for letter in word) or len(word) > 80:
        raise UsageError(f"{text[:80]!r} is no item")
    return word
