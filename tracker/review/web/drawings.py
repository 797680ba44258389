"""The tables of numbers drawn: on the page in two widths, and as pictures that can be sent on."""

from __future__ import annotations

from tracker.digests.forms.charts import ColumnChart, RowChart, column_chart, message_chart, row_chart
from tracker.digests.forms.stacked import StackChart, stacked_chart
from tracker.digests.forms.tables import Bar, MessageLine
from tracker.locale.wording import Wording
from tracker.model import Tone
from tracker.review.web.number_tables import Row, Shape, Table

MOST_BARS = 15
"""Of a chart of countries or outlets; the table has them all."""
ENLARGED = 2
"""Times as many pixels as a picture has units: sharp on paper and on every screen."""

Chart = RowChart | ColumnChart | StackChart


def drawn(table: Table, words: Wording, width: int) -> Chart:
    """The table's chart. Of lying bars the first ones are drawn, of those in the order of time all."""
    if table.shape is Shape.NESTED:
        return message_chart([_message(row, words) for row in table.rows], width)
    if table.shape is Shape.ROWS:
        return row_chart(_bars([(row.label, row.counts[0]) for row in table.rows], words)[:MOST_BARS], width)
    if table.shape is Shape.COLUMNS:
        return column_chart(_bars([(row.label, row.counts[0]) for row in table.rows], words), width)
    kinds = [*zip((*map(str, Tone), ""), table.head[1:], strict=True)]
    bars = _bars([(row.label, sum(row.counts)) for row in table.rows], words)
    return stacked_chart(bars, kinds, [row.counts for row in table.rows], width)


def as_png(svg: str) -> bytes:
    """An SVG picture of ours as PNG."""
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg, zoom=ENLARGED))


def _bars(counted: list[tuple[str, int]], words: Wording) -> list[Bar]:
    largest = max((n for _, n in counted), default=0) or 1
    whole = sum(n for _, n in counted) or 1
    return [Bar(label, n, words.number(n), n / largest, n / whole) for label, n in counted]


def _message(row: Row, words: Wording) -> MessageLine:
    confirmed, assessed = row.counts
    return MessageLine(row.label, 0, confirmed, assessed, words.say("n_of", confirmed, total=assessed) if assessed else "")
