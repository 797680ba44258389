from __future__ import annotations

from sqlalchemy import Connection

from tests.builders import NOW, a_link, a_poll, an_outlet
from tracker.model import FetchOutcome, Lookback, SourceKind
from tracker.store import frontier, lookbacks, registers
from tracker.urls.canonical import normalise

JOB = "2024-10-01.. rivers@1"


def a_page(number: int, outlet: str = "zeri-i-lumit", **fields: object) -> Lookback:
    return Lookback(f"https://{outlet}.example/sitemap-{number}.xml", outlet, SourceKind.SITEMAP, **fields)  # type: ignore[arg-type]


def test_an_address_is_asked_once_for_a_job_and_again_for_another(conn: Connection) -> None:
    assert lookbacks.add(conn, JOB, [a_page(1), a_page(1), a_page(2)], NOW) == 2
    assert lookbacks.add(conn, JOB, [a_page(2), a_page(3, by_words=True)], NOW) == 1
    assert lookbacks.add(conn, "another", [a_page(1)], NOW) == 1
    taken = lookbacks.take(conn, JOB, limit=10)
    assert [page.address[-5] for page in taken] == ["1", "2", "3"]
    assert [page.by_words for page in taken] == [False, False, True]


def test_outlets_take_turns_and_what_is_under_way_is_not_taken_twice(conn: Connection) -> None:
    registers.replace(conn, [an_outlet(), an_outlet("lumi")], [], NOW)
    lookbacks.add(conn, JOB, [a_page(1), a_page(2), a_page(1, "lumi")], NOW)
    first = lookbacks.take(conn, JOB, limit=2)
    assert {page.outlet_id for page in first} == {"zeri-i-lumit", "lumi"}
    assert [page.address for page in lookbacks.take(conn, JOB, limit=5, in_flight={page.id for page in first})] == [a_page(2).address]
    assert [page.outlet_id for page in lookbacks.take(conn, JOB, limit=5, outlet_ids=["lumi"])] == ["lumi"]


def test_an_answered_page_is_done_and_what_it_leads_to_waits(conn: Connection) -> None:
    lookbacks.add(conn, JOB, [a_page(1)], NOW)
    (page,) = lookbacks.take(conn, JOB, limit=1)
    lookbacks.finish(conn, JOB, page, a_poll(listed=7, further=(a_page(2, depth=1),)), new_links=5, again=False, now=NOW)
    assert [(left.address, left.depth) for left in lookbacks.take(conn, JOB, limit=5)] == [(a_page(2).address, 1)]
    assert lookbacks.outcomes(conn, JOB) == {"fetched": 1, "pending": 1}
    assert lookbacks.listed(conn, JOB) == {"zeri-i-lumit": 7}
    assert lookbacks.answered(conn, JOB, SourceKind.SITEMAP) == {"zeri-i-lumit": {FetchOutcome.FETCHED}}
    assert lookbacks.pending_by_outlet(conn, JOB) == {"zeri-i-lumit": 1}


def test_a_page_whose_host_is_down_is_asked_a_few_times_and_then_left(conn: Connection) -> None:
    lookbacks.add(conn, JOB, [a_page(1)], NOW)
    for attempt in range(lookbacks.MAX_ATTEMPTS):
        (page,) = lookbacks.take(conn, JOB, limit=1)
        assert page.attempts == attempt
        lookbacks.finish(conn, JOB, page, a_poll(FetchOutcome.TIMEOUT), new_links=0, again=True, now=NOW)
    assert lookbacks.take(conn, JOB, limit=1) == []
    assert lookbacks.outcomes(conn, JOB) == {"timeout": 1}


def test_old_articles_and_news_are_taken_apart_and_what_a_source_names_today_is_news(conn: Connection) -> None:
    old, new = a_link("https://zeri-i-lumit.example/2024", found_by="backfill"), a_link("https://zeri-i-lumit.example/2026")
    frontier.add(conn, [(normalise(old.url), old), (normalise(new.url), new)], run_id=1, now=NOW)

    def taken(backfill: bool) -> list[str]:
        return [link.url for link in frontier.take(conn, limit=5, now=NOW, backfill=backfill)]

    assert (taken(True), taken(False)) == ([old.url], [new.url])
    assert frontier.pending_of_backfill(conn) == {"zeri-i-lumit": 1}
    frontier.add(conn, [(normalise(old.url), a_link(old.url))], run_id=2, now=NOW)
    assert taken(True) == []
    assert {*taken(False)} == {old.url, new.url}
