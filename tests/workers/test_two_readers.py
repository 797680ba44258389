"""Two workers that read pages against one: what a page costs in processor time, how fast they are, and how often one waits for the other.

The pages weigh what news pages do, 74 KB. Each worker has one core, since one worker alone would use both; the server has what is left. On a
machine with other work the speeds tell little: two workers are twice as fast as one where a page costs them no more processor time
and they do not wait for each other.
"""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select, update

from tests.benchmarks.site import page
from tests.builders import NOW, a_link, a_source, an_outlet, some_facts
from tests.stored import finish_link
from tests.workers.desk import WorkDesk, ended
from tracker.store import frontier, registers
from tracker.store.postgres_search import SEARCH
from tracker.store.schema.articles import articles as articles_table
from tracker.store.schema.articles import text_prints
from tracker.store.schema.crawl import pages as pages_table
from tracker.store.work.link import SCHEMA

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]
PAGES = 3000
FROM, TO = 0.3, 0.9
"""The part of the pages that counts: at the begin one reader may be alone, at the end one may have none left."""
LOOK_SECONDS = 0.05
MOST_MORE, MOST_WAITING = 1.25, 0.1
"""How much more a page may cost with two readers, and how often one may wait for the other. On an idle machine 0.92 to 1.02 and 0 to 0.006
were measured, and 1.75 to 1.86 times the speed."""
LOCKED = """SELECT count(*) FILTER (WHERE wait_event_type IN ('Lock', 'LWLock')), count(*) FILTER (WHERE state = 'active')
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


@dataclass(frozen=True)
class Measured:
    """Of some readers: pages a second, processor seconds of a page for readers and for the server, the part of all moments in which one
    of them waited for a lock, processors that nobody used."""

    speed: float
    readers_cost: float
    server_cost: float
    waiting: float
    idle: float

    @property
    def cost(self) -> float:
        return self.readers_cost + self.server_cost

    def __str__(self) -> str:
        return (
            f"{self.speed:.0f} pages/s, {self.readers_cost * 1000:.1f} ms a page and {self.server_cost * 1000:.1f} of the server, "
            f"{self.speed * self.cost:.2f} processors in use and {self.idle:.2f} idle, {self.waiting:.1%} waiting for locks"
        )


def test_a_second_reader_does_more_than_it_costs_the_first(postgres_url: str, tmp_path: Path) -> None:
    if (os.cpu_count() or 1) < 2:
        pytest.skip("needs two processor cores")
    desk = WorkDesk(tmp_path / "desk", postgres_url)
    _fill(desk)
    one, two = _measured(desk, 1), _measured(desk, 2)
    print(f"one: {one}\ntwo: {two}\n{two.speed / one.speed:.2f} times as fast; with processors enough {2 * one.cost / two.cost:.2f} times")
    assert two.cost < MOST_MORE * one.cost
    assert two.waiting < MOST_WAITING
    desk.close()


def _fill(desk: WorkDesk) -> None:
    with desk.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], NOW)
        found = [
            (f"k{number}", a_link(f"https://zeri-i-lumit.example/lajme/{number}", title=f"Vijest {number}")) for number in range(PAGES)
        ]
        frontier.add(conn, found, run_id=None, now=NOW)
        for link in frontier.take(conn, limit=PAGES, now=NOW):
            body = page(link.id % 97, link.id)
            finish_link(conn, link.id, some_facts(requested_url=link.url, final_url=link.url), run_id=None, body=body)


def _measured(desk: WorkDesk, readers: int) -> Measured:
    with desk.database.writing() as conn:
        conn.execute(articles_table.delete())
        conn.execute(text_prints.delete())
        conn.exec_driver_sql(f"DELETE FROM {SEARCH}")
        conn.execute(update(pages_table).values(state="unscreened", judged_at=None, skip_reason=None, same_as=None))
    desk.link.rows(f"DELETE FROM {SCHEMA}.page_claims")
    server = psutil.Process(int(desk.link.rows("SELECT pg_backend_pid()")[0][0])).parent()
    assert server is not None
    started = [desk.start("--queues", "reading") for _ in range(readers)]
    for one, core in zip(started, sorted(os.sched_getaffinity(0)), strict=False):
        psutil.Process(one.pid).cpu_affinity([core])  # what it starts stays there too
    with ended(started):
        _until(desk, FROM, started)
        first, at, theirs, idle = _read(desk), time.monotonic(), (_spent(started), _spent([server])), psutil.cpu_times().idle
        locked = looks = 0
        while (now := _read(desk)) < TO * PAGES:
            waiting, _ = desk.link.rows(LOCKED)[0]
            locked, looks = locked + min(int(waiting), readers), looks + readers
            assert all(one.poll() is None for one in started), desk.log()
            time.sleep(LOOK_SECONDS)
        took, idle = time.monotonic() - at, psutil.cpu_times().idle - idle
        spent = (_spent(started) - theirs[0], _spent([server]) - theirs[1])
    pages = now - first
    return Measured(pages / took, spent[0] / pages, spent[1] / pages, locked / max(looks, 1), idle / took)


def _until(desk: WorkDesk, part: float, started: list[subprocess.Popen[bytes]]) -> None:
    while _read(desk) < part * PAGES:
        assert all(one.poll() is None for one in started), desk.log()
        time.sleep(LOOK_SECONDS)


def _read(desk: WorkDesk) -> int:
    with desk.database.reading() as conn:
        return int(conn.execute(select(func.count()).where(pages_table.c.state != "unscreened")).scalar_one())


def _spent(started: list[subprocess.Popen[bytes]] | list[psutil.Process]) -> float:
    """Processor seconds of these processes and all that they started."""
    spent = 0.0
    for one in started:
        process = psutil.Process(one.pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                spent += times.user + times.system
    return spent
