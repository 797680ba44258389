"""Looking back over an invented press with old dates: every mention is found, whatever way the outlet lets itself be searched, and
killing the command at any point loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from tests.newsroom.press import Asked, Newsroom
from tests.pipeline.older_press import CAMPAIGN, SINCE, UNTIL, Press, build
from tracker.errors import UsageError
from tracker.model import RunReport
from tracker.pipeline.backfill import BackfillOptions, run_backfill
from tracker.store import entries, frontier, runs
from tracker.store.database import open_database
from tracker.store.schema import watching as watching_tables
from tracker.workspace import open_parts


def workspace(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    settings = 'fetch.allow_networks = ["127.0.0.0/8"]\nfetch.delay_seconds = 0\nfetch.timeout_seconds = 0.5\nfetch.retries = 0\nextract.workers = 1\n'
    (folder / "tracker.toml").write_text(settings, "utf-8")
    return folder


def register(folder: Path) -> None:
    from tracker.register.catalog import read_catalogue
    from tracker.store import registers

    catalogue = read_catalogue(folder / "catalogue.csv")
    with open_parts(folder) as parts, parts.database.writing() as conn:
        registers.replace(conn, catalogue.outlets, catalogue.sources, parts.clock())


def look_back(folder: Path, **options: Any) -> RunReport:
    with open_parts(folder) as parts:
        return run_backfill(parts, BackfillOptions(SINCE, UNTIL, **options))


def mentioned(folder: Path) -> dict[str, str]:
    database = open_database(folder)
    try:
        with database.reading() as conn:
            return {entry.article.requested_url: entry.found_by for entry in entries.for_campaign(conn, "rivers")}
    finally:
        database.close()


@dataclass
class Looked:
    folder: Path
    press: Press
    report: RunReport
    asked_again: list[Asked]


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    folder = workspace(tmp_path_factory.mktemp("back") / "w")
    with Newsroom() as newsroom:
        press = build(newsroom, folder)
        register(folder)
        report = look_back(folder)
        before = len(newsroom.requests)
        look_back(folder, source_ids=("posts", "months", "robots", "paged", "broken"))
        yield Looked(folder, press, report, newsroom.requests[before:])


def test_every_mention_of_the_days_is_found_in_whatever_way_the_outlet_allows(looked: Looked) -> None:
    found = mentioned(looked.folder)
    assert set(found) == looked.press.wanted
    assert set(found.values()) == {"backfill"}


def test_nothing_from_other_days_is_asked_for(looked: Looked) -> None:
    asked = {looked.press.newsroom.address(request.host, request.path) for request in looked.press.newsroom.requests}
    assert not asked & looked.press.beyond


def test_where_a_search_answers_a_sitemap_adds_only_what_bears_a_term(looked: Looked) -> None:
    assert "/neka-druga-vijest-o-mostu-55" not in looked.press.newsroom.asked("127.0.9.1")
    assert "/opcina-potpisala-pakt-za-ciste-rijeke-77" in looked.press.newsroom.asked("127.0.9.1")


def test_section_pages_are_followed_until_they_are_older_than_the_days_wanted(looked: Looked) -> None:
    asked = looked.press.newsroom.asked("127.0.9.10")
    assert [path for path in asked if path.startswith("/novosti/strana/")] == [f"/novosti/strana/{n}" for n in range(2, 6)]
    assert "/kontakt" not in asked


def test_a_section_that_shows_the_same_page_again_and_again_is_left(looked: Looked) -> None:
    assert [path for path in looked.press.newsroom.asked("127.0.9.11") if path.startswith("/?page=")] == ["/?page=2"]


def test_an_outlet_with_a_search_or_a_sitemap_is_asked_for_no_section(looked: Looked) -> None:
    for host in ("127.0.9.1", "127.0.9.2", "127.0.9.3", "127.0.9.4", "127.0.9.5", "127.0.9.6"):
        assert "/" not in looked.press.newsroom.asked(host)


def test_every_page_asked_ends_in_an_outcome_and_what_failed_for_now_needs_a_person(looked: Looked) -> None:
    step = looked.report.steps[0]
    assert step.step == "look back"
    assert step.adds_up
    outcomes = dict(step.outcomes)
    assert "pending" not in outcomes
    assert outcomes["timeout"] >= 1
    assert outcomes["server_error"] >= 1
    assert any("run the same command again" in line for line in looked.report.needs_a_person)


def test_a_second_start_asks_only_what_was_not_answered(looked: Looked) -> None:
    assert mentioned(looked.folder).keys() == looked.press.wanted
    assert {request.host for request in looked.asked_again} <= {"127.0.9.8", "127.0.9.5"}  # the broken one; a page of robots.txt


def test_an_estimate_is_told_before_anything_is_fetched_and_list_only_stops_there(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        press = build(newsroom, folder)
        register(folder)
        told: list[str] = []
        with open_parts(folder) as parts:
            run_backfill(parts, BackfillOptions(SINCE, UNTIL, source_ids=("months", "robots"), listing_only=True), say=told.append)
        assert told == ["14 older articles to fetch from 2 outlets; about 1 second"]
        assert not any(request.path.startswith("/2024/") for request in newsroom.requests)
        assert press.wanted


def test_the_night_does_not_fetch_what_only_looking_back_has_found(tmp_path: Path) -> None:
    from tracker.pipeline.nightly import NightOptions, run_night

    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        build(newsroom, folder)
        register(folder)
        look_back(folder, source_ids=("robots",), listing_only=True)
        with open_parts(folder) as parts:
            run_night(parts, NightOptions(source_ids=("robots", "paged"), steps=frozenset({"crawl"})))
            with parts.database.reading() as conn:
                assert frontier.pending_of_backfill(conn) == {"robots": 2}
        assert not [path for path in newsroom.asked("127.0.9.4") if path.startswith("/clanak")]


def killed_after(newsroom: Newsroom, folder: Path, requests: int) -> None:
    """Starts the command and kills it with all its children once the press has been asked so many times more."""
    command = [sys.executable, "-m", "tracker", "-w", str(folder), "backfill", "--since", str(SINCE), "--until", str(UNTIL), "--json"]
    root, wanted, until = str(Path(__file__).parents[2]), len(newsroom.requests) + requests, time.monotonic() + 60
    with subprocess.Popen(
        command, cwd=root, env=os.environ | {"PYTHONPATH": root}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while len(newsroom.requests) < wanted and time.monotonic() < until:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.002)
        tree = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        for one in tree:
            one.kill()
        psutil.wait_procs(tree[:-1], 10)


def test_killing_it_at_any_point_loses_nothing(tmp_path: Path) -> None:
    """Killed while it asks searches, while it reads sitemaps, while it fetches articles; then left to finish."""
    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        press = build(newsroom, folder)
        register(folder)
        for requests in (6, 20, 22):
            killed_after(newsroom, folder, requests)
        look_back(folder)
        assert mentioned(folder).keys() == press.wanted
    with open_parts(folder) as parts, parts.database.reading() as conn:
        assert runs.interrupted(conn) == []


def test_days_in_the_wrong_order_and_unknown_outlets_are_refused(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w")
    with Newsroom() as newsroom:
        build(newsroom, folder)
        register(folder)
        with open_parts(folder) as parts:
            with pytest.raises(UsageError, match="lies before"):
                run_backfill(parts, BackfillOptions(UNTIL, SINCE))
            with pytest.raises(UsageError, match="no watched source"):
                run_backfill(parts, BackfillOptions(SINCE, source_ids=("nobody",)))
        assert newsroom.requests == []


def test_the_pages_asked_are_kept_with_their_outcome(looked: Looked) -> None:
    database = open_database(looked.folder)
    with database.reading() as conn:
        rows = conn.execute(
            select(watching_tables.lookbacks.c.outcome, watching_tables.lookbacks.c.detail).where(
                watching_tables.lookbacks.c.outlet_id == "broken"
            )
        ).all()
    database.close()
    assert rows
    assert all(row.outcome for row in rows)
