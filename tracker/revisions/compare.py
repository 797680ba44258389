"""Two readings of one page: unchanged, edited, gone, or not to be told. READ THIS FIRST of the package.

Only blocks in which the article's text stands are compared, so what moves beside it (related links, counters, comments) is no edit.
What moves within it is known by its place on the outlet's other pages, and by its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cached_property

from msgspec import Struct

from tracker.extraction.walls import wall
from tracker.model import ItemText, Seen, SkipReason
from tracker.revisions.alike import shows_the_same
from tracker.revisions.blocks import Block, Page, key_of
from tracker.revisions.counterparts import holds, is_part, less, only_counts, partner, says_the_same
from tracker.revisions.furniture import LINKED, NOTHING_LEARNED, Furniture, article_blocks
from tracker.revisions.words import (
    few_words,
    is_moving_line,
    is_prompt,
    is_sentence,
    is_short_line,
    names_a_box,
    says_notice,
    says_passing,
    says_paywall,
    says_removed,
    stands_for_the_rest,
)
from tracker.urls.canonical import is_front_page, normalise

HELD_SHARE = 0.5
"""Of an article's text that its blocks must hold, so that blocks can be compared; else the page puts it together in a script."""
LOST_SHARE = 0.3
"""With less of the old text left, the page is looked at as one that is gone."""
CUT_SHARE = 0.85
"""With less, and words of a paywall, the rest went behind it."""
NOTHING_CHARS = 150
"""A page that shows less is a fault of the moment, not an answer."""
REWRITTEN_SHARE = 0.4
"""Of the old text's length, that a wholly new text must have to be an edit and not another page."""
NOTICE_CHARS = 600
"""A page on which an article is missing says so in a few sentences."""
PARAGRAPHS = frozenset(("p", "blockquote", "li", "h2", "h3", "h4"))
NOTICE_BLOCKS_BELOW = 3
"""Blocks after the last paragraph among which a correction may stand in a box of its own."""


class Kept(Struct, frozen=True):
    """What is kept of an item: its page as it came (None: given up) and its text."""

    page: Page | None
    text: ItemText
    final_url: str


class Verdict(Struct, frozen=True):
    """What a visit showed. `before`, `after`: with EDITED, the texts to be compared. `why`: in words for staff."""

    seen: Seen
    before: ItemText | None = None
    after: ItemText | None = None
    why: str = ""


UNCHANGED = Verdict(Seen.UNCHANGED)


def compare(kept: Kept, now: Page, learned: Callable[[], Furniture] = lambda: NOTHING_LEARNED) -> Verdict:
    """The verdict on a page that came. `learned`: asked where something changed. Never raises on what a page holds."""
    if kept.page is not None and shows_the_same(kept.page, kept.text, now):
        return UNCHANGED
    return compare_whole(kept, now, learned)


def compare_whole(kept: Kept, now: Page, learned: Callable[[], Furniture] = lambda: NOTHING_LEARNED) -> Verdict:
    """The same without the cheap look before."""
    if kept.page is not None:
        comparison = _Comparison(kept.page, kept.text, now, NOTHING_LEARNED)
        if comparison.can_be_made:
            if comparison.shows_the_same:
                return UNCHANGED
            comparison.furniture = learned()
            return _missing(kept, comparison) or comparison.verdict()
    return _by_sentences(kept, now)


