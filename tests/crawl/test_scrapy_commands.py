"""`scrapy list`, `scrapy crawl` and `scrapy shell` in a workspace, as real processes against a press on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, answer, feed, page
from tracker.crawl import named_job
from tracker.crawl.named_job import arguments_of
from tracker.errors import UsageError
from tracker.model import SourceKind
from tracker.pipeline import nightly
from tracker.store.lock import RunLock
from tracker.store.schema import operations as tables

HOST, OTHER = "127.0.31.1", "127.0.31.2"
ROOT = Path(__file__).resolve().parents[2]
KINDS = {"feeds": frozenset({SourceKind.FEED}), "articles": frozenset(), "discovery": frozenset()}


def scrapy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The `scrapy` program as a person in a workspace calls it; in a checkout scrapy.cfg names the settings."""
    given = {**os.environ, "PYTHONPATH": str(ROOT)}
    if folder != ROOT:
        given["SCRAPY_SETTINGS_MODULE"] = "tracker.crawl.settings"
    command = [sys.executable, "-m", "scrapy", *words]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=100, check=False)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@dataclass
class Shop:
    newsroom: Newsroom
    workspace: Workspace
    pages: list[str]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Two outlets with a feed each; one asks for a delay in robots.txt."""
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        pages = [newsroom.serve(HOST, f"/vijest-{n}", page(f"Vijest {n}")) for n in range(3)]
        newsroom.serve(HOST, "/robots.txt", answer(body=b"User-agent: *\nDisallow: /vijest-2\n"))
        workspace.watch(newsroom.serve(HOST, "/feed", feed(pages)), "first")
        workspace.watch(newsroom.serve(OTHER, "/feed", feed([newsroom.serve(OTHER, "/a", page())])), "second")
        workspace.register()
        yield Shop(newsroom, workspace, pages)
    workspace.database.close()


def test_the_spiders_are_listed_in_a_workspace_and_in_a_checkout(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text("")
    named = ["articles", "discovery", "feeds", "searches", "sections", "sitemaps"]
    assert scrapy(tmp_path, "list").stdout.split() == named
    assert scrapy(ROOT, "list").stdout.split() == named


def test_one_source_is_polled_and_what_it_lists_is_stored_and_shown(shop: Shop) -> None:
    done = scrapy(shop.workspace.folder, "crawl", "feeds", "-a", "source=first:feed:1", "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    poll, *links = lines(shop.workspace.folder / "out.jsonl")
    assert (poll["item"], poll["source"], poll["outcome"], poll["listed"]) == ("poll", "first:feed:1", "fetched", 3)
    assert [(link["item"], link["url"], link["outlet"]) for link in links] == [("link", address, "first") for address in shop.pages]
    assert shop.workspace.links() == shop.pages
    assert shop.workspace.polls()["first:feed:1"].listed == 3
    assert shop.newsroom.asked(OTHER) == []
    with shop.workspace.database.reading() as conn:
        (run,) = conn.execute(select(tables.runs)).all()
    assert (run.exit_code, "scrapy=feeds" in run.arguments, run.ended_at is not None) == (0, True, True)


def test_pages_of_an_outlet_are_fetched_under_the_rules_of_the_night(shop: Shop) -> None:
    shop.workspace.queue("first", shop.pages)
    shop.workspace.queue("second", [shop.newsroom.address(OTHER, "/a")])
    done = scrapy(shop.workspace.folder, "crawl", "articles", "-a", "outlet=first", "-O", "pages.jsonl")
    assert done.returncode == 0, done.stderr
    outcomes = {one["url"]: one["outcome"] for one in lines(shop.workspace.folder / "pages.jsonl")}
    assert outcomes == dict(zip(shop.pages, ["fetched", "fetched", "robots_refused"], strict=True))
    assert sorted(shop.workspace.stored()) == sorted(shop.pages[:2])
    assert shop.newsroom.asked(OTHER) == []


def test_a_site_is_looked_over(shop: Shop) -> None:
    site = shop.newsroom.serve(
        HOST, "/", answer(body=b'<link rel="alternate" type="application/rss+xml" href="/feed">', Content_Type="text/html")
    )
    done = scrapy(shop.workspace.folder, "crawl", "discovery", "-a", f"site={site}", "-o", "site.jsonl")
    assert done.returncode == 0, done.stderr
    tried = {one["address"]: one["kind"] for one in lines(shop.workspace.folder / "site.jsonl")}
    assert tried[shop.newsroom.address(HOST, "/feed")] == "feed"


def test_a_failing_source_is_an_item_with_its_outcome(shop: Shop) -> None:
    shop.newsroom.serve(HOST, "/feed", answer("404 Not Found", b"nema"))
    done = scrapy(shop.workspace.folder, "crawl", "feeds", "-a", "outlet=first,second", "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    polls = {one["source"]: one["outcome"] for one in lines(shop.workspace.folder / "out.jsonl") if one["item"] == "poll"}
    assert polls == {"first:feed:1": "not_found", "second:feed:1": "fetched"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["feeds", "-a", "source=nowhere"], "no source or outlet 'nowhere'; see `tracker sources list`"),
        (["sitemaps", "-a", "source=first:feed:1"], "sitemaps reads none of the sources named; they are of kind feed"),
    ],
)
def test_what_cannot_be_run_ends_with_one_line(shop: Shop, words: list[str], said: str) -> None:
    done = scrapy(shop.workspace.folder, "crawl", *words, "-L", "ERROR")
    assert (done.returncode, done.stderr.splitlines()) == (2, [said])
    assert shop.newsroom.requests == []


def test_a_run_at_work_keeps_it_away(shop: Shop) -> None:
    with RunLock(shop.workspace.folder).acquire():
        done = scrapy(shop.workspace.folder, "crawl", "feeds", "-L", "ERROR")
    assert done.returncode == 3
    assert "another run is at work here" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_is_no_workspace_and_bad_settings_end_with_one_line(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "crawl", "feeds", "-L", "ERROR")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "holds neither tracker.toml nor a database" in done.stderr
    (tmp_path / "tracker.toml").write_text("fetch.delay_seconds = -1\n")
    done = scrapy(tmp_path, "crawl", "feeds", "-L", "ERROR")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "fetch.delay_seconds must be" in done.stderr


def test_the_shell_asks_through_the_guard_and_robots(shop: Shop) -> None:
    code = "print('status', response and response.status)"
    folder = shop.workspace.folder
    assert "status 200" in scrapy(folder, "shell", shop.pages[0], "-c", code).stdout
    assert "status None" in scrapy(folder, "shell", shop.pages[2], "-c", code).stdout
    asked = len(shop.newsroom.requests)
    shop.workspace.set(fetch__allow_networks=[])
    done = scrapy(folder, "shell", shop.pages[0], "-c", code)
    assert "status 200" not in done.stdout
    assert len(shop.newsroom.requests) == asked


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("nosuch", {}, "no spider 'nosuch'; there are articles, discovery, feeds"),
        ("feeds", {"sauce": "x"}, "no argument 'sauce'; known are source, outlet, since, term, site"),
        ("feeds", {"since": "yesterday"}, "since must be a day such as 2026-11-30"),
        ("discovery", {"site": "ftp://x"}, "discovery needs a site"),
        ("discovery", {}, "discovery needs a site"),
    ],
)
def test_wrong_arguments_are_named(name: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("(", "\\(")):
        arguments_of(name, given, kinds=KINDS)


def test_a_command_looks_back_as_far_as_the_night() -> None:
    assert named_job.LOOKBACK == nightly.LOOKBACK
