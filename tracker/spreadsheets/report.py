"""What became of the rows of a sheet that came back: one outcome for each row, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct

from tracker.spreadsheets.rows import Fault


class RowOutcome(StrEnum):
    """What became of a row. The value is printed and stands in the JSON report."""

    # of items entered by hand
    ENTERED = "entered"
    CHANGED = "picture or reach taken over"
    KNOWN = "entered before"
    FOUND = "found by the tracker itself"
    EXAMPLE = "example, skipped"
    # of verdicts
    RECORDED = "recorded"
    OVERRULED = "recorded over a newer verdict"
    SAID_BEFORE = "recorded before"
    UNCHANGED = "left as it was"
    # of both
    REFUSED = "refused"
    NOT_IMPORTED = "right, but not imported"


class RowResult(Struct, frozen=True):
    """`row` counts from 1 as the sheet does; `detail` is why, or what else was done; `mention_id` is empty where none was made.
    `faults`: what is wrong with a row that was refused for its cells."""

    row: int
    outcome: RowOutcome
    detail: str = ""
    mention_id: str = ""
    faults: tuple[Fault, ...] = ()


class SheetReport(Struct, frozen=True):
    """Every row of a sheet in order; `notes` say what was read in another way than it might seem, or not at all."""

    results: tuple[RowResult, ...]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows ended in each outcome, in the order of outcomes."""
        counted = Counter(result.outcome for result in self.results)
        return {str(outcome): counted[outcome] for outcome in RowOutcome if counted[outcome]}

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(result.outcome is RowOutcome.REFUSED for result in self.results)

    def lines(self, silent: Collection[RowOutcome] = ()) -> list[str]:
        """A line for each row, but for those with a `silent` outcome and no detail; then the notes."""
        told = [result for result in self.results if result.detail or result.outcome not in silent]
        return [
            *(
                f"row {one.row}{f': {one.mention_id}' if one.mention_id else ''}: {one.outcome}{f': {one.detail}' if one.detail else ''}"
                for one in told
            ),
            *(f"note: {note}" for note in self.notes),
        ]

    def total(self) -> str:
        """The counts in one line."""
        return ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items()) or "no rows"