class _Comparison:
    """Block by block."""

    def __init__(self, old: Page, text: ItemText, now: Page, furniture: Furniture) -> None:
        self.old, self.text, self.now, self.furniture = old, text, now, furniture
        self.own = article_blocks(old, text)
        self._own_ids = {id(block) for block in self.own}

    @property
    def can_be_made(self) -> bool:
        """Whether the old page's blocks hold the article's text."""
        whole = len(key_of(self.text.body))
        return whole > 0 and sum(len(key) for key in {block.key for block in self.own}) >= HELD_SHARE * whole

    @property
    def shows_the_same(self) -> bool:
        """Whether the article stands there and nothing changed; what is learned of an outlet only takes changes away from that."""
        return self.share_left >= CUT_SHARE and self.verdict() is UNCHANGED

    @cached_property
    def new_text(self) -> str:
        return f" {' '.join(block.key for block in self.now.blocks)} "

    @cached_property
    def old_text(self) -> str:
        return f" {' '.join(block.key for block in self.old.blocks)} "

    @cached_property
    def share_left(self) -> float:
        """Of the article's text that still stands on the page."""
        chars = sum(len(block.key) for block in self.own)
        return sum(len(block.key) for block in self.own if self.is_there(block)) / max(chars, 1)

    @cached_property
    def fresh(self) -> tuple[Block, ...]:
        """Blocks that were not on the old page."""
        return tuple(block for block in self.now.blocks if f" {block.key} " not in self.old_text)

    @cached_property
    def places(self) -> frozenset[str]:
        """Where the article's text stands in the template."""
        return frozenset(block.mark for block in self.own)

    @cached_property
    def parents(self) -> frozenset[int]:
        """Elements of the new page that hold paragraphs of the article which are known."""
        keys = {block.key for block in self.own}
        return frozenset(block.within for block in self.now.blocks if block.key in keys and not few_words(block.text))

    def is_there(self, block: Block) -> bool:
        """Whether the block's text still stands on the page, as often as it stood: some templates print a text twice, for wide and narrow."""
        if f" {block.key} " not in self.new_text:
            return False
        return few_words(block.text) or block.key not in self.now.keys or self._times[1][block.key] >= self._times[0][block.key]

    @cached_property
    def _times(self) -> tuple[Counter[str], Counter[str]]:
        first, second = (Counter(block.key for block in page.blocks if block.linked <= LINKED) for page in (self.old, self.now))
        return first, second

    def verdict(self) -> Verdict:
        title = self._new_title()
        lost = [block for block in self.own if not self.is_there(block) and not self._moves(block)]
        added = [block for block in self.fresh if self.may_be_text(block)]
        if not lost and not added and title is None:
            return self._moved()
        before, after = self._lines(frozenset(map(id, lost)))
        changed = list(map(key_of, before)) != list(map(key_of, after))
        if not changed and title is None:
            return UNCHANGED
        return Verdict(
            Seen.EDITED,
            ItemText(self.text.title, "\n".join(before)),
            ItemText(self.text.title if title is None else title, "\n".join(after)),
        )

    def _moved(self) -> Verdict:
        """EDITED where paragraphs of the article changed places: those that each page has once, where most of the article stands."""
        once = [{key for key, times in counts.items() if times == 1} for counts in self._times]
        own = [block for block in self.own if block.key in once[0] & once[1] and not few_words(block.text) and self._is_usual_place(block)]
        places = {block.key: number for number, block in enumerate(self.now.blocks) if block.linked <= LINKED}
        if (after := sorted(own, key=lambda block: places[block.key])) == own:
            return UNCHANGED
        before, after_lines = ["\n".join(block.text for block in order) for order in (own, after)]
        return Verdict(Seen.EDITED, ItemText(self.text.title, before), ItemText(self.text.title, after_lines))

    def _new_title(self) -> str | None:
        """The headline as it stands now; None where it is the same. Asked of the place in which it stood."""
        title = key_of(self.text.title)
        if not title:
            return None
        for old, new in (
            (self.old.headings, self.now.headings),
            (tuple(filter(None, [self.old.shared_title])), tuple(filter(None, [self.now.shared_title]))),
            (tuple(filter(None, [self.old.page_title])), tuple(filter(None, [self.now.page_title]))),
        ):
            stood = [number for number, text in enumerate(old) if holds(text, title) or is_part(text, title)]
            if not stood or not new:
                continue
            there = new[min(stood[0], len(new) - 1)]
            if old is self.old.headings and key_of(old[stood[0]]) == title:
                return None if any(says_the_same(text, title) for text in new) else there
            if any(holds(text, title) or key_of(text) == key_of(old[stood[0]]) for text in new):
                return None
            same = f" {key_of(there)} " in f" {title} " and len(key_of(there)) > 0.8 * len(title)
            return None if same else less(there, old[stood[0]], self.text.title)
        return None

    def _moves(self, block: Block) -> bool:
        """Whether a block that was taken for the article's is one that comes and goes."""
        if self.furniture.holds(block, self.places) or is_prompt(block.text) or is_moving_line(block.text):
            return True
        return block.linked > LINKED or (names_a_box(block.names) and not self._is_usual_place(block))

    def _is_usual_place(self, block: Block) -> bool:
        """Whether much of the article stands in the block's place, whatever its classes are called."""
        chars = sum(len(one.key) for one in self.own)
        return sum(len(one.key) for one in self.own if one.mark == block.mark) > 0.25 * chars

    def may_be_text(self, block: Block) -> bool:
        """Whether a block that was not there before may belong to the article."""
        if block.linked > LINKED or self.furniture.holds(block, self.places):
            return False
        if says_notice(block.text):
            return True
        if is_prompt(block.text) or is_moving_line(block.text) or is_short_line(block.text, block.key):
            return False
        if block.mark not in self.places and not (block.tag in PARAGRAPHS and block.within in self.parents):
            return False
        return not names_a_box(block.names) or self._is_usual_place(block)

    def _lines(self, lost: frozenset[int]) -> tuple[list[str], list[str]]:
        """The article's paragraphs before and after."""
        before: list[str] = []
        after: list[str] = []
        first, last = self._bounds()
        old, new = self.old.blocks, self.now.blocks
        matcher = SequenceMatcher(None, [block.key for block in old], [block.key for block in new])
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            mine = [block for block in old[i1:i2] if id(block) in self._own_ids]
            if tag == "equal":
                before += [block.text for block in mine]
                after += [block.text for block in mine]
                continue
            taken: set[int] = set()
            for block in mine:
                place = partner(block, new, range(j1, j2), taken)
                if id(block) not in lost and not self._goes_on(block, place):
                    if not self._moves(block):
                        before.append(block.text)
                        after.append(block.text)
                    continue
                if place is not None and only_counts(block, new[place]):
                    taken.add(place)
                    continue
                before.append(block.text)
                if place is not None:
                    taken.add(place)
                    after.append(new[place].text)
            after += [new[place].text for place in range(j1, j2) if place not in taken and self._is_added(place, first, last)]
        return before, after

    def _goes_on(self, block: Block, place: int | None) -> bool:
        """Whether a paragraph that still stands has got more text behind or before it."""
        if place is None or block.key in self.now.keys or self._moves(block):
            return False
        new = self.now.blocks[place]
        return f" {block.key} " in f" {new.key} " and f" {new.key} " not in self.old_text and self.may_be_text(new)

    def _bounds(self) -> tuple[int, int]:
        """Between which blocks of the new page the article stands: after its headline, to its last paragraph that is known."""
        keys = {block.key for block in self.own}
        known = [number for number, block in enumerate(self.now.blocks) if block.key in keys]
        head = next((number for number, block in enumerate(self.now.blocks) if block.tag == "h1"), 0)
        if not known:
            return head, len(self.now.blocks)
        return (head if head < known[0] else known[0]), known[-1]

    def _is_added(self, place: int, first: int, last: int) -> bool:
        block = self.now.blocks[place]
        if f" {block.key} " in self.old_text or not self.may_be_text(block):
            return False
        if first <= place <= last:
            return True
        end = self.now.blocks[min(last, len(self.now.blocks) - 1)]
        if place > last and block.within == end.within:
            return True
        return says_notice(block.text) and 0 < place - last <= NOTICE_BLOCKS_BELOW


