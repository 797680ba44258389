"""What a new text means for the mention: did the campaign's name go, was a correction added, did a headline that names it change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from msgspec import Struct

from tracker.model import Hit, ItemText, MentionChange
from tracker.revisions.blocks import key_of
from tracker.revisions.words import says_correction


class Look(Struct, frozen=True):
    """What a campaign finds in a text: whether its query holds, every occurrence of its terms, and whether a label holds it back."""

    matched: bool
    hits: tuple[Hit, ...]
    held: bool = False


def meaning(before: ItemText, after: ItemText, look: Callable[[ItemText], Look], organisation: Collection[str]) -> Iterator[MentionChange]:
    """What changed for one campaign. `organisation`: the terms that name the organisation."""
    old, new = look(before), look(after)
    if old.matched and not new.matched:
        yield MentionChange.NAME_GONE
    named, names = _named(old, organisation), _named(new, organisation)
    if named and not names:
        yield MentionChange.ORGANISATION_GONE
    if names and not named:
        yield MentionChange.ORGANISATION_NEW
    if new.held:
        yield MentionChange.HELD
    if adds_correction(before, after):
        yield MentionChange.CORRECTION
    if key_of(before.title) != key_of(after.title) and any(_in_headline(one, organisation) for one in (old, new)):
        yield MentionChange.HEADLINE


def adds_correction(before: ItemText, after: ItemText) -> bool:
    """Whether a paragraph that is new is a notice of a correction."""
    known = {key_of(line) for line in before.body.split("\n")}
    return any(key_of(line) not in known and says_correction(line) for line in (after.title, *after.body.split("\n")))


def _named(look: Look, organisation: Collection[str]) -> bool:
    return any(hit.term_id in organisation for hit in look.hits)


def _in_headline(look: Look, organisation: Collection[str]) -> bool:
    return any(hit.field == "title" and hit.term_id in organisation for hit in look.hits)
