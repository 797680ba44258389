from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from tests.builders import NOW, a_poll, a_source, an_outlet, some_facts
from tracker.model import FetchOutcome, FoundLink, Outlet, Source, SourceKind
from tracker.store import frontier, registers, trails
from tracker.store.schema import crawl as crawl_tables
from tracker.urls.canonical import normalise
from tracker.urls.rulebook import rule_of, rules_of


def _state(conn: Connection) -> registers.SourceState:
    return registers.states(conn)[0]


def _etag(conn: Connection) -> str | None:
    return registers.watched(conn)[0].etag


def test_an_outlet_comes_back_as_it_was_given(conn: Connection) -> None:
    outlet = an_outlet(
        "kanal", name="Канал", languages=("mk", "sq"), scripts=("Cyrl",), delay_seconds=2.5, moved_hosts=("old.example",), lenient_tls=True
    )
    registers.replace(conn, [outlet], [], NOW)
    assert registers.outlets(conn)["kanal"] == outlet


def test_what_leaves_the_catalogue_is_kept_but_no_longer_watched(conn: Connection) -> None:
    registers.replace(conn, [an_outlet("other")], [a_source("other:feed:1")], NOW)
    assert [each.source.id for each in registers.watched(conn)] == ["other:feed:1"]
    assert set(registers.outlets(conn)) == {"other", "zeri-i-lumit"}
    assert [state.watched for state in registers.states(conn)] == [True, False]


@pytest.mark.parametrize(
    ("outlets", "sources", "writes"),
    [
        ([an_outlet()], [a_source()], False),
        ([an_outlet(notes="moved")], [a_source()], True),
        ([an_outlet(delay_seconds=2)], [a_source()], True),
        ([an_outlet(), an_outlet("other")], [a_source()], True),
        ([], [], True),
        ([an_outlet()], [a_source(address="https://zeri-i-lumit.example/rss")], True),
        ([an_outlet()], [a_source(enabled=False)], True),
        ([an_outlet()], [a_source(evidence="listed")], True),
        ([an_outlet()], [a_source(), a_source("zeri-i-lumit:sitemap:1", kind=SourceKind.SITEMAP)], True),
        ([an_outlet()], [], True),
    ],
)
def test_a_catalogue_is_written_where_anything_in_it_is_new(
    conn: Connection, outlets: list[Outlet], sources: list[Source], writes: bool
) -> None:
    registers.replace(conn, [an_outlet()], [a_source()], NOW)
    written: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        written.extend([statement] if statement.startswith(("INSERT", "UPDATE")) else [])

    event.listen(conn, "before_cursor_execute", note)
    registers.replace(conn, outlets, sources, NOW)
    event.remove(conn, "before_cursor_execute", note)
    assert bool(written) == writes
    watched = [state for state in registers.states(conn) if state.watched]
    assert [state.source for state in watched] == sources
    assert [outlet for name, outlet in registers.outlets(conn).items() if name in {one.id for one in outlets}] == sorted(
        outlets, key=lambda one: one.id
    )


@pytest.mark.parametrize("identity", ["zeri-i-lumit", "zeri-i-lumit:feed:1"])
def test_a_persons_switch_survives_a_new_catalogue(conn: Connection, identity: str) -> None:
    assert registers.set_enabled(conn, identity, False, NOW) == 1
    registers.replace(conn, [an_outlet(name="New name")], [a_source(enabled=True)], NOW)
    assert registers.watched(conn) == []
    assert registers.set_enabled(conn, identity, True, NOW) == 1
    registers.replace(conn, [an_outlet()], [a_source(enabled=False)], NOW)
    assert [each.source.enabled for each in registers.watched(conn)] == [True]


def test_a_new_source_of_a_disabled_outlet_stays_off(conn: Connection) -> None:
    registers.set_enabled(conn, "zeri-i-lumit", False, NOW)
    registers.replace(conn, [an_outlet()], [a_source(), a_source("zeri-i-lumit:sitemap:1", kind=SourceKind.SITEMAP)], NOW)
    assert registers.watched(conn) == []


def test_switching_what_does_not_exist_concerns_nothing(conn: Connection) -> None:
    assert registers.set_enabled(conn, "nobody", False, NOW) == 0


def test_each_filter_narrows_what_is_watched(conn: Connection) -> None:
    registers.replace(
        conn,
        [an_outlet("a"), an_outlet("b")],
        [a_source("a:feed:1"), a_source("a:sitemap:1", kind=SourceKind.SITEMAP), a_source("b:feed:1")],
        NOW,
    )
    found = {
        name: [each.source.id for each in registers.watched(conn, **filters)]
        for name, filters in {
            "kind": {"kinds": [SourceKind.FEED]},
            "outlet": {"outlet_ids": ["a"]},
            "both": {"kinds": [SourceKind.FEED], "outlet_ids": ["a"]},
            "source": {"source_ids": ["b:feed:1"]},
            "none": {"source_ids": []},
        }.items()
    }
    assert found == {
        "kind": ["a:feed:1", "b:feed:1"],
        "outlet": ["a:feed:1", "a:sitemap:1"],
        "both": ["a:feed:1"],
        "source": ["b:feed:1"],
        "none": [],
    }


