"""What of an outlet's pages is not the article: learned from its other pages, and from what moved on them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from msgspec import Struct, field

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


class Known(Struct, frozen=True, dict=True):
    """A page of the outlet, as it was kept and as it is now (None: not visited). `text`: its article's; None where it was never read.
    What it tells is read once, whoever asks."""

    page: Page
    text: ItemText | None
    now: Page | None = None

    @cached_property
    def own(self) -> tuple[Block, ...]:
        """The blocks of its article."""
        return article_blocks(self.page, self.text) if self.text is not None else ()

    @cached_property
    def own_keys(self) -> frozenset[str]:
        """Their keys."""
        return frozenset(block.key for block in self.own)

    @cached_property
    def places(self) -> frozenset[str]:
        """Where its article stands."""
        return frozenset(block.mark for block in self.own)

    @cached_property
    def beside(self) -> frozenset[str]:
        """Places of all other blocks; none where the article was not found."""
        numbers = {id(block) for block in self.own}
        return frozenset(block.mark for block in self.page.blocks if numbers and id(block) not in numbers)

    @cached_property
    def came(self) -> frozenset[str]:
        """Keys of the blocks that it got since."""
        return frozenset() if self.now is None else self.now.keys - self.page.keys - self.own_keys

    @cached_property
    def moved(self) -> frozenset[str]:
        """Places beside its article that changed since."""
        blocks = () if self.now is None else self.now.blocks
        return frozenset(block.mark for block in blocks if block.key not in self.page.keys) - self.places

    @cached_property
    def lost_under(self) -> tuple[str, ...]:
        """The key of the heading that stands where nothing of its article is left; else nothing."""
        if self.now is None or not self.own or any(key in self.now.keys for key in self.own_keys):
            return ()
        return tuple(key_of(text) for text in self.now.headings[:1])


class Furniture(Struct, frozen=True, dict=True):
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
    added = Counter(key for one in others for key in one.came)
    moved = Counter(mark for one in others for mark in one.moved)
    headings = Counter(key for one in others for key in one.lost_under)
    most = max(ON_MANY, MOST * sum(one.now is not None for one in others))
    return Furniture(
        texts=frozenset[str]().union(*(one.page.keys - one.own_keys for one in others))
        | {key for key, count in added.items() if count >= most},
        beside=frozenset[str]().union(*(one.beside for one in others)),
        inside=frozenset[str]().union(*(one.places for one in others)),
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
