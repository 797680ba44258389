"""What a page holds beside what its reader came to see: hidden parts, and the next articles of a page that scrolls on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice

from lxml.html import HtmlElement

from tracker.extraction.own_node import agrees
from tracker.extraction.structured import ARTICLE_TYPES, PAGE_TYPES

WHOLE_PAGE_SHARE = 0.6
"""A hidden part with more of a page's text than this is the page itself, shown by a script (screen.py uses a lower share, so that
it never drops what is kept here)."""

MIN_ARTICLE_CHARS = 400
"""What scrolls on is whole articles; the short news of the corpus that stand under a heading of their own have less."""

MAX_HEADINGS = 40
"""A bound on the work: pages that scroll on load a few articles at once."""

MAX_FACTS_BELOW = 40
"""Elements at an article's head among which its date or byline stands; the dated bylines of the corpus are among the first 40."""

_ADDRESS = re.compile(r"https?://|^/|\s/\w")
_OWN_FACTS = re.compile(r"(?:^|[\s_-])(?:date|datum|time|published|author|autor|byline|entry-meta|post-meta)(?:$|[\s_-])", re.I)

_NOT_DISPLAYED = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.I)
_HIDING = "//*[@style or @hidden or self::template]"
_MARK = "data-tracker-unseen"
_FOREIGN_PROPERTIES = frozenset({"comment", "review", "video", "haspart", "mentions", "citation", "itemlistelement", "subjectof", "event"})


def seen_part(tree: HtmlElement) -> HtmlElement:
    """The page as its reader sees it, up to the end of its first article: the tree itself where nothing is to drop, else a copy."""
    hidden = [*_hidden(tree)]
    if not hidden and not any(True for _ in _later_articles(tree)):
        return tree
    copy = _copy_without(tree, hidden)
    for node in [*_later_articles(copy)]:
        if node.getparent() is not None:
            node.drop_tree()
    return copy


def _copy_without(tree: HtmlElement, nodes: list[HtmlElement]) -> HtmlElement:
    """A copy less some elements; a mark, set for the time of copying, finds them again."""
    for node in nodes:
        node.set(_MARK, "")
    copy = deepcopy(tree)
    for node in nodes:
        del node.attrib[_MARK]
    for node in copy.xpath(f"//*[@{_MARK}]") if nodes else ():
        if node.getparent() is not None:
            node.drop_tree()
    return copy


def is_in_own_scope(node: HtmlElement) -> bool:
    """Whether microdata belongs to the page or an article on it, and not to a comment, a video or an item of a list."""
    for above in (node, *node.iterancestors()):
        if above is not node and above.get("itemprop") and not _FOREIGN_PROPERTIES.isdisjoint(above.get("itemprop").lower().split()):
            return False
        if above.get("itemscope") is not None and (above is not node or above.get("itemtype")):
            kind = (above.get("itemtype") or "").rstrip("/").rsplit("/", 1)[-1].lower()
            if kind and kind not in ARTICLE_TYPES and kind not in PAGE_TYPES and kind != "creativework":
                return False
            return not _FOREIGN_PROPERTIES.intersection((above.get("itemprop") or "").lower().split())
    return True


def _hidden(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Hidden parts; not one that is most of the page, nor siblings that are so together: steps of a gallery, the rest of an article."""
    nodes = [node for node in tree.xpath(_HIDING) if _hides(node)]
    if not nodes:
        return
    whole = len(tree.text_content()) - sum(len(node.text or "") for node in tree.iter("script", "style"))
    together: dict[HtmlElement | None, int] = {}
    for node in nodes:
        if node.get("hidden") is None and node.tag != "template":  # the screen drops siblings with the attribute one by one
            together[node.getparent()] = together.get(node.getparent(), 0) + len(node.text_content())
    for node in nodes:
        alone = 0 if node.tag == "template" else len(node.text_content())
        is_group = node.get("hidden") is None and together.get(node.getparent(), 0) > WHOLE_PAGE_SHARE * whole
        if node.tag == "template" or not (is_group or alone > WHOLE_PAGE_SHARE * whole):
            yield node


def _hides(node: HtmlElement) -> bool:
    if node.tag in ("html", "body"):
        return False
    return node.tag == "template" or node.get("hidden") is not None or _NOT_DISPLAYED.search(node.get("style") or "") is not None


def _later_articles(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Containers of headings that follow the headline's own container and are of its kind, with a text of an article's length."""
    titles = [title for node in islice(tree.iter("title"), 1) if (title := " ".join(node.text_content().split()))]
    for tag in ("h1", "h2"):
        headings = [*islice(tree.iter(tag), MAX_HEADINGS)]
        own = next(
            (node for node in headings if titles and agrees(node.text_content(), titles[0])),
            headings[0] if tag == "h1" and headings else None,
        )
        if own is None:
            continue
        above = [own, *own.iterancestors()]
        for other in headings[headings.index(own) + 1 :]:
            mine, theirs = _branches(above, other)
            if theirs is not None and _are_alike(mine, theirs) and not agrees(own.text_content(), other.text_content()):
                yield theirs
        return


def _branches(above: list[HtmlElement], other: HtmlElement) -> tuple[HtmlElement | None, HtmlElement | None]:
    """The two siblings that hold a heading (with its ancestors) each."""
    known = {node: number for number, node in enumerate(above)}
    theirs = other
    for node in other.iterancestors():
        if node in known:
            return above[known[node] - 1], theirs
        theirs = node
    return None, None


def _are_alike(mine: HtmlElement | None, theirs: HtmlElement) -> bool:
    if mine is None or mine.tag != theirs.tag or mine.tag in ("h1", "h2", "header", "p"):
        return False
    first, second = ((node.get("class") or "").split()[:1] for node in (mine, theirs))
    return (
        first == second
        and all(len(" ".join(node.text_content().split())) >= MIN_ARTICLE_CHARS for node in (mine, theirs))
        and _is_whole_article(theirs)
    )


def _is_whole_article(node: HtmlElement) -> bool:
    """Whether a container is more than a section of the article: it says so, or has a date, a byline or an address of its own."""
    if node.tag == "article" or node.get("itemscope") is not None or _ADDRESS.search(" ".join(node.attrib.values())):
        return True
    return any(part.tag == "time" or _OWN_FACTS.search(part.get("class") or "") for part in islice(node.iter(), MAX_FACTS_BELOW))
