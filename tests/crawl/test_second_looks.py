"""One bad look loses no article: what its outlet still lists is fetched again, a bounded number of times, then named."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, answer, feed, page, raw
from tracker.crawl.parent import CrawlPlan, run_crawl
from tracker.model import Skipped, SkipReason
from tracker.store import pages, runs, second_looks
from tracker.store.schema import crawl as tables

HOST = "127.0.61.1"
HTML = {"Content_Type": "text/html; charset=utf-8"}
LOOPS = answer("302 Found", Location="/vijest")
PACKED = gzip.compress(b"<html><body>" + bytes(range(33, 127)) * 20 + b"</body></html>", mtime=0)
CUT = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n<html><body>")


def judged(workspace: Workspace, reason: SkipReason) -> None:
    """As the extraction would: every page fetched so far is no article."""
    with workspace.database.writing() as conn:
        for page_id in conn.execute(select(tables.pages.c.id).where(tables.pages.c.state == "unscreened")).scalars().all():
            pages.mark_skipped(conn, page_id, Skipped(reason), NOW)


def asked(newsroom: Newsroom) -> int:
    return newsroom.asked(HOST).count("/vijest")


BAD = {
    "404": answer("404 Not Found", b"nema", **HTML),
    "410": answer("410 Gone", b"nema", **HTML),
    "empty": answer(**HTML),
    "front page": answer("302 Found", Location="/"),
    "loop": LOOPS,
    "cut": CUT,
    "front page with a question": answer("302 Found", Location="/?from=vijest"),
    "part": answer("206 Partial Content", b"<html><body><p>Most", **HTML),
    "gzip cut": answer(body=PACKED[: len(PACKED) // 2], Content_Encoding="gzip", **HTML),
    "closed without a length": raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>Most"),
    "zeros": answer(body=b"\0" * 500, **HTML),
    "wall": answer(body=b"<html><title>Just a moment...</title>", **HTML),
}


@pytest.fixture(scope="module")
def after_three_nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An outlet for each bad way of the first night; from the second night on each has its page."""
    workspace = Workspace(tmp_path_factory.mktemp("looks"), fetch__retries=0)
    hosts = {f"127.0.62.{number}": way for number, way in enumerate(BAD.values(), 1)}
    with Newsroom() as newsroom:
        for number, (host, way) in enumerate(hosts.items()):
            newsroom.serve(host, "/", page("Naslovna"))
            workspace.watch(newsroom.serve(host, "/feed", feed([newsroom.serve(host, "/vijest", way)])), f"portal-{number}")
        workspace.crawl()
        judged(workspace, SkipReason.BOT_WALL)
        for host in hosts:
            newsroom.serve(host, "/vijest", page("Vijest"))
        workspace.crawl(as_of=NOW + timedelta(hours=24))
        workspace.crawl(as_of=NOW + timedelta(hours=48))
    yield workspace
    workspace.database.close()


@pytest.mark.parametrize("number", range(len(BAD)), ids=BAD)
def test_a_page_that_is_there_at_the_second_look_is_fetched(after_three_nights: Workspace, number: int) -> None:
    with after_three_nights.database.reading() as conn:
        ended = select(tables.pages.c.state).where(tables.pages.c.outlet_id == f"portal-{number}")
        assert conn.execute(ended).scalars().all() == ["unscreened"]
        assert [one for one in second_looks.given_up(conn, NOW) if one.outlet_id == f"portal-{number}"] == []


def test_a_feed_that_answers_not_modified_still_lists_what_it_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        article = newsroom.serve(HOST, "/vijest", BAD["404"])
        workspace.watch(newsroom.serve(HOST, "/feed", feed([article], etag='"same"')), "portal")
        workspace.crawl()
        workspace.crawl(as_of=NOW + timedelta(hours=2))
        assert asked(newsroom) == 2
    workspace.database.close()


def test_a_look_under_a_clock_that_was_a_year_ahead_does_not_put_off_the_next_for_a_year(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        article = newsroom.serve(HOST, "/vijest", BAD["404"])
        workspace.watch(newsroom.serve(HOST, "/feed", feed([article])), "portal")
        workspace.crawl(as_of=NOW + timedelta(days=365))
        workspace.crawl()
        workspace.crawl(as_of=NOW + timedelta(hours=2))
        assert asked(newsroom) == 2
    workspace.database.close()


def test_what_is_listed_no_longer_or_was_seen_as_it_is_stays_as_it_ended(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        gone = newsroom.serve(HOST, "/vijest", BAD["404"])
        same = newsroom.serve(HOST, "/ista", page("Ista"))
        workspace.watch(newsroom.serve(HOST, "/feed", feed([gone, same])), "portal")
        workspace.crawl()
        judged(workspace, SkipReason.SAME_PAGE)
        newsroom.serve(HOST, "/feed", feed([same]))
        workspace.crawl(as_of=NOW + timedelta(hours=24))
        workspace.crawl(as_of=NOW + timedelta(hours=48))
        assert asked(newsroom) == newsroom.asked(HOST).count("/ista") == 1
    workspace.database.close()


def test_a_run_that_is_taken_up_again_leaves_what_it_fetched_itself_to_the_next(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        gone = newsroom.serve(HOST, "/vijest", BAD["404"])
        workspace.watch(newsroom.serve(HOST, "/feed", feed([gone])), "portal")
        with workspace.database.writing() as conn:
            run_id = runs.start(conn, NOW, ())
        workspace.register()
        for _ in range(2):  # the same run, begun again after a kill
            with run_crawl(CrawlPlan(str(workspace.folder), run_id, NOW)) as crawl:
                assert crawl.wait(60) == 0
        with workspace.database.reading() as conn:
            assert conn.execute(select(tables.links.c.state, tables.links.c.looks_again)).all() == [("done", 0)]
    workspace.database.close()
