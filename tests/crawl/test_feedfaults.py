"""What feeds do wrong in what they list, polled twice: no item is lost, none is found twice, and no window counts as outrun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, Way, answer, in_turn
from tracker.crawl.parent import CrawlPlan, run_crawl
from tracker.model import FetchOutcome
from tracker.store import registers, runs
from tracker.store.schema import crawl as crawl_tables
from tracker.store.schema.columns import read_published

TITLE, CYRILLIC = "Žitelji čekaju da se most u Šapcu završi", "Житељи чекају да се мост у Шапцу заврши"
NUMBERS = tuple(range(1, 6))


def item(number: int, *, link: str = "", guid: str = "", date: str = "", title: str = TITLE) -> str:
    said = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    said += f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>{title}</title><link>{link or f'{{base}}/vijest-{number}'}</link>{said}</item>"


def document(*items: str, charset: str = "utf-8", declared: str = ' encoding="utf-8"', header: str = "application/rss+xml") -> Way:
    text = f'<?xml version="1.0"{declared}?><rss version="2.0"><channel><title>Portal</title>{"".join(items)}</channel></rss>'

    async def way(asked: Any, out: Any) -> None:
        body = text.replace("{base}", f"http://{asked.headers['host']}").encode(charset)
        await answer(body=body, Content_Type=header)(asked, out)

    return way


def listed(**about: str) -> tuple[str, ...]:
    return tuple(item(number, **about) for number in NUMBERS)


@dataclass(frozen=True)
class Listing:
    """A feed as it answers twice, and what must have come of it: paths (or addresses) found, their title, the day of their first."""

    name: str
    first: Way
    second: Way | None = None
    found: tuple[str, ...] = tuple(f"/vijest-{number}" for number in NUMBERS)
    title: str = TITLE
    published: str | None = None


ALL = listed()
RELATIVE = tuple(item(number, link=f"/vijest-{number}") for number in NUMBERS)
ELSEWHERE = tuple(item(number, link=f"https://other.example/vijest-{number}") for number in NUMBERS)
TWICE = (*ALL, *listed()[:2], item(1, link="{base}/vijest-1?utm_source=rss#vrh"), item(2, link="{base}/vijest-2/amp"))
LISTINGS = [
    Listing("no guid", document(*ALL)),
    Listing("one guid for all", document(*listed(guid="1"))),
    Listing("another guid each time", document(*listed(guid="a")), document(*listed(guid="b"))),
    Listing("relative links", document(*RELATIVE)),
    Listing("links to another host", document(*ELSEWHERE), found=tuple(f"https://other.example/vijest-{n}" for n in NUMBERS)),
    Listing("another order each time", document(*ALL), document(*reversed(ALL))),
    Listing("one item under several links", document(*TWICE)),
    Listing("no dates", document(*ALL)),
    Listing("dates of next year", document(*listed(date="Tue, 23 Nov 2027 08:00:00 +0100"))),
    Listing("dates that are none", document(*listed(date="uskoro"))),
    Listing("dates as people write them", document(*listed(date="22.11.2026 08:00")), published="2026-11-22T08:00:00+01:00"),
    Listing("dates in another language", document(*listed(date="Ned, 22 Stu 2026 08:00")), published="2026-11-22T08:00:00+01:00"),
    Listing("windows-1250, undeclared", document(*ALL, charset="cp1250", declared="")),
    Listing("windows-1251, undeclared", document(*listed(title=CYRILLIC), charset="cp1251", declared=""), title=CYRILLIC),
    Listing("windows-1250, declared as UTF-8", document(*ALL, charset="cp1250")),
    Listing(
        "UTF-8, declared as Latin-1", document(*ALL, declared=' encoding="iso-8859-1"', header="application/rss+xml; charset=iso-8859-1")
    ),
]


@dataclass
class Polled:
    workspace: Workspace
    newsroom: Newsroom
    new_links: list[int]

    def host(self, listing: Listing) -> str:
        return f"127.0.7.{LISTINGS.index(listing) + 1}"


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polled]:
    workspace = Workspace(tmp_path_factory.mktemp("feedfaults"))
    with Newsroom() as newsroom:
        done = Polled(workspace, newsroom, [])
        for number, listing in enumerate(LISTINGS):
            way = in_turn(listing.first, listing.second) if listing.second else listing.first
            workspace.watch(newsroom.serve(done.host(listing), "/feed", way), f"outlet-{number}", time_zone="Europe/Sarajevo")
        workspace.register()
        for hours in (0, 5):
            at = NOW + timedelta(hours=hours)
            with workspace.database.writing() as conn:
                run = runs.start(conn, at, ())
            plan = CrawlPlan(str(workspace.folder), run, at, articles=False, since=(NOW - timedelta(days=7)).date())
            with run_crawl(plan) as crawl:
                assert crawl.wait(60) == 0, workspace.log()
                done.new_links.append(crawl.progress().links_new)
        yield done
    workspace.database.close()


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.name)
def test_every_item_of_a_sloppy_feed_is_found_once_and_read_right(polled: Polled, listing: Listing) -> None:
    name = f"outlet-{LISTINGS.index(listing)}"
    with polled.workspace.database.reading() as conn:
        rows = conn.execute(
            select(crawl_tables.links).where(crawl_tables.links.c.outlet_id == name).order_by(crawl_tables.links.c.id)
        ).all()
        state = next(state for state in registers.states(conn) if state.outlet.id == name)
    base = polled.newsroom.address(polled.host(listing), "")
    assert [row.url.removeprefix(base) for row in rows] == list(listing.found)
    assert {row.title for row in rows} == {listing.title}
    published = read_published(rows[0].published_at, rows[0].published_offset_seconds, rows[0].published_precision)
    assert (published and published.iso()) == listing.published
    assert (state.last_outcome, state.failures, state.gaps) == (FetchOutcome.FETCHED, 0, 0)


def test_the_second_poll_finds_nothing_new(polled: Polled) -> None:
    assert polled.new_links == [len(LISTINGS) * len(NUMBERS), 0]
