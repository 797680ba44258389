"""How the work stands: how late a source is, and that a workspace at rest is no late source."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW, a_source, an_outlet
from tracker.cli.status import status_lines
from tracker.maintenance.work_status import work_status
from tracker.store import registers
from tracker.workspace import open_parts

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("due", "polled", "told"),
    [
        ((), (), "1 outlet"),
        ((5 * MINUTE,), (65 * MINUTE,), "1 outlet, the longest for 5 min"),
        ((5 * MINUTE, -MINUTE), (65 * MINUTE, MINUTE), "1 outlet, the longest for 5 min"),
        ((771 * DAY, -MINUTE), (772 * DAY, MINUTE), "1 outlet, the longest for 771 d"),
        ((771 * DAY, 770 * DAY), (772 * DAY, 772 * DAY), "1 outlet; the last poll was 2024-02-01 03:00 CET"),
        ((4 * MINUTE,), (5 * MINUTE,), "1 outlet, the longest for 4 min"),
        ((-MINUTE,), (61 * MINUTE,), "0 outlets"),
    ],
    ids=["never polled", "a little late", "others are polled", "one is forgotten", "at rest", "a moment ago", "none is due"],
)
def test_the_longest_overdue_is_named_while_somebody_polls(
    tmp_path: Path, due: tuple[timedelta, ...], polled: tuple[timedelta, ...], told: str
) -> None:
    with open_parts(tmp_path, clock=lambda: NOW) as parts:
        with parts.database.writing() as conn:
            registers.replace(conn, [an_outlet()], [a_source(f"zeri-i-lumit:feed:{n}") for n in (1, 2)], NOW)
            for number, (due_before, polled_before) in enumerate(zip(due, polled, strict=True), 1):
                moments = [f"{NOW - before:%Y-%m-%d %H:%M:%S.%f}" for before in (due_before, polled_before)]
                conn.exec_driver_sql(
                    "UPDATE sources SET next_due_at = ?, last_polled_at = ?, polls = 1 WHERE id = ?",
                    (*moments, f"zeri-i-lumit:feed:{number}"),
                )
            if due:
                conn.exec_driver_sql("UPDATE sources SET watched = 0 WHERE next_due_at IS NULL")
        found = work_status(parts)
        (line,) = [line for line in status_lines(found, "Europe/Tirane") if line.startswith("Due:")]
        assert line.removeprefix("Due:").strip() == told
        assert (found.polls, found.last_polled_at) == (len(polled), NOW - min(polled) if polled else None)
