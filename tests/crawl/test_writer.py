"""The crawl's writer: what it stores does not depend on how many transactions a long list takes, and no transaction takes the whole of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.builders import NOW, a_source, an_outlet
from tracker.crawl import writer as module
from tracker.crawl.plan import CrawlProgress
from tracker.crawl.writer import BATCH_LINKS, PollJob, Writer
from tracker.model import FetchFacts, FetchOutcome, FoundLink, PollResult
from tracker.store import frontier, registers, runs
from tracker.store.database import Database, open_database

SOURCE = a_source("zeri:sitemap:1")
FACTS = FetchFacts(SOURCE.address, SOURCE.address, FetchOutcome.FETCHED, NOW, 200, (), 0.1, 1000)


def a_poll(count: int, first: int = 0) -> PollJob:
    links = [FoundLink(f"https://zeri.example/{number}", SOURCE.id, "zeri", "sitemap") for number in range(first, first + count)]
    return PollJob(PollResult(SOURCE.id, FACTS, tuple(links), count), "zeri", tuple((link.url, link) for link in links))


def a_writer(folder: Path) -> Writer:
    database = open_database(folder)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet("zeri")], [SOURCE], NOW)
        run = runs.start(conn, NOW)
    return Writer(database, run, lambda: NOW, CrawlProgress())


def stored(database: Database) -> dict[str, Any]:
    asked = {
        "links": "SELECT key, state FROM links ORDER BY key",
        "polls": "SELECT source_id, listed, new_links FROM fetches",
        "sources": "SELECT polls, last_listed, last_new_at, interval_seconds, items_per_hour FROM sources",
    }
    with database.reading() as conn:
        return {name: [tuple(row) for row in conn.exec_driver_sql(statement)] for name, statement in asked.items()}


def write(writer: Writer, jobs: Sequence[PollJob]) -> dict[str, Any]:
    for job in jobs:
        writer.put_at_once(job)
    writer.start()
    assert writer.finish(30)
    assert (writer.error, writer.progress.lost) == (None, 0)
    found = stored(writer.database) | {"new": writer.progress.links_new}
    writer.database.close()
    return found


@pytest.mark.parametrize("counts", [[BATCH_LINKS + 1], [3 * BATCH_LINKS], [40, 2 * BATCH_LINKS + 7, 12]])
def test_a_long_list_is_stored_some_links_at_a_time_and_noted_as_one_poll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counts: list[int]
) -> None:
    jobs = [a_poll(count, first=100 * place) for place, count in enumerate(counts)]  # some of them are listed twice
    monkeypatch.setattr(module, "BATCH_LINKS", 100_000)
    whole = write(a_writer(tmp_path / "whole"), jobs)
    at_once: list[int] = []

    def add(conn: Any, links: Any, **given: Any) -> int:
        at_once.append(len(links))
        return int(frontier_add(conn, links, **given))

    frontier_add = frontier.add
    monkeypatch.setattr(module, "BATCH_LINKS", BATCH_LINKS)
    monkeypatch.setattr(frontier, "add", add)
    assert write(a_writer(tmp_path / "parts"), jobs) == whole
    assert max(at_once) == BATCH_LINKS


def test_a_long_list_that_cannot_be_noted_is_tried_again_without_being_counted_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, failed = registers.record_poll, []

    def record_at_the_second_try(*given: Any, **more: Any) -> None:
        if not failed:
            failed.append(True)
            raise RuntimeError("as a batch with one bad item")
        record(*given, **more)

    monkeypatch.setattr(registers, "record_poll", record_at_the_second_try)
    count = 2 * BATCH_LINKS + 10
    found = write(a_writer(tmp_path), [a_poll(count), replace(a_poll(1, first=count))])
    assert found["new"] == count + 1
    assert [new for _, _, new in found["polls"]] == [count, 1]
