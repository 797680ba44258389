"""What counts of all that persons said: the rule by itself, what is stored beside it, and that nothing else can change it."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.builders import NOW, a_mention, a_verdict, an_article
from tests.conftest import some_of_them
from tracker.model import Decision, Event, Fact, ItemState, Published, Value
from tracker.store import articles, entries, events, item_states, mentions, verdicts
from tracker.store.database import Database, open_database
from tracker.store.events import Act, Subject
from tracker.store.replay import in_force, state_of, taken_back

VALUES: dict[Fact, tuple[Value, ...]] = {
    Fact.VERDICT: (*map(str, Decision), None),
    Fact.TONE: ("positive", "mixed", None),
    Fact.TAGS: (("a",), ("a", "b"), None),
    Fact.STAR: (True, None),
    Fact.KEY_MESSAGES: ((), ("safe",), None),
    Fact.HEADLINE: ("Corrected", None),
    Fact.PUBLISHED: ("2026-03-01", "2026-03-02T09:30:00+01:00", None),
    Fact.STORY: (7, 8, None),
    Fact.PICTURE: ("off", None),
}
words = st.sampled_from([*VALUES]).flatmap(lambda fact: st.tuples(st.just(fact), st.sampled_from(VALUES[fact])))
steps = st.lists(st.one_of(words, st.integers(0, 30)), max_size=24)
"""A word on a fact, or the taking back of an earlier event by its place."""


def a_word(number: int, after: Value = "accept", takes_back: int | None = None) -> Event:
    at = NOW + timedelta(minutes=number)
    return Event(number, number, "rivers", 1, None, Fact.VERDICT, None, after, at, takes_back=takes_back)


@pytest.mark.parametrize(
    ("said", "gone", "stands"),
    [
        ([], {}, None),
        ([a_word(1)], {}, "accept"),
        ([a_word(1), a_word(2, "reject")], {}, "reject"),
        ([a_word(1), a_word(2, "reject"), a_word(3, takes_back=2)], {2: 3}, "accept"),
        ([a_word(1), a_word(2, "reject"), a_word(3, takes_back=1)], {1: 3}, "reject"),
        ([a_word(1), a_word(2, takes_back=1)], {1: 2}, None),
        ([a_word(1), a_word(2, takes_back=1), a_word(3, takes_back=2)], {2: 3}, "accept"),
        ([a_word(1), a_word(2, takes_back=1), a_word(3, takes_back=2), a_word(4, takes_back=3)], {1: 2, 3: 4}, None),
        ([a_word(1), a_word(2, takes_back=1), a_word(3, "reject")], {1: 2}, "reject"),
    ],
)
def test_a_word_counts_until_a_take_back_that_counts(said: list[Event], gone: dict[int, int], stands: str | None) -> None:
    assert taken_back(said) == gone
    assert {fact: word.after for fact, word in in_force(said).items()} == ({Fact.VERDICT: stands} if stands else {})


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, fresh_file: Path) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("sequences")
    shutil.copy(fresh_file, folder / fresh_file.name)
    opened = open_database(folder)
    with opened.writing() as conn:
        articles.save(conn, [(an_article(), "lumi", "ujin")], NOW)
    yield opened
    opened.close()


campaigns = itertools.count()


@settings(max_examples=some_of_them(0.6))
@given(steps=steps)
def test_the_state_beside_the_events_is_what_follows_from_them(many: Database, steps: list[tuple[Fact, Value] | int]) -> None:
    """Held against the rule said in other words: an event counts unless a later take-back of it counts."""
    subject = Subject(f"campaign-{next(campaigns)}", 1)
    with many.writing() as conn:
        for number, step in enumerate(steps):
            act = Act(conn, at=NOW + timedelta(minutes=number), by="Arta")
            known = events.of_subject(conn, subject)
            if isinstance(step, int):
                act.take_back([known[step]] if step < len(known) else [])
            else:
                act.say(subject, {step[0]: step[1]}, known)
            made = events.of_subject(conn, subject)
            expected = _by_hand(made)
            for event in made[len(known) :]:
                assert event.after == expected.get(event.fact)
            stored = item_states.many(conn, subject.campaign_id, [1]).get(1, ItemState(subject.campaign_id, 1))
            assert stored == state_of(subject.campaign_id, 1, made)
            assert stored.version == max([event.id for event in made], default=0)
            published = stored.corrections.published
            assert {
                Fact.VERDICT: stored.decision or None,
                Fact.TAGS: stored.tags or None,
                Fact.STAR: stored.starred or None,
                Fact.STORY: stored.story,
                Fact.PUBLISHED: published and published.iso(),
                Fact.KEY_MESSAGES: stored.key_messages,
            } == {fact: expected.get(fact) for fact in (Fact.VERDICT, Fact.TAGS, Fact.STAR, Fact.STORY, Fact.PUBLISHED, Fact.KEY_MESSAGES)}


def _by_hand(said: list[Event]) -> Mapping[Fact, Value]:
    def counts(event: Event) -> bool:
        return not any(later.takes_back == event.id and counts(later) for later in said if later.id > event.id)

    return {event.fact: event.after for event in said if event.takes_back is None and counts(event)}


@settings(max_examples=some_of_them(0.6))
@given(said=st.lists(words, max_size=8), then=words)
def test_a_take_back_restores_all_that_stood_before(many: Database, said: list[tuple[Fact, Value]], then: tuple[Fact, Value]) -> None:
    subject = Subject(f"campaign-{next(campaigns)}", 1)
    with many.writing() as conn:

        def state() -> dict[str, object]:
            now = events.states_of(conn, subject.campaign_id, [1])[1]
            return {name: getattr(now, name) for name in ItemState.__struct_fields__ if name != "version"}

        for fact, value in said:
            Act(conn, at=NOW, by="Arta").say(subject, {fact: value})
        before = state()
        made = Act(conn, at=NOW, by="Bora").say(subject, {then[0]: then[1], Fact.NOTE: "seen"})
        after = state()
        back = Act(conn, at=NOW, by="Bora").take_back(made)
        assert state() == before
        Act(conn, at=NOW, by="Bora").take_back(back)
        assert state() == after


@pytest.fixture
def two(conn: Connection) -> Connection:
    articles.save(conn, [(an_article(number), "a", "b") for number in (1, 2)], NOW)
    mentions.save(conn, [a_mention(1), a_mention(2)], NOW)
    return conn


def test_a_corrected_date_moves_the_item_to_its_period_and_a_take_back_moves_it_back(two: Connection) -> None:
    at = NOW - timedelta(days=30)
    bounds: dict[str, Any] = {"appeared_from": at - timedelta(days=1), "appeared_before": at + timedelta(days=2)}
    assert entries.standings(two, "rivers", **bounds) == []
    said = Act(two, at=NOW).say(Subject("rivers", 1), {Fact.PUBLISHED: at.date().isoformat()})
    assert [entry.article.id for entry in entries.standings(two, "rivers", **bounds)] == [1]
    mentions.save(two, [a_mention(1), a_mention(2)], NOW)  # matched again: the correction stays
    assert [entry.article.id for entry in entries.standings(two, "rivers", **bounds)] == [1]
    Act(two, at=NOW).take_back(said)
    assert entries.standings(two, "rivers", **bounds) == []


def test_a_correction_is_printed_and_what_the_outlet_says_is_kept_beside_it(two: Connection) -> None:
    said: dict[Fact, Value] = {
        Fact.HEADLINE: "The river rose",
        Fact.AUTHORS: ("Arta Hoxha",),
        Fact.PUBLISHED: "2026-03-10T08:00:00+01:00",
    }
    Act(two, at=NOW).say(Subject("rivers", 1), said)
    first, second = entries.for_campaign(two, "rivers")
    assert (first.article.title, first.article.authors) == ("The river rose", ("Arta Hoxha",))
    assert isinstance(first.article.published, Published)
    assert first.article.published.iso() == "2026-03-10T08:00:00+01:00"
    assert first.as_found is not None
    assert (first.as_found.title, first.as_found.authors, first.as_found.published) == ("Lumi doli nga shtrati 1", (), None)
    assert first.corrected == ("headline", "published", "authors")
    assert (second.as_found, second.corrected) == (None, ())
    kept = articles.get(two, 1)
    assert kept is not None
    assert kept.title == "Lumi doli nga shtrati 1"
    assert first.mention.hits == ()  # it marked a word of the other headline
    assert second.mention.hits != ()


def test_a_star_or_a_tag_alone_decides_nothing(two: Connection) -> None:
    Act(two, at=NOW).say(Subject("rivers", 1), {Fact.STAR: True, Fact.TAGS: ("front page",)})
    assert verdicts.latest(two, "rivers") == {}
    assert [entry.article.id for entry in entries.standings(two, "rivers", undecided=True)] == [1, 2]
    verdicts.record(two, a_verdict(1))
    verdict = verdicts.latest(two, "rivers")[1]
    assert (verdict.starred, verdict.tags) == (True, ("front page",))
    assert [entry.article.id for entry in entries.standings(two, "rivers", undecided=True)] == [2]


def test_a_verdict_that_was_taken_back_is_in_the_events_and_among_no_verdicts(two: Connection) -> None:
    for minute, decision in enumerate((Decision.ACCEPT, Decision.SENSITIVE)):
        verdicts.record(two, a_verdict(1, decision, decided_at=NOW + timedelta(minutes=minute)))
    (*_, sensitive) = (event for event in events.of_subject(two, Subject("rivers", 1)) if event.fact is Fact.VERDICT)
    Act(two, at=NOW + timedelta(hours=1), by="Bora").take_back([sensitive])
    assert [verdict.decision for verdict in verdicts.history(two, "rivers", 1)] == [Decision.ACCEPT]
    assert verdicts.latest(two, "rivers")[1].decided_at == NOW
    assert verdicts.sensitive_articles(two) == frozenset()
    assert [event.after for event in events.of_subject(two, Subject("rivers", 1))][-2:] == ["sensitive", "accept"]
    assert verdicts.decided_between(two, "rivers", NOW + timedelta(minutes=30), NOW + timedelta(hours=2)) == {1: NOW + timedelta(hours=1)}
