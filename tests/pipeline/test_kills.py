"""SIGKILL at any moment of the night, then the same command again: nothing lost, nothing double, nobody left behind.

The points are random; the seed is in the test's name and in every failure. TRACKER_KILL_SEED repeats it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from tracker.demo.press.expectation import check, written_expectation
from tracker.demo.press.press import Press, read_press
from tracker.demo.press.server import PressServer
from tracker.demo.press.workspace import prepare_workspace
from tracker.demo.run import CAMPAIGN_ID, NIGHT, observe
from tracker.model import Audience, FetchOutcome
from tracker.store import articles, digests, mentions, runs, second_looks, stories
from tracker.store.schema import crawl as crawl_tables
from tracker.store.schema import operations
from tracker.workspace import Parts, open_parts

SMALL_PRESS = frozenset({"dnevni-most", "gazeta-e-liqenit", "lovcenski-list", "neretvanski-tjednik"})
"""Four outlets in four languages: RSS, Atom and RDF, two held items, a story copied between two, four faulty pages."""
DAY = timedelta(days=1)
SEED = int(os.environ.get("TRACKER_KILL_SEED", random.SystemRandom().randrange(10**6)))
GONE_WITHIN_SECONDS = 20.0
"""A crawler whose parent has died may store what it fetched for ten seconds, and is given ten more on a busy machine."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What a night leaves, without ids and moments that depend on how it went."""

    articles: list[tuple[str, str, str, str, str]]
    mentions: list[tuple[str, str, bool, tuple[str, ...]]]
    stories: list[tuple[str, ...]]
    editions: list[list[str]]
    links: int
    open_links: int
    unread_pages: int
    pages: int
    nights: int
    without_article: int

    def after(self, nights: int) -> Archive:
        """What so many nights leave. One that was killed after it had stored its end is over, and the same command begins the next:
        what brought no article and is still listed then waits for its second look, an hour later."""
        return replace(self, nights=nights, open_links=self.without_article, without_article=0) if nights > 1 else self


def read_archive(parts: Parts) -> Archive:
    with parts.database.reading() as conn:
        stored = {article.id: article for article in articles.iterate(conn)}
        address = {number: article.canonical_url for number, article in stored.items()}
        found = mentions.for_campaign(conn, CAMPAIGN_ID)
        grouped = stories.for_campaign(conn, CAMPAIGN_ID)
        made = digests.every(conn, CAMPAIGN_ID)
        released = [release for edition in made for audience in Audience if (release := digests.released(conn, edition.id, audience))]
        reported = [[entry.article.canonical_url for _, entry in release.entries] for release in released]

        def count(table: object, *conditions: object) -> int:
            return int(conn.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())  # type: ignore[arg-type]

        return Archive(
            articles=sorted((a.canonical_url, a.title, a.body, a.published.iso() if a.published else "", a.depth) for a in stored.values()),
            mentions=sorted((address[m.article_id], m.circle, m.held, tuple(hit.form for hit in m.hits)) for m in found),
            stories=sorted(tuple(sorted(address[number] for number in story.article_ids)) for story in grouped),
            editions=[sorted(entries) for entries in reported],
            links=count(crawl_tables.links),
            open_links=count(crawl_tables.links, crawl_tables.links.c.state == "pending"),
            unread_pages=count(crawl_tables.pages, crawl_tables.pages.c.state == "unscreened"),
            pages=count(crawl_tables.pages),
            nights=count(operations.runs),
            without_article=sum(outlet.without for outlet in second_looks.without_article(conn, NIGHT - DAY, NIGHT + DAY))
            - count(crawl_tables.links, crawl_tables.links.c.outcome == str(FetchOutcome.ROBOTS_REFUSED)),
        )


