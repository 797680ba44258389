"""What the register says of one outlet, at work in a crawl: script twins and addresses of one number are fetched once, and an outlet's
own days decide how old its links may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, answer, feed, page
from tracker.model import SourceKind
from tracker.monitoring.trace import trace

HOST = "127.0.6.1"
TWINS = ["/lat/most-na-reci", "/cir/most-na-reci", "/vesti/pakt-potpisan-1234567", "/najnovije/nov-naslov-1234567"]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as served:
        yield served


def test_script_twins_and_addresses_of_one_number_are_fetched_once(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    addresses = [newsroom.serve(HOST, path, page(path)) for path in TWINS]
    newsroom.serve(HOST, "/lat/", page("Naslovna"))
    for number, listed in enumerate((addresses[::2], [*addresses[1::2], newsroom.address(HOST, "/lat/")])):
        own = {"script_switch": "/lat/|/cir/", "url_key": "*-{n}"}
        workspace.watch(newsroom.serve(HOST, f"/feed{number}", feed(listed)), "portal", **own)
    progress = workspace.crawl()
    assert progress.pages == {"fetched": 2}
    assert len([path for path in newsroom.asked(HOST) if path in TWINS]) == 2
    assert "/lat/" not in newsroom.asked(HOST)
    for one, other in (addresses[:2], addresses[2:]):
        assert [trail.link and trail.link.id for trail in trace(workspace.database, one)] == [
            trail.link and trail.link.id for trail in trace(workspace.database, other)
        ]
    workspace.database.close()


def dated(newsroom: Newsroom, workspace: Workspace, host: str, age: timedelta, days: int | None) -> None:
    listed = newsroom.serve(host, "/vijest-o-mostu-1", page("Vijest"))
    workspace.watch(newsroom.serve(host, "/feed", feed([listed], dated=format_datetime(NOW - age))), host, lookback_days=days)


def test_an_outlets_own_days_decide_how_old_its_dated_links_may_be(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    dated(newsroom, workspace, "127.0.6.2", timedelta(days=20), 30)
    dated(newsroom, workspace, "127.0.6.3", timedelta(days=20), None)
    dated(newsroom, workspace, "127.0.6.4", timedelta(days=3), 2)
    since = (NOW - timedelta(days=7)).date()
    progress = workspace.crawl(since=since, by_outlet=True)
    assert (progress.links_new, progress.links_too_old) == (1, 2)
    assert workspace.links() == [newsroom.address("127.0.6.2", "/vijest-o-mostu-1")]
    progress = workspace.crawl(since=since)  # a day that a person gave holds for all
    assert (progress.links_new, progress.links_too_old) == (1, 2)
    assert newsroom.address("127.0.6.4", "/vijest-o-mostu-1") in workspace.links()
    workspace.database.close()


def test_an_outlets_own_days_decide_which_documents_of_a_sitemap_are_opened(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for host, days in (("127.0.6.5", 40), ("127.0.6.6", None)):
        child = newsroom.serve(host, "/sitemap-2026-10.xml", answer(body=b"<urlset></urlset>", Content_Type="application/xml"))
        index = f"<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>".encode()
        address = newsroom.serve(host, "/sitemap.xml", answer(body=index, Content_Type="application/xml"))
        workspace.watch(address, host, SourceKind.SITEMAP, lookback_days=days)
    workspace.crawl(since=(NOW - timedelta(days=7)).date(), by_outlet=True)
    assert "/sitemap-2026-10.xml" in newsroom.asked("127.0.6.5")
    assert "/sitemap-2026-10.xml" not in newsroom.asked("127.0.6.6")
    workspace.database.close()
