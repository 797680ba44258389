from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tracker.bootstrap import open_parts
from tracker.demo import CAMPAIGN_ID, NIGHT, clear_demo, observe, run_demo
from tracker.errors import UsageError
from tracker.nightly import NightOptions, run_night
from tracker.samplepress.expectation import check, written_expectation
from tracker.samplepress.press import read_press
from tracker.samplepress.server import PressServer
from tracker.samplepress.workspace import prepare_workspace


@pytest.mark.timeout(180)
def test_the_demo_night_equals_the_written_expectation_and_can_be_run_again(tmp_path: Path) -> None:
    workspace = tmp_path / "demo"
    first = run_demo(workspace)
    assert first.differences == ()
    assert [Path(path).is_file() for path in first.run.digest_paths] == [True]
    _the_digest_names_the_campaign_and_nothing_else(workspace / "outbox")
    assert run_demo(workspace).differences == ()


def _the_digest_names_the_campaign_and_nothing_else(outbox: Path) -> None:
    """Every counted item above the parts for staff, and no headline of what is held back anywhere."""
    (text,) = [path.read_text("utf-8") for path in outbox.glob("*.txt")]
    everything = "".join(path.read_text("utf-8") for path in outbox.iterdir())
    counted = text[: text.index("(staff only, not counted)")]
    for key, article in written_expectation().articles.items():
        if article.held:
            assert not any(title in everything for title in article.titles), key
        elif article.circle:
            assert any(title in counted for title in article.titles) == (article.circle == "campaign"), key


@pytest.mark.timeout(180)
def test_a_second_night_over_an_unchanged_press_asks_only_the_feeds(tmp_path: Path) -> None:
    with PressServer(read_press(), NIGHT) as server:
        catalogue = prepare_workspace(tmp_path, server)
        with open_parts(tmp_path) as parts:
            run_night(parts, NightOptions(catalogues=(catalogue,), as_of=NIGHT, campaign_ids=(CAMPAIGN_ID,)))
            server.log.requests.clear()
            later = NIGHT + timedelta(minutes=30)
            second = run_night(parts, NightOptions(catalogues=(catalogue,), as_of=later, campaign_ids=(CAMPAIGN_ID,)))
            observed = observe(parts.database, second, server)
    assert check(written_expectation(), observed, NIGHT) == []
    polls = Counter(dict(next(step for step in second.steps if step.step == "poll").outcomes))
    assert polls["fetched"] == 0
    assert polls["unchanged"] == 20
    asked = {server.press.identify(f"http://{host}{target}") for host, target in server.log.requests} - {""}
    assert asked <= {article.key for article in server.press.articles if article.fault}


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "coverage.db").write_text("somebody's", "utf-8")
    with pytest.raises(UsageError, match="was not made by a demo"):
        clear_demo(tmp_path)
    assert (tmp_path / "coverage.db").read_text("utf-8") == "somebody's"
