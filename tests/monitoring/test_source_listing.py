"""Every source on one page: the silent ones first, with what they brought a day."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import NOW, a_poll, some_facts
from tests.newsdesk import Newsdesk
from tracker.model import FetchOutcome
from tracker.monitoring.source_listing import listing
from tracker.store import registers


def test_items_a_day_the_last_answer_and_what_needs_a_person_first(desk: Newsdesk) -> None:
    with desk.parts.database.writing() as conn:
        for back, new in ((3, 4), (1, 2)):
            facts = some_facts(fetched_at=NOW - timedelta(days=back))
            registers.record_poll(conn, None, a_poll(facts=facts, listed=9), new_links=new)
        refused = some_facts(FetchOutcome.BLOCKED, fetched_at=NOW - timedelta(days=1))
        registers.record_poll(conn, None, a_poll(source_id="fjala-e-malit:feed:1", facts=refused))
    rows = listing(desk.parts.database, NOW, days=5)
    assert [row.state.outlet.id for row in rows] == ["fjala-e-malit", "zeri-i-lumit"]
    assert rows[1].days == (None, 4, None, 2, None)
    assert rows[1].answer.startswith("works: 9 items")
    assert rows[0].answer.startswith("blocked")


def test_a_source_that_was_never_polled_has_no_answer(desk: Newsdesk) -> None:
    rows = listing(desk.parts.database, NOW)
    assert {row.answer for row in rows} == {""}
    assert len(rows[0].days) == 30
