"""Notices in an article's place on pages as long as any other: a removed page, a fault, a guard or a login within the outlet's whole template.

A page counts as one only where it holds hardly any running text. Menus, lists of headlines and footers have short lines, however many; an
article has paragraphs. A real page that is taken for a notice is asked for again, and named when it stays so.
"""

from __future__ import annotations

import re

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
TEXT_CHARS = 40
"""A sentence of news; "Please wait." has fewer."""
HEADLINE_WORDS = 2
"""Behind what a guard says; "in a moment" and the like belong to it."""
NEAR_LINES = 4
"""Below a headline: a date and a name may stand between."""
BESIDE_LINES = 3
"""Before and behind, where an article's text or its comments would stand."""
MOST_HEADINGS = 3
"""The headline stands in menus and lists as well."""
MOST_LINES = 3000
"""A bound on the work."""

_OPENED = rf"^\W{{0,9}}{vocabulary.SORRY}"
_ABSENT = compiled(rf"{_OPENED}(?:{vocabulary.absent()}|{vocabulary.NOT_FOUND}|(?:{vocabulary.ONLY_NOT_FOUND})\W*$)")
_NO_RESULTS = compiled(rf"^\W{{0,9}}(?:{vocabulary.NO_RESULTS})")
_FAULT = compiled(rf"{_OPENED}(?:{vocabulary.FAULTS})")
_GUARD = compiled(rf"{_OPENED}(?:{vocabulary.GUARDS})")
_LOGIN = compiled(rf"^\W{{0,9}}(?:{vocabulary.LOGINS}|{vocabulary.REGISTRATIONS})(?:\s+(?:{vocabulary.LOGIN_OBJECTS})\w*){{0,6}}\W*$")
_SUBSCRIBING = compiled(vocabulary.SUBSCRIBING)
_READING = compiled(vocabulary.READING)
_ACCOUNTS = compiled(vocabulary.ACCOUNTS)
_NEWS_BY_MAIL = compiled(vocabulary.NEWS_BY_MAIL)
_COMMENTS = compiled(vocabulary.COMMENTS)
_GUARD_PAIRS = tuple(tuple(map(compiled, pair)) for pair in vocabulary.GUARD_PAIRS)
_ADDRESSED_PAIRS = tuple(tuple(map(compiled, words)) for words in vocabulary.ADDRESSED_PAIRS)
_ASIDE = compiled(vocabulary.ASIDE)
_IN_ITS_PLACE = {
    SkipReason.BOT_WALL: "the outlet's guard against robots answered",
    SkipReason.LOGIN_WALL: "a login stands",
    SkipReason.ERROR_PAGE: "a search without results stands",
}
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…](?:\W|$)")


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
        if found := next(
            (line for line in where if (said := expression.match(line)) and not (said.re is _GUARD and _is_news(said, shown))), ""
        ):
            return Skipped(reason, f'{what}: "{found[:80]}"')
    if found := next((title for title in titles if len(title) <= TITLE_CHARS and _LOGIN.match(title)), ""):
        return Skipped(SkipReason.LOGIN_WALL, f'a login instead of the article: "{found}"')
    return _in_its_place(shown, screened.heading)


def _is_news(said: re.Match[str], shown: list[str]) -> bool:
    """Whether a line that begins as a guard does goes on as a headline ("Security check on the bridge of ..."), and another line tells of it."""
    return len(_WORD.findall(said.string, said.end())) >= HEADLINE_WORDS and any(_tells(line) for line in shown if line != said.string)


def _in_its_place(shown: list[str], heading: str) -> Skipped | None:
    """A guard or a login where the article should begin: right below the page's headline, or anywhere on a page without one. Forms
    under an article use the same words, so no text may stand before them or follow, and nothing that readers do with an article."""
    starts = [place for place, line in enumerate(shown) if line == heading][:MOST_HEADINGS] if heading else [0]
    for start in starts:
        for place in range(start, start + NEAR_LINES if heading else len(shown)):
            line = shown[place] if place < len(shown) else ""
            kind = _kind_of(line, is_heading=line == heading, below_heading=bool(heading))
            if kind is None and line != heading and _is_text(line):
                break
            if kind is not None and not any(map(_tells, shown[max(place - BESIDE_LINES, start) : place + 1 + BESIDE_LINES])):
                return Skipped(kind, f'{_IN_ITS_PLACE[kind]} instead of the article: "{line[:80]}"')
    return None


def _kind_of(line: str, *, is_heading: bool, below_heading: bool) -> SkipReason | None:
    """What a line is in an article's place. As a headline, and on a page without one, words that news may use as well do not count."""
    if len(line) > LINE_CHARS:
        return None
    if _has_all_of(line, _GUARD_PAIRS) or (not is_heading and (_GUARD.match(line) or _has_all_of(line, _ADDRESSED_PAIRS))):
        return SkipReason.BOT_WALL
    if not is_heading and below_heading and _NO_RESULTS.match(line):
        return SkipReason.ERROR_PAGE
    if is_heading or not _SUBSCRIBING.search(line) or _NEWS_BY_MAIL.search(line):
        return None
    return SkipReason.LOGIN_WALL if _READING.search(line) or (below_heading and _LOGIN.match(line) and _ACCOUNTS.search(line)) else None


def _has_all_of(line: str, sets: tuple[tuple[re.Pattern[str], ...], ...]) -> bool:
    return any(all(expression.search(line) for expression in each) for each in sets)


def _tells(line: str) -> bool:
    return bool(_COMMENTS.search(line)) or (_is_text(line) and _kind_of(line, is_heading=False, below_heading=True) is None)


def _is_text(line: str) -> bool:
    """Whether a line tells something in a sentence, and is no notice of the outlet's rights."""
    return len(line) >= TEXT_CHARS and bool(_SENTENCE_END.search(line)) and not _ASIDE.search(line)


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
