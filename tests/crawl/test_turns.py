"""A crawl's turns at domains: asked only in their time, renewed, lost, given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any

import pytest

from tracker.crawl import turns as module
from tracker.crawl.turns import IDLE_SECONDS, PATIENCE_SECONDS, RENEW_SECONDS, SAFE_SECONDS, NotOurTurn, Turns
from tracker.errors import StoreError
from tracker.store.work.turns import GivenBack, Turn


class Store:
    """Turns of one holder; `others` are taken. `down`: out of reach."""

    def __init__(self) -> None:
        self.ours: set[str] = set()
        self.others: set[str] = set()
        self.waits: dict[str, float] = {}
        self.returned: list[GivenBack] = []
        self.down = False

    def take(self, domains: Collection[str]) -> list[Turn]:
        self._reached()
        free = [domain for domain in domains if domain not in self.others]
        self.ours |= {*free}
        return [Turn(domain, self.waits.get(domain, 0.0)) for domain in free]

    def renew(self) -> frozenset[str]:
        self._reached()
        return frozenset(self.ours - self.others)

    def give_back(self, turns: Sequence[GivenBack]) -> None:
        self._reached()
        self.returned += turns
        self.ours -= {one.domain for one in turns}

    def _reached(self) -> None:
        if self.down:
            raise StoreError("out of reach")


class Bench:
    """Turns with a clock that is moved by hand."""

    def __init__(self, **given: Any) -> None:
        self.store, self.at = Store(), 1000.0
        self.turns = Turns(self.store, now=lambda: self.at, **given)
        self.waiting: set[str] = set()
        self.refused: list[str] = []
        self.turns.waiting = lambda: self.waiting
        self.turns.on_refused = self.refused.append

    async def look(self) -> None:
        await self.turns._look()

    async def hold(self, host: str) -> None:
        assert not self.turns.may_ask(host)
        await self.look()


Test = Callable[[Bench], Coroutine[Any, Any, None]]


def in_loop(test: Test) -> Callable[[], None]:
    def run() -> None:
        async def inside() -> None:
            await test(Bench())

        asyncio.run(inside())

    run.__name__ = test.__name__
    return run


@in_loop
async def test_a_host_is_asked_only_once_its_domain_is_ours(bench: Bench) -> None:
    await bench.hold("sport.avaz.ba")
    assert bench.turns.may_ask("avaz.ba")
    bench.turns.check("www.avaz.ba")
    with pytest.raises(NotOurTurn):
        bench.turns.check("klix.ba")


@in_loop
async def test_nothing_is_asked_once_renewals_have_failed_for_too_long(bench: Bench) -> None:
    await bench.hold("avaz.ba")
    bench.waiting = {"avaz.ba"}
    bench.store.down = True
    bench.at += SAFE_SECONDS - 1
    bench.turns.check("avaz.ba")
    bench.at += 2
    with pytest.raises(NotOurTurn):
        bench.turns.check("avaz.ba")
    bench.store.down = False
    await bench.look()
    bench.turns.check("avaz.ba")


@in_loop
async def test_a_process_that_was_stopped_asks_nothing_before_it_has_looked(bench: Bench) -> None:
    await bench.hold("avaz.ba")
    bench.at += 3600
    bench.store.others = {"avaz.ba"}
    assert not bench.turns.may_ask("avaz.ba")
    await bench.look()
    with pytest.raises(NotOurTurn):
        bench.turns.check("avaz.ba")


@in_loop
async def test_a_turn_lost_to_another_worker_is_taken_again_when_it_is_free(bench: Bench) -> None:
    await bench.hold("avaz.ba")
    bench.waiting = {"avaz.ba"}
    bench.store.others = {"avaz.ba"}
    bench.at += RENEW_SECONDS
    await bench.look()
    assert not bench.turns.may_ask("avaz.ba")
    bench.store.others = set()
    await bench.look()
    assert bench.turns.may_ask("avaz.ba")


@in_loop
async def test_the_pause_that_a_domain_is_owed_is_kept_by_the_next_worker(bench: Bench) -> None:
    bench.store.waits = {"avaz.ba": 20.0}
    await bench.hold("avaz.ba")
    assert not bench.turns.may_ask("avaz.ba")
    bench.at += 21
    assert bench.turns.may_ask("avaz.ba")


@in_loop
async def test_a_domain_that_nobody_waits_for_is_given_back_with_its_last_request(bench: Bench) -> None:
    await bench.hold("avaz.ba")
    bench.turns.began("avaz.ba")
    bench.turns.check("avaz.ba")
    bench.at += 2 * IDLE_SECONDS
    await bench.look()
    assert bench.store.returned == [], "a request is open"
    bench.turns.owes("avaz.ba", 7.0)
    bench.turns.ended("avaz.ba")
    bench.at += IDLE_SECONDS + 1
    await bench.look()
    (given,) = bench.store.returned
    assert (given.domain, given.asked_seconds_ago, given.delay_seconds) == ("avaz.ba", 3 * IDLE_SECONDS + 1, 7.0)


@in_loop
async def test_what_waits_for_another_workers_domain_too_long_goes_back(bench: Bench) -> None:
    bench.store.others = {"avaz.ba"}
    bench.waiting = {"avaz.ba"}
    assert not bench.turns.may_ask("avaz.ba")
    await bench.look()
    assert bench.refused == []
    bench.at += PATIENCE_SECONDS + 1
    await bench.look()
    assert bench.refused == ["avaz.ba"]


@in_loop
async def test_a_request_that_comes_past_the_queue_waits_for_its_turn(bench: Bench) -> None:
    waiting = asyncio.create_task(bench.turns.until_ours("avaz.ba"))
    await asyncio.sleep(0)
    assert not waiting.done()
    await bench.look()
    await asyncio.wait_for(waiting, module.LOOK_SECONDS * 20)


@in_loop
async def test_everything_is_given_back_at_the_end_though_the_store_may_be_away(bench: Bench) -> None:
    await bench.hold("avaz.ba")
    bench.store.down = True
    await bench.turns.close()
    bench.store.down = False
    assert not bench.store.returned


def test_a_turn_outlasts_the_time_in_which_it_is_used() -> None:
    assert RENEW_SECONDS * 2 < SAFE_SECONDS < module.HELD_SECONDS < PATIENCE_SECONDS
