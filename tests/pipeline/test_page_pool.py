from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess

import pytest
from msgspec.structs import replace

from tests.builders import NOW, an_outlet
from tests.newsdesk import ABOUT_THE_RIVER, CAMPAIGN, story_page
from tests.pipeline import endless
from tracker.errors import TrackerError
from tracker.matching.campaigns import read_campaign
from tracker.model import Article, Campaign, Depth, Skipped, SkipReason
from tracker.pipeline import page_pool
from tracker.pipeline.page_pool import PagePool, PageReading
from tracker.store.packing import StoredPage, pack

OUTLETS = {"zeri-i-lumit": an_outlet()}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    path = tmp_path_factory.mktemp("campaign") / "rivers.toml"
    path.write_text(CAMPAIGN, "utf-8")
    return read_campaign(path)


@pytest.fixture
def new_pool(campaign: Campaign) -> Callable[..., PagePool]:
    def make(page_timeout_seconds: float = 20.0, **options: bool) -> PagePool:
        return PagePool((campaign,), OUTLETS, workers=2, page_timeout_seconds=page_timeout_seconds, **options)

    return make


def a_stored_page(number: int, html: bytes) -> StoredPage:
    url = f"https://zeri-i-lumit.example/lajme/{number}"
    return StoredPage(number, number, "zeri-i-lumit", url, url, "text/html; charset=utf-8", pack(html), NOW)


def some_pages(count: int) -> list[StoredPage]:
    """Every third mentions the campaign."""
    return [a_stored_page(n, story_page(f"Lajmi {n}", *([ABOUT_THE_RIVER] if n % 3 == 0 else []))) for n in range(1, count + 1)]


def read_all(pool: PagePool, between: Callable[[], None] = lambda: None) -> dict[int, PageReading]:
    """Readings by page; a page that is read twice is a failure."""
    found: dict[int, PageReading] = {}
    while pool.waiting:
        for reading in pool.ready(0.2):
            assert reading.page.id not in found
            found[reading.page.id] = reading
        between()
    return found


def workers() -> list[BaseProcess]:
    return multiprocessing.active_children()


@pytest.fixture
def endless_page(monkeypatch: pytest.MonkeyPatch) -> StoredPage:
    """A page that is never read to its end. Its time is over soon, that of pages read without it never: whatever the machine does."""
    monkeypatch.setattr("tracker.pipeline.page_pool._extract_pages", endless.extract_pages)

    def limit(_: PagePool, job: page_pool._Job) -> float:
        return 0.1 if job.extract and any(page.requested_url == endless.ENDLESS for page in job.pages) else 600.0

    monkeypatch.setattr(PagePool, "_limit", limit)
    return replace(a_stored_page(4, story_page("Lajmi pa fund", ABOUT_THE_RIVER)), requested_url=endless.ENDLESS)


@pytest.mark.usefixtures("unabridged")
def test_candidates_are_read_in_full_and_the_rest_cheaply_each_page_once(new_pool: Callable[..., PagePool]) -> None:
    with new_pool() as pool:
        pool.submit(some_pages(40))
        found = read_all(pool)
    assert sorted(found) == [*range(1, 41)]
    for number, reading in found.items():
        assert isinstance(reading.result, Article)
        assert (reading.result.depth is Depth.EXTRACTED) == (number % 3 == 0) == (reading.campaign_ids == ("rivers",))
        assert "lajmi" in reading.folded_title
    assert not workers()


@pytest.mark.parametrize("in_full", [False, True])
def test_workers_of_a_pool_that_expects_pages_start_at_once_and_read_what_comes_later(
    new_pool: Callable[..., PagePool], in_full: bool
) -> None:
    with new_pool(extract_all=in_full) as pool:
        pool.expect()
        started = {*workers()}
        assert len(started) == 2
        pool.expect()
        pool.submit(some_pages(2))
        assert len(read_all(pool)) == 2
        assert started <= {*workers()}
    assert not workers()


def test_workers_that_were_killed_before_the_first_page_are_begun_anew(new_pool: Callable[..., PagePool]) -> None:
    with new_pool() as pool:
        pool.expect()
        for worker in workers():
            worker.kill()
            worker.join()
        pool.submit(some_pages(4))
        assert sorted(read_all(pool)) == [1, 2, 3, 4]


def test_all_pages_are_read_in_full_where_that_is_asked_for(new_pool: Callable[..., PagePool]) -> None:
    with new_pool(extract_all=True) as pool:
        pool.submit(some_pages(6))
        found = read_all(pool)
    assert {reading.result.depth for reading in found.values() if isinstance(reading.result, Article)} == {Depth.EXTRACTED}
    assert len(found) == 6


def test_a_page_that_takes_too_long_is_skipped_with_that_reason_and_the_others_are_read(
    new_pool: Callable[..., PagePool], endless_page: StoredPage
) -> None:
    with new_pool() as pool:
        pool.submit([*some_pages(3), endless_page], extract=True)
        found = read_all(pool)
    assert isinstance(found[4].result, Skipped)
    assert found[4].result.reason is SkipReason.EXTRACTION_TIMEOUT
    assert all(isinstance(found[number].result, Article) for number in (1, 2, 3))


