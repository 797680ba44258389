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

from tests.builders import NOW, a_link, a_mention, an_article, an_outlet, some_facts
from tests.stored import finish_link
from tracker.maintenance import disk_space, rotation
from tracker.maintenance.disk_space import Growth, check_growth, daily_bytes, days_left, growths, written_bytes
from tracker.settings import Database, Pages, Schedule, Settings
from tracker.store import articles, backend, frontier, mentions, pages, registers
from tracker.store.database import open_database
from tracker.store.page_files import PageFiles


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
    (check,) = check_growth(conn, tmp_path, Settings(), NOW)
    assert (check.well, f"full in about {free_days:,} days" in check.finding) == (well, True)


@pytest.mark.parametrize(
    ("free_days", "words"), [(3650, "full in about 3,650 days"), (3651, "full in more than ten years"), (148_391, "ten years")]
)
def test_a_time_beyond_ten_years_is_not_counted_in_days_but_kept_as_a_number(
    conn: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_days: int, words: str
) -> None:
    fetched(conn, [*range(1, 28)] * 2)
    daily = daily_bytes(backend.of(conn).file_bytes(conn), ever=54, lately=54, days=27)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(daily * free_days) + 1))
    (check,) = check_growth(conn, tmp_path, Settings(), NOW)
    assert words in check.finding
    assert check.days == free_days
    assert f"{free_days:,}" not in check.finding or free_days <= 3650


def test_of_the_first_days_nothing_is_said(conn: Connection, tmp_path: Path) -> None:
    assert [*check_growth(conn, tmp_path, Settings(), NOW)] == []
    fetched(conn, [1, 2])
    assert [*check_growth(conn, tmp_path, Settings(), NOW)] == []


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
    (check,) = check_growth(conn, tmp_path, Settings(), NOW)
    assert "full in about 50 days" in check.finding


def grown(conn: Connection, workspace: Path, settings: Settings) -> dict[str, Growth]:
    found = growths(conn, workspace, settings, NOW - timedelta(days=27), NOW)
    return {str(one.folder.relative_to(workspace.parent)): one for one in found}


def test_pages_beside_the_database_are_counted_as_far_as_they_stay(conn: Connection, tmp_path: Path) -> None:
    settings = Settings(pages=Pages(url=f"file://{tmp_path}/pages"))
    references = PageFiles(settings.pages.url).keep([(NOW, bytes(2_700)), (NOW, bytes(2_700)), (NOW, bytes(50_000))])
    for number, reference in enumerate(references, 1):
        url = f"https://zeri-i-lumit.example/{number}"
        frontier.add(conn, [(f"zeri-i-lumit.example/{number}", a_link(url))], run_id=1, now=NOW)
        page_id = finish_link(conn, number, some_facts(final_url=url), run_id=1, body=b"x", content_type="text/html")
        conn.exec_driver_sql("UPDATE pages SET body = ? WHERE id = ?", (reference, page_id))
        articles.save(conn, [(an_article(number, page_id=page_id, fetched_at=NOW - timedelta(days=number)), "a", "b")], NOW)
    mentions.save(conn, [a_mention(1), a_mention(2)], NOW - timedelta(days=1))
    mentions.save(conn, [a_mention(1, campaign_id="lakes")], NOW - timedelta(days=1))
    assert pages.bytes_elsewhere(conn, NOW - timedelta(days=27)) == 5_400  # the third goes after some days; the first is one page
    assert pages.bytes_elsewhere(conn, NOW) == 0
    assert grown(conn, tmp_path, settings)[f"{tmp_path.name}/pages"] == Growth(tmp_path / "pages", 200.0)
    elsewhere = Settings(pages=Pages(url="s3://pages/coverage"))
    assert [*grown(conn, tmp_path, elsewhere)] == [tmp_path.name, f"{tmp_path.name}/outbox"]


@pytest.mark.parametrize("made", [0, 3, 11, 14])
def test_backups_are_counted_up_to_the_number_that_is_kept(conn: Connection, tmp_path: Path, made: int) -> None:
    fetched(conn, [*range(1, 28)] * 2)
    folder = tmp_path / "usb"
    folder.mkdir()
    for number in range(made):
        (folder / rotation.name_of(NOW - timedelta(days=number))).write_bytes(bytes(1000 - number))
    (folder / "holidays.jpg").write_bytes(bytes(10**6))
    size = backend.of(conn).file_bytes(conn)
    found = grown(conn, tmp_path, Settings(schedule=Schedule(backup_to=str(folder))))
    newest = 1000 if made else size
    assert found[f"{tmp_path.name}/usb"].once == max(11 - made, 0) * newest
    assert found[f"{tmp_path.name}/usb"].daily == pytest.approx(11 * found[tmp_path.name].daily * newest / size)


def test_each_disk_has_its_own_forecast(conn: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(conn, [*range(1, 28)] * 2)
    usb = tmp_path / "usb"
    usb.mkdir()
    settings = Settings(schedule=Schedule(backup_to=str(usb)))
    daily = grown(conn, tmp_path, settings)[tmp_path.name].daily
    size = backend.of(conn).file_bytes(conn)
    room = {tmp_path: int(daily * 400) + 1, usb: int(11 * size + 11 * daily * 20) + 1}
    monkeypatch.setattr(disk_space, "_device", lambda folder: 2 if folder == usb else 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=room[folder]))
    here, there = check_growth(conn, tmp_path, settings, NOW)
    assert (here.well, "full in about 400 days" in here.finding) == (True, True)
    assert (there.well, there.finding.startswith(f"{usb}: grows"), "full in about 20 days" in there.finding) == (False, True, True)
    monkeypatch.setattr(disk_space, "_device", lambda folder: 1)
    together = sum(one.daily for one in grown(conn, tmp_path, settings).values())
    (one,) = check_growth(conn, tmp_path, settings, NOW)
    assert f"full in about {max(room[tmp_path] - 11 * size, 0) // together:,.0f} days" in one.finding


def test_a_database_on_another_disk_is_counted_there(conn: Connection, tmp_path: Path) -> None:
    settings = Settings(database=Database(url=f"sqlite:///{tmp_path}/elsewhere/coverage.db"))
    assert [*grown(conn, tmp_path, settings)] == [f"{tmp_path.name}/elsewhere", f"{tmp_path.name}/outbox"]
    server = Settings(database=Database(url="postgresql+psycopg://tracker@db.example/coverage"))
    assert [*grown(conn, tmp_path, server)] == [f"{tmp_path.name}/outbox"]


def test_of_an_outbox_of_a_million_files_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_space, "MOST_FILES", 10)
    for number in range(30):
        (tmp_path / str(number)).write_bytes(b"x")
    assert written_bytes(tmp_path, NOW - timedelta(days=10_000)) == 10
