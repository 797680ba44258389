"""The inbox: what beside a mention it is looked for by agrees with what it is held for; a page is the same as when all is gone through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection, event

from tests.builders import NOW, a_mention, an_article, an_outlet
from tests.conftest import some_of_them
from tracker.model import Decision, Fact, InboxFilter, InboxPlace, InboxState, Story
from tracker.store import articles, entries, inbox, mentions, registers, stories
from tracker.store.database import Database, open_database
from tracker.store.events import Act, Subject

ITEMS = 12
OUTLETS = ("zeri-i-lumit", "gazeta", "dnevnik")
HELD_BESIDE = """
    SELECT m.id FROM mentions m JOIN articles a ON a.id = m.article_id
    LEFT JOIN item_states s ON s.campaign_id = m.campaign_id AND s.article_id = m.article_id
    LEFT JOIN story_members g ON g.campaign_id = m.campaign_id AND g.article_id = m.article_id
    WHERE (m.group_key, m.decision, m.outlet_id, m.language)
        IS NOT (coalesce(g.story_key, m.id), s.decision, coalesce(s.outlet_id, a.outlet_id), a.language)"""


def fill(conn: Connection) -> None:
    registers.replace(conn, [an_outlet(), an_outlet("gazeta", country="XK"), an_outlet("dnevnik", country="RS", tier=1)], [], NOW)
    found = [
        an_article(n, outlet_id=OUTLETS[n % 3], language="sq" if n % 2 else "sr-Latn", canonical_url=f"https://x.example/{n}")
        for n in range(1, ITEMS + 1)
    ]
    articles.save(conn, [(article, "a", "b") for article in found], NOW)
    for n in range(1, ITEMS + 1):
        mentions.save(conn, [a_mention(n, held=n == 5)], NOW + timedelta(hours=n * 7 % 5))


@pytest.fixture
def filled(conn: Connection) -> Connection:
    fill(conn)
    return conn


steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, ITEMS), st.sampled_from([*map(str, Decision), None])),
        st.tuples(st.just("outlet"), st.integers(1, ITEMS), st.sampled_from(["gazeta", "dnevnik", None])),
        st.tuples(st.just("group"), st.integers(1, 5), st.none()),
        st.tuples(st.just("put"), st.integers(1, ITEMS), st.none()),
        st.tuples(st.just("match"), st.integers(1, ITEMS), st.none()),
        st.tuples(st.just("unmatch"), st.integers(1, ITEMS), st.none()),
        st.tuples(st.just("read"), st.integers(1, ITEMS), st.sampled_from(["mk", "sq"])),
    ),
    max_size=14,
)


def do(conn: Connection, kind: str, number: int, value: str | None) -> None:
    act = Act(conn, at=NOW)
    if kind == "say":
        act.say(Subject("rivers", number), {Fact.VERDICT: value})
    elif kind == "outlet":
        act.say(Subject("rivers", number), {Fact.OUTLET: value})
    elif kind == "group":
        ids = [mention.article_id for mention in mentions.for_campaign(conn, "rivers")]
        grouped = [tuple(one for one in ids if one % number == rest) for rest in range(number)]
        stories.save(conn, "rivers", [Story(f"story-{members[0]}", members) for members in grouped if members], NOW)
    elif kind == "put":
        whole = stories.members_of(conn, "rivers", [number])[number]
        if stories.keys_of(conn, "rivers", whole):
            stories.put(conn, "rivers", whole, [Story(f"story-{one}", (one,)) for one in whole], NOW)
    elif kind == "match":
        mentions.save(conn, [a_mention(number, held=number == 5)], NOW)
    elif kind == "unmatch":
        mentions.remove(conn, "rivers", [number])
    else:
        conn.exec_driver_sql("UPDATE articles SET language = ?, outlet_id = 'gazeta' WHERE id = ?", (value, number))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(tmp_path_factory.mktemp("inbox"))
    yield database
    database.close()


class _Undone(Exception):
    pass


@settings(max_examples=some_of_them(0.6))
@given(done=steps)
def test_what_is_held_beside_a_mention_is_what_its_tables_say(many: Database, done: list[tuple[str, int, str | None]]) -> None:
    with pytest.raises(_Undone):
        check(many, done)


def check(database: Database, done: list[tuple[str, int, str | None]]) -> None:
    """In a transaction that is undone at its end."""
    with database.writing() as conn:
        fill(conn)
        for step in done:
            do(conn, *step)
            assert conn.exec_driver_sql(HELD_BESIDE).all() == []
        for wanted in filters():
            assert pages(conn, wanted) == by_hand(conn, wanted)
        raise _Undone


def filters() -> list[InboxFilter]:
    every = InboxFilter("rivers", InboxState.ALL)
    narrowed: list[dict[str, Any]] = [{"state": state} for state in InboxState]
    narrowed += [{"country": "XK"}, {"tier": 1}, {"language": "sq", "outlet_id": "gazeta"}, {"country": "RS", "state": InboxState.OPEN}]
    return [replace(every, **one) for one in narrowed]


def pages(conn: Connection, wanted: InboxFilter, limit: int = 2) -> list[InboxPlace]:
    found: list[InboxPlace] = []
    while some := inbox.page(conn, wanted, after=found[-1] if found else None, limit=limit):
        found += some
    return found


def by_hand(conn: Connection, wanted: InboxFilter) -> list[InboxPlace]:
    """All items gone through one by one, as they are read for everything else."""
    newest: dict[str, InboxPlace] = {}
    for entry in entries.for_campaign(conn, wanted.campaign_id):
        decision = "" if entry.verdict is None else str(entry.verdict.decision)
        held = entry.mention.held and decision in ("", "unsure")
        in_state = {InboxState.ALL: True, InboxState.OPEN: not decision, InboxState.HELD: held}
        fits = (
            in_state.get(wanted.state, decision == wanted.state)
            and wanted.country in ("", entry.outlet.country)
            and wanted.tier in (None, entry.outlet.tier)
            and wanted.language in ("", entry.article.language)
            and wanted.outlet_id in ("", entry.outlet.id)
        )
        key = entry.story_key or entry.mention.id
        if fits and entry.found_at and (key not in newest or newest[key].newest_at < entry.found_at):
            newest[key] = InboxPlace(entry.found_at, key)
    return sorted(newest.values(), key=lambda place: (-place.newest_at.timestamp(), place.key))


def test_counts_and_members_agree_with_the_pages(filled: Connection) -> None:
    do(filled, "group", 4, None)
    for number, decision in ((1, "accept"), (2, "reject"), (3, "sensitive"), (4, "unsure"), (6, "accept")):
        do(filled, "say", number, decision)
    do(filled, "outlet", 2, "dnevnik")
    counted = inbox.counts(filled, "rivers")
    assert counted == {
        InboxState.UNSURE: 1,
        InboxState.ACCEPT: 2,
        InboxState.REJECT: 1,
        InboxState.SENSITIVE: 1,
        InboxState.OPEN: 7,
        InboxState.HELD: 1,
        InboxState.LISTED: 0,
        InboxState.ALL: ITEMS,
    }
    places = pages(filled, InboxFilter("rivers", InboxState.ALL))
    members = inbox.members(filled, "rivers", [place.key for place in places])
    assert sorted(one for found in members.values() for one in found) == list(range(1, ITEMS + 1))
    keys = inbox.keys_of(filled, "rivers", range(1, ITEMS + 1))
    assert all(keys[one] == key for key, found in members.items() for one in found)
    assert inbox.outlets_with_items(filled, "rivers") == sorted(OUTLETS)
    assert inbox.outlets_with_items(filled, "forests") == []


@pytest.mark.parametrize(("decision", "counted"), [(None, 1), ("unsure", 1), ("accept", 0), ("reject", 0), ("sensitive", 0)])
def test_what_may_identify_a_child_counts_until_somebody_has_decided(filled: Connection, decision: str | None, counted: int) -> None:
    (held,) = {number for number in range(1, ITEMS + 1) if _is_held(filled, number)}
    do(filled, "say", held, decision)
    assert inbox.counts(filled, "rivers")[InboxState.HELD] == counted
    assert len(pages(filled, InboxFilter("rivers", InboxState.HELD))) == counted


def _is_held(conn: Connection, article_id: int) -> bool:
    (entry,) = entries.for_campaign(conn, "rivers", article_ids=[article_id])
    return entry.mention.held


def test_a_page_takes_as_many_statements_with_a_thousand_items_as_with_ten(tmp_path: Path) -> None:
    def statements(count: int) -> int:
        database = open_database(tmp_path / str(count))
        with database.writing() as conn:
            registers.replace(conn, [an_outlet()], [], NOW)
            articles.save(conn, [(an_article(n), "a", "b") for n in range(1, count + 1)], NOW)
            mentions.save(conn, [a_mention(n) for n in range(1, count + 1)], NOW)
        asked: list[str] = []
        event.listen(database._engine, "before_cursor_execute", lambda c, u, statement, *rest: asked.append(statement))
        with database.reading() as conn:
            places = inbox.page(conn, InboxFilter("rivers"), limit=10)
            inbox.members(conn, "rivers", [place.key for place in places])
            inbox.counts(conn, "rivers")
            inbox.outlets_with_items(conn, "rivers")
        plans = {step[3] for one in asked if one.startswith("SELECT") for step in _plan(database, one)}
        assert not [step for step in plans if step.startswith("SCAN mentions")]
        database.close()
        return len(asked)

    assert statements(10) == statements(1000)


def _plan(database: Database, statement: str) -> list[Any]:
    with database.reading() as conn:
        raw = conn.connection.dbapi_connection
        assert raw is not None
        return list(raw.execute(f"EXPLAIN QUERY PLAN {statement}", tuple("x" * statement.count("?"))).fetchall())