def test_a_candidate_whose_full_reading_takes_too_long_is_kept_with_its_cheap_text(
    new_pool: Callable[..., PagePool], endless_page: StoredPage
) -> None:
    with new_pool() as pool:
        pool.submit([endless_page])
        (reading,) = read_all(pool).values()
    assert isinstance(reading.result, Article)
    assert (reading.result.depth, reading.campaign_ids) == (Depth.SCREENED, ("rivers",))
    assert ABOUT_THE_RIVER in reading.result.body


def test_killed_workers_are_replaced_and_every_page_ends_once(new_pool: Callable[..., PagePool], monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        for worker in workers():
            if len(killed) < 3 and worker.pid not in killed:
                with suppress(ProcessLookupError):
                    assert worker.pid is not None
                    os.kill(worker.pid, signal.SIGKILL)
                    killed.append(worker.pid)
                return

    monkeypatch.setattr("tracker.pipeline.page_pool.STUCK_SECONDS", 2.0)
    with new_pool(page_timeout_seconds=2.0) as pool:
        pool.submit(some_pages(300))
        found = read_all(pool, between=kill_one)
    assert len(killed) == 3
    assert sorted(found) == [*range(1, 301)]
    lost = [reading.result for reading in found.values() if isinstance(reading.result, Skipped)]
    assert {skipped.reason for skipped in lost} <= {SkipReason.EXTRACTION_CRASHED}
    assert len(lost) <= 3


def test_workers_that_die_between_two_tasks_are_begun_anew(new_pool: Callable[..., PagePool]) -> None:
    with new_pool() as pool:
        pool.submit(some_pages(2))
        read_all(pool)
        for worker in workers():
            worker.kill()
        time.sleep(0.5)
        pool.submit([a_stored_page(number, story_page(f"Tjetër {number}")) for number in range(10, 20)])
        found = read_all(pool)
    assert all(isinstance(reading.result, Article) for reading in found.values())
    assert len(found) == 10


def test_workers_that_never_stay_alive_end_the_run_with_words(new_pool: Callable[..., PagePool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tracker.pipeline.page_pool._prepare_screener", os._exit
    )  # called with the campaigns: no exit code, so each worker fails
    monkeypatch.setattr("tracker.pipeline.page_pool.STUCK_SECONDS", 2.0)  # where one dies before its pool has seen it
    with new_pool(page_timeout_seconds=2.0) as pool:
        pool.submit(some_pages(1))
        with pytest.raises(TrackerError, match="cannot start"):
            read_all(pool)


@pytest.mark.usefixtures("unabridged")
@pytest.mark.parametrize("begin", [PagePool.expect, lambda pool: pool.submit(some_pages(1))])
def test_a_system_without_room_for_another_process_ends_the_run_with_words(
    new_pool: Callable[..., PagePool], monkeypatch: pytest.MonkeyPatch, begin: Callable[[PagePool], None]
) -> None:
    def no_room(_: BaseProcess) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", no_room)
    with new_pool() as pool, pytest.raises(TrackerError, match="no room for another process"):
        begin(pool)
    assert not workers()


@pytest.mark.usefixtures("unabridged")
@pytest.mark.parametrize("loop", ["task_scheduler_loop", "pool_manager_loop", "message_manager_loop"])
def test_a_system_without_room_for_another_thread_ends_the_run_with_words(
    new_pool: Callable[..., PagePool], monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    start = threading.Thread.start

    def no_room(thread: threading.Thread) -> None:
        if loop in thread.name:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", no_room)
    with new_pool() as pool, pytest.raises(TrackerError, match="no room for another process or thread"):
        pool.expect()
    assert not workers()


@pytest.mark.usefixtures("unabridged")
def test_the_interrupt_of_a_terminal_passes_by_workers_that_are_about_to_start(
    new_pool: Callable[..., PagePool], capfd: pytest.CaptureFixture[str]
) -> None:
    with new_pool() as pool:
        pool.expect()
        begun = {one.pid for one in workers()}
        for pid in begun:
            assert pid is not None
            os.kill(pid, signal.SIGINT)
        pool.submit(some_pages(1))
        assert read_all(pool).keys() == {1}
        assert begun <= {one.pid for one in workers()}
    assert not capfd.readouterr().err
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_damaged_bytes_cost_their_own_page_alone(new_pool: Callable[..., PagePool]) -> None:
    pages = some_pages(8)
    pages[4] = replace(pages[4], packed=b"not packed")
    with new_pool() as pool:
        pool.submit(pages)
        found = read_all(pool)
    bad = found[5].result
    assert isinstance(bad, Skipped)
    assert (bad.reason, "damaged" in bad.detail) == (SkipReason.FAILED, True)
    assert sum(isinstance(reading.result, Article) for reading in found.values()) == 7


def test_a_pool_that_is_left_in_a_hurry_leaves_no_worker_behind(new_pool: Callable[..., PagePool]) -> None:
    def interrupted() -> None:
        with new_pool() as pool:
            pool.submit(some_pages(200))
            pool.ready(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not workers()
