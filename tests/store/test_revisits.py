"""Items in the watch, their visits and the changes these showed, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.builders import NOW, a_link, a_mention, a_verdict, an_article, some_facts
from tests.stored import finish_link
from tracker.model import ChangeKind, Decision, FetchOutcome, ItemText, Revision, RevisitResult, Seen
from tracker.store import articles, frontier, mentions, pages, revisions, revisits, verdicts
from tracker.store.database import Database
from tracker.store.schema.revisions import revisits as table
from tracker.store.schema.revisions import visits
from tracker.text.folding import fold

DAYS = (1, 3, 7, 30, 90)
URL = "https://zeri-i-lumit.example/lajme/1"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def watched(database: Database) -> Database:
    """One item that a crawl found, in the watch."""
    with database.writing() as conn:
        frontier.add(conn, [(URL, a_link(URL))], run_id=None, now=NOW)
        (link,) = frontier.take(conn, limit=1, now=NOW)
        finish_link(conn, link.id, some_facts(requested_url=URL, final_url=URL, fetched_at=NOW), run_id=None, body=b"<p>first</p>")
        page_id = pages.ids_of_links(conn, [link.id])[link.id]
        made = an_article(1, page_id=page_id, requested_url=URL, canonical_url=URL)
        articles.save(conn, [(made, fold(made.title), fold(made.body))], NOW)
        mentions.save(conn, [a_mention()], NOW)
        assert revisits.enrol(conn, NOW, DAYS) == 1
        assert revisits.enrol(conn, NOW, DAYS) == 0
    return database


def visited(database: Database, body: bytes | None, outcome: FetchOutcome = FetchOutcome.FETCHED, at: datetime = LATER) -> revisits.Visit:
    with database.writing() as conn:
        (wanted,) = revisits.wanted(conn, at, only_due=True)
        facts = some_facts(outcome, requested_url=URL, final_url=URL, fetched_at=at)
        revisits.note(conn, revisits.prepare([RevisitResult(wanted, facts, body, "text/html", etag='"x"')], run_id=None))
        (visit,) = revisits.waiting(conn, wanted.outlet_id, limit=5)
        assert revisits.wanted(conn, at, only_due=False) == ()
    return visit


def next_at(database: Database) -> datetime | None:
    with database.reading() as conn:
        return conn.execute(select(table.c.next_at)).scalar_one()


def test_an_item_is_due_on_its_day_and_then_on_the_next(watched: Database) -> None:
    with watched.reading() as conn:
        assert revisits.wanted(conn, NOW + timedelta(hours=17), only_due=True) == ()
        assert revisits.counts(conn, LATER) == (1, 1)
    visit = visited(watched, b"<p>first</p>")
    assert visit.is_same
    with watched.writing() as conn:
        revisits.settle(conn, [revisits.Closed(visit, Seen.UNCHANGED, "", is_kept=False)], DAYS)
    assert next_at(watched) == NOW + timedelta(days=3) - revisits.SLACK


def test_a_visit_that_showed_nothing_is_tried_again_so_often_and_then_waits_for_its_day(watched: Database) -> None:
    at = LATER
    for _ in range(revisits.MOST_TRIES - 1):
        visit = visited(watched, None, FetchOutcome.TIMEOUT, at)
        with watched.writing() as conn:
            revisits.settle(conn, [revisits.Closed(visit, Seen.NOT_LOOKED_AT, "", is_kept=False)], DAYS)
        assert next_at(watched) == at + revisits.RETRY_AFTER
        at += revisits.RETRY_AFTER
    visit = visited(watched, None, FetchOutcome.TIMEOUT, at)
    with watched.writing() as conn:
        revisits.settle(conn, [revisits.Closed(visit, Seen.NOT_LOOKED_AT, "", is_kept=False)], DAYS)
    assert next_at(watched) == NOW + timedelta(days=3) - revisits.SLACK


def test_the_bytes_of_an_edit_are_kept_and_later_visits_are_compared_with_them(watched: Database) -> None:
    visit = visited(watched, b"<p>second</p>")
    assert visit.page is not None
    with watched.writing() as conn:
        revisits.settle(conn, [revisits.Closed(visit, Seen.EDITED, "", is_kept=True)], DAYS)
        texts = ItemText("A", "x\ny"), ItemText("B", "x\nz")
        revisions.add(conn, visit.id, [Revision(0, 1, ChangeKind.EDITED, LATER, *texts, "", (("rivers", "correction"),))])
    again = visited(watched, b"<p>second</p>", at=NOW + timedelta(days=3))
    assert again.is_same
    with watched.reading() as conn:
        kept = revisits.page_of(conn, visit.id, visit.outlet_id)
        assert kept is not None
        assert kept.body == b"<p>second</p>"
        (change,) = revisions.of_articles(conn, [1])[1]
        assert (change.before, change.after) == texts
        assert change.changes_for("rivers") == ("correction",)
        assert revisions.newest_text(conn, 1) == texts[1]
        assert revisions.newest_kinds(conn, [1]) == {1: ChangeKind.EDITED}
        assert [*revisions.noted_after(conn, "rivers", NOW, LATER)] == [1]
        assert revisions.noted_after(conn, "rivers", LATER, LATER + timedelta(days=1)) == {}


def test_what_showed_no_change_keeps_no_bytes(watched: Database) -> None:
    visit = visited(watched, b"<p>first</p><p>12 views</p>")
    with watched.writing() as conn:
        revisits.settle(conn, [revisits.Closed(visit, Seen.UNCHANGED, "", is_kept=False)], DAYS)
        assert conn.execute(select(visits.c.body)).scalars().all() == [None]


def test_a_page_that_is_gone_is_watched_on_and_one_that_was_rejected_is_not(watched: Database) -> None:
    visit = visited(watched, None, FetchOutcome.NOT_FOUND)
    with watched.writing() as conn:
        revisits.settle(conn, [revisits.Closed(visit, Seen.GONE, "", is_kept=False)], DAYS)
        assert revisits.gone_since(conn, [1]) == {1}
        assert len(revisits.wanted(conn, LATER, only_due=False)) == 1
        verdicts.record(conn, a_verdict(1, Decision.REJECT))
        assert revisits.wanted(conn, LATER, only_due=False) == ()


def test_after_the_last_day_nothing_is_visited_and_forgotten_items_leave_no_text(watched: Database) -> None:
    visit = visited(watched, b"<p>second</p>", at=NOW + timedelta(days=90))
    with watched.writing() as conn:
        revisits.settle(conn, [revisits.Closed(visit, Seen.EDITED, "", is_kept=True)], DAYS)
        revisions.add(conn, visit.id, [Revision(0, 1, ChangeKind.GONE, LATER, ItemText("A", "x"), None)])
        revisions.forget(conn, [1])
        revisits.forget(conn, [1])
        assert revisits.wanted(conn, NOW + timedelta(days=400), only_due=False) == ()
        assert revisits.page_of(conn, visit.id, visit.outlet_id) is None
        assert [one.before for one in revisions.iterate(conn)] == [None]


def test_an_item_that_its_outlet_says_it_changed_is_due_at_once_and_no_other(watched: Database) -> None:
    soon = NOW + timedelta(hours=2)
    cases = {
        "before it was read": {URL: NOW - timedelta(hours=1)},
        "in the time to come": {URL: soon + timedelta(hours=1)},
        "another": {"https://zeri-i-lumit.example/lajme/2": NOW + timedelta(hours=1)},
        "nothing": {},
    }
    for name, modified in cases.items():
        with watched.writing() as conn:
            assert revisits.hurry(conn, modified, soon) == 0, name
    with watched.writing() as conn:
        assert revisits.hurry(conn, {URL: NOW + timedelta(hours=1)}, soon) == 1
        assert revisits.counts(conn, soon) == (1, 1)
        assert revisits.hurry(conn, {URL: NOW + timedelta(hours=1)}, soon) == 0  # it is due already
    visit = visited(watched, b"<p>second</p>", at=soon)
    with watched.writing() as conn:
        revisits.settle(conn, [revisits.Closed(visit, Seen.UNCHANGED, "", is_kept=False)], DAYS)
        assert revisits.hurry(conn, {URL: NOW + timedelta(hours=1)}, soon + timedelta(hours=1)) == 0  # seen since
