"""SIGKILL anywhere in grouping, then the same again: nothing lost, nothing half-written, nothing double."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.builders import NOW, a_mention, an_article, an_outlet
from tests.stories.test_grouping import invented
from tracker.model import Precision, Published
from tracker.pipeline.steps import group_by_id
from tracker.store import articles, mentions, registers
from tracker.store.database import FILE_NAME, Database, open_database

CAMPAIGN = "rivers"
OUTLETS = ("zeri-i-lumit", "fjala-e-malit", "lajmi-i-detit")
POINTS = 7
TABLES = ("story_members", "story_joins", "text_prints")
KILLED = -signal.SIGKILL
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def fill(folder: Path, numbers: Sequence[int]) -> None:
    """Every two neighbours tell the same at two outlets that print words of their own below, an hour apart; every sixth text comes again
    after three months."""
    database = open_database(folder)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(one) for one in OUTLETS], [], NOW)
        for number in numbers:
            outlet = OUTLETS[number % 3]
            body = f"{invented(number // 2 % 6, 120)} {invented(100 + number % 3, 20)}"
            at = Published(NOW + timedelta(hours=number, days=90 * (number // 12)), Precision.MINUTE)
            url = f"https://{outlet}.example/lajme/{number}"
            made = an_article(number, outlet_id=outlet, canonical_url=url, requested_url=url, title=f"T {number}", body=body, published=at)
            articles.save(conn, [(made, made.title, body)], NOW)
        mentions.save(conn, [a_mention(number) for number in numbers], NOW)
    database.close()


def group(folder: Path, kill_at: int = 0) -> int:
    """Groups in this process; kills it when the database is about to be asked, or to commit, for so many times. Returns how often it was."""
    database, asked = open_database(folder), 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1
        if asked == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = database._engine
    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    group_by_id(database, CAMPAIGN, NOW)
    database.close()
    return asked


def group_in_child(folder: Path, kill_at: int) -> int:
    """The exit code of a process that groups; below zero for the signal that ended it. It is the fork of one that has done nothing yet:
    threads of rensa would be lost in a fork of this one."""
    child = PROCESSES.Process(target=group, args=(folder, kill_at))
    child.start()
    child.join(60)
    assert child.exitcode is not None, "a process that groups hangs"
    return child.exitcode


def rows_of(database: Database) -> list[list[tuple[object, ...]]]:
    with database.reading() as conn:
        return [sorted(tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {table}")) for table in TABLES]


def held(folder: Path) -> list[list[tuple[object, ...]]]:
    database = open_database(folder)
    rows = rows_of(database)
    database.close()
    return rows


def stories_without_members(folder: Path) -> int:
    database = open_database(folder)
    with database.reading() as conn:
        wanted = "SELECT count(*) FROM stories s WHERE NOT EXISTS (SELECT 1 FROM story_members m WHERE m.story_key = s.key)"
        count = conn.exec_driver_sql(wanted).scalar_one()
    database.close()
    return int(count)


@pytest.fixture(params=["a first night", "a later night"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A workspace with articles that are in no story yet; of a later night, among others that are."""
    folder = tmp_path / "archive"
    folder.mkdir()
    fill(folder, range(1, 25))
    if request.param == "a later night":
        group(folder)
        fill(folder, range(25, 33))
    return folder


def copy_of(archive: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(archive / FILE_NAME, folder / FILE_NAME)
    return folder


def test_killed_at_any_question_to_the_database_the_next_run_leaves_what_an_undisturbed_one_does(archive: Path, tmp_path: Path) -> None:
    before = held(archive)
    whole = copy_of(archive, tmp_path / "whole")
    asked = group(whole)
    expected = held(whole)
    assert asked > POINTS
    assert expected[0] != before[0]
    for point in sorted({1 + at * (asked - 1) // (POINTS - 1) for at in range(POINTS)}):
        folder = copy_of(archive, tmp_path / f"killed-{point}")
        assert group_in_child(folder, point) == KILLED, point
        left = held(folder)
        members = [sorted(row[:3] for row in rows[0]) for rows in (left, before, expected)]
        assert members[0] in members[1:], f"half of the stories were written at {point} of {asked}"
        assert not stories_without_members(folder), point
        assert group_in_child(folder, 0) == 0
        assert held(folder) == expected, f"killed at {point} of {asked}"
