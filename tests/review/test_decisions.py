"""What persons say of items and take back, on a real database file: one act, one transaction, and a word for every item left out."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event

from tests.builders import NOW, a_campaign, a_mention, an_article, an_outlet
from tests.conftest import some_of_them
from tracker.errors import UsageError
from tracker.model import Decision, Fact, KeyMessage, Spokesperson, Story, Value
from tracker.review import decisions
from tracker.review.decisions import Act, NothingToTakeBack, StaleDecision, Target, UnknownMention, Why
from tracker.review.story_edits import regroup
from tracker.store import articles, entries, item_states, mentions, registers, stories, verdicts
from tracker.store.database import Database, open_database
from tracker.stories import windows
from tracker.visibility import is_withheld

ITEMS = 8
JOINS = ((1, 1), (2, 1), (3, 1), (4, 4), (5, 4), (6, 6), (7, 6))
"""What a window has joined: 1 2 3, 4 5, 6 7; 8 is alone."""
JOINED = [(1, 2, 3), (4, 5), (6, 7), (8,)]


def fill(database: Database) -> None:
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(), an_outlet("gazeta", name="Gazeta", country="XK")], [], NOW)
        articles.save(conn, [(an_article(number), "a", "b") for number in range(1, ITEMS + 1)], NOW)
        mentions.save(conn, [a_mention(number, held=number == 8) for number in range(1, ITEMS + 1)], NOW)
        mentions.save(conn, [a_mention(1, campaign_id="forests")], NOW)
        stories.keep_joins(conn, "rivers", {0: JOINS})
        stories.save(conn, "rivers", [Story(f"story-{ids[0]}", ids) for ids in JOINED], NOW)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path, busy_timeout_seconds=20)
    fill(database)
    yield database
    database.close()


def m(*numbers: int) -> list[str]:
    return [f"rivers-{number}" for number in numbers]


def say(desk: Database, number: int, said: dict[Fact, Value], minute: int = 0, by: str = "Arta", **given: int) -> Act:
    return decisions.say(desk, m(number)[0], said, by=by, now=NOW + timedelta(minutes=minute), **given)  # type: ignore[arg-type]


def decision(desk: Database, number: int) -> str:
    return decisions.states(desk, m(number))[m(number)[0]].decision


def grouped(desk: Database) -> list[tuple[int, ...]]:
    with desk.reading() as conn:
        return sorted(story.article_ids for story in stories.for_campaign(conn, "rivers"))


def test_take_back_restores_verdict_by_verdict_and_can_be_taken_back_itself(desk: Database) -> None:
    say(desk, 1, {Fact.VERDICT: "accept", Fact.TONE: "positive"})
    say(desk, 1, {Fact.VERDICT: "reject", Fact.REASON: "namesake", Fact.TONE: "mixed"}, 1)
    back = decisions.take_back(desk, mention_id=m(1)[0], by="Bora", now=NOW + timedelta(minutes=2))
    state = decisions.states(desk, m(1))[m(1)[0]]
    assert (state.decision, state.tone, state.reason, state.decided_at, state.decided_by) == ("accept", "positive", "", NOW, "Arta")
    decisions.take_back(desk, mention_id=m(1)[0], by="Bora", now=NOW + timedelta(minutes=3))
    assert decision(desk, 1) == ""
    with pytest.raises(NothingToTakeBack):
        decisions.take_back(desk, mention_id=m(1)[0], by="Bora", now=NOW)
    decisions.take_back(desk, act_id=back.id, by="Bora", now=NOW + timedelta(minutes=4))
    assert decision(desk, 1) == "reject"
    told = decisions.history(desk, m(1)[0])
    assert [(line.event.fact, line.event.before, line.event.after) for line in told if line.event.fact is Fact.VERDICT] == [
        ("verdict", None, "accept"),
        ("verdict", "accept", "reject"),
        ("verdict", "reject", "accept"),
        ("verdict", "accept", None),
        ("verdict", None, "reject"),
    ]
    assert next(line.event.by for line in told if line.event.takes_back) == "Bora"


def test_a_bulk_verdict_is_one_act_names_what_it_left_out_and_goes_back_as_one(desk: Database) -> None:
    say(desk, 2, {Fact.VERDICT: "reject"})
    targets = [Target(name, 0) for name in (*m(1, 2, 3), "rivers-99", *m(1))]
    act = decisions.say_many(desk, targets, {Fact.VERDICT: "accept"}, by="Arta", now=NOW)
    assert sorted(act.done) == m(1, 3)
    assert sorted((one.mention_id, one.why) for one in act.refused) == [("rivers-2", Why.STALE), ("rivers-99", Why.UNKNOWN)]
    (stale,) = (one for one in act.refused if one.why is Why.STALE)
    assert stale.state is not None
    assert stale.last is not None
    assert "now reject" in stale.words
    assert "not recorded: accept" in stale.words
    undone = decisions.take_back_last(desk, by="Arta", now=NOW + timedelta(minutes=1))
    assert sorted(undone.done) == m(1, 3)
    assert [decision(desk, number) for number in (1, 2, 3)] == ["", "reject", ""]
    decisions.take_back_last(desk, by="Arta", now=NOW)
    with pytest.raises(NothingToTakeBack):
        decisions.take_back_last(desk, by="Arta", now=NOW)
    with pytest.raises(NothingToTakeBack):
        decisions.take_back_last(desk, by="nobody here", now=NOW)


def test_undo_is_a_persons_own_and_of_the_campaigns_they_may_touch(desk: Database) -> None:
    say(desk, 1, {Fact.VERDICT: "accept"})
    decisions.say(desk, "forests-1", {Fact.VERDICT: "reject"}, by="Arta", now=NOW)
    say(desk, 2, {Fact.VERDICT: "accept"}, by="Bora")
    undone = decisions.take_back_last(desk, by="Arta", now=NOW, campaign_ids=["rivers"])
    assert undone.done == ("rivers-1",)
    with pytest.raises(NothingToTakeBack):
        decisions.take_back_last(desk, by="Arta", now=NOW, campaign_ids=["rivers"])
    with pytest.raises(NothingToTakeBack):
        decisions.take_back(desk, mention_id="forests-1", by="Bora", now=NOW, campaign_ids=["rivers"])
    assert decision(desk, 2) == "accept"


def test_a_word_said_without_sight_of_the_last_is_refused_and_shows_both(desk: Database) -> None:
    seen = decisions.states(desk, m(1))[m(1)[0]].version
    say(desk, 1, {Fact.VERDICT: "sensitive", Fact.NOTE: "a girl's name"}, by="Bora")
    with pytest.raises(StaleDecision, match=r"by Bora.*now sensitive.*not recorded: accept") as refused:
        say(desk, 1, {Fact.VERDICT: "accept"}, version=seen)
    assert refused.value.state is not None
    say(desk, 1, {Fact.VERDICT: "accept"}, version=refused.value.state.version)
    with pytest.raises(StaleDecision):
        decisions.take_back(desk, mention_id=m(1)[0], by="Arta", now=NOW, version=seen)
    assert decision(desk, 1) == "accept"


def test_two_persons_at_once_lose_no_word_and_one_is_told(desk: Database) -> None:
    other = open_database(desk.path.parent, busy_timeout_seconds=20)
    ends: list[str] = []

    def judge(database: Database, name: str) -> None:
        for number in range(1, ITEMS + 1):
            act = decisions.say_many(database, [Target(m(number)[0], 0)], {Fact.VERDICT: "accept"}, by=name, now=NOW)
            ends.extend([f"{name} done"] * len(act.done) + [str(one.why) for one in act.refused])

    threads = [threading.Thread(target=judge, args=given) for given in ((desk, "Arta"), (other, "Bora"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.close()
    assert len(ends) == 2 * ITEMS
    assert ends.count("stale") == ITEMS
    assert all(len(decisions.history(desk, name)) == 1 for name in m(*range(1, ITEMS + 1)))


class Stopped(Exception):
    """The process ends here, as far as the database can tell."""


@pytest.mark.parametrize("after", range(1, 24, 2))
def test_a_bulk_act_that_is_cut_off_at_any_statement_leaves_nothing_half(desk: Database, after: int) -> None:
    say(desk, 1, {Fact.VERDICT: "accept"})
    before = {name: decisions.states(desk, [name])[name] for name in m(1, 2, 3)}
    writes = 0

    def stop(conn: object, cursor: object, statement: str, *rest: object) -> None:
        nonlocal writes
        writes += not statement.startswith(("BEGIN", "COMMIT"))
        if writes == after:
            raise Stopped

    sqlalchemy_event.listen(desk._engine, "before_cursor_execute", stop)
    cut_off = False
    try:
        decisions.say_many(desk, [Target(name) for name in m(1, 2, 3)], {Fact.VERDICT: "reject", Fact.TONE: "mixed"}, by="B", now=NOW)
    except Stopped:
        cut_off = True
    finally:
        sqlalchemy_event.remove(desk._engine, "before_cursor_execute", stop)
    now = {name: decisions.states(desk, [name])[name] for name in m(1, 2, 3)}
    assert (now == before) is cut_off
    assert {name: state.decision for name, state in now.items()} == (
        {"rivers-1": "accept", "rivers-2": "", "rivers-3": ""} if cut_off else dict.fromkeys(m(1, 2, 3), "reject")
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({Fact.VERDICT: "perhaps"}, "verdict: 'perhaps' is none of accept"),
        ({Fact.REASON: "namesake"}, "reason: belongs to a rejection"),
        ({Fact.VERDICT: "reject", Fact.REASON: "boring"}, "reason: 'boring' is none of"),
        ({Fact.TONE: "angry"}, "tone: 'angry'"),
        ({Fact.KEY_MESSAGES: ("unheard",)}, "key_messages: the campaign has no 'unheard'"),
        ({Fact.QUOTES: ("Nobody",)}, "quotes: the campaign has no 'Nobody'"),
        ({Fact.HEADLINE: "x" * 1001}, "headline: has 1001 characters"),
        ({Fact.PUBLISHED: "yesterday"}, "neither a day"),
        ({Fact.PUBLISHED: "2026-03-10T08:00"}, "neither a day"),
        ({Fact.PUBLISHED: "2026-09-10"}, "lies in the future"),
        ({Fact.PUBLISHED: "0026-03-10"}, "too long ago"),
        ({Fact.OUTLET: "no-such"}, "not in the register"),
        ({Fact.AUTHORS: "Arta"}, "no list of texts"),
        ({Fact.TAGS: ("x" * 61,)}, "61 characters"),
        ({Fact.TAGS: tuple(map(str, range(21)))}, "21 are too many"),
        ({Fact.STORY: 3}, "is not said by itself"),
        ({Fact.APPROVAL: "x"}, "is not said by itself"),
        ({Fact.NOTE: 7}, "is no text"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(desk: Database, said: dict[Fact, Value], words: str) -> None:
    campaign = a_campaign(key_messages=(KeyMessage("safe", "Safe", "river"),), spokespeople=(Spokesperson("Arta Hoxha", "", ()),))
    with pytest.raises(UsageError, match=words):
        decisions.say(desk, m(1)[0], said, by="Arta", now=NOW, campaign=campaign)
    assert decisions.history(desk, m(1)[0]) == ()


def test_an_unknown_mention_is_named(desk: Database) -> None:
    for ask in (lambda: decisions.history(desk, "m-0"), lambda: decisions.say(desk, "m-0", {Fact.STAR: True}, by="", now=NOW)):
        with pytest.raises(UnknownMention, match="m-0"):
            ask()


@pytest.mark.parametrize(
    ("fact", "value"),
    [(Fact.HEADLINE, "Lumi doli nga shtrati 1"), (Fact.OUTLET, "zeri-i-lumit"), (Fact.AUTHORS, ()), (Fact.HEADLINE, "  ")],
)
def test_what_is_corrected_into_what_was_found_is_no_correction(desk: Database, fact: Fact, value: Value) -> None:
    assert say(desk, 1, {fact: value}).id == 0
    assert not decisions.states(desk, m(1))[m(1)[0]].corrections


def test_a_corrected_outlet_moves_the_item_to_its_country(desk: Database) -> None:
    say(desk, 1, {Fact.OUTLET: "gazeta"})
    with desk.reading() as conn:
        (entry,) = entries.for_campaign(conn, "rivers", article_ids=[1])
    assert (entry.outlet.country, entry.article.outlet_id, entry.as_found and entry.as_found.outlet_id) == ("XK", "gazeta", "zeri-i-lumit")


def test_another_verdict_takes_the_reason_of_a_rejection_away_and_undo_brings_it_back(desk: Database) -> None:
    say(desk, 1, {Fact.VERDICT: "reject", Fact.REASON: "old"})
    say(desk, 1, {Fact.VERDICT: "accept"}, 1)
    assert decisions.states(desk, m(1))[m(1)[0]].reason == ""
    decisions.take_back_last(desk, by="Arta", now=NOW)
    assert decisions.states(desk, m(1))[m(1)[0]].reason == "old"


def withheld(desk: Database) -> list[int]:
    with desk.reading() as conn:
        return [entry.article.id for entry in entries.for_campaign(conn, "rivers") if is_withheld(entry)]


def test_taking_an_acceptance_back_holds_a_held_item_again(desk: Database) -> None:
    assert withheld(desk) == [8]
    say(desk, 8, {Fact.VERDICT: "accept"})
    assert withheld(desk) == []
    decisions.take_back_last(desk, by="Arta", now=NOW)
    assert withheld(desk) == [8]


def test_taking_a_sensitive_verdict_back_frees_only_what_that_verdict_held(desk: Database) -> None:
    say(desk, 1, {Fact.VERDICT: "sensitive"}, 1)
    say(desk, 2, {Fact.VERDICT: "sensitive"}, 2)
    assert withheld(desk) == [1, 2, 3, 8]
    decisions.take_back(desk, mention_id=m(2)[0], by="Bora", now=NOW + timedelta(minutes=3))
    assert withheld(desk) == [1, 2, 3, 8]  # the story of 1 still holds them
    decisions.take_back(desk, mention_id=m(1)[0], by="Bora", now=NOW + timedelta(minutes=4))
    assert withheld(desk) == [8]


def test_stories_are_merged_and_split_at_once_and_a_take_back_restores_them(desk: Database) -> None:
    assert grouped(desk) == JOINED
    merged = decisions.merge(desk, m(2, 5), by="Arta", now=NOW)
    assert grouped(desk) == [(1, 2, 3, 4, 5), (6, 7), (8,)]
    assert sorted(merged.done) == m(1, 2, 3, 4, 5)
    decisions.split(desk, m(1), by="Arta", now=NOW + timedelta(minutes=1))
    assert grouped(desk) == [(1,), (2, 3, 4, 5), (6, 7), (8,)]
    decisions.take_back_last(desk, by="Arta", now=NOW + timedelta(minutes=2))
    assert grouped(desk) == [(1, 2, 3, 4, 5), (6, 7), (8,)]
    decisions.take_back(desk, mention_id=m(4)[0], by="Bora", now=NOW + timedelta(minutes=3))
    assert grouped(desk) == JOINED


@pytest.mark.parametrize(
    ("change", "names", "words"),
    [
        (decisions.merge, m(1, 2), "one story already"),
        (decisions.merge, [*m(1), "forests-1"], "of several campaigns"),
        (decisions.split, m(8), "whole stories"),
        (decisions.split, m(4, 5), "whole stories"),
        (decisions.split, ["rivers-99"], "no mention"),
        (decisions.merge, [], "name the items"),
    ],
)
def test_a_merge_or_split_of_nothing_is_refused_in_words(desk: Database, change: object, names: list[str], words: str) -> None:
    assert callable(change)
    with pytest.raises(UsageError, match=words):
        change(desk, names, by="Arta", now=NOW)
    assert grouped(desk) == JOINED


def test_a_new_copy_goes_where_the_first_of_its_story_went(desk: Database) -> None:
    decisions.split(desk, m(1), by="Arta", now=NOW)
    with desk.writing() as conn:
        placed = item_states.stories(conn, "rivers")
    again = windows.stories_of([*JOINS, (9, 1)], range(1, 10), placed)
    assert [story.article_ids for story in again] == [(1, 9), (2, 3), (4, 5), (6, 7), (8,)]


edits = st.lists(
    st.tuples(
        st.sampled_from(["merge", "split", "back", "redo"]), st.sets(st.integers(1, ITEMS), min_size=1, max_size=3), st.integers(0, 9)
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=some_of_them(0.4))
@given(edits=edits)
def test_what_persons_put_together_is_the_same_at_once_and_by_the_next_grouping(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, set[int], int]]
) -> None:
    database = open_database(tmp_path_factory.mktemp("edits"))
    fill(database)
    acts: list[int] = []
    for minute, (kind, numbers, place) in enumerate(edits):
        at = NOW + timedelta(minutes=minute)
        acts += _edit(database, kind, m(*sorted(numbers)), acts[place % len(acts)] if acts else 0, at)
        with database.writing() as conn:
            everything = windows.stories_of(JOINS, range(1, ITEMS + 1), item_states.stories(conn, "rivers"))
            assert sorted(story.article_ids for story in stories.for_campaign(conn, "rivers")) == [one.article_ids for one in everything]
            assert stories.settled(conn, "rivers") == ITEMS
            regroup(conn, "rivers", [1], at)
            assert stories.for_campaign(conn, "rivers") == sorted(everything, key=lambda story: story.key)
    database.close()


def _edit(database: Database, kind: str, names: Sequence[str], act: int, at: datetime) -> list[int]:
    try:
        if kind in ("back", "redo"):
            return [decisions.take_back(database, act_id=act, by="Arta", now=at).id]
        return [(decisions.merge if kind == "merge" else decisions.split)(database, names, by="Arta", now=at).id]
    except UsageError:
        return []


def test_verdicts_by_the_older_way_are_events_too(desk: Database) -> None:
    with desk.writing() as conn:
        verdicts.record(conn, verdicts.latest(conn, "rivers").get(1) or _accepted())
    assert [(line.event.fact, line.event.after) for line in decisions.history(desk, m(1)[0])] == [("verdict", "accept")]


def _accepted() -> verdicts.Verdict:
    return verdicts.Verdict("rivers", 1, Decision.ACCEPT, NOW)


def test_an_item_that_no_run_has_grouped_yet_is_merged_at_once(desk: Database) -> None:
    with desk.writing() as conn:
        articles.save(conn, [(an_article(9), "a", "b")], NOW)
        mentions.save(conn, [a_mention(9)], NOW)
    decisions.merge(desk, m(4, 9), by="Arta", now=NOW)
    assert any({4, 5, 9} <= {*ids} for ids in grouped(desk))
    decisions.take_back_last(desk, by="Arta", now=NOW + timedelta(minutes=1))
    assert not any({4, 9} <= {*ids} for ids in grouped(desk))