def test_a_good_poll_keeps_what_the_next_request_needs(conn: Connection) -> None:
    registers.record_poll(conn, 1, a_poll(etag='"1"', last_modified="Sat", listed=12, newest_at=NOW))
    state = _state(conn)
    assert (_etag(conn), registers.watched(conn)[0].last_modified) == ('"1"', "Sat")
    assert (state.last_listed, state.newest_at, state.failures, state.last_succeeded_at) == (12, NOW, 0, NOW)


def test_unchanged_keeps_the_etag_and_what_was_listed(conn: Connection) -> None:
    registers.record_poll(conn, 1, a_poll(etag='"1"', listed=12, newest_at=NOW))
    registers.record_poll(conn, 2, a_poll(FetchOutcome.UNCHANGED))
    state = _state(conn)
    assert (_etag(conn), state.last_listed, state.newest_at, state.polls) == ('"1"', 12, NOW, 2)


def test_failures_are_counted_from_the_first_of_a_row(conn: Connection) -> None:
    for hours in range(3):
        facts = some_facts(FetchOutcome.TIMEOUT, fetched_at=NOW + timedelta(hours=hours), detail=f"try {hours}")
        registers.record_poll(conn, 1, a_poll(facts=facts))
    state = _state(conn)
    assert (state.failures, state.failing_since_at, state.failing_detail) == (3, NOW, "try 2")
    registers.record_poll(conn, 2, a_poll())
    assert (_state(conn).failures, _state(conn).failing_since_at, _state(conn).failing_outcome) == (0, None, None)


@pytest.mark.parametrize("outcome", [FetchOutcome.NOT_A_FEED, FetchOutcome.PARSE_FAILED, FetchOutcome.EMPTY])
def test_unchanged_does_not_mend_what_could_not_be_read(conn: Connection, outcome: FetchOutcome) -> None:
    registers.record_poll(conn, 1, a_poll(etag='"1"'))
    registers.record_poll(conn, 2, a_poll(outcome, etag='"2"'))
    assert _etag(conn) is None
    registers.record_poll(conn, 3, a_poll(FetchOutcome.UNCHANGED))
    assert (_state(conn).failing_outcome, _state(conn).failures) == (outcome, 1)


def test_unchanged_ends_a_failed_connection(conn: Connection) -> None:
    registers.record_poll(conn, 1, a_poll(etag='"1"'))
    registers.record_poll(conn, 2, a_poll(FetchOutcome.TIMEOUT))
    assert _etag(conn) == '"1"'
    registers.record_poll(conn, 3, a_poll(FetchOutcome.UNCHANGED))
    assert (_state(conn).failing_outcome, _state(conn).failures) == (None, 0)


def test_a_source_that_moved_does_not_send_the_old_addresss_etag(conn: Connection) -> None:
    registers.record_poll(conn, 1, a_poll(etag='"1"', listed=3))
    registers.replace(conn, [an_outlet()], [a_source()], NOW)
    assert _etag(conn) == '"1"'
    registers.replace(conn, [an_outlet()], [a_source(address="https://zeri-i-lumit.example/rss.xml")], NOW)
    assert (_etag(conn), _state(conn).polls) == (None, 1)


def test_every_poll_is_kept_with_its_facts_but_without_cookies(conn: Connection) -> None:
    facts = some_facts(headers=(("Server", "nginx"), ("Set-Cookie", "secret=1"), ("ETag", "x" * 2000)), elapsed_seconds=0.5, size_bytes=9)
    registers.record_poll(conn, 1, a_poll(facts=facts, listed=7), new_links=3)
    registers.record_poll(conn, 2, a_poll(FetchOutcome.BLOCKED))
    blocked, fetched = trails.polls(conn, "zeri-i-lumit:feed:1")
    assert (blocked.facts.outcome, fetched.listed, fetched.new_links) == (FetchOutcome.BLOCKED, 7, 3)
    assert fetched.facts.headers == (("server", "nginx"), ("etag", "x" * 500))


def test_links_get_the_keys_of_a_new_rule_and_nothing_is_found_twice(conn: Connection) -> None:
    paths = ("lat/most", "cir/most", "cir/put-7", "lat/samo-latinica")
    links = [FoundLink(f"https://zeri.example/{path}", "", "zeri-i-lumit", "feed") for path in paths]
    frontier.add(conn, [(normalise(link.url), link) for link in links], run_id=None, now=NOW)
    ruled = an_outlet(homepage="https://zeri.example/", script_switch="/lat/|/cir/")
    registers.replace(conn, [ruled], [], NOW)
    keys = conn.execute(select(crawl_tables.links.c.key).order_by(crawl_tables.links.c.id)).scalars().all()
    base = "https://zeri.example"
    assert keys == [f"{base}/most", f"{base}/cir/most", f"{base}/put-7", f"{base}/samo-latinica"]
    assert frontier.add(conn, [(normalise(link.url, rule_of(ruled)), link) for link in links], run_id=None, now=NOW) == 0
    assert registers.address_rules(conn) == rules_of([ruled])
    registers.replace(conn, [an_outlet(homepage="https://zeri.example/")], [], NOW)
    assert conn.execute(select(crawl_tables.links.c.key).order_by(crawl_tables.links.c.id)).scalars().all() == [
        f"{base}/{path}" for path in paths
    ]
