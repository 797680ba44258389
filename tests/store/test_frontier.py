from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tests.builders import NOW, a_link, a_source, an_outlet, some_facts
from tests.stored import fetched_page, finish_link, link_counts
from tracker.model import FetchOutcome, FoundLink
from tracker.store import frontier, pages, registers, trails
from tracker.store.database import Database
from tracker.store.schema.crawl import links


def _add(conn: Connection, *keys: str, **fields: object) -> int:
    return frontier.add(conn, [(key, a_link(f"https://{key}", **fields)) for key in keys], run_id=1, now=NOW)


def test_a_link_is_new_once(conn: Connection) -> None:
    assert (_add(conn, "a", "b"), _add(conn, "b", "c", "c"), _add(conn, "a")) == (2, 1, 0)
    assert frontier.pending(conn, NOW) == 3


def test_a_key_cannot_be_stored_twice(database: Database) -> None:
    with database.writing() as conn:
        _add(conn, "a", "b")
    with pytest.raises(IntegrityError), database.writing() as conn:
        conn.execute(links.update().values(key="same"))


def test_a_link_without_a_key_is_left_out(conn: Connection) -> None:
    assert _add(conn, "") == 0


def test_a_link_that_was_fetched_is_not_found_anew(conn: Connection) -> None:
    _add(conn, "a")
    finish_link(conn, 1, some_facts(), run_id=1, body=b"x")
    assert (_add(conn, "a"), frontier.pending(conn, NOW)) == (0, 0)


def test_many_links_at_once_are_all_stored(conn: Connection) -> None:
    assert _add(conn, *(f"k{number}" for number in range(2500))) == 2500


def test_an_address_with_broken_letters_is_stored_and_found_again(conn: Connection) -> None:
    assert (_add(conn, "x/\ud800"), _add(conn, "x/\ud800")) == (1, 0)


def test_every_source_that_named_a_link_is_noted_once(conn: Connection) -> None:
    registers.replace(conn, [an_outlet()], [a_source(), a_source("zeri-i-lumit:sitemap:1")], NOW)
    for _ in range(2):
        _add(conn, "a")
        _add(conn, "a", source_id="zeri-i-lumit:sitemap:1", found_by="sitemap")
    (trail,) = trails.find(conn, ["a"])
    assert [(seen.source_id, seen.found_by) for seen in trail.sightings] == [
        ("zeri-i-lumit:feed:1", "feed"),
        ("zeri-i-lumit:sitemap:1", "sitemap"),
    ]


def test_a_title_from_a_later_source_helps_a_link_that_had_none(conn: Connection) -> None:
    _add(conn, "a", found_by="sitemap")
    _add(conn, "a", title="Lumi", summary="Uji", authors=("A. B.",))
    _add(conn, "a", title="Another")
    finish_link(conn, 1, some_facts(), run_id=1, body=b"x")
    (page,) = pages.unscreened(conn, limit=1)
    assert (page.hint_title, page.hint_summary, page.hint_authors) == ("Lumi", "Uji", ("A. B.",))


def test_a_later_title_within_one_batch_helps_a_link_that_had_none(conn: Connection) -> None:
    bare, titled, other = a_link("https://a", found_by="sitemap"), a_link("https://a", title="Lumi"), a_link("https://a", title="Another")
    assert frontier.add(conn, [("a", bare), ("a", titled), ("a", other)], run_id=1, now=NOW) == 1
    (trail,) = trails.find(conn, ["a"])
    assert trail.link is not None
    assert trail.link.title == "Lumi"


def test_of_several_titles_for_a_known_link_without_one_the_first_is_taken(conn: Connection) -> None:
    _add(conn, "a", found_by="sitemap")
    frontier.add(conn, [("a", a_link(title="Lumi")), ("a", a_link(title="Another"))], run_id=1, now=NOW)
    (trail,) = trails.find(conn, ["a"])
    assert trail.link is not None
    assert trail.link.title == "Lumi"


