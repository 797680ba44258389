"""When a link without an article is fetched again, and when it is given up and named."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from tests.builders import NOW, a_source, an_outlet
from tracker.model import FetchFacts, FetchOutcome, FoundLink
from tracker.store import frontier, registers, second_looks
from tracker.store.fetch_results import FetchResult, finish_many
from tracker.store.schema.crawl import links

URL = "https://zeri-i-lumit.example/lajm"
LINK = FoundLink(URL, "zeri-i-lumit:feed:1", "zeri-i-lumit", "feed", title="Lajm")


@pytest.fixture
def listed(conn: Connection) -> Connection:
    registers.replace(conn, [an_outlet()], [a_source()], NOW)
    frontier.add(conn, [(URL, LINK)], run_id=None, now=NOW)
    return conn


def fetch_what_is_due(conn: Connection, now: datetime, outcome: FetchOutcome) -> int:
    due = frontier.take(conn, limit=10, now=now)
    finish_many(conn, [FetchResult(link, FetchFacts(link.url, link.url, outcome, now)) for link in due], run_id=None)
    return len(due)


def visits(conn: Connection, outcome: FetchOutcome, hours: tuple[float, ...]) -> list[int]:
    """Fetches at each of the hours, the link listed again before each."""
    counts = []
    for hour in hours:
        now = NOW + timedelta(hours=hour)
        second_looks.ask_listed_again(conn, "zeri-i-lumit", [URL], now)
        counts.append(fetch_what_is_due(conn, now, outcome))
    return counts


def test_it_is_fetched_again_after_one_six_and_twenty_four_hours_and_then_named(listed: Connection) -> None:
    hours = (0, 0.5, 1.1, 5, 7.2, 20, 31.3, 32, 90, 300)
    assert visits(listed, FetchOutcome.NOT_FOUND, hours) == [1, 0, 1, 0, 1, 0, 1, 0, 0, 0]
    (given_up,) = second_looks.given_up(listed, NOW)
    assert (given_up.outlet_id, given_up.url, given_up.reason) == ("zeri-i-lumit", URL, "not_found")
    (count,) = second_looks.without_article(listed, NOW, NOW + timedelta(days=4))
    assert (count.outlet_id, count.attempted, count.without, count.given_up) == ("zeri-i-lumit", 1, 1, 1)


def test_what_robots_txt_forbids_is_not_asked_again(listed: Connection) -> None:
    assert visits(listed, FetchOutcome.ROBOTS_REFUSED, (0, 2, 10, 50)) == [1, 0, 0, 0]


def test_an_outlet_has_only_its_own_links_fetched_again(listed: Connection) -> None:
    fetch_what_is_due(listed, NOW, FetchOutcome.NOT_FOUND)
    assert second_looks.ask_listed_again(listed, "another", [URL], NOW + timedelta(days=1)) == 0
    for outlet_id, number, days, asked in (
        ("zeri-i-lumit", 2, 1, 0),
        ("zeri-i-lumit", 1, 9, 0),
        ("another", 1, 1, 0),
        ("zeri-i-lumit", 1, 1, 1),
    ):
        at = NOW + timedelta(days=days)
        lacking = second_looks.lacking_lately(listed, at).get("zeri-i-lumit", [])
        assert bool(lacking) == (days == 1)
        assert second_looks.ask_unchanged_again(listed, outlet_id, f"zeri-i-lumit:feed:{number}", at, lacking=lacking) == asked


def test_what_brought_an_article_since_it_was_looked_up_is_not_asked_again(listed: Connection) -> None:
    fetch_what_is_due(listed, NOW, FetchOutcome.NOT_FOUND)
    at = NOW + timedelta(days=1)
    lacking = second_looks.lacking_lately(listed, at)["zeri-i-lumit"]
    listed.execute(update(links).values(state="pending"))
    assert second_looks.ask_unchanged_again(listed, "zeri-i-lumit", "zeri-i-lumit:feed:1", at, lacking=lacking) == 0


def test_an_answer_of_the_address_before_does_not_close_a_link_that_its_owner_has_named_since(listed: Connection) -> None:
    foreign = FoundLink("https://zeri-i-lumit.example/lajm/amp", "x:feed:1", "zeri-i-lumit", "feed", named_by_owner=False)
    frontier.add(listed, [("key-2", foreign)], run_id=None, now=NOW)
    (taken,) = [link for link in frontier.take(listed, limit=10, now=NOW) if link.key == "key-2"]
    own = FoundLink("https://zeri-i-lumit.example/lajm-2", "zeri-i-lumit:feed:1", "zeri-i-lumit", "feed", title="Lajm")
    frontier.add(listed, [("key-2", own)], run_id=None, now=NOW)
    finish_many(listed, [FetchResult(taken, FetchFacts(taken.url, taken.url, FetchOutcome.NOT_FOUND, NOW))], run_id=None)
    row = listed.execute(select(links).where(links.c.key == "key-2")).one()
    assert (row.state, row.url, row.outcome, row.title, row.named_by_owner) == ("pending", own.url, None, "Lajm", True)


def test_another_outlets_naming_changes_nothing_of_the_owners(listed: Connection) -> None:
    foreign = FoundLink(f"{URL}?x=1", "x:feed:1", "zeri-i-lumit", "feed", title="Tjeter", named_by_owner=False)
    frontier.add(listed, [(URL, foreign)], run_id=None, now=NOW)
    row = listed.execute(select(links).where(links.c.key == URL)).one()
    assert (row.url, row.title, row.named_by_owner) == (URL, "Lajm", True)