def _missing(kept: Kept, comparison: _Comparison) -> Verdict | None:
    """GONE where the page shows something else, NOT_LOOKED_AT where it shows a passing fault; None where the article stands."""
    share = comparison.share_left
    if share >= CUT_SHARE:
        return None
    shown = " ".join(block.text for block in comparison.fresh if block.linked <= LINKED)
    if _heads_say_removed(comparison.now) and not _heads_say_removed(comparison.old):
        return Verdict(Seen.GONE, why="the page says that the article is not there")
    if share >= LOST_SHARE:
        return Verdict(Seen.GONE, why="most of the text went behind a wall") if _is_cut(comparison) else None
    return _elsewhere(kept, comparison, shown)


def _is_cut(comparison: _Comparison) -> bool:
    """Whether what is left of the article ends at words of a paywall that were not there before."""
    fresh = [block.text for block in comparison.fresh if block.linked <= LINKED]
    if any(map(says_paywall, fresh)) and not any(says_paywall(block.text) for block in comparison.old.blocks):
        return True
    stay = [comparison.is_there(block) for block in comparison.own]
    ends = stay == sorted(stay, reverse=True)
    return ends and any(stands_for_the_rest(block.text) for block in comparison.fresh)


def _elsewhere(kept: Kept, comparison: _Comparison, shown: str) -> Verdict | None:
    now = comparison.now
    final_url = now.document.page.final_url
    refusal = wall(now.document.screened, final_url)
    heads = " | ".join((*now.headings, now.page_title))
    visible = now.document.screened.visible_chars
    if says_passing(heads) or (visible < NOTICE_CHARS and says_passing(shown)):
        return Verdict(Seen.NOT_LOOKED_AT, why="the page shows a fault that may pass")
    if refusal is not None and refusal.reason in (SkipReason.BOT_WALL, SkipReason.COOKIE_WALL, SkipReason.UNREADABLE):
        return Verdict(Seen.NOT_LOOKED_AT, why=refusal.detail)
    if refusal is not None:
        return Verdict(Seen.GONE, why=refusal.detail)
    if normalise(final_url) != normalise(kept.final_url) and (is_front_page(final_url) or not _title_stands(kept.text, now)):
        return Verdict(Seen.GONE, why="the address leads to another page")
    if (
        says_removed(heads)
        or says_removed(shown[:NOTICE_CHARS])
        or key_of(now.headings[0] if now.headings else "") in comparison.furniture.missing
    ):
        return Verdict(Seen.GONE, why="the page says that the article is not there")
    if any(says_paywall(block.text) or stands_for_the_rest(block.text) for block in comparison.fresh):
        return Verdict(Seen.GONE, why="the text went behind a wall")
    if visible < NOTHING_CHARS:
        return Verdict(Seen.NOT_LOOKED_AT, why="the page shows hardly any text")
    text = sum(len(block.key) for block in comparison.fresh if comparison.may_be_text(block) and not few_words(block.text))
    if text >= REWRITTEN_SHARE * len(key_of(kept.text.body)) or (comparison.share_left > 0 and _title_stands(kept.text, now)):
        return None
    return Verdict(Seen.GONE, why="nothing of the text is left on the page")


