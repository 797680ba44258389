"""Sources made silent over simulated nights: named in the digest, in `sources health`, and in the exit code."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.newsroom.press import Newsroom, Way, answer, rss
from tracker.cli.main import cli
from tracker.model import Outlet, RunReport, Source, SourceKind
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.store import registers
from tracker.workspace import open_parts

FIRST = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
SETTINGS = """[fetch]
allow_networks = ["127.0.0.0/8"]
delay_seconds = 0
timeout_seconds = 2
retries = 0
[extract]
workers = 1
"""
CAMPAIGN = """id = "rivers"
name = "Clean rivers"
countries = ["BA"]
since = 2026-01-01
time_zone = "Europe/Sarajevo"
review = "optional"
query = 'river'

[terms.river]
kind = "phrase"
bs = ["čista rijeka"]
"""
WORDS = "stanovnici su se okupili na obali i razgovarali o vodi putevima školi selu mostu cesti zimi ribi šumi polju kući gradu".split()


class Press:
    """Outlets on loopback whose feeds are written anew for each night, and a workspace that watches them."""

    def __init__(self, newsroom: Newsroom, folder: Path) -> None:
        self.newsroom, self.folder = newsroom, folder
        (folder / "tracker.toml").write_text(SETTINGS, "utf-8")
        (folder / "campaigns").mkdir()
        (folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
        self._published: dict[str, list[tuple[str, datetime]]] = {}
        self._hosts: dict[str, str] = {}

    def found(self, *names: str) -> None:
        for number, name in enumerate(names, 1):
            self._hosts[name] = f"127.0.7.{number}"
            self.newsroom.serve(self._hosts[name], "/", answer(body=b"<html></html>"))
            self._published[name] = []
        outlets = [Outlet(name.lower(), name, self.newsroom.address(host, "/"), "BA", ("bs",)) for name, host in self._hosts.items()]
        sources = [Source(f"{o.id}:feed:1", o.id, SourceKind.FEED, self.newsroom.address(self._hosts[o.name], "/feed")) for o in outlets]
        with open_parts(self.folder) as parts, parts.database.writing() as conn:
            registers.replace(conn, outlets, sources, FIRST)

    def publish(self, name: str, items: int, at: datetime, way: Callable[[str], Way] | None = None) -> None:
        """New items in a feed of twelve, dated over the day before."""
        host, known = self._hosts[name], self._published[name]
        for number in range(items):
            path = f"/vijest-{len(known) + 1}"
            known.append((path, at - timedelta(hours=20 - number)))
            self.newsroom.serve(host, path, way(path) if way else _page(f"Vijest {len(known)} iz mjesta"))
        body = rss([self.newsroom.address(host, path) for path, _ in known[-12:]])
        for path, moment in known[-12:]:
            link = f"<guid>{self.newsroom.address(host, path)}</guid>".encode()
            body = body.replace(link, link + f"<pubDate>{format_datetime(moment)}</pubDate>".encode())
        self.newsroom.serve(host, "/feed", answer(body=body, Content_Type="application/rss+xml"))

    def night(self, number: int, steps: frozenset[str] | None = None) -> RunReport:
        options = NightOptions(as_of=FIRST + timedelta(days=number))
        if steps:
            options = NightOptions(as_of=options.as_of, steps=steps)
        with open_parts(self.folder) as parts:
            return run_night(parts, options)

    def tracker(self, *words: str) -> Result:
        return CliRunner().invoke(cli, ["--workspace", str(self.folder), *words], standalone_mode=False)


def _page(title: str, text: str = "") -> Way:
    text = text or " ".join(random.Random(title).choices(WORDS, k=250))
    html = f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    return answer(body=html.encode(), Content_Type="text/html; charset=utf-8")


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Newsroom() as newsroom:
        yield Press(newsroom, tmp_path)


def digest_text(report: RunReport) -> str:
    return Path(report.digest_paths[0]).with_suffix(".txt").read_text("utf-8")


POLL = frozenset({"poll"})


@dataclass(frozen=True)
class Told:
    """What the fifth night said, and the health of the sources after it."""

    report: RunReport
    before: list[tuple[str, ...]]
    health: Result
    digest: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Five nights: in the last Drina publishes nothing and Bosna's pages are empty; Sava goes on and Una never publishes much."""
    items = {"Drina": 8, "Sava": 7, "Una": 1, "Bosna": 7}
    with Newsroom() as newsroom:
        press = Press(newsroom, tmp_path_factory.mktemp("silence"))
        press.found(*items)
        before = []
        for night in range(4):
            for name, count in items.items():
                press.publish(name, count, FIRST + timedelta(days=night))
            before.append(press.night(night, frozenset({"crawl", "extract"})).needs_a_person)
        press.publish("Sava", 7, FIRST + timedelta(days=4))
        press.publish("Bosna", 7, FIRST + timedelta(days=4), lambda path: _page(f"Vijest {path}", "Učitavanje"))
        report = press.night(4)
        health = press.tracker("sources", "health", "--as-of", (FIRST + timedelta(days=4, minutes=5)).isoformat())
        return Told(report, before, health, digest_text(report))


def test_nights_like_those_before_need_nobody(told: Told) -> None:
    assert told.before == [(), (), (), ()]


def test_a_source_that_falls_silent_is_named_in_the_digest_and_turns_the_exit_code(told: Told) -> None:
    assert "silent, though usually speaking: Drina" in told.report.needs_a_person
    words = " ".join(told.digest.split())
    assert "- Drina, Bosnia and Herzegovina: nothing new for longer than is usual, since 5 November 2026" in words
    assert "- Sava" not in words
    assert "- Una" not in words
    assert told.health.return_value == 1
    assert "drina:feed:1" in told.health.stdout
    assert "silent since 2026-11-05: nothing new for a day" in told.health.stdout


def test_a_redesign_that_empties_the_pages_is_noticed_within_a_night(told: Told) -> None:
    (needed,) = (need for need in told.report.needs_a_person if need.startswith("articles are missing, or what is in them: "))
    assert "Bosna" in needed
    assert "Sava" not in needed
    (trouble,) = (one for one in told.report.troubles if one.outlet_name == "Bosna")
    assert trouble.outcome == "lost"
    assert "text" in trouble.detail


def test_an_outrun_window_without_a_sitemap_is_told_and_named(press: Press) -> None:
    press.found("Drina")
    press.publish("Drina", 12, FIRST)
    press.night(0, POLL)
    press.publish("Drina", 30, FIRST + timedelta(days=1))
    report = press.night(1)
    assert "1 windows outrun, 0 made good" in " ".join(remark for step in report.steps for remark in step.remarks)
    told = " ".join(digest_text(report).split())
    assert "Feeds that overflowed between two visits: 1; gaps filled from sitemaps: 0. Some items from Drina may be missing." in told


def test_only_sources_that_are_due_are_polled(press: Press) -> None:
    press.found("Drina", "Una")
    press.publish("Drina", 12, FIRST)
    press.publish("Una", 0, FIRST)
    press.night(0, POLL)
    soon = NightOptions(as_of=FIRST + timedelta(minutes=1), steps=POLL, only_due=True)
    later = NightOptions(as_of=FIRST + timedelta(days=2), steps=POLL, only_due=True)
    with open_parts(press.folder) as parts:
        assert run_night(parts, soon).steps[0].inputs == 0
        assert run_night(parts, later).steps[0].inputs == 2
