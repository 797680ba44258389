"""The demo's review desk: the same night before anybody had reviewed it, with a login that is told."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN_ID, Newsdesk
from tracker.demo import desk as demo_desk
from tracker.demo import run as demo
from tracker.demo.press.review import written_review
from tracker.demo.press.workspace import BY_HAND
from tracker.model import EditionKind, Fact
from tracker.review import decisions
from tracker.store import backup, digests, mentions, verdicts
from tracker.workspace import open_parts

TYPED = "medium,outlet,country,title,published,note\ntv,River TV,AL,Lumi Vjosa,2024-10-18,about Lumi Vjosa\n"
PROGRAM = """
import sys
from pathlib import Path
from tracker.demo.desk import serve_desk
serve_desk(Path(sys.argv[1]), lambda *told: print(*told, sep="\\n", flush=True))
"""


def test_the_desk_of_the_demo_holds_the_night_unreviewed_and_the_week_that_waits(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.night("match", "group")
    backup.copy(desk.parts.database.path, desk.folder / demo.UNREVIEWED)
    for mention in desk.mentions():
        decisions.say(desk.parts.database, mention.id, {Fact.VERDICT: "accept"}, by=written_review().by, now=NOW)
    desk.close()
    (desk.folder / BY_HAND).write_text(TYPED, "utf-8")
    (desk.folder / "campaigns" / "rivers.toml").rename(desk.folder / "rivers.toml")
    monkeypatch.setattr(demo_desk, "CAMPAIGN_ID", CAMPAIGN_ID)
    monkeypatch.setattr("tracker.workspace.campaign_files", lambda workspace: (workspace / "rivers.toml",))
    for _ in range(2):  # the second begins anew
        folder = demo_desk.prepare_desk(desk.folder)
        with open_parts(folder) as parts, parts.database.reading() as conn:
            assert len(mentions.for_campaign(conn, CAMPAIGN_ID)) == 5
            assert [verdict.by for verdict in verdicts.latest(conn, CAMPAIGN_ID).values()] == [written_review().by]  # of the typed one
            waiting = [(edition.kind, edition.approved_at) for edition in digests.every(conn, CAMPAIGN_ID)]
            assert waiting == [(EditionKind.WEEKLY, None)]


def test_the_desk_of_the_demo_is_served_with_a_login_that_it_tells(desk: Newsdesk) -> None:
    desk.close()
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(desk.folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address, name, password = (process.stdout.readline().strip() for _ in range(3))
        assert name == "demo"
        assert len(password) > 20
        assert urllib.request.urlopen(f"{address}healthz", timeout=30).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert Path(desk.folder, "coverage.db").exists()
