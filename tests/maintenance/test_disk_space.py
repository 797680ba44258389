"""In how many days the disk is full, by the pace of the last weeks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.builders import NOW, an_article, an_outlet
from tracker.maintenance.disk_space import check_growth, daily_bytes, days_left, written_bytes
from tracker.store import articles, backend, registers
from tracker.store.database import open_database


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    database = open_database(tmp_path)
    with database.writing() as opened:
        registers.replace(opened, [an_outlet()], [], NOW)
        yield opened
    database.close()


def fetched(conn: Connection, days_ago: list[int]) -> None:
    rows = [(an_article(number, fetched_at=NOW - timedelta(days=ago)), "a", "b") for number, ago in enumerate(days_ago, 1)]
    articles.save(conn, rows, NOW)


def test_a_day_adds_what_its_articles_take() -> None:
    assert daily_bytes(12_000 * 1000, ever=1000, lately=280, days=28) == 12_000 * 10
    assert daily_bytes(0, ever=0, lately=0, days=28) == 0


@given(st.integers(0, 10**13), st.floats(1, 10**12))
def test_the_forecast_uses_up_the_room_and_no_more(free: int, daily: float) -> None:
    days = days_left(free, daily)
    assert days is not None
    assert days * daily <= free * 1.0001
    assert (days + 1) * daily >= free * 0.9999


def test_what_does_not_grow_is_never_full() -> None:
    assert days_left(10**9, 0) is None


@pytest.mark.parametrize(("free_days", "well"), [(1000, True), (61, True), (30, False)])
def test_the_doctor_says_when_the_disk_will_be_full(
    conn: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_days: int, well: bool
) -> None:
    fetched(conn, [*range(1, 28)] * 2)
    daily = daily_bytes(backend.of(conn).file_bytes(conn), ever=54, lately=54, days=27)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(daily * free_days) + 1))
    (check,) = check_growth(conn, tmp_path, NOW)
    assert (check.well, f"full in about {free_days:,} days" in check.finding) == (well, True)


def test_of_the_first_days_nothing_is_said(conn: Connection, tmp_path: Path) -> None:
    assert [*check_growth(conn, tmp_path, NOW)] == []
    fetched(conn, [1, 2])
    assert [*check_growth(conn, tmp_path, NOW)] == []


def test_editions_and_letters_of_late_are_counted_in(conn: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(conn, [*range(1, 28)] * 2)
    daily = daily_bytes(backend.of(conn).file_bytes(conn), ever=54, lately=54, days=27)
    folder = tmp_path / "outbox" / "digests"
    folder.mkdir(parents=True)
    for name, age in (("new.pdf", 5), ("old.pdf", 40)):
        (folder / name).write_bytes(bytes(int(daily * 27)))
        moment = (NOW - timedelta(days=age)).timestamp()
        os.utime(folder / name, (moment, moment))
    assert written_bytes(tmp_path / "outbox", NOW - timedelta(days=27)) == int(daily * 27)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(daily * 101)))
    (check,) = check_growth(conn, tmp_path, NOW)
    assert "full in about 50 days" in check.finding
