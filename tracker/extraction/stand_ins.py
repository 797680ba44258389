"""Pages that stand in for an article, served as if they were it: a fault of the server's programs, and what shows nothing of the headline
under which the page was listed. Taken for articles they would be kept as they are, and the real ones never asked for again."""

from __future__ import annotations

import re

from tracker.extraction import vocabulary
from tracker.extraction.notices import is_bare
from tracker.extraction.screen import ScreenedPage, one_line
from tracker.extraction.vocabulary import compiled
from tracker.model import Skipped, SkipReason
from tracker.text.folding import fold

FAULT_CHARS = 600
"""A fault with its advice; a page of news shows more with its menu alone."""
OTHER_CHARS = 1200
"""A notice with the outlet's menu. Longer pages with running text may be the article under a headline of its own."""
HEADLINE_CHARS = 300
"""A headline, a section's name and a date; a page with more has a text, or a menu that tells more of it."""
OWN_CHARS = 20_000
"""Looked at, with what scripts of the page hold."""
TELLING_WORDS = 3
TELLING_LETTERS = 4
FEW, FEW_OF_BARE = 6, 3
"""Of a headline's words one in so many may stand on another page by chance; on a front page more do."""
STEM_LETTERS = 5
"""Endings of one word differ between a list and its page."""
_FAULT = compiled(vocabulary.PROGRAM_FAULTS, re.M)
_PARTNERS = compiled(vocabulary.PARTNERS)
_STEMS = re.compile(rf"[^\W_]{{{TELLING_LETTERS},}}")


def stand_in(screened: ScreenedPage, hint_title: str, hint_summary: str = "") -> Skipped | None:
    """Why the page is not the article that was listed; None when it may be it. For pages that do not call themselves articles."""
    bare = is_bare(screened, hint_title, hint_summary)
    if screened.visible_chars >= OTHER_CHARS and not bare:
        return None
    own = _own_text(screened, hint_title, hint_summary)[:OWN_CHARS]
    if not own.strip():
        return Skipped(SkipReason.ERROR_PAGE, "a page without any text in place of the article")
    wanted = _stems(hint_title)
    shown = wanted & _stems(own) if len(wanted) >= TELLING_WORDS else set()
    if len(shown) > len(wanted) // 2:
        is_bare_headline = screened.visible_chars < HEADLINE_CHARS and not screened.frames and _is_headline_alone(screened, own)
        return Skipped(SkipReason.TOO_SHORT, "the page has no text beside its headline") if is_bare_headline else None
    if screened.visible_chars < FAULT_CHARS:
        if found := _FAULT.search(own):
            return Skipped(SkipReason.ERROR_PAGE, f"a fault of the server in place of the article: {one_line(found[0])[:80]}")
        if found := _PARTNERS.search(own):
            return Skipped(SkipReason.COOKIE_WALL, f"a question about cookies in place of the article: {one_line(found[0])[:80]}")
    if len(wanted) >= TELLING_WORDS and len(shown) <= len(wanted) // (FEW_OF_BARE if bare else FEW):
        return Skipped(SkipReason.ERROR_PAGE, "a page that hardly has a text and shows nothing of the headline under which it was listed")
    return None


def _own_text(screened: ScreenedPage, *hints: str) -> str:
    """What the page itself shows or says, without what its list said of it."""
    own = {one_line(hint) for hint in hints}
    beside = [line for line in screened.text[screened.visible_chars :].split("\n") if line not in own]
    title = screened.title if screened.heading or screened.page_title else ""
    return "\n".join([title, screened.page_title, screened.heading, screened.text[: screened.visible_chars], *beside])


def _is_headline_alone(screened: ScreenedPage, own: str) -> bool:
    """Whether no word stands on the page that is not its headline's: an answer that was cut, or a text that comes later."""
    return not _stems(own) - _stems("\n".join((screened.title, screened.page_title, screened.heading)))


def _stems(text: str) -> set[str]:
    return {word[:STEM_LETTERS] for word in _STEMS.findall(fold(text))}
