"""Notices in an article's place on pages as long as any other: a removed page, a fault, a guard or a login within the outlet's whole template.

A page counts as one only where it holds hardly any running text. Menus, lists of headlines and footers have short lines, however many; an
article has paragraphs. A real page that is taken for a notice is asked for again, and named when it stays so.
"""

from __future__ import annotations

from tracker.extraction import vocabulary
from tracker.extraction.screen import ScreenedPage, one_line
from tracker.extraction.vocabulary import compiled
from tracker.model import Skipped, SkipReason

PARAGRAPH_CHARS = 90
"""A line of running text; headlines in lists have fewer (99 of 100 in the corpus)."""
PROSE_CHARS = 330
"""Less running text than one paragraph of news; a footer has about 200."""
LINE_CHARS = 130
"""A notice is one line."""
TITLE_CHARS = 90
WHOLE_CHARS = 1200
"""A page that shows more has the outlet's template around it: there forms of comments ask whether one is a robot, too."""
MOST_LINES = 3000
"""A bound on the work."""

_OPENED = rf"^\W{{0,9}}{vocabulary.SORRY}"
_ABSENT = compiled(rf"{_OPENED}(?:{vocabulary.absent()}|{vocabulary.NOT_FOUND}|(?:{vocabulary.ONLY_NOT_FOUND})\W*$)")
_NO_RESULTS = compiled(rf"^\W{{0,9}}(?:{vocabulary.NO_RESULTS})")
_FAULT = compiled(rf"{_OPENED}(?:{vocabulary.FAULTS})")
_GUARD = compiled(rf"{_OPENED}(?:{vocabulary.GUARDS})")
_LOGIN = compiled(rf"^\W{{0,9}}(?:{vocabulary.LOGINS}|{vocabulary.REGISTRATIONS})(?:\s+(?:{vocabulary.LOGIN_OBJECTS})\w*){{0,6}}\W*$")


def notice(screened: ScreenedPage, *hints: str) -> Skipped | None:
    """The notice that a page shows in an article's place; None where it has running text, or shows none. `hints`: what the list on which
    the page stood said of it."""
    if not is_bare(screened, *hints):
        return None
    titles = [title for title in (screened.heading, screened.title, screened.page_title) if title and len(title) <= LINE_CHARS]
    shown = screened.text[: screened.visible_chars].split("\n", MOST_LINES)[:MOST_LINES]
    lines = [*titles, *(line for line in shown if len(line) <= LINE_CHARS)]
    own = lines if screened.visible_chars < WHOLE_CHARS else titles
    for expression, where, reason, what in (
        (_GUARD, own, SkipReason.BOT_WALL, "the outlet's guard against robots answered instead of the article"),
        (_NO_RESULTS, own, SkipReason.ERROR_PAGE, "a search without results in place of the article"),
        (_ABSENT, lines, SkipReason.ERROR_PAGE, "a notice in place of the article"),
        (_FAULT, lines, SkipReason.ERROR_PAGE, "a fault of the server in place of the article"),
    ):
        if found := next((line for line in where if expression.match(line)), ""):
            return Skipped(reason, f'{what}: "{found[:80]}"')
    if found := next((title for title in titles if len(title) <= TITLE_CHARS and _LOGIN.match(title)), ""):
        return Skipped(SkipReason.LOGIN_WALL, f'a login instead of the article: "{found}"')
    return None


def is_bare(screened: ScreenedPage, *hints: str) -> bool:
    """Whether a page holds hardly any running text of its own, shown or in its data: lines as long as paragraphs that hold a sentence."""
    told = {one_line(hint) for hint in hints}
    prose = 0
    for line in screened.text.split("\n"):
        if len(line) >= PARAGRAPH_CHARS and ("." in line or "!" in line or "?" in line) and line not in told:
            prose += len(line)
            if prose >= PROSE_CHARS:
                return False
    return True
