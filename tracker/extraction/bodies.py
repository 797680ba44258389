"""The article's text: trafilatura on a pruned copy of the tree, mended where news pages are known to defeat it."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from tracker.extraction.boilerplate import prune, without_boilerplate
from tracker.extraction.document import PageDocument
from tracker.extraction.leads import missing_leads, short_text
from tracker.extraction.screen import SCRIPTED_CHARS
from tracker.extraction.structured import plain, script_text

FALLBACK_RATIO = 1.25
"""How much longer JSON-LD's articleBody must be before trafilatura's text is doubted: subheadings and captions make up less."""

STRUCTURED_RATIO = 0.6
"""JSON-LD's articleBody replaces a text shorter than this share of it; it lacks subheadings, so a whole text is preferred."""

SAME_TEXT = 0.95
"""Trafilatura's last fallback is JSON-LD itself, its paragraphs run together: from this likeness on, the text is that one."""

SHORT_CHARS = 250
"""Trafilatura's own limit below which it doubts a text: short news are looked for by other means too."""

_WORDS = re.compile(r"\w+")


def article_body(document: PageDocument, title: str) -> str:
    """The text, paragraphs on lines of their own, without headline, links to other articles and tags; "" when there is none."""
    tree = deepcopy(document.tree)
    prune(tree)
    text = _chosen(tree, document)
    stated = structured_body(document)
    if stated and (
        len(text) < STRUCTURED_RATIO * len(stated) or ("\n" not in text and "\n" in stated and _likeness(text, stated) > SAME_TEXT)
    ):
        text = stated
    text = without_boilerplate(text, (title, document.screened.heading, document.meta("og:title"), document.structured.headline))
    if document.screened.visible_chars < SCRIPTED_CHARS and len(text) < SHORT_CHARS:
        text = _longer(text, script_text(document.source))
    if len(text) < SHORT_CHARS:
        text = _longer(text, without_boilerplate(short_text(document, title), (title, document.screened.heading)))
    leads = missing_leads(document, text, title)
    return "\n".join([*leads, text]).strip()


def structured_body(document: PageDocument) -> str:
    """JSON-LD's articleBody as plain paragraphs; "" where it is missing or only a teaser."""
    lines = (" ".join(line.split()) for line in plain(document.structured.body).splitlines())
    text = "\n".join(line for line in lines if line)
    return text if len(text) >= SHORT_CHARS else ""


def extracted(tree: HtmlElement, *, fast: bool) -> str:
    """Trafilatura's text of a tree, which stays as it is."""
    try:
        found = bare_extraction(
            deepcopy(tree), include_comments=False, include_tables=True, deduplicate=False, with_metadata=False, fast=fast
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        return ""
    return (getattr(found, "text", None) or "").strip()


def _chosen(tree: HtmlElement, document: PageDocument) -> str:
    """The text without trafilatura's fallbacks, which take in whole pages at times, unless the page shows that it is the wrong or a cut one."""
    quick = extracted(tree, fast=True)
    stated = structured_body(document)
    description = document.screened.description or document.structured.description
    if not _is_doubtful(quick, stated, description):
        return quick
    full = extracted(tree, fast=False)
    if stated:
        return max(quick, full, key=lambda text: _likeness(text, stated))
    if _held(full, description) > _held(quick, description) + 0.3:
        return full
    return quick if len(quick) >= 2 * SHORT_CHARS else _longer(full, quick)


def _is_doubtful(quick: str, stated: str, description: str) -> bool:
    if len(quick) < 2 * SHORT_CHARS or len(stated) > FALLBACK_RATIO * len(quick):
        return True
    return 0.0 <= _held(quick, description) < 0.3


def _likeness(text: str, other: str) -> float:
    mine, theirs = Counter(_WORDS.findall(text.lower())), Counter(_WORDS.findall(other.lower()))
    return 2 * sum((mine & theirs).values()) / max(1, sum(mine.values()) + sum(theirs.values()))


def _held(text: str, part: str) -> float:
    """The share of a part's longer words that a text has; -1 where the part is too short to tell."""
    words = {word for word in _WORDS.findall(part.lower()) if len(word) > 4}
    return len(words.intersection(_WORDS.findall(text.lower()))) / len(words) if len(words) >= 4 else -1.0


def _longer(first: str, second: str) -> str:
    return first if len(first) >= len(second) else second
