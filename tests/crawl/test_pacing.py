"""What polls leave behind: when a source is due, windows that were outrun, and the sitemap that makes up for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, answer, feed, in_turn, rss
from tracker.crawl.parent import CrawlPlan, run_crawl
from tracker.model import SourceKind
from tracker.monitoring.assess import settle_gaps
from tracker.store import paces, registers, runs
from tracker.store.schema import watching as watching_tables

HOST = "127.0.0.5"


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as served:
        served.serve(HOST, "/", answer(body=b"<html></html>"))  # now it has a port
        yield served


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path)
    yield made
    made.database.close()


def poll(workspace: Workspace, hours: float = 0.0, **plan: Any) -> int:
    """One round without articles, so many hours after NOW; returns its run."""
    at = NOW + timedelta(hours=hours)
    with workspace.database.writing() as conn:
        run = runs.start(conn, at, ())
    with run_crawl(CrawlPlan(str(workspace.folder), run, at, articles=False, **plan)) as crawl:
        assert crawl.wait(60) == 0, workspace.log()
    return run


def row(workspace: Workspace, source_id: str) -> Any:
    with workspace.database.reading() as conn:
        return conn.execute(select(watching_tables.sources).where(watching_tables.sources.c.id == source_id)).one()


def items(newsroom: Newsroom, first: int, last: int) -> list[str]:
    return [newsroom.address(HOST, f"/vijest-{number}") for number in range(last, first - 1, -1)]


def sitemap(addresses: list[str]) -> bytes:
    return b"<urlset>" + b"".join(f"<url><loc>{address}</loc></url>".encode() for address in addresses) + b"</urlset>"


@pytest.mark.parametrize("switched_off", [False, True], ids=["sitemap not needed", "sitemap switched off by a person"])
def test_a_window_that_was_outrun_is_counted_and_made_good_through_the_sitemap(
    newsroom: Newsroom, workspace: Workspace, switched_off: bool
) -> None:
    newsroom.serve(HOST, "/feed", in_turn(feed(items(newsroom, 1, 10)), feed(items(newsroom, 21, 30))))
    newsroom.serve(HOST, "/sitemap.xml", answer(body=sitemap(items(newsroom, 1, 30)), Content_Type="application/xml"))
    source = workspace.watch(newsroom.address(HOST, "/feed"), "portal")
    its_sitemap = workspace.watch(newsroom.address(HOST, "/sitemap.xml"), "portal", SourceKind.SITEMAP)
    workspace.register()
    if switched_off:
        with workspace.database.writing() as conn:
            registers.set_enabled(conn, its_sitemap, False, NOW)
    poll(workspace, sources=(source,))
    run = poll(workspace, 5, sources=(source,))
    assert (row(workspace, source).gaps, row(workspace, source).haste) == (1, 2)
    with workspace.database.reading() as conn:
        (gap,) = paces.open_gaps(conn, run)
        repairs = paces.repair_polls(conn, run, ["portal"])
    assert gap.outlet_name == "portal"
    assert abs(gap.since_at - NOW) < timedelta(minutes=1)
    if switched_off:
        assert (repairs, len(workspace.links())) == ({}, 20)
    else:
        assert [(one.listed, one.new_links) for one in repairs["portal"]] == [(30, 10)]
        assert sorted(workspace.links()) == sorted(items(newsroom, 1, 30))
        assert newsroom.asked(HOST).count("/sitemap.xml") == 1


def front(addresses: list[str]) -> bytes:
    links = "".join(f'<h2><a href="{address}">Most kod sela se opet zatvara za sav promet</a></h2>' for address in addresses)
    return f"<!doctype html><html><body><main>{links}</main></body></html>".encode()


def test_a_window_that_was_outrun_is_made_good_through_section_pages_where_there_is_no_sitemap(
    newsroom: Newsroom, workspace: Workspace
) -> None:
    newsroom.serve(HOST, "/feed", in_turn(feed(items(newsroom, 1001, 1010)), feed(items(newsroom, 1021, 1030))))
    source = workspace.watch(newsroom.address(HOST, "/feed"), "portal")
    for path, first, last in (("/vijesti", 1008, 1018), ("/sport", 1017, 1024)):
        newsroom.serve(HOST, path, answer(body=front(items(newsroom, first, last)), Content_Type="text/html"))
        workspace.watch(newsroom.address(HOST, path), "portal", SourceKind.SECTION)
    workspace.register()
    poll(workspace, sources=(source,))
    assert not {"/vijesti", "/sport"} & set(newsroom.asked(HOST))
    run = poll(workspace, 5, sources=(source,))
    with workspace.database.reading() as conn:
        repairs = paces.repair_polls(conn, run, ["portal"])["portal"]
    assert sorted((one.kind, one.listed) for one in repairs) == [(SourceKind.SECTION, 8), (SourceKind.SECTION, 11)]
    assert sum(one.new_links for one in repairs) == 10
    assert sorted(workspace.links()) == sorted(items(newsroom, 1001, 1030))
    gaps = settle_gaps(workspace.database, run, NOW + timedelta(hours=6))
    assert (gaps.found, gaps.repaired) == (1, 1)


def test_a_window_that_still_shows_something_known_needs_no_repair(newsroom: Newsroom, workspace: Workspace) -> None:
    newsroom.serve(HOST, "/feed", in_turn(feed(items(newsroom, 1, 10)), feed(items(newsroom, 10, 19))))
    newsroom.serve(HOST, "/sitemap.xml", answer(body=sitemap(items(newsroom, 1, 30)), Content_Type="application/xml"))
    source = workspace.watch(newsroom.address(HOST, "/feed"), "portal")
    workspace.watch(newsroom.address(HOST, "/sitemap.xml"), "portal", SourceKind.SITEMAP)
    workspace.register()
    poll(workspace, sources=(source,))
    poll(workspace, 5, sources=(source,))
    assert row(workspace, source).gaps == 0
    assert "/sitemap.xml" not in newsroom.asked(HOST)


def test_a_source_is_due_by_its_pace_and_not_before_the_outlet_wants(newsroom: Newsroom, workspace: Workspace) -> None:
    patient = answer(body=rss(items(newsroom, 1, 10)), Content_Type="application/rss+xml", Cache_Control="max-age=18000")
    newsroom.serve(HOST, "/patient", patient)
    newsroom.serve(HOST, "/eager", feed(items(newsroom, 1, 10)))
    newsroom.serve(HOST, "/busy", answer("503 Service Unavailable", Retry_After="90000"))
    for path in ("/patient", "/eager", "/busy", "/gone"):
        workspace.watch(newsroom.address(HOST, path), "portal")
    workspace.register()
    poll(workspace)
    waits = [(row(workspace, f"portal:feed:{number}").next_due_at - NOW) / timedelta(hours=1) for number in (1, 2, 3, 4)]
    assert waits == [pytest.approx(5, abs=0.1), pytest.approx(0.5, abs=0.1), pytest.approx(25, abs=0.1), pytest.approx(1, abs=0.2)]
