"""A cheap look before two pages are taken apart: whether all that differs in their source moves on every page.

What stands equally in both sources for long is left out (`stretches`), the rest is cut at its tags and laid side by side. What differs is read block by block, each with the tags around it. True is
said only where every such block is one that `compare.py` would set aside wherever it stood: a counter, a date, a list of links, a prompt.
Anything else, and any markup whose reading is not certain, is left to the whole comparison.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, pairwise
from typing import NamedTuple

from tracker.extraction.screen import INLINE, one_line
from tracker.model import ItemText
from tracker.revisions.blocks import MAX_BLOCK_CHARS, MAX_BLOCKS, Page, key_of
from tracker.revisions.furniture import LINKED
from tracker.revisions.ranges import TAG_NAME, Range, ranges_that_differ
from tracker.revisions.stretches import without_equal_stretches
from tracker.revisions.words import few_words, is_moving_line, is_prompt, is_sentence, is_short_line, says_notice

HELD_SHARE = 0.6
"""Of the article's text that must stand in the source as paragraphs; with less a script may put the page together."""
MOVED_SHARE = 0.1
"""Of the article's text that may be counters and dates which changed."""
LONG_PIECE = 40
"""Characters after a tag that may be a paragraph."""

SHORT_CHARS = 300
"""Of a block that may be a card: those stand on the outlet's other pages too."""
MOST_BEFORE = 30
"""Pieces before a block among which the link is looked for that holds it."""
MOST_LOOKED_AT = 600
"""Pieces among which the article is looked for."""

_UNSEEN = re.compile(r"<(?=[!sS])(?:(!--)|([sS][cC][rR][iI][pP][tT])\b|[sS][tT][yY][lL][eE]\b)")
_ENDS = (re.compile(r"</[sS][tT][yY][lL][eE]\s*>"), re.compile("-->"), re.compile(r"</[sS][cC][rR][iI][pP][tT]\s*>"))
"""Of a style, a comment and a script."""
_PARAGRAPH = re.compile(r"</?(?:p|div|article|h1)[\s>/]", re.I)
_HIDES = re.compile(r"hidden|display", re.I)
_VOID = frozenset(("img", "br", "hr", "input", "meta", "link", "source", "wbr", "area", "col", "track"))
_PLAIN = frozenset(
    (*INLINE, *_VOID, "p", "li", "ul", "ol", "dl", "dt", "dd", "div", "h2", "h3", "h4", "h5", "h6", "article", "section", "aside", "figure", "figcaption", "picture",
     "blockquote", "nav", "footer", "header", "main", "body", "html", "table", "tbody", "tr", "td", "th")
)  # fmt: skip
"""Elements that begin and end where their tags stand, and hide nothing."""


def shows_the_same(old: Page, text: ItemText, now: Page) -> bool:
    """Whether the new page certainly holds the article as it was; False says nothing."""
    before, unseen = _visible(old.document.source)
    after, unseen_now = _visible(now.document.source)
    if not _hides_no_text(unseen, unseen_now):
        return False
    if any(page.document.tags >= MAX_BLOCKS < _texts(source) for page, source in ((old, before), (now, after))):
        return False
    if not _stands_in(before, text):
        return False
    short = without_equal_stretches(before, after)
    if _only_moves(*short, text):
        return True
    # in what is left an equal stretch may have been taken for moved text, and its middle is not there to be read
    return len(short[0]) < len(before) and _only_moves(before, after, text)


