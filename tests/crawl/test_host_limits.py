"""What one host may take of a run: it is left alone when it says so, and its time is bounded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, answer, feed, in_turn, page
from tracker.pipeline.steps import CrawlEnd
from tracker.store.schema import crawl as tables

BUSY, SLOW, FINE = "127.0.71.1", "127.0.71.2", "127.0.71.3"


def outlet(newsroom: Newsroom, workspace: Workspace, host: str, pages: int) -> None:
    listed = [newsroom.serve(host, f"/{number}", page(f"Vijest {number}")) for number in range(pages)]
    workspace.watch(newsroom.serve(host, "/feed", feed(listed)), host)


def test_a_host_that_answers_429_is_asked_for_no_other_link_until_its_time(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, fetch__delay_seconds=0.05)
    with Newsroom() as newsroom:
        outlet(newsroom, workspace, BUSY, 40)
        outlet(newsroom, workspace, FINE, 3)
        for number in range(40):
            newsroom.serve(BUSY, f"/{number}", answer("429 Too Many Requests", b"x", Retry_After="7200"))
        progress = workspace.crawl()
        refused = [path for path in newsroom.asked(BUSY) if path.strip("/").isdigit()]
        assert len(refused) <= 2
        assert progress.pages == {"fetched": 3, "rate_limited": len(refused)}
        assert progress.put_off == 40 - len(refused)
        workspace.crawl(as_of=NOW + timedelta(hours=1))
        assert [path for path in newsroom.asked(BUSY) if path.strip("/").isdigit()] == refused
        for number in range(40):
            newsroom.serve(BUSY, f"/{number}", page())
        assert workspace.crawl(as_of=NOW + timedelta(hours=3)).pages == {"fetched": 40}
    workspace.database.close()


@pytest.mark.parametrize("asked", ["0", "0.01", "-5", "soon", "99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT", ""])
def test_a_host_that_goes_on_answering_429_is_left_alone_whatever_it_asks_for(tmp_path: Path, asked: str) -> None:
    workspace = Workspace(tmp_path, fetch__delay_seconds=0.02, fetch__retries=1)
    with Newsroom() as newsroom:
        outlet(newsroom, workspace, BUSY, 20)
        for number in range(20):
            newsroom.serve(BUSY, f"/{number}", answer("429 Too Many Requests", b"x", **({"Retry_After": asked} if asked else {})))
        progress = workspace.crawl()
        assert len([path for path in newsroom.asked(BUSY) if path.strip("/").isdigit()]) <= 6
        assert progress.put_off >= 15
    workspace.database.close()


def test_a_hosts_time_in_a_run_is_bounded_and_the_rest_is_named_and_fetched_in_the_next(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        newsroom.serve(SLOW, "/robots.txt", answer(body=b"User-agent: *\nCrawl-delay: 0.4\n"))
        outlet(newsroom, workspace, SLOW, 30)
        outlet(newsroom, workspace, FINE, 30)
        progress = workspace.crawl(host_minutes=3 / 60)
        left = progress.over_budget[SLOW]
        assert 0 < left < 30
        assert progress.pages == {"fetched": 60 - left}
        assert progress.put_off == left
        assert FINE not in progress.over_budget
        report = CrawlEnd(progress, 0, 1.0).fetched
        assert any(f"{SLOW} ({left} left)" in remark for remark in report.remarks)
        newsroom.serve(SLOW, "/robots.txt", answer(body=b""))
        assert workspace.crawl().pages == {"fetched": left}
    workspace.database.close()


def test_a_server_whose_robots_txt_fails_is_asked_for_nothing_and_tried_again(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        newsroom.serve(BUSY, "/robots.txt", in_turn(answer("503 Oops", b"x"), answer(body=b"User-agent: *\nAllow: /\n")))
        outlet(newsroom, workspace, BUSY, 2)
        assert workspace.crawl().polls == {"server_error": 1}
        assert "could not be asked: robots.txt answered with status 503" in workspace.polls()[f"{BUSY}:feed:1"].detail
        assert newsroom.asked(BUSY) == ["/robots.txt"]
        assert workspace.crawl().pages == {"fetched": 2}
    workspace.database.close()


def test_a_crawl_delay_that_is_no_number_stops_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        for host, said in ((BUSY, b"nan"), (SLOW, b"inf"), (FINE, b"-5")):
            newsroom.serve(host, "/robots.txt", answer(body=b"User-agent: *\nCrawl-delay: " + said + b"\n"))
            outlet(newsroom, workspace, host, 2)
        assert workspace.crawl().pages == {"fetched": 6}
    with workspace.database.reading() as conn:
        assert {*conn.execute(select(tables.links.c.state)).scalars()} == {"done"}
    workspace.database.close()