class Night:
    """The real command, in a session of its own."""

    def __init__(self, workspace: Path, catalogue: Path) -> None:
        self.workspace = workspace
        self._command = [sys.executable, "-m", "tracker", "-w", str(workspace), "nightly"]
        self._command += ["--catalogue", str(catalogue), "--as-of", NIGHT.isoformat(), "--campaign", CAMPAIGN_ID]

    def run(self, kill_after_seconds: float | None = None, *, whole_group: bool = True) -> int | None:
        """The exit code; None when it was killed."""
        with (self.workspace / "night.log").open("ab") as log:
            process = subprocess.Popen(self._command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        if kill_after_seconds is None:
            return process.wait(120)
        try:
            return process.wait(kill_after_seconds)
        except subprocess.TimeoutExpired:
            family = psutil.Process(process.pid).children(recursive=True)
            (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
            process.wait(10)
            _, left = psutil.wait_procs(family, timeout=GONE_WITHIN_SECONDS)
            assert not left, f"left behind: {[orphan.cmdline() for orphan in left]}"
            return None

    def killed_at(self, points: Sequence[float], *, whole_group: bool) -> int:
        """The night killed so many seconds after each beginning, then left to its end; its exit code. One that ends before a kill is not
        begun anew: that would be another night."""
        for point in points:
            if (code := self.run(point, whole_group=whole_group)) is not None:
                return code
        return self.finish()

    def finish(self) -> int:
        code = self.run()
        assert code is not None
        return code

    def log(self) -> str:
        return (self.workspace / "night.log").read_text("utf-8", "replace")[-3000:]


@pytest.fixture(scope="module")
def small_press() -> Iterator[PressServer]:
    everything = read_press()
    with PressServer(Press(tuple(outlet for outlet in everything.outlets if outlet.id in SMALL_PRESS)), NIGHT) as server:
        yield server


@pytest.fixture(scope="module")
def new_night(small_press: PressServer, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Night]:
    def make() -> Night:
        workspace = tmp_path_factory.mktemp("night")
        return Night(workspace, prepare_workspace(workspace, small_press))

    return make


@pytest.fixture(scope="module")
def undisturbed(new_night: Callable[[], Night]) -> tuple[Archive, float]:
    """The archive of a night that nobody killed, and how long it took."""
    night = new_night()
    started = time.monotonic()
    assert night.finish() == 1, night.log()  # two items are held back and need a person
    seconds = time.monotonic() - started
    with open_parts(night.workspace) as parts:
        return read_archive(parts), seconds


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("whole_group", "kills"), [(True, 2), (False, 1)], ids=["whole group", "parent only"])
def test_a_night_killed_anywhere_and_started_again_ends_as_an_undisturbed_one(
    new_night: Callable[[], Night], undisturbed: tuple[Archive, float], whole_group: bool, kills: int
) -> None:
    expected, seconds = undisturbed
    dice = random.Random(f"{SEED} {whole_group}")
    night = new_night()
    points = [dice.uniform(0.2, seconds) for _ in range(kills)]
    code = night.killed_at(points, whole_group=whole_group)
    told = f"TRACKER_KILL_SEED={SEED}, killed after {points}\n{night.log()}"
    assert code in (0, 1), told
    with open_parts(night.workspace) as parts:
        found = read_archive(parts)
        assert found == expected.after(found.nights), told
        with parts.database.reading() as conn:
            assert runs.interrupted(conn) == [], told
    assert len(list((night.workspace / "outbox").iterdir())) == 4, told  # the mail in three forms, and the report that goes with it


def test_a_night_that_was_killed_is_taken_up_with_its_run_and_its_moment(new_night: Callable[[], Night]) -> None:
    night = new_night()
    for seconds in (1.5, 3, 6, 12, 24, 48):  # a busy machine takes longer to come to the crawl
        night.run(seconds)
        if (night.workspace / "crawl.log").exists():
            break
    with open_parts(night.workspace) as parts, parts.database.reading() as conn:
        (killed,) = runs.interrupted(conn)
    night.finish()
    with open_parts(night.workspace) as parts, parts.database.reading() as conn:
        last = runs.latest(conn)
    assert last is not None
    assert (last.run_id, last.started_at) == (killed.run_id, killed.started_at)
    assert all(step.adds_up for step in last.steps)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("round_number", range(4))
def test_the_whole_demo_killed_at_twenty_points_equals_the_written_expectation(tmp_path: Path, round_number: int) -> None:
    dice = random.Random(f"{SEED} soak {round_number}")
    with PressServer(read_press(), NIGHT) as server:
        night = Night(tmp_path, prepare_workspace(tmp_path, server))
        points = [dice.uniform(0.2, 14) for _ in range(5)]
        for number, point in enumerate(points):
            night.run(point, whole_group=bool(number % 2))
        told = f"TRACKER_KILL_SEED={SEED}, killed after {points}\n{night.log()}"
        assert night.finish() in (0, 1), told
        with open_parts(tmp_path) as parts:
            with parts.database.reading() as conn:
                report = runs.latest(conn)
            assert report is not None
            observed = observe(parts.database, report, server)
            archive = read_archive(parts)
    # a page that was asked for when the night was killed is rightly asked for again
    strangers = tuple(stranger for stranger in observed.strangers if "(asked " not in stranger)
    assert check(written_expectation(), replace(observed, strangers=strangers), NIGHT) == [], told
    assert archive.unread_pages == 0, told
