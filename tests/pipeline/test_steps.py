"""How much a step stores at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from tests.builders import NOW, a_link, a_source, an_outlet, some_facts
from tests.stored import finish_link
from tracker.model import Skipped, SkipReason
from tracker.pipeline import steps
from tracker.pipeline.page_pool import PagePool, PageReading
from tracker.pipeline.readings import saved_next
from tracker.store import frontier, registers
from tracker.store.database import Database, open_database
from tracker.store.packing import StoredPage


@pytest.mark.parametrize(
    ("saved", "seconds", "next_time"),
    [
        (96, 0.05, 96),
        (96, 0.15, 96),
        (96, 0.3, 48),
        (48, 0.15, 48),
        (48, 0.05, 96),
        (12, 3.0, 12),
        (1, 0.0, 96),
    ],
    ids=["idle", "as long as aimed at", "twice as long", "stays", "idle again", "never fewer", "at once"],
)
def test_a_transaction_that_took_long_is_followed_by_a_smaller_one(saved: int, seconds: float, next_time: int) -> None:
    assert saved_next(saved, seconds) == next_time


class _Pool:
    """In the place of reading processes: every page is read at once."""

    waiting = 0

    def __init__(self) -> None:
        self._read: list[PageReading] = []

    def submit(self, several: Sequence[StoredPage]) -> None:
        self._read += [PageReading(page, Skipped(SkipReason.LISTING, "")) for page in several]

    def ready(self, wait_seconds: float) -> list[PageReading]:
        read, self._read = self._read, []
        return read


@pytest.fixture
def fetched(tmp_path: Path) -> Database:
    """Three pages that nobody has read."""
    database = open_database(tmp_path)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], NOW)
        frontier.add(conn, [(f"k{number}", a_link(f"u{number}")) for number in range(3)], run_id=None, now=NOW)
        for link in frontier.take(conn, limit=3, now=NOW):
            finish_link(conn, link.id, some_facts(), run_id=None, body=b"x")
    return database


def test_a_few_readings_wait_for_company_while_more_come_and_no_longer(fetched: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SAVE_SECONDS", 1e9)
    pool = _Pool()
    step = steps.ExtractStep(fetched, lambda: cast("PagePool", pool), NOW)
    assert (step.advance(0, more_come=True), step.done, step.is_waiting) == (6, 0, True)
    assert (step.advance(0, more_come=True), step.done) == (0, 0)
    assert step.finish().outcomes == ((SkipReason.LISTING.step_outcome, 3),)
    fetched.close()


def test_readings_that_have_waited_long_enough_are_stored_though_more_come(fetched: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SAVE_SECONDS", 0.0)
    pool = _Pool()
    step = steps.ExtractStep(fetched, lambda: cast("PagePool", pool), NOW)
    step.advance(0, more_come=True)
    assert step.done == 3
    fetched.close()
