"""Claims, workers, troubles and rounds, and the schema they stand in."""

from __future__ import annotations

from datetime import timedelta

from tests.postgres import Cluster
from tracker.queue import enqueue
from tracker.queue.jobs import PAGES, POLLS, READING, Reading, Visit
from tracker.store.work import claims, rounds, schema, workers
from tracker.store.work import jobs as queued
from tracker.store.work.link import SCHEMA, Link
from tracker.store.work.rounds import RoundEnd

DAY = timedelta(days=1)


def fail(link: Link, name: str, *, wait: timedelta = timedelta(), most: int = 3) -> bool:
    return workers.note_failure(link, name, "it broke", wait=wait, most=most, long_wait=DAY)


def test_a_page_is_one_readers_until_the_claim_ends(link: Link) -> None:
    assert claims.claim(link, "one", [1, 2, 3], seconds=60) == {1, 2, 3}
    assert claims.claim(link, "two", [3, 4], seconds=60) == {4}
    claims.end(link, "one", [3])
    assert claims.claim(link, "two", [1, 3], seconds=60) == {3}


def test_a_claim_that_ran_out_is_anothers(link: Link) -> None:
    claims.claim(link, "one", [1], seconds=-1)
    assert claims.claim(link, "two", [1], seconds=60) == {1}


def test_a_job_that_breaks_off_again_and_again_is_given_up_and_shown(link: Link) -> None:
    assert [fail(link, "poison.ba") for _ in range(3)] == [False, False, True]
    (trouble,) = workers.troubles(link)
    assert (trouble.name, trouble.failures, trouble.given_up, trouble.detail) == ("poison.ba", 3, True, "it broke")
    assert trouble.not_before_at - workers.now(link) > timedelta(hours=23)
    assert workers.not_yet(link) == {"poison.ba"}


def test_success_ends_a_trouble(link: Link) -> None:
    fail(link, "a.ba")
    assert workers.failures(link, ["a.ba", "b.ba"]) == {"a.ba": 1}
    workers.note_success(link, ["a.ba", "b.ba"])
    assert workers.troubles(link) == []


def test_workers_are_counted_by_the_queues_they_serve(link: Link) -> None:
    workers.seen(link, "one:1", [POLLS, READING], "1.0")
    workers.seen(link, "two:1", [POLLS], "1.0", "2 rounds")
    link.rows("UPDATE workers SET seen_at = seen_at - interval '5 minutes' WHERE name = 'two:1'")
    assert (workers.serving(link, POLLS), workers.serving(link, READING), workers.serving(link, PAGES)) == (1, 1, 0)
    assert [(one.name, one.is_alive, one.doing) for one in workers.every(link)] == [("one:1", True, ""), ("two:1", False, "2 rounds")]
    workers.gone(link, "one:1")
    assert workers.serving(link, POLLS) == 0


def test_rounds_are_summed_for_their_pace_and_found_by_their_order(link: Link) -> None:
    rounds.note(link, RoundEnd("one:1", POLLS, "done", 5, 1.5, polls=7, pages=20, order_id="n1", progress={"polls": {"fetched": 7}}))
    rounds.note(link, RoundEnd("one:1", POLLS, "failed", 1, 0.5, "it broke"))
    pace = rounds.pace(link)
    assert (pace.rounds, pace.failed, pace.polls, pace.pages, pace.pages_a_minute) == (2, 1, 7, 20, 2.0)
    (ended,) = rounds.of_order(link, "n1")
    assert ended.progress == {"polls": {"fetched": 7}}
    assert rounds.by_outcome(link) == [(POLLS, "done", 1), (POLLS, "failed", 1)]


def test_a_domain_has_one_job_waiting_at_most(link: Link, work_url: str) -> None:
    visit = [Visit(f"d{number}.ba", ("one",), 256, polls=number < 2) for number in range(3)]
    with enqueue.opened(work_url) as app:
        assert enqueue.visits(app, visit[:2]) == 2
        assert enqueue.visits(app, visit) == 1
        assert enqueue.readings(app, [Reading(1), Reading(1)]) == 1
    assert {(one.name, one.waiting, one.under_way) for one in queued.queues(link)} == {(POLLS, 2, 0), (PAGES, 1, 0), (READING, 1, 0)}
    assert queued.open_locks(link) == {"d0.ba", "d1.ba", "d2.ba", "(reading 1)"}
    with enqueue.opened(work_url) as app:
        enqueue.withdraw(app, queued.waiting_ids(link, ["d0.ba"]))
    assert "d0.ba" not in queued.open_locks(link)


def test_a_schema_of_another_form_is_made_anew(postgres: Cluster, link: Link, work_url: str) -> None:
    workers.seen(link, "one:1", [POLLS], "1.0")
    schema.prepare(link)
    assert len(workers.every(link)) == 1
    link.rows(f"COMMENT ON SCHEMA {SCHEMA} IS 'tracker 0, procrastinate 0'")
    schema.prepare(link)
    assert workers.every(link) == []


def test_a_connection_that_was_cut_is_opened_again(postgres: Cluster, link: Link) -> None:
    pid = link.rows("SELECT pg_backend_pid()")[0][0]
    postgres.execute(f"SELECT pg_terminate_backend({pid})")
    assert link.rows("SELECT 1") == [(1,)]