def _heads_say_removed(page: Page) -> bool:
    return any(says_removed(text) for text in (*page.headings[:1], page.page_title))


def _title_stands(text: ItemText, now: Page) -> bool:
    title = key_of(text.title)
    return bool(title) and any(holds(shown, title) for shown in (*now.headings, now.shared_title, now.page_title) if shown)


def _by_sentences(kept: Kept, now: Page) -> Verdict:
    """Where the old page cannot be compared by its blocks: the lines of its text against all that the page shows. Lines that the old page
    did not show so either tell nothing."""
    lines = [line for line in kept.text.body.split("\n") if len(line.split()) > 3]
    if kept.page is not None:
        old = f" {key_of(kept.page.document.screened.text)} "
        lines = [line for line in lines if f" {key_of(line)} " in old]
    shown = f" {key_of(now.document.screened.text)} "
    left = [line for line in lines if f" {key_of(line)} " in shown]
    stands = _title_stands(kept.text, now)
    if not lines:
        return UNCHANGED if stands else Verdict(Seen.NOT_LOOKED_AT, why="the page cannot be compared: too little of its text is known")
    if len(left) >= LOST_SHARE * len(lines):
        heads = [text for text in (*now.headings, now.shared_title, now.page_title) if text]
        title = kept.text.title if stands or not heads else heads[0]
        added = _added_lines(kept, now)
        if len(left) == len(lines) and title == kept.text.title and not added:
            return UNCHANGED
        stay = [line for line in kept.text.body.split("\n") if line not in lines or line in left]
        return Verdict(Seen.EDITED, kept.text, ItemText(title, "\n".join((*stay, *added))))
    found = _elsewhere(kept, _Comparison(now, kept.text, now, NOTHING_LEARNED), now.document.screened.text[:NOTICE_CHARS])
    return found or Verdict(Seen.NOT_LOOKED_AT, why="the page cannot be compared: too little of its text is known")


def _added_lines(kept: Kept, now: Page) -> list[str]:
    """Lines that are read as the new page's text and that the old page showed nowhere."""
    from tracker.extraction.bodies import article_body

    if kept.page is None:
        return []
    old = f" {key_of(kept.page.document.screened.text)} "
    known = {key_of(line) for line in article_body(kept.page.document, kept.text.title).split("\n")}  # of a long text not all is kept
    lines = article_body(now.document, kept.text.title).split("\n")
    fresh = [line for line in lines if f" {key_of(line)} " not in old and key_of(line) not in known and not few_words(line)]
    return [line for line in fresh if is_sentence(line) and not is_prompt(line)]
