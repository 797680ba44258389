"""Editions, deliveries and runs: what must happen once and what must not be rewritten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tests.builders import NOW, a_mention, an_article
from tests.stored import deliveries_of
from tracker.model import (
    Audience,
    EditionFacts,
    Published,
    ReleaseFacts,
    RenderedDigest,
    Selection,
    SourceTrouble,
    StepReport,
    Story,
    Window,
)
from tracker.store import articles, deliveries, digests, entries, mentions, runs, stories
from tracker.store.deliveries import DeliveryState
from tracker.store.schema.editions import deliveries as deliveries_table
from tracker.store.schema.editions import editions

NIGHT = Window(NOW - timedelta(days=1), NOW)
FACTS = EditionFacts(troubles=(SourceTrouble("a:feed:1", "Zëri", "AL", "silent", since_at=NOW),), sources_watched=7)


@pytest.fixture
def edition(conn: Connection) -> digests.Edition:
    published = Published(NOW.astimezone())
    articles.save(conn, [(an_article(number, published=published), "", "") for number in (1, 2)], NOW)
    mentions.save(conn, [a_mention(1), a_mention(2)], NOW)
    stories.replace(conn, "rivers", [Story("story-1", (1, 2))], NOW)
    second, first = entries.for_campaign(conn, "rivers")[::-1]
    made = digests.freeze(conn, "rivers", "nightly", NIGHT, made_at=NOW, campaign_version="1", facts=FACTS)
    digests.release(conn, made.id, Audience.STAFF, Selection(counted=(second,), organisation=(first,)), ReleaseFacts(held=3), NOW)
    return made


def test_an_edition_keeps_its_entries_as_they_were(conn: Connection, edition: digests.Edition) -> None:
    before = digests.released(conn, edition.id, Audience.STAFF)
    mentions.remove(conn, "rivers", [1, 2])
    stories.replace(conn, "rivers", [], NOW)
    assert before is not None
    assert [(part, entry.article.id) for part, entry in before.entries] == [("counted", 2), ("organisation", 1)]
    assert digests.released(conn, edition.id, Audience.STAFF) == before
    assert before.entries[0][1].article == articles.get(conn, 2)
    assert before.facts.held == 3
    assert digests.facts_of(conn, edition.id) == FACTS


def test_making_an_edition_again_gives_the_first(conn: Connection, edition: digests.Edition) -> None:
    again = digests.freeze(conn, "rivers", "nightly", NIGHT, made_at=NOW + timedelta(hours=1))
    assert again == edition
    other = digests.freeze(conn, "rivers", "weekly", NIGHT, made_at=NOW)
    assert [each.id for each in digests.every(conn, "rivers")] == [other.id, edition.id]


def test_an_edition_is_released_to_an_audience_once(conn: Connection, edition: digests.Edition) -> None:
    assert digests.released(conn, edition.id, Audience.PARTNERS) is None
    assert digests.release(conn, edition.id, Audience.PARTNERS, Selection(), ReleaseFacts(), NOW + timedelta(hours=1))
    assert not digests.release(conn, edition.id, Audience.STAFF, Selection(), ReleaseFacts(), NOW)
    staff = digests.released(conn, edition.id, Audience.STAFF)
    assert staff is not None
    assert len(staff.entries) == 2
    assert digests.released_at(conn, edition.id) == {Audience.STAFF: NOW, Audience.PARTNERS: NOW + timedelta(hours=1)}
    assert digests.reported(conn, "rivers", audience=Audience.PARTNERS) == set()


def test_a_period_has_one_edition_of_a_kind(conn: Connection, edition: digests.Edition) -> None:
    digests.freeze(conn, "rivers", "weekly", NIGHT, made_at=NOW)
    with pytest.raises(IntegrityError):
        conn.execute(editions.update().values(kind="nightly"))


def test_reported_articles_are_known_by_kind_of_edition(conn: Connection, edition: digests.Edition) -> None:
    assert digests.reported(conn, "rivers") == {1, 2}
    assert digests.reported(conn, "rivers", kinds=["weekly"]) == set()
    assert digests.reported(conn, "rivers", except_edition=edition.id) == set()
    assert digests.reported(conn, "forests") == set()


def test_an_edition_is_approved_once(conn: Connection, edition: digests.Edition) -> None:
    assert digests.approve(conn, edition.id, NOW, "Ana", [("sq", "Javë e mirë.")])
    assert not digests.approve(conn, edition.id, NOW, "Bojan")
    assert not digests.approve(conn, 99, NOW)
    approved = digests.get(conn, edition.id)
    assert approved is not None
    assert (approved.approved_at, approved.approved_by, approved.sentences) == (NOW, "Ana", (("sq", "Javë e mirë."),))


def test_the_first_text_of_an_edition_stays(conn: Connection, edition: digests.Edition) -> None:
    first = RenderedDigest("Lumenjtë", "tekst", "<p>ё</p>")
    digests.save_rendering(conn, edition.id, Audience.STAFF, "sq", first)
    digests.save_rendering(conn, edition.id, Audience.STAFF, "sq", RenderedDigest("x", "y", "z"))
    assert digests.rendering(conn, edition.id, Audience.STAFF, "sq") == first
    assert digests.rendering(conn, edition.id, Audience.STAFF, "mk") is None
    assert digests.rendering(conn, edition.id, Audience.PARTNERS, "sq") is None
    assert digests.rendering(conn, edition.id, Audience.STAFF, "sq", ["AL"]) is None


def _plan(conn: Connection, edition: digests.Edition, recipient: str = "ana@example.org") -> bool:
    return deliveries.plan(conn, edition.id, recipient, "sq", message_id=f"<{edition.id}-{recipient}>", due_at=NOW)


def test_an_edition_goes_to_a_recipient_once(conn: Connection, edition: digests.Edition) -> None:
    assert (_plan(conn, edition), _plan(conn, edition)) == (True, False)
    _plan(conn, edition, "bojan@example.org")
    with pytest.raises(IntegrityError):
        conn.execute(deliveries_table.update().values(recipient="ana@example.org"))


def _planned(conn: Connection, edition: digests.Edition, language: str, due_at: datetime) -> deliveries.Delivery:
    """Plans the letter to Ana with this language and hour, and reads what stands of it."""
    name = "ana@example.org"
    assert not deliveries.plan(conn, edition.id, name, language, message_id="<other>", due_at=due_at)
    (row,) = [row for state in DeliveryState for row in deliveries.in_state(conn, state) if row.recipient == name]
    return row


def test_an_untouched_letter_takes_a_changed_language_and_hour_and_stays_the_same_letter(
    conn: Connection, edition: digests.Edition
) -> None:
    later = NOW + timedelta(hours=5)
    _plan(conn, edition)
    _plan(conn, edition, "bojan@example.org")
    row = _planned(conn, edition, "en", later)
    assert (row.language, row.due_at, row.message_id) == ("en", later, f"<{edition.id}-ana@example.org>")
    assert [(row.recipient, row.language) for row in deliveries.due(conn, NOW)] == [("bojan@example.org", "sq")]
    assert [row.language for row in deliveries.due(conn, later)] == ["sq", "en"]


@pytest.mark.parametrize("begun", [True, False], ids=["attempted here", "closed without an attempt"])
@pytest.mark.parametrize("state", [state for state in DeliveryState if state is not DeliveryState.DUE])
def test_a_letter_that_is_not_due_any_more_keeps_its_language_and_hour(
    conn: Connection, edition: digests.Edition, state: DeliveryState, begun: bool
) -> None:
    _plan(conn, edition)
    (row,) = deliveries.due(conn, NOW)
    if begun:
        assert deliveries.begin(conn, row.id, NOW)
    deliveries.settle(conn, row.id, state, NOW)
    again = _planned(conn, edition, "en", NOW + timedelta(hours=5))
    assert (again.language, again.due_at, again.state) == ("sq", NOW, state)


def test_a_letter_that_waits_for_its_second_attempt_keeps_its_language_and_hour(conn: Connection, edition: digests.Edition) -> None:
    _plan(conn, edition)
    (row,) = deliveries.due(conn, NOW)
    deliveries.begin(conn, row.id, NOW)
    deliveries.settle(conn, row.id, DeliveryState.DUE, NOW, "greylisted", due_at=NOW + timedelta(minutes=15))
    again = _planned(conn, edition, "en", NOW)
    assert (again.language, again.due_at, again.attempts) == ("sq", NOW + timedelta(minutes=15), 1)


def test_a_delivery_is_claimed_once_and_closed(conn: Connection, edition: digests.Edition) -> None:
    _plan(conn, edition)
    assert deliveries.due(conn, NOW - timedelta(seconds=1)) == []
    (delivery,) = deliveries.due(conn, NOW)
    assert (deliveries.begin(conn, delivery.id, NOW), deliveries.begin(conn, delivery.id, NOW)) == (True, False)
    deliveries.settle(conn, delivery.id, DeliveryState.SENT, NOW)
    (sent,) = deliveries_of(conn, edition.id)
    assert (sent.state, sent.attempts, deliveries.due(conn, NOW)) == (DeliveryState.SENT, 1, [])


def test_what_was_being_sent_when_the_program_died_is_unknown_and_not_due(conn: Connection, edition: digests.Edition) -> None:
    _plan(conn, edition)
    deliveries.begin(conn, deliveries.due(conn, NOW)[0].id, NOW)
    assert (deliveries.mark_unknown(conn, NOW), deliveries.mark_unknown(conn, NOW)) == (1, 0)
    assert deliveries.due(conn, NOW + timedelta(days=9)) == []
    assert len(deliveries.in_state(conn, DeliveryState.UNKNOWN)) == 1


def test_what_was_surely_not_sent_is_due_again_later(conn: Connection, edition: digests.Edition) -> None:
    _plan(conn, edition)
    (delivery,) = deliveries.due(conn, NOW)
    deliveries.begin(conn, delivery.id, NOW)
    deliveries.settle(conn, delivery.id, DeliveryState.DUE, NOW, "connection refused", due_at=NOW + timedelta(hours=1))
    assert deliveries.due(conn, NOW) == []
    assert [each.attempts for each in deliveries.due(conn, NOW + timedelta(hours=1))] == [1]


def test_a_run_comes_back_with_its_steps_in_order(conn: Connection) -> None:
    run_id = runs.start(conn, NOW, ["nightly", "--since", "2026-01-01"])
    steps = [StepReport("crawl", 3, (("fetched", 2), ("timeout", 1)), 1.5, ("slow",)), StepReport("extract", 2, (("screened", 2),))]
    runs.save_step(conn, run_id, StepReport("crawl", 0, ()))
    for step in steps:
        runs.save_step(conn, run_id, step)
    assert [run.run_id for run in runs.interrupted(conn)] == [run_id]
    trouble = SourceTrouble("a:feed:1", "Zëri", "AL", "silent", since_at=NOW)
    runs.finish(conn, run_id, NOW, 1, ["Zëri is silent"], troubles=[trouble], digest_paths=["outbox/1.eml"])
    latest = runs.latest(conn)
    assert latest is not None
    assert latest.run_id == run_id
    assert (latest.steps, latest.troubles, latest.needs_a_person) == (tuple(steps), (trouble,), ("Zëri is silent",))
    assert (latest.ended_at, latest.digest_paths, runs.interrupted(conn)) == (NOW, ("outbox/1.eml",), [])


def test_the_latest_finished_run_is_not_the_one_at_work(conn: Connection) -> None:
    assert runs.latest(conn) is None
    first = runs.start(conn, NOW)
    runs.finish(conn, first, NOW, 0)
    second = runs.start(conn, NOW)
    newest, finished = runs.latest(conn), runs.latest(conn, finished=True)
    assert newest is not None
    assert finished is not None
    assert (newest.run_id, finished.run_id) == (second, first)


def test_the_latest_night_is_no_poll_between_the_nights(conn: Connection) -> None:
    night = runs.start(conn, NOW, is_night=True)
    runs.start(conn, NOW + timedelta(hours=1), ["crawl", "digest"])
    latest = runs.latest_night(conn)
    assert latest is not None
    assert latest.run_id == night
