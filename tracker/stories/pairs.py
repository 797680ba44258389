"""Whether two texts are the same news, by what they share. A table; `grouping` asks it for pairs that may be.

Of one day less is asked than of two: a form that is filled in day by day (case numbers, a hospital's state) shares most of its words and
none of its news."""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import timedelta
from enum import Enum

from msgspec import Struct

from tracker.stories.headlines import Agreed
from tracker.stories.order import ONE_DAY

SAME_STORY = 0.6
"""Shared part of the shorter text's shingles. design.md 7: precision and recall 100/100 on synthetic copies; measure again with
tests/quality/test_stories.py."""
SAME_DAY_STORY = 0.45
"""The same for texts of one day whose headlines share a word. Of pairs between this and `SAME_STORY` among Albanian portals all 12 of one
day were one story, and 9 of 10 of other days were not."""
SAME_DAY_BOTH = 0.2
"""Shared part of both texts together that is asked besides: a shared paragraph of two longer texts is less."""
SAME_DAY_SHINGLES = 40
"""With fewer, one quotation is half of a text."""
AGAIN_BOTH = 0.6
"""Shared part of both texts together from which a text of another day is the same one again, whatever its headline."""
AGAIN_PART, AGAIN_SHINGLES = 0.9, 60
"""Shared part of the shorter text from which it was taken from that of another day, if it has so many shingles: more than a formula."""
LONGER_BY_FAR = 3.0
"""A text so many times longer than the one it holds may be a round-up of several stories."""
FORM_NUMBERS = 7
"""Texts with so many numbers are figures of a day."""
SAME_NUMBERS = 0.85
"""Shared part of the fewer numbers in two texts that give the same figures."""
HALF_A_DAY = timedelta(hours=12)
"""Figures of one day are brought up to date; those of two texts further apart are another day's."""


FEWEST_DIGITS = 5
"""A text with fewer ASCII digits holds no figures; looking for numbers in it takes ten times as long as counting them."""
_NO_DIGITS = bytes(code for code in range(256) if not 48 <= code <= 57)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Likeness(Enum):
    """What two texts are to each other."""

    APART = "apart"
    SAME = "same"
    HELD = "held"
    """Most of the shorter stands in one that is far longer, and may hold other stories too."""


class Shared(Struct, frozen=True):
    """What two texts share: `both`, `short` and `long` are numbers of shingles, `apart` the time between them (None where one has none)."""

    both: int
    short: int
    long: int
    apart: timedelta | None
    headlines: Agreed


def is_worth_a_look(both: int, short: int) -> bool:
    """Whether two texts share enough for any answer but APART."""
    return both >= SAME_DAY_STORY * short


def likeness(shared: Shared, numbers: tuple[Set[str], Set[str]]) -> Likeness:
    """What two texts are to each other. `numbers`: those of each text."""
    part = shared.both / shared.short if shared.short else 0.0
    of_both = shared.both / max(shared.short + shared.long - shared.both, 1)
    one_day = shared.apart is not None and shared.apart <= ONE_DAY
    if of_other_figures(shared.apart, *numbers):
        return Likeness.APART
    if part < SAME_STORY:
        nearly = part >= SAME_DAY_STORY and of_both >= SAME_DAY_BOTH and shared.short >= SAME_DAY_SHINGLES
        return Likeness.SAME if nearly and one_day and shared.headlines >= Agreed.ON_A_WORD else Likeness.APART
    again = of_both >= AGAIN_BOTH or (part >= AGAIN_PART and shared.short >= AGAIN_SHINGLES) or shared.headlines >= Agreed.ON_MOST
    if shared.apart is not None and not (one_day or again):
        return Likeness.APART
    brief = shared.long <= LONGER_BY_FAR * shared.short
    return Likeness.SAME if brief or shared.headlines >= Agreed.ON_A_SUBJECT else Likeness.HELD


def of_other_figures(apart: timedelta | None, one: Set[str], other: Set[str]) -> bool:
    """Whether both give the figures of a day, and not of the same. Without a time only figures that are mostly others tell."""
    fewer = min(len(one), len(other))
    if fewer < FORM_NUMBERS or (apart is not None and apart <= HALF_A_DAY):
        return False
    return len(one & other) < (SAME_NUMBERS if apart is not None else 0.5) * fewer


def numbers_of(body: str) -> frozenset[str]:
    """The numbers of a text; a thousand may be written 1.000 or 1,000. Empty for a text with too few digits to be told by them."""
    if len(body.encode("ascii", "ignore").translate(None, _NO_DIGITS)) < FEWEST_DIGITS:
        return frozenset()
    return frozenset(number.replace(".", "").replace(",", "") for number in _NUMBER.findall(body))
