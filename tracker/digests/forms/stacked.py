"""Where the parts of standing bars are, each bar cut by what its items are: tone over time. Geometry only."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tracker.digests.forms.charts import WIDE, ColumnChart, cut_to, text_width
from tracker.digests.forms.charts import column_chart as standing
from tracker.digests.forms.tables import Bar

KEY_HEIGHT, KEY_MARK, KEY_GAP = 24, 12, 20
"""Of a line of the key, the square before each of its words, and the room behind them."""


class Part(Struct, frozen=True):
    """A part of a bar; `code` says of what."""

    code: str
    x: float
    y: float
    width: float
    height: float


class KeyWord(Struct, frozen=True):
    """A word of the key: its square's corner, and where the word begins."""

    code: str
    label: str
    x: float
    y: float


class StackChart(Struct, frozen=True):
    """`columns` bear the dates and the sums; `parts` are what is filled; `key` says which part is what."""

    width: int
    height: int
    columns: ColumnChart
    parts: tuple[Part, ...]
    key: tuple[KeyWord, ...]


def stacked_chart(bars: Sequence[Bar], kinds: Sequence[tuple[str, str]], counts: Sequence[Sequence[int]], width: int = WIDE) -> StackChart:
    """Bars with their parts from the foot up. `kinds`: (code, label) of each part; `counts`: the parts of each bar, which add up to it."""
    columns = standing(bars, width)
    parts = []
    for column, counted in zip(columns.columns, counts, strict=True):
        foot, whole = columns.baseline, sum(counted)
        for (code, _), count in zip(kinds, counted, strict=True):
            if not count:
                continue
            high = column.height * count / whole
            parts.append(Part(code, column.x, round(foot - high, 1), column.width, round(high, 1)))
            foot -= high
    key = _key(kinds, width, columns.height)
    return StackChart(width, int(key[-1].y) + KEY_HEIGHT if key else columns.height, columns, tuple(parts), key)


def _key(kinds: Sequence[tuple[str, str]], width: int, top: int) -> tuple[KeyWord, ...]:
    placed, x, y = [], 0.0, top + 8
    for code, label in kinds:
        shown = cut_to(label, width - KEY_MARK - 6)
        room = KEY_MARK + 6 + text_width(shown)
        if x and x + room > width:
            x, y = 0.0, y + KEY_HEIGHT
        placed.append(KeyWord(code, shown, round(x, 1), y))
        x += room + KEY_GAP
    return tuple(placed)