def test_links_are_taken_one_outlet_after_the_other(conn: Connection) -> None:
    registers.replace(conn, [an_outlet(name) for name in "abc"], [], NOW)
    found = [
        (f"{outlet}{number}", FoundLink(url="u", source_id="", outlet_id=outlet, found_by="feed"))
        for outlet in "abc"
        for number in range(4)
    ]
    frontier.add(conn, found, run_id=1, now=NOW)
    assert [link.key for link in frontier.take(conn, limit=5, now=NOW, in_flight=())] == ["a0", "b0", "c0", "a1", "b1"]
    assert [link.key for link in frontier.take(conn, limit=4, now=NOW, in_flight=(1, 5, 9))] == ["a1", "b1", "c1", "a2"]
    assert [link.key for link in frontier.take(conn, limit=9, now=NOW, outlet_ids=["b"])] == ["b0", "b1", "b2", "b3"]


def test_taking_on_from_the_highest_id_misses_nothing(conn: Connection) -> None:
    registers.replace(conn, [an_outlet(name) for name in "abc"], [], NOW)
    found = [
        (f"{outlet}{number}", FoundLink(url="u", source_id="", outlet_id=outlet, found_by="feed"))
        for outlet in "abc"
        for number in range(7)
    ]
    frontier.add(conn, found, run_id=1, now=NOW)
    taken: list[int] = []
    while batch := frontier.take(conn, limit=4, now=NOW, after_id=max(taken, default=0)):
        taken += [link.id for link in batch]
    assert sorted(taken) == list(range(1, 22))


def test_a_failure_for_now_waits_and_one_for_good_is_done(conn: Connection) -> None:
    _add(conn, "now", "good")
    later = NOW + timedelta(hours=2)
    finish_link(conn, 1, some_facts(FetchOutcome.TIMEOUT), run_id=1, retry_at=later)
    finish_link(conn, 2, some_facts(FetchOutcome.NOT_FOUND), run_id=1)
    assert (frontier.pending(conn, NOW), frontier.take(conn, limit=9, now=NOW)) == (0, [])
    assert [(link.key, link.attempts) for link in frontier.take(conn, limit=9, now=later)] == [("now", 1)]
    assert link_counts(conn) == {"not_found": 1, "timeout": 1}


def test_counts_of_a_run_are_of_what_it_attempted(conn: Connection) -> None:
    _add(conn, "a", "b", "c")
    finish_link(conn, 1, some_facts(), run_id=1, body=b"x")
    finish_link(conn, 2, some_facts(FetchOutcome.BLOCKED), run_id=2)
    assert (link_counts(conn, 1), link_counts(conn, 2)) == ({"fetched": 1}, {"blocked": 1})
    assert link_counts(conn) == {"blocked": 1, "fetched": 1, "pending": 1}


def test_a_page_and_its_outcome_are_stored_together_or_not_at_all(database: Database) -> None:
    with database.writing() as conn:
        _add(conn, "a")
    with pytest.raises(IntegrityError), database.writing() as conn:
        [finish_link(conn, link_id, some_facts(), run_id=1, body=b"x") for link_id in (1, 404)]
    with database.reading() as conn:
        assert (pages.unscreened(conn, limit=1), frontier.pending(conn, NOW)) == ([], 1)


def test_the_page_keeps_its_bytes_as_they_came(conn: Connection) -> None:
    _add(conn, "a")
    body = bytes(range(256)) * 9
    page_id = finish_link(conn, 1, some_facts(), run_id=1, body=body, content_type="text/html; charset=windows-1250")
    assert page_id is not None
    page = fetched_page(conn, page_id)
    assert page is not None
    assert (page.body, page.content_type, page.link_id, page.fetched_at) == (body, "text/html; charset=windows-1250", 1, NOW)


def test_a_link_has_one_page_and_every_attempt_is_kept(conn: Connection) -> None:
    _add(conn, "a")
    finish_link(conn, 1, some_facts(FetchOutcome.TIMEOUT, status=None), run_id=1, retry_at=NOW)
    first = finish_link(conn, 1, some_facts(), run_id=2, body=b"first")
    second = finish_link(conn, 1, some_facts(), run_id=3, body=b"second")
    assert first == second
    (trail,) = trails.find(conn, ["a"])
    assert [facts.outcome for facts in trail.fetches] == ["timeout", "fetched", "fetched"]
