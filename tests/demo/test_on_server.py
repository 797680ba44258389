"""The demo on PostgreSQL with two workers, by its command: the same night as in a file."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tracker.store.work import workers
from tracker.store.work.link import Link

pytestmark = pytest.mark.timeout(900)
PROGRAM = """
import json, sys
from pathlib import Path
from tracker.cli.main import cli
from tracker.demo import run

class Kept(run.PressServer):
    def __exit__(self, *error):
        up = [outlet.address for outlet in self.press.outlets if outlet.fault != "down"]
        Path(sys.argv[1], "asked.json").write_text(json.dumps([up, self.log.most_at_once]))
        super().__exit__(*error)

run.PressServer = Kept
cli(["--workspace", sys.argv[1], "demo", "--database", sys.argv[2], "--workers", "2"])
"""
"""`tracker demo`, whose press notes at its end who is up and how many requests each answered at the same time."""


def test_two_workers_on_postgresql_do_the_night_that_is_written_down_and_each_outlet_is_asked_by_one_at_a_time(
    postgres_url: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), postgres_url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = f"{done.stdout}{done.stderr}\n{(tmp_path / 'demo' / 'workers.log').read_text('utf-8')}"
    assert done.returncode == 0, said
    assert "The night equals the written expectation." in done.stdout
    answering, most_at_once = json.loads((tmp_path / "asked.json").read_text("utf-8"))
    assert set(answering) <= set(most_at_once), "every outlet that is up was asked"
    assert {host: most for host, most in most_at_once.items() if most > 1} == {}
    with closing(Link(postgres_url)) as link:
        crawls = link.rows("SELECT outcome, sum(items) FROM rounds WHERE queue = 'polls' AND order_id <> '' GROUP BY outcome")
        assert [outcome for outcome, _ in crawls] == ["done"], said
        assert crawls[0][1] >= 20, "the workers visited the outlets, not the night itself"
        assert workers.every(link) == [], "and said goodbye"
    assert not (tmp_path / "demo" / "coverage.db").exists()
