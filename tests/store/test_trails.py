from __future__ import annotations

import pytest
from sqlalchemy import Connection

from tests.builders import NOW, a_link, a_mention, a_verdict, an_article, some_facts
from tests.stored import finish_link
from tracker.model import FetchOutcome, Skipped, SkipReason, Story
from tracker.store import articles, frontier, mentions, pages, stories, trails, verdicts

URL = "https://zeri-i-lumit.example/lajme/1"


def _whole_way(conn: Connection) -> None:
    frontier.add(conn, [("zeri-i-lumit.example/lajme/1", a_link(URL + "?utm_source=feed"))], run_id=1, now=NOW)
    finish_link(conn, 1, some_facts(FetchOutcome.TIMEOUT, status=None, detail="45 s"), run_id=1, retry_at=NOW)
    page_id = finish_link(conn, 1, some_facts(final_url=URL + "/final"), run_id=2, body=b"x", content_type="text/html")
    assert page_id is not None
    articles.save(conn, [(an_article(canonical_url=URL + "/canonical", page_id=page_id), "lumi", "")], NOW)
    mentions.save(conn, [a_mention(1)], NOW)
    verdicts.record(conn, a_verdict(1))
    stories.replace(conn, "rivers", [Story("story-1", (1,))], NOW)


@pytest.mark.parametrize("address", ["zeri-i-lumit.example/lajme/1", URL, URL + "?utm_source=feed", URL + "/final", URL + "/canonical"])
def test_any_address_an_article_was_known_by_shows_its_whole_way(conn: Connection, address: str) -> None:
    _whole_way(conn)
    (trail,) = trails.find(conn, [address])
    assert trail.link is not None
    assert trail.page is not None
    assert trail.article is not None
    assert [facts.outcome for facts in trail.fetches] == ["timeout", "fetched"]
    assert [(mention.id, verdict.decision) for mention, verdict in zip(trail.mentions, trail.verdicts, strict=True)] == [
        ("rivers-1", "accept")
    ]
    assert (trail.story_keys, trail.page.kept, trail.page.skipped, trail.link.pending) == ((("rivers", "story-1"),), True, None, False)
    assert [seen.source_id for seen in trail.sightings] == ["zeri-i-lumit:feed:1"]


def test_an_address_never_seen_has_no_trail(conn: Connection) -> None:
    _whole_way(conn)
    assert trails.find(conn, ["https://elsewhere.example/"]) == []
    assert trails.find(conn, []) == []


def test_a_refused_address_shows_where_it_stopped(conn: Connection) -> None:
    frontier.add(conn, [("k", a_link())], run_id=1, now=NOW)
    finish_link(conn, 1, some_facts(FetchOutcome.ROBOTS_REFUSED, status=None, detail="robots.txt forbids it"), run_id=1)
    (trail,) = trails.find(conn, ["k"])
    assert trail.link is not None
    assert (trail.link.outcome, trail.fetches[0].detail, trail.page, trail.article) == (
        FetchOutcome.ROBOTS_REFUSED,
        "robots.txt forbids it",
        None,
        None,
    )


def test_an_article_that_a_person_added_has_a_trail_without_a_link(conn: Connection) -> None:
    articles.save(conn, [(an_article(), "", "")], NOW)
    (trail,) = trails.find(conn, [URL])
    assert trail.link is None
    assert trail.article is not None


def test_every_link_has_one_ending(conn: Connection) -> None:
    _whole_way(conn)
    frontier.add(conn, [(f"k{number}", a_link(f"u{number}")) for number in (2, 3, 4)], run_id=1, now=NOW)
    page_id = finish_link(conn, 2, some_facts(), run_id=2, body=b"x")
    assert page_id is not None
    pages.mark_skipped(conn, page_id, Skipped(SkipReason.GALLERY), NOW)
    finish_link(conn, 3, some_facts(FetchOutcome.NOT_FOUND), run_id=2)
    found = [
        (end.link.id, end.link.outcome, end.skipped and end.skipped.reason, end.article_id) for end in trails.link_outcomes(conn, batch=2)
    ]
    assert found == [(1, "fetched", None, 1), (2, "fetched", "gallery", None), (3, "not_found", None, None), (4, None, None, None)]
    assert [end.link.id for end in trails.link_outcomes(conn, run_id=2)] == [1, 2, 3]
