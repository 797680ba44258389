"""What breaks rounds ends in a named state that `tracker status` shows, and takes nothing else with it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from tests.workers.desk import WorkDesk
from tracker.cli.status import status_lines
from tracker.crawl.plan import CrawlProgress
from tracker.maintenance.work_status import work_status
from tracker.pipeline.crawl_end import CrawlEnd
from tracker.queue.jobs import SIZES, Visit
from tracker.store.work import workers
from tracker.workers.due import visits_due
from tracker.workers.rounds import Rounds
from tracker.workers.worker import Options, Worker
from tracker.workspace import open_parts

HOMES = {f"o{number}": f"https://o{number}.example/" for number in range(20)}
POISON = "o7.example"


def test_a_domain_that_breaks_every_round_is_given_up_by_name_and_all_others_are_visited(postgres_url: str, tmp_path: Path) -> None:
    desk, rounds, visited = WorkDesk(tmp_path / "desk", postgres_url), 0, set[str]()

    def crawl(visits: Sequence[Visit], stop: threading.Event) -> CrawlEnd:
        if POISON in {one.domain for one in visits}:
            raise RecursionError("a page without end")
        visited.update(one.domain for one in visits)
        return CrawlEnd(CrawlProgress(ended="finished"), 0, 0.0)

    async def until_nothing_is_due() -> int:
        said: list[str] = []
        keeper = Rounds(crawl, desk.link, "one:1", at_once=4, say=said.append)
        keeping, looks = asyncio.create_task(keeper.keep()), 0
        while looks < 20:
            failures = {one.name: one.failures for one in workers.troubles(desk.link)}
            names = {domain.split(".")[0] for domain in visited}
            due = {outlet: None for outlet in HOMES if outlet not in names}
            wanted = visits_due(HOMES, due, (), busy=workers.not_yet(desk.link), failures=failures)
            if not wanted:
                break
            looks += 1
            await asyncio.gather(*(keeper.visit(one) for one in wanted))
        keeping.cancel()
        return looks

    rounds = asyncio.run(until_nothing_is_due())
    assert rounds == len(SIZES)
    assert visited == {f"{outlet}.example" for outlet in HOMES} - {POISON}
    (trouble,) = workers.troubles(desk.link)
    assert (trouble.name, trouble.failures, trouble.given_up) == (POISON, len(SIZES), True)
    assert trouble.not_before_at - workers.now(desk.link) > timedelta(hours=23)
    with open_parts(desk.folder) as parts:
        found = work_status(parts)
    assert found.needs_a_person == (f"{POISON} was given up after {len(SIZES)} tries: RecursionError: a page without end",)
    lines = status_lines(found, "Europe/Tirane")
    assert any(POISON in line and "given up" in line for line in lines)
    desk.close()


def test_an_error_of_the_program_in_a_reading_is_a_trouble_with_its_name_and_the_worker_goes_on(postgres_url: str, tmp_path: Path) -> None:
    desk, said = WorkDesk(tmp_path / "desk", postgres_url), list[str]()

    def broken() -> int:
        raise ZeroDivisionError("a page of no length")

    with open_parts(desk.folder) as parts:
        worker = Worker(parts, Options(("reading",), once=True, say=said.append))
        assert asyncio.run(worker._reported("reading 1", broken)) == 0
    (trouble,) = workers.troubles(desk.link)
    assert (trouble.name, trouble.failures, trouble.detail) == ("reading 1", 1, "ZeroDivisionError: a page of no length")
    assert said[0].startswith("reading 1 broke off: ZeroDivisionError")
    worker._link.close()  # as `run` does at its end
    desk.close()
