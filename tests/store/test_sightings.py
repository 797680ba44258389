"""Which net named which article, from both tables, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from tests.builders import NOW, a_link, a_source, an_article, an_outlet, some_facts
from tests.stored import finish_link
from tracker.model import Caught, Net, NetSighting, Precision, Published
from tracker.store import articles, frontier, known_items, registers, sightings
from tracker.store.schema.articles import articles as table

WEEK = (NOW - timedelta(days=7), NOW + timedelta(days=1))
OUTLET = "zeri-i-lumit"


def _article(conn: Connection, number: int, *found_by: str) -> int:
    """An article that these sources named."""
    url = f"https://{OUTLET}.example/lajme/{number}"
    for name in found_by:
        frontier.add(conn, [(url, a_link(url, source_id=f"{OUTLET}:{name}:1", found_by=name))], run_id=1, now=NOW)
    link_id = frontier.waiting(conn, [url])[0].id
    finish_link(conn, link_id, some_facts(requested_url=url), run_id=1, body=b"x")
    published = Published(NOW - timedelta(days=1), Precision.MINUTE)
    articles.save(conn, [(an_article(number, page_id=link_id, published=published), "lumi", "ujin")], NOW)
    return int(conn.execute(table.select().where(table.c.canonical_url == url)).one().id)


def test_articles_are_counted_by_the_nets_that_named_them(conn: Connection) -> None:
    registers.replace(conn, [an_outlet()], [a_source()], NOW)
    _article(conn, 1, "feed", "sitemap")
    _article(conn, 2, "feed")
    _article(conn, 3, "feed", "sitemap")
    key = f"https://{OUTLET}.example/lajme/"
    named = [NetSighting(f"{key}2", OUTLET), NetSighting(f"{key}99", OUTLET), NetSighting("", OUTLET)]
    assert [sightings.record(conn, Net.GDELT, named, NOW) for _ in range(2)] == [2, 0]
    assert {each.nets: each.articles for each in sightings.of_period(conn, *WEEK)} == {
        frozenset({Net.FEED, Net.SITEMAP}): 2,
        frozenset({Net.FEED, Net.GDELT}): 1,
    }
    assert sightings.of_period(conn, NOW, WEEK[1]) == []


def test_an_article_that_a_net_named_twice_counts_once(conn: Connection) -> None:
    registers.replace(conn, [an_outlet()], [a_source()], NOW)
    url = f"https://{OUTLET}.example/lajme/1"
    frontier.add(conn, [(url, a_link(url, source_id="x:feed:2"))], run_id=1, now=NOW)
    _article(conn, 1, "feed")
    frontier.add(conn, [(url, a_link(url, source_id="net:gdelt", found_by="gdelt"))], run_id=1, now=NOW)
    sightings.record(conn, Net.GDELT, [NetSighting(url, OUTLET)], NOW)
    assert sightings.of_period(conn, *WEEK) == [Caught(OUTLET, frozenset({Net.FEED, Net.GDELT}), 1)]


def test_a_campaigns_items_know_their_nets_and_the_list_of_known_coverage(conn: Connection) -> None:
    registers.replace(conn, [an_outlet()], [a_source()], NOW)
    first, second = _article(conn, 1, "feed"), _article(conn, 2, "sitemap", "unheard-of")
    articles.save(conn, [(an_article(3), "lumi", "ujin")], NOW)  # a person entered it
    third = int(conn.execute(table.select().where(table.c.page_id.is_(None))).one().id)
    url = f"https://{OUTLET}.example/lajme/1"
    known_items.replace(conn, "rivers", [(url, url)], NOW)
    assert sightings.of_articles(conn, [first, second, third], "rivers") == {
        first: frozenset({Net.FEED, Net.KNOWN}),
        second: frozenset({Net.SITEMAP}),
        third: frozenset({Net.PEOPLE}),
    }
    assert sightings.of_articles(conn, [first], "forests") == {first: frozenset({Net.FEED})}


def test_what_nets_named_is_given_up_with_time(conn: Connection) -> None:
    sightings.record(conn, Net.WAYBACK, [NetSighting("https://a.example/1", OUTLET)], NOW - timedelta(days=9))
    sightings.record(conn, Net.WAYBACK, [NetSighting("https://a.example/2", OUTLET), NetSighting("https://a.example/1", OUTLET)], NOW)
    assert [sightings.forget(conn, NOW - timedelta(days=3)) for _ in range(2)] == [1, 0]
