"""What a form says of stories: which items it means, in which version the page showed them, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tracker.model import Fact, RejectReason
from tracker.model.events import Value
from tracker.review.decisions import Target
from tracker.visibility import ACCEPT_WORD, DECISION_WORDS, REJECT_WORD

MOST_PICKS, MOST_ITEMS = 200, 2000
"""Of one form: eight pages of the inbox, and all their copies."""
MOST_WHY = 300
"""Characters of a reason in one's own words: two lines of a note."""
UNDECIDED = "undecided"
"""Takes a decision away, whoever made it."""
_TARGET = re.compile(r"([\w-]{1,80}):(\d{1,18})", re.ASCII)


class Pick(Struct, frozen=True):
    """A story that was picked. `alone`: items that an acceptance of the story leaves out."""

    items: tuple[Target, ...]
    alone: tuple[Target, ...] = ()


def read_picks(given: Sequence[str]) -> list[Pick]:
    """Picks as `Story.pick` wrote them. Raises ValueError for anything else, and for too many."""
    if not 0 < len(given) <= MOST_PICKS:
        raise ValueError("nothing was picked, or too much")
    picks = [_pick(text) for text in dict.fromkeys(given)]
    if sum(len(pick.items) + len(pick.alone) for pick in picks) > MOST_ITEMS:
        raise ValueError("too many items were picked")
    return picks


def _pick(text: str) -> Pick:
    items, bar, alone = text.partition("|")
    return Pick(tuple(_targets(items)), tuple(_targets(alone)) if bar else ())


def _targets(text: str) -> Iterable[Target]:
    for word in text.split():
        found = _TARGET.fullmatch(word)
        if found is None:
            raise ValueError("no item of ours")
        yield Target(found[1], int(found[2]))


def read_words(said: str, reason: str = "") -> dict[Fact, Value]:
    """What is said: a decision, with a reason where it rejects. Raises ValueError for anything else."""
    if said == UNDECIDED:
        return {Fact.VERDICT: None, Fact.REASON: None}
    if said not in DECISION_WORDS:
        raise ValueError("no decision")
    if said != REJECT_WORD:
        return {Fact.VERDICT: said}
    return {Fact.VERDICT: said, Fact.REASON: str(RejectReason(reason)) if reason else None}


def targets_of(picks: Sequence[Pick], said: str) -> list[Target]:
    """The items that are meant, each once."""
    meant = [target for pick in picks for target in (pick.items if said == ACCEPT_WORD else (*pick.items, *pick.alone))]
    return list({target.mention_id: target for target in meant}.values())
