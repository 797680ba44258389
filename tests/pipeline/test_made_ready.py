"""What a night makes ready while its crawl asks the first sources."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from tests.newsdesk import ABOUT_THE_RIVER, CAMPAIGN_ID, RIVER, story_page
from tests.newsroom.press import Asked, Newsroom, answer, feed
from tests.pipeline.test_finding import FAST, SLOW, watched_parts
from tracker.matching.matcher import compile_campaign
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.pipeline.page_pool import PagePool
from tracker.pipeline.run import Run
from tracker.store import mentions
from tracker.workspace import CACHE_VARIABLE


def test_page_workers_start_before_the_first_page_came_and_not_at_all_where_nothing_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = threading.Event()
    pools: list[PagePool] = []
    start, make = PagePool.expect, PagePool.__enter__

    def expect(pool: PagePool) -> None:
        start(pool)
        started.set()

    def enter(pool: PagePool) -> PagePool:
        pools.append(pool)
        return make(pool)

    async def once_workers_have_started(asked: Asked, out: asyncio.StreamWriter) -> None:
        for _ in range(600):
            if started.is_set():
                break
            await asyncio.sleep(0.1)
        body = story_page(RIVER, ABOUT_THE_RIVER) if started.is_set() else b"no worker has started"
        await answer(body=body, Content_Type="text/html")(asked, out)

    monkeypatch.setattr(PagePool, "expect", expect)
    monkeypatch.setattr(PagePool, "__enter__", enter)
    with Newsroom() as newsroom:
        newsroom.serve(FAST, "/1", once_workers_have_started)
        newsroom.serve(FAST, "/feed", feed([newsroom.address(FAST, "/1")]))
        newsroom.serve(SLOW, "/feed", feed([]))
        with watched_parts(tmp_path, newsroom) as parts:
            run_night(parts, NightOptions())
            with parts.database.reading() as conn:
                assert len(mentions.for_campaign(conn, CAMPAIGN_ID)) == 1
            assert len(pools) == 1
            run_night(parts, NightOptions())
            assert len(pools) == 1


@pytest.mark.parametrize("ended", [MemoryError, KeyboardInterrupt])
def test_a_night_that_ends_while_it_makes_ready_leaves_no_crawl_behind_that_holds_its_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: type[BaseException]
) -> None:
    def end(_: Run) -> None:
        raise ended

    with Newsroom() as newsroom:
        newsroom.serve(FAST, "/feed", feed([]))
        newsroom.serve(SLOW, "/feed", feed([]))
        with watched_parts(tmp_path, newsroom) as parts:
            with monkeypatch.context() as patch:
                patch.setattr(Run, "prepare", end)
                with pytest.raises(ended):
                    run_night(parts, NightOptions())
            assert run_night(parts, NightOptions()).run_id == 1


def test_a_night_that_cannot_keep_what_it_compiled_compiles_each_campaign_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    (tmp_path / "cache").touch()
    compiled: list[str] = []
    monkeypatch.setattr("tracker.matching.compiled.compile_campaign", lambda one: (compiled.append(one.id), compile_campaign(one))[1])
    with Newsroom() as newsroom:
        newsroom.serve(FAST, "/1", answer(body=story_page(RIVER, ABOUT_THE_RIVER), Content_Type="text/html"))
        newsroom.serve(FAST, "/feed", feed([newsroom.address(FAST, "/1")]))
        newsroom.serve(SLOW, "/feed", feed([]))
        with watched_parts(tmp_path, newsroom) as parts:
            run_night(parts, NightOptions())
            with parts.database.reading() as conn:
                assert len(mentions.for_campaign(conn, CAMPAIGN_ID)) == 1
    assert compiled == [CAMPAIGN_ID]