def _only_moves(before: str, after: str, text: ItemText) -> bool:
    """Whether all blocks that came or went are none of the article's, wherever they stood."""
    first, second = before.split("<"), after.split("<")
    hunks: list[tuple[list[_Block], list[_Block]]] = []
    places: list[tuple[int, int]] = []
    for i1, i2, j1, j2 in _widened(ranges_that_differ(first, second), first, second):
        lost, fresh = _pieces(first[i1:i2]), _pieces(second[j1:j2])
        if lost is None or fresh is None or not _of_one_shape(lost, fresh):
            return False
        inside = _is_inside_link(first[max(0, i1 - MOST_BEFORE) : i1])
        hunks.append(([*_blocks(lost, inside)], [*_blocks(fresh, inside)]))
        places.append((i1, i2))
    gone, came = (Counter(chain.from_iterable(hunk[side] for hunk in hunks)) for side in (0, 1))
    if not (all(map(_is_no_text, came - gone)) and _are_moving(gone - came, text)):
        return False
    own = _paragraphs_among(gone & came, text)
    return not own or _stay_in_place(hunks, own, [_show_nothing(first[end:start]) for (_, end), (start, _) in pairwise(places)])


class _Tag(NamedTuple):
    """`hides`: attributes that may hide what follows, empty for nearly all."""

    name: str
    closes: bool
    hides: str
    is_inline: bool
    is_void: bool


_Piece = tuple[_Tag, str]
"""A tag with the text up to the next."""


class _Block(NamedTuple):
    key: str
    leads: bool
    text: str


def _visible(source: str) -> tuple[str, list[str]]:
    """The source without comments, scripts and styles, and these."""
    seen: list[str] = []
    unseen: list[str] = []
    at = 0
    while begins := _UNSEEN.search(source, at):
        ends = _ENDS[begins.lastindex or 0].search(source, begins.end())
        end = ends.end() if ends else len(source)
        seen.append(source[at : begins.start()])
        unseen.append(source[begins.start() : end])
        at = end
    return "".join((*seen, source[at:])), unseen


