"""Matching, grouping and notifications while the crawl goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders import a_source, an_outlet
from tests.newsdesk import ABOUT_THE_RIVER, CAMPAIGN, CAMPAIGN_ID, RIVER, story_page, unbalanced
from tests.newsroom.press import Asked, Newsroom, answer, feed
from tracker.model import RunReport, StepReport
from tracker.pipeline import finding
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.store import mentions, registers, stories
from tracker.workspace import Parts, open_parts

SETTINGS = 'fetch.allow_networks = ["127.0.0.0/8"]\nfetch.delay_seconds = 0\nfetch.timeout_seconds = 60\nextract.workers = 1\n'
FAST, SLOW = "127.0.11.1", "127.0.11.2"


@contextmanager
def watched_parts(folder: Path, newsroom: Newsroom) -> Iterator[Parts]:
    """A workspace that watches a feed at each of the two hosts."""
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / f"{CAMPAIGN_ID}.toml").write_text(CAMPAIGN.replace("2026-01-01", "2020-01-01"), "utf-8")
    (folder / "tracker.toml").write_text(SETTINGS, "utf-8")
    hosts = {"fast": FAST, "slow": SLOW}
    outlets = [an_outlet(name, name=name, homepage=newsroom.address(host, "/")) for name, host in hosts.items()]
    sources = [a_source(f"{name}:feed:1", address=newsroom.address(host, "/feed")) for name, host in hosts.items()]
    with open_parts(folder) as parts:
        with parts.database.writing() as conn:
            registers.replace(conn, outlets, sources, parts.clock())
        yield parts


def test_mentions_and_notifications_do_not_wait_for_the_slowest_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FIND_SECONDS", 0.0)
    found = threading.Event()
    stored_meanwhile: list[int] = []

    async def once_something_was_found(asked: Asked, out: asyncio.StreamWriter) -> None:
        for _ in range(400):
            if found.is_set():
                break
            await asyncio.sleep(0.1)
        await answer(body=story_page("Lumi tjetër", ABOUT_THE_RIVER), Content_Type="text/html")(asked, out)

    with Newsroom() as newsroom:
        newsroom.serve(FAST, "/1", answer(body=story_page(RIVER, ABOUT_THE_RIVER), Content_Type="text/html"))
        newsroom.serve(FAST, "/feed", feed([newsroom.address(FAST, "/1")]))
        newsroom.serve(SLOW, "/1", once_something_was_found)
        newsroom.serve(SLOW, "/feed", feed([newsroom.address(SLOW, "/1")]))
        with watched_parts(tmp_path, newsroom) as parts:

            def on_found() -> None:
                with parts.database.reading() as conn:
                    stored_meanwhile.append(len(mentions.for_campaign(conn, CAMPAIGN_ID)))
                    assert len(stories.for_campaign(conn, CAMPAIGN_ID)) == stored_meanwhile[-1]
                found.set()

            report = run_night(parts, NightOptions(), on_found=on_found)
            with parts.database.reading() as conn:
                assert len(mentions.for_campaign(conn, CAMPAIGN_ID)) == 2
    assert stored_meanwhile[0] == 1
    assert not [*unbalanced(report)]
    assert _outcomes(report, f"match {CAMPAIGN_ID}") == {"campaign": 2}
    assert _outcomes(report, f"digest {CAMPAIGN_ID}") == {"counted": 2}


def test_rounds_are_reported_as_one_step() -> None:
    rounds = [
        StepReport("match rivers", 3, (("campaign", 1), ("no mention", 2)), 1.0, ("a remark",)),
        StepReport("match rivers", 0, (), 0.5),
        StepReport("match rivers", 2, (("no mention", 2),), 0.25, ("a remark",)),
    ]
    whole = finding.merged(rounds)
    assert whole == StepReport("match rivers", 5, (("campaign", 1), ("no mention", 4)), 1.75, ("a remark",))
    assert whole.adds_up


def _outcomes(report: RunReport, step: str) -> dict[str, int]:
    return next(dict(one.outcomes) for one in report.steps if one.step == step)
