"""What changed since it was reported: items that a person took back, stories that were put together otherwise, pages of outlets."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.digests.forms.plain_text import plain
from tracker.locale.wording import Wording
from tracker.model import ChangedItem, Digest

NAME_CHARS = 80
"""An outlet's name; the longest of the register has 45."""


def changed_lines(digest: Digest, words: Wording) -> tuple[str, ...]:
    """One sentence each; of an item that may identify a child nothing but that it was withdrawn."""
    return tuple(_lines(digest, words))


def _lines(digest: Digest, words: Wording) -> Iterator[str]:
    for one in digest.withdrawn:
        if one.title:
            yield words.say("withdrawn", headline=words.quote(plain(one.title)), outlet=plain(one.outlet_name, NAME_CHARS))
    for one in digest.withdrawn:
        if not one.title:
            yield words.say("withdrawn_child")
    for item in digest.changed:
        yield _changed(item, words)
    if digest.regrouped:
        yield words.say("regrouped", len(digest.regrouped))


def _changed(item: ChangedItem, words: Wording) -> str:
    line = words.say(f"changed_{item.change}", headline=words.quote(plain(item.title)), outlet=plain(item.outlet_name, NAME_CHARS))
    return f"{line}. {words.say('changed_headline', headline=words.quote(plain(item.new_title)))}" if item.new_title else line