def _hides_no_text(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether scripts that differ are scripts: an odd quotation mark may have let one begin in an attribute."""
    old, new = set(before), set(after)
    return not any(_PARAGRAPH.search(one) for one in (old ^ new) if not one.startswith("<!--"))


def _texts(source: str) -> int:
    """At most so many blocks come of a source."""
    return sum(not piece.rstrip().endswith(">") for piece in source.split("<"))


def _stands_in(source: str, text: ItemText) -> bool:
    """Whether most of the article stands in the source as paragraphs."""
    wanted = HELD_SHARE * len(text.body)
    for line in {*text.body.split("\n")}:
        at = source.find(line) if len(line) > LONG_PIECE else -1
        if at >= 0 and source.rfind("<", 0, at) < source.rfind(">", 0, at):
            wanted -= len(line)
    return wanted <= 0 or _stands_in_pieces(source.split("<"), text)


def _stands_in_pieces(pieces: Sequence[str], text: ItemText) -> bool:
    """The same where paragraphs are written with entities or with other tags in them."""
    wanted, shown = HELD_SHARE * len(text.body), set[str]()
    long = (piece[end:] for piece in pieces if len(piece) - (end := piece.find(">") + 1) > LONG_PIECE)
    for one in map(one_line, islice(long, MOST_LOOKED_AT)):
        if one not in shown and one in text.body:
            shown.add(one)
            wanted -= len(one)
            if wanted <= 0:
                return True
    return False


def _widened(hunks: Iterable[Range], old: Sequence[str], new: Sequence[str]) -> Iterator[Range]:
    """The ranges with the whole blocks in which they stand; those that share a block are one."""
    done: Range | None = None
    for hunk in hunks:
        i1, i2, j1, j2 = hunk
        inside = not _are_blocks(old, new, hunk)
        if done:
            end = _end_of_block(done, old, i1)
            done = (done[0], end, done[2], done[3] + end - done[1])
        while inside and i1 > (done[1] if done else 0):
            i1, j1 = i1 - 1, j1 - 1
            inside = not _begins_a_block(old[i1])
        if done and inside:
            done = (done[0], i2, done[2], j2)
            continue
        if done:
            yield done
        done = (i1, i2, j1, j2)
    if done:
        end = _end_of_block(done, old, len(old))
        yield done[0], end, done[2], done[3] + end - done[1]


def _end_of_block(hunk: Range, old: Sequence[str], limit: int) -> int:
    """Where the block ends in which a range ends; the limit where that comes before."""
    place = hunk[1]
    while place < limit and not _begins_a_block(old[place]):
        place += 1
    return min(place, limit)


_INLINE = frozenset(INLINE)
_begins_a_block = re.compile(rf"/?(?!(?:{'|'.join(INLINE)})(?![\w:-]))[a-z]", re.I).match
"""Whether a piece does."""


def _pieces(raw: Sequence[str]) -> list[_Piece] | None:
    """The tags of a range; None where one of them is not plain or its end is not certain."""
    found = [piece for piece in map(_piece, raw) if piece]
    return found if len(found) == len(raw) else None


@lru_cache(maxsize=8192)  # most of a page's come again and again
def _piece(raw: str) -> _Piece | None:
    words, end, text = raw.partition(">")
    tag = _tag(words) if end else None
    return (tag, "" if tag.name == "meta" else text) if tag else None


@lru_cache(maxsize=4096)
def _tag(words: str) -> _Tag | None:
    named = TAG_NAME.match(words)
    if named is None or words.count('"') % 2 or words.count("'") % 2:
        return None
    name = named[1].lower()
    if name not in _PLAIN or (name == "meta" and "title" in words.lower()):
        return None
    return _Tag(name, words.startswith("/"), words if _HIDES.search(words) else "", name in _INLINE, name in _VOID)


def _are_blocks(old: Sequence[str], new: Sequence[str], hunk: Range) -> bool:
    """Whether a range begins with a block on both sides and has one shape; equal tags at its ends may have moved it by one."""
    i1, i2, j1, j2 = hunk
    if i1 == len(old) or j1 == len(new) or not (_begins_a_block(old[i1]) and _begins_a_block(new[j1])):
        return False
    lost, fresh = _pieces(old[i1:i2]), _pieces(new[j1:j2])
    return lost is not None and fresh is not None and _of_one_shape(lost, fresh)


def _of_one_shape(lost: Sequence[_Piece], fresh: Sequence[_Piece]) -> bool:
    """Whether two ranges leave the same open and closed, and hide the same."""
    return [tag for tag, _ in lost] == [tag for tag, _ in fresh] or _balance(lost) == _balance(fresh)


_NOTHING_HIDDEN = Counter[tuple[str, str]]()


def _balance(pieces: Sequence[_Piece]) -> tuple[tuple[str, ...], Counter[tuple[str, str]]]:
    """Tags that a range closes without having opened them, in order, and what it leaves open; with all that may hide something."""
    open_tags: list[str] = []
    closed: list[str] = []
    for tag, _ in pieces:
        if tag.is_void:
            continue
        if not tag.closes:
            open_tags.append(tag.name)
        elif open_tags and open_tags[-1] == tag.name:
            open_tags.pop()
        else:
            closed.append(tag.name)
    hiding = [(tag.name, tag.hides) for tag, _ in pieces if tag.hides]
    return (*closed, "|", *open_tags), Counter(hiding) if hiding else _NOTHING_HIDDEN


def _is_inside_link(raw: Sequence[str]) -> bool:
    """Whether what follows these pieces certainly stands inside a link that one of them opens."""
    start = next((place for place in range(len(raw) - 1, -1, -1) if raw[place].startswith(_LINK_TAGS)), None)
    pieces = None if start is None or raw[start].startswith("/") else _pieces(raw[start:])
    if not pieces:
        return False
    open_tags: list[str] = []
    return all(_follows(open_tags, tag) for tag, _ in pieces) and "a" in open_tags


_LINK_TAGS = ("a ", "a>", "a\n", "a\t", "A ", "A>", "/a", "/A")


def _follows(open_tags: list[str], tag: _Tag) -> bool:
    """Notes a tag among those that are open; whether it fits: it ends the last of them, and opens no link in a link."""
    if tag.is_void:
        return True
    if not tag.closes:
        fits = tag.name != "a" or "a" not in open_tags
        open_tags.append(tag.name)
        return fits
    return bool(open_tags) and open_tags.pop() == tag.name


def _blocks(pieces: Sequence[_Piece], inside: bool) -> Iterator[_Block]:
    """The texts between tags that end a block, with whether most of each is linked. `inside`: they begin in a link; from the first tag
    that does not fit on nothing counts as linked but what a link of its own opens."""
    texts: list[str] = []
    linked = chars = 0
    open_tags = ["a"] if inside else []
    for tag, text in pieces:
        if not tag.is_inline:
            if chars and (made := _block(texts, linked, chars)):
                yield made
            texts.clear()
            linked = chars = 0
        if not _follows(open_tags, tag):
            open_tags = [tag.name] if tag.name == "a" and not tag.closes else []
        if text and (shown := len(text.strip())):
            texts.append(text)
            chars += shown
            linked += shown if "a" in open_tags else 0
        elif text:
            texts.append(text)
    if chars and (made := _block(texts, linked, chars)):
        yield made


def _block(texts: Sequence[str], linked: int, chars: int) -> _Block | None:
    raw = "".join(texts)
    text, key = (_short_read if len(raw) < SHORT_CHARS else _read)(raw)
    return _Block(key, linked > LINKED * chars, text) if key else None


def _read(raw: str) -> tuple[str, str]:
    text = one_line(raw)
    return text, key_of(text) if text else ""


_short_read = lru_cache(maxsize=4096)(_read)


def _are_moving(gone: Iterable[_Block], text: ItemText) -> bool:
    """Whether blocks that went are none of the article's, or counters and dates among them."""
    left = [block for block in gone if not block.leads]
    if not left:
        return True
    lines, whole = frozenset(map(key_of, text.body.split("\n"))), f" {key_of(text.body)} "
    own = [block for block in left if block.key in lines or f" {block.key} " in whole]
    return all(is_prompt(block.text) or is_moving_line(block.text) for block in own) and sum(
        len(block.key) for block in own
    ) <= MOVED_SHARE * len(whole)


def _paragraphs_among(both: Iterable[_Block], text: ItemText) -> set[_Block]:
    """The article's paragraphs among what stands on both sides."""
    told = [block for block in both if not block.leads and not few_words(block.text)]
    whole = f" {key_of(text.body)} " if told else ""
    return {block for block in told if f" {block.key} " in whole}


def _show_nothing(pieces: Sequence[str]) -> bool:
    """Whether no text stands in equal pieces between two ranges; what was left out may have held some."""
    return all(piece.rstrip().endswith(">") and not piece.startswith("!") for piece in pieces)


def _stay_in_place(hunks: Sequence[tuple[Sequence[_Block], Sequence[_Block]]], own: set[_Block], joined: Sequence[bool]) -> bool:
    """Whether the article's paragraphs stand where they stood. `joined`: whether a range and the next are one, with nothing between them."""
    lost: list[_Block] = []
    fresh: list[_Block] = []
    for (went, came), is_last_of_one in zip(hunks, (*(not one for one in joined), True), strict=True):
        lost += (block for block in went if block in own)
        fresh += (block for block in came if block in own)
        if is_last_of_one:
            if lost != fresh:
                return False
            lost, fresh = [], []
    return True


@lru_cache(maxsize=4096)  # times and links of an outlet are on page after page
def _is_no_text(block: _Block) -> bool:
    """Whether a new block is no article's, wherever it stands."""
    if len(block.text) > MAX_BLOCK_CHARS or says_notice(block.text):
        return False
    if block.leads:
        return few_words(block.text) or not is_sentence(block.text)
    return is_prompt(block.text) or is_moving_line(block.text) or is_short_line(block.text, block.key)
