"""What a night's articles tell of an outlet or a language: far fewer than usual, or without their dates, authors or texts. Pure.

A site that was redesigned still answers and still lists items; only its articles show that something was lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from msgspec import Struct

from tracker.monitoring.silence import SAME_WEEKDAYS, as_few_as

LEAST_NIGHTS = 3
"""Nights before anything is usual: with two, one bad night is half of the past."""
LEAST_PAGES = 5
"""Pages of a night before shares of it mean anything."""
LOST_SHARE = 0.3
"""A field that fell below three tenths of what is usual was lost; news of one day differ by less."""
SHORT = 0.5
"""Articles half as long as usual: the text that is left is what stands around an article on every page."""
USUAL_SHARE = 0.5
"""A field that fewer articles have was never there to lose."""
FEW = 0.25
"""Of the usual number, a choice: a quiet day has fewer articles, not a quarter of them. To measure: `judge_articles` over a past month."""
LEAST_WITHOUT = 0.05
"""Links without an article that no outlet is asked about, a choice: galleries, videos and pages taken back. To measure:
`store.second_looks.without_article` over a month."""
LEAST_UNKNOWN = 10
"""Links of an outlet without a past, none of which brought an article: a section of galleries has fewer, a choice."""
IMPROBABLE = 0.001
"""A false report for each outlet in three years of nights."""


class Night(Struct, frozen=True):
    """One night's pages of an outlet or a language. `read` pages became articles, `empty` ones held too little text to be one;
    `letters` is the text of all articles together, in any unit; `full` articles were read in full, so many with a date, an author."""

    read: int = 0
    empty: int = 0
    letters: int = 0
    full: int = 0
    with_date: int = 0
    with_author: int = 0

    def __add__(self, other: Night) -> Night:
        return Night(
            self.read + other.read,
            self.empty + other.empty,
            self.letters + other.letters,
            self.full + other.full,
            self.with_date + other.with_date,
            self.with_author + other.with_author,
        )

    @property
    def pages(self) -> int:
        """All that came, read or empty."""
        return self.read + self.empty


class Attempts(Struct, frozen=True):
    """One night's links of an outlet that were attempted, and how many of them brought no article."""

    attempted: int = 0
    without: int = 0


class Loss(Struct, frozen=True):
    """What is missing, in words. `field` is empty where articles themselves are."""

    field: str
    detail: str


def losses(nights: Sequence[Night]) -> list[Loss]:
    """What the last of these nights (oldest first) lacks, by the nights before."""
    if not nights:
        return []
    last, past = nights[-1], [night for night in nights[:-1] if night.pages]
    if len(past) < LEAST_NIGHTS:
        return []
    if few := _too_few(last.pages, usual_pages(nights[:-1])):
        return [few]
    return [loss for loss in (_lost_text(last, past), *_lost_fields(last, past)) if loss]


def lost_by_group(nights: Mapping[str, Sequence[Night]]) -> dict[str, list[Loss]]:
    """The losses of each outlet or language that has any."""
    return {name: found for name, listed in nights.items() if (found := losses(listed))}


def without_article(nights: Sequence[Attempts]) -> Loss | None:
    """Whether the last of these nights (oldest first) brought far more links without an article than the nights before: a paywall, a
    filter against robots or a front page given in place of articles still answers with 200. Where too few nights lie before to know what
    is usual: whether none of many links brought one."""
    if not nights or nights[-1].without < LEAST_PAGES:
        return None
    last, past = nights[-1], [night.without / night.attempted for night in nights[:-1] if night.attempted]
    if len(past) < LEAST_NIGHTS:
        is_none = last.without == last.attempted >= LEAST_UNKNOWN
        return Loss("article", f"none of {last.attempted} links brought an article") if is_none else None
    usual = median(past)
    expected = last.attempted * max(usual, LEAST_WITHOUT)
    if LOST_SHARE * last.without / last.attempted < usual or 1 - as_few_as(last.without - 1, expected) >= IMPROBABLE:
        return None
    return Loss("article", f"{last.without} of {last.attempted} links brought no article; {usual:.0%} are usual")


def usual_pages(past: Sequence[Night]) -> float:
    """Pages that the night after these should bring: the median of its weekday, once three of them are known; before that the fewest
    of any night, so that a weekend is no alarm."""
    same_weekday = [night.pages for night in past[::-1][6::7]][:SAME_WEEKDAYS]
    return float(median(same_weekday)) if len(same_weekday) == SAME_WEEKDAYS else float(min(night.pages for night in past))


def _too_few(pages: int, usual: float) -> Loss | None:
    if pages < FEW * usual and as_few_as(pages, usual) < IMPROBABLE:
        return Loss("", f"{pages or 'no'} article{'' if pages == 1 else 's'}; {usual:.0f} a night are usual")
    return None


def _lost_text(last: Night, past: Sequence[Night]) -> Loss | None:
    """Pages that hold too little to be an article, or articles that have become much shorter."""
    if last.pages < LEAST_PAGES:
        return None
    usual_share = median(night.read / night.pages for night in past)
    if usual_share >= USUAL_SHARE and last.read / last.pages < LOST_SHARE * usual_share:
        return Loss("text", f"{last.empty} of {last.pages} pages have no text any more")
    usual_length = median(night.letters / night.read for night in past if night.read) if any(night.read for night in past) else 0.0
    if last.read and usual_length and last.letters / last.read < SHORT * usual_length:
        return Loss("text", f"articles hold {last.letters / last.read / usual_length:.0%} of the text that is usual")
    return None


def _lost_fields(last: Night, past: Sequence[Night]) -> Iterable[Loss | None]:
    for name in ("date", "author"):
        yield _lost_field(name, [_share(night, name) for night in past if night.full], last)


def _lost_field(name: str, usual: Sequence[float], last: Night) -> Loss | None:
    if last.full < LEAST_PAGES or len(usual) < LEAST_NIGHTS:
        return None
    share, before = _share(last, name), median(usual)
    if before >= USUAL_SHARE and share < LOST_SHARE * before:
        return Loss(name, f"{share:.0%} of the articles have {'an' if name == 'author' else 'a'} {name}; {before:.0%} are usual")
    return None


def _share(night: Night, name: str) -> float:
    return (night.with_date if name == "date" else night.with_author) / night.full
