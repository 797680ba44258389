"""What of an outlet's pages is not the article: learned from its other pages, and from what moved on them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tracker.model import ItemText
from tracker.revisions.blocks import Block, Page, key_of

SHORT_WORDS = 3
"""Blocks of fewer words belong to an article only as a whole line of its text: "Foto: N. N." stands on every page."""
LINKED = 0.5
"""Share of linked text from which a block leads elsewhere; running text with links stays under 0.3 in the corpus."""
ON_MANY, MOST = 3, 0.6
"""So many other pages, and this share of those visited, must have got a text for it to be the template's: the same notice of a correction
may stand on several pages."""
MOVES_ON = 2
"""Other pages of the outlet on which a place must have changed before it counts as moving by itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """A page of the outlet, as it was kept and as it is now (None: not visited). `text`: its article's; None where it was never read."""

    page: Page
    text: ItemText | None
    now: Page | None = None


@dataclass(frozen=True)
class Furniture:
    """`texts`: keys of blocks that other pages show too; `beside`: places that hold no article text on them; `inside`: those that do;
    `moving`: places beside the text that changed on several; `missing`: keys of headings that stand over pages of which nothing is left."""

    texts: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    moving: frozenset[str] = frozenset()
    missing: frozenset[str] = field(default=frozenset())

    def holds(self, block: Block, own_places: Collection[str] = ()) -> bool:
        """Whether a block is the outlet's, and no article's. `own_places`: where the article in question stands; of these only texts tell."""
        if block.key in self.texts:
            return True
        if block.mark in own_places:
            return False
        return block.mark in self.moving or (block.mark in self.beside and block.mark not in self.inside)


NOTHING_LEARNED = Furniture()


def learn(others: Sequence[Known]) -> Furniture:
    """What the other pages of an outlet tell; nothing where there are none."""
    texts: set[str] = set()
    added: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    headings: Counter[str] = Counter()
    visited = sum(one.now is not None for one in others)
    beside: set[str] = set()
    inside: set[str] = set()
    for one in others:
        own = article_blocks(one.page, one.text) if one.text is not None else ()
        known = {block.key for block in own}
        texts |= {block.key for block in one.page.blocks} - known
        if one.now is not None:
            added.update({block.key for block in one.now.blocks} - one.page.keys - known)
        inside |= {block.mark for block in own}
        numbers = {id(block) for block in own}
        beside |= {block.mark for block in one.page.blocks if own and id(block) not in numbers}
        if one.now is not None:
            changed = {block.mark for block in one.now.blocks if block.key not in one.page.keys}
            moved.update(changed - {block.mark for block in own})
            if own and not any(block.key in one.now.keys for block in own):
                headings.update({key_of(text) for text in one.now.headings[:1]})
    return Furniture(
        texts=frozenset(texts) | {key for key, count in added.items() if count >= max(ON_MANY, MOST * visited)},
        beside=frozenset(beside),
        inside=frozenset(inside),
        moving=frozenset(mark for mark, count in moved.items() if count >= MOVES_ON),
        missing=frozenset(key for key, count in headings.items() if key and count >= MOVES_ON),
    )


def article_blocks(page: Page, text: ItemText) -> tuple[Block, ...]:
    """The blocks of a page that hold an article's text, in order; not its headline."""
    lines = frozenset(map(key_of, text.body.split("\n")))
    whole = f" {key_of(text.body)} "
    title = key_of(text.title)
    return tuple(_of_article(page.blocks, lines, whole, title))


def _of_article(blocks: Iterable[Block], lines: frozenset[str], whole: str, title: str) -> Iterable[Block]:
    for block in blocks:
        if block.key == title or block.linked > LINKED:
            continue
        if block.key in lines or (block.key.count(" ") >= SHORT_WORDS - 1 and f" {block.key} " in whole):
            yield block
