"""Long runs: workers killed at random moments, a million requests in turn, what the queue costs. `test_two_readers` has two against one."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.newsroom.press import Newsroom
from tests.stored import article_count
from tests.workers.desk import WorkDesk, ended, most_at_once
from tests.workers.region import Region
from tracker.queue import enqueue
from tracker.queue.jobs import VISIT, Visit
from tracker.store.work import turns, workers
from tracker.store.work.link import Link
from tracker.store.work.turns import GivenBack

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]
OUTLETS, ARTICLES, KILLS = (int(number) for number in os.environ.get("TRACKER_KILL_RUN", "2000,10,50").split(","))
REQUESTS = 1_000_000
REGION_OUTLETS = int(os.environ.get("TRACKER_REGION", "10000"))


def test_workers_killed_at_random_moments_lose_and_double_nothing(postgres_url: str, tmp_path: Path) -> None:
    chance = random.Random(50)
    desk = WorkDesk(tmp_path / "desk", postgres_url, delay=0.001)
    with Newsroom() as newsroom:
        desk.watch(newsroom, OUTLETS, ARTICLES)
        alive = [desk.start() for _ in range(3)]
        with ended(alive):
            for _ in range(KILLS):
                time.sleep(chance.uniform(1, 8))
                victim = chance.randrange(len(alive))
                alive[victim].send_signal(signal.SIGKILL)
                alive[victim].wait(30)
                alive[victim] = desk.start()
        last = [desk.start("--once"), desk.start("--once")]
        with ended(last):
            assert [one.wait(6000) for one in last] == [0, 0], desk.log()
        with desk.database.reading() as conn:
            assert article_count(conn) == OUTLETS * ARTICLES
        assert most_at_once(newsroom, OUTLETS) == 1
        assert [one for one in workers.troubles(desk.link) if one.given_up] == []
    desk.close()


class Town:
    """Domains, who is inside, and how often somebody met another."""

    def __init__(self) -> None:
        self.inside: Counter[str] = Counter()
        self.met = self.requests = 0
        self.lock = threading.Lock()

    def ask(self, domain: str) -> None:
        """One request: in, and out again."""
        with self.lock:
            self.inside[domain] += 1
            self.met += self.inside[domain] > 1
            self.requests += 1
        with self.lock:
            self.inside[domain] -= 1


def test_in_a_million_requests_no_domain_is_asked_by_two(postgres_url: str, tmp_path: Path) -> None:
    desk, town = WorkDesk(tmp_path / "desk", postgres_url), Town()
    domains = [f"d{number}.ba" for number in range(60)]
    seconds = 0.5

    def work(number: int) -> None:
        chance, link, visit = random.Random(number), Link(postgres_url), 0
        while town.requests < REQUESTS:
            visit += 1
            holder, sent = f"w{number}.{visit}", time.monotonic()
            taken = [turn.domain for turn in turns.take(link, holder, chance.sample(domains, 8), seconds=seconds, delay_seconds=0)]
            for _ in range(100):
                for domain in taken:
                    if time.monotonic() - sent > seconds * 0.6:
                        break
                    town.ask(domain)
            if chance.random() > 0.05:  # else it dies, and its turns run out
                turns.give_back(link, holder, [GivenBack(domain, None, 0) for domain in taken])
        link.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert town.requests >= REQUESTS
    assert town.met == 0
    desk.close()


def test_the_queue_costs_a_twentieth_of_a_poll_at_most(postgres_url: str, tmp_path: Path) -> None:
    count = 400
    desk = WorkDesk(tmp_path / "desk", postgres_url, domains=256)
    with Newsroom() as newsroom:
        desk.watch(newsroom, count, 3)
        worker = desk.start("--queues", "polls,pages", "--once")
        with ended([worker]):
            assert worker.wait(3000) == 0, desk.log()
    ran = desk.link.rows("SELECT sum(seconds), sum(polls) FROM rounds")[0]
    a_poll = ran[0] / ran[1]

    async def take_all() -> None:
        app = enqueue.make_app(postgres_url)
        app.task(name=VISIT)(_nothing)
        async with app.open_async():
            await app.run_worker_async(
                queues=["polls"], concurrency=256, wait=False, install_signal_handlers=False, delete_jobs="successful", listen_notify=False
            )

    began = time.process_time()
    with enqueue.opened(postgres_url) as app:
        assert enqueue.visits(app, [Visit(f"d{number}.ba", ("one",), 256) for number in range(count)]) == count
    asyncio.run(take_all())
    a_job = (time.process_time() - began) / count
    print(f"a job {a_job * 1000:.2f} ms, a poll with its 3 pages {a_poll * 1000:.1f} ms: {a_job / a_poll:.1%}")
    assert a_job < 0.05 * a_poll
    desk.close()


@pytest.mark.parametrize(("crawls", "hours"), [(6, float(os.environ.get("TRACKER_SIMULATED_HOURS", "2")))])
def test_ten_thousand_outlets_are_polled_on_time(postgres_url: str, tmp_path: Path, crawls: int, hours: float) -> None:
    desk = WorkDesk(tmp_path / "desk", postgres_url)
    region = Region(desk.database, desk.link, postgres_url, REGION_OUTLETS, crawls)
    began = time.process_time()
    asyncio.run(region.live(hours))
    late = sorted(region.late)
    over = sum(one > 600 for one in late) / len(late)
    print(
        f"{region.visits} polls in {hours:g} h ({region.visits / hours / 3600:.1f} a second), {crawls} crawls: median {late[len(late) // 2]:.0f} s late, "
        f"worst {late[-1]:.0f} s, {over:.3%} by more than 10 minutes; {(time.process_time() - began) / region.visits * 1000:.1f} ms a poll here"
    )
    assert region.visits > REGION_OUTLETS * hours / 4
    assert region.at_once == 0
    assert over < 0.001
    desk.close()


async def _nothing(**given: object) -> None:
    return None
