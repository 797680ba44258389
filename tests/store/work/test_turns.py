"""One worker at a domain: turns are taken, renewed, given back and run out, by the server's clock."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest

from tracker.errors import StoreError
from tracker.store.work import turns
from tracker.store.work.link import Link
from tracker.store.work.turns import GivenBack, Turn


def take(link: Link, holder: str, *domains: str, seconds: float = 60, delay: float = 0) -> set[str]:
    return {turn.domain for turn in turns.take(link, holder, domains, seconds=seconds, delay_seconds=delay)}


def test_a_domain_is_one_holders_at_a_time(link: Link) -> None:
    assert take(link, "one", "a.ba", "b.ba") == {"a.ba", "b.ba"}
    assert take(link, "two", "b.ba", "c.ba") == {"c.ba"}
    turns.give_back(link, "one", [GivenBack("b.ba", None, 0)])
    assert take(link, "two", "a.ba", "b.ba") == {"b.ba"}


def test_a_turn_that_was_not_renewed_is_anothers(link: Link) -> None:
    take(link, "one", "a.ba", seconds=0.05)
    time.sleep(0.1)  # the server's clock cannot be set
    assert take(link, "two", "a.ba") == {"a.ba"}
    assert turns.renew(link, "one", seconds=60) == frozenset()
    turns.give_back(link, "one", [GivenBack("a.ba", 0, 0)])
    assert take(link, "three", "a.ba") == set(), "who lost a turn cannot give it back"


def test_a_renewed_turn_stays(link: Link) -> None:
    take(link, "one", "a.ba", seconds=0.05)
    assert turns.renew(link, "one", seconds=60) == {"a.ba"}
    time.sleep(0.1)
    assert take(link, "two", "a.ba") == set()


def test_the_pause_goes_with_the_domain_from_worker_to_worker(link: Link) -> None:
    take(link, "one", "a.ba", "b.ba")
    turns.give_back(link, "one", [GivenBack("a.ba", 4.0, 30.0), GivenBack("b.ba", 4.0, 1.0)])
    waits = {turn.domain: turn.wait_seconds for turn in turns.take(link, "two", ["a.ba", "b.ba"], seconds=60, delay_seconds=1.0)}
    assert waits["a.ba"] == pytest.approx(26, abs=2)
    assert waits["b.ba"] == 0


def test_after_a_worker_that_died_the_pause_counts_from_the_end_of_its_turn(link: Link) -> None:
    take(link, "one", "a.ba", seconds=0.05)
    time.sleep(0.1)
    (turn,) = turns.take(link, "two", ["a.ba"], seconds=60, delay_seconds=10)
    assert 8 < turn.wait_seconds <= 10


def test_a_domain_never_asked_before_is_owed_no_pause(link: Link) -> None:
    assert turns.take(link, "one", ["a.ba"], seconds=60, delay_seconds=5) == [Turn("a.ba", 0.0)]


def test_many_workers_that_take_and_give_back_are_never_at_one_domain_together(work_url: str) -> None:
    domains = [f"d{number}.ba" for number in range(12)]
    inside: Counter[str] = Counter()
    broken: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        link, chance = Link(work_url), random.Random(number)
        for _ in range(40):
            taken = take(link, f"w{number}", *chance.sample(domains, 4))
            with lock:
                inside.update(taken)
                broken.extend(domain for domain in taken if inside[domain] > 1)
            with lock:
                inside.subtract(taken)
            turns.give_back(link, f"w{number}", [GivenBack(domain, None, 0) for domain in taken])
        link.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []


def test_a_server_that_is_not_there_is_a_sentence_without_the_password() -> None:
    link = Link("postgresql+psycopg://me:geheim@127.0.0.1:1/none")
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        link.rows("SELECT 1")
    assert "geheim" not in str(caught.value)
