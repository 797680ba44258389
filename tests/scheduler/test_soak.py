"""`tracker schedule` for ten real minutes with short periods against the sample press and a mail server, killed and restarted twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest

from tests.cli.running import run
from tests.clockwork import ZONE
from tests.conftest import ROOT
from tests.delivery.mailserver import MailServerOnLoopback
from tests.stored import deliveries_of
from tracker.demo.press.press import read_press
from tracker.demo.press.server import PressServer
from tracker.demo.press.workspace import CATALOGUE, prepare_workspace
from tracker.demo.run import CAMPAIGN_ID
from tracker.model.jobs import Outcome
from tracker.store import alerts, articles, digests, jobs, mentions
from tracker.store.deliveries import DeliveryState
from tracker.workspace import open_parts

SECONDS = float(os.environ.get("TRACKER_SCHEDULE_SOAK_SECONDS", "600"))
SEED = int(os.environ.get("TRACKER_KILL_SEED", random.SystemRandom().randrange(10**6)))
READERS = ("ana", "bora", "cene", "drita", "ema")
SETTINGS = """
[schedule]
nightly_at = "{nightly}"
poll_minutes = 0.2
send_minutes = 0.1

[alerts]
quiet_hours = ""

[digest]
sender = "Press <press@ngo.example>"

[mail]
host = "127.0.0.1"
port = {port}
security = "none"
per_minute = 600
"""


def write_settings(workspace: Path, plain: str, port: int) -> None:
    """The night is two minutes from now (of a soak of ten)."""
    night = datetime.now(ZoneInfo(ZONE)) + timedelta(seconds=max(SECONDS / 6, 61))
    (workspace / "tracker.toml").write_text(plain + SETTINGS.format(nightly=f"{night:%H:%M}", port=port), "utf-8")
    (workspace / "tracker.toml").chmod(0o600)


def write_recipients(workspace: Path) -> None:
    """Everybody's hour of sending has just passed."""
    now = datetime.now(ZoneInfo(ZONE))
    hour = f"{now.hour - 1:02}:00" if now.hour else "00:00"
    rows = [
        f'[[recipients]]\nname = "{name}"\nemail = "{name}@example.org"\nrole = "{"staff" if number < 2 else "partner"}"\n'
        f'language = "en"\nedition = "nightly"\nsend_on = "{hour}"\n'
        for number, name in enumerate(READERS)
    ]
    (workspace / "recipients.toml").write_text("\n".join(rows), "utf-8")
    (workspace / "recipients.toml").chmod(0o600)


def start(workspace: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "tracker", "-w", str(workspace), "schedule"], cwd=ROOT, stdout=said, stderr=said, start_new_session=True
        )


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_ten_minutes_with_two_kills_leave_an_exact_ledger(tmp_path: Path) -> None:
    workspace, log, told = tmp_path / "press", tmp_path / "schedule.log", f"TRACKER_KILL_SEED={SEED}"
    dice = random.Random(SEED)
    with PressServer(read_press(), datetime.now(UTC)) as press, MailServerOnLoopback() as mail:
        catalogue = prepare_workspace(workspace, press)
        assert catalogue.name == CATALOGUE
        (workspace / "campaigns").mkdir()
        shipped = (ROOT / "campaigns" / "digital-safety.toml").read_text("utf-8")
        (workspace / "campaigns" / "digital-safety.toml").write_text(shipped.replace('review = "required"', 'review = "optional"'), "utf-8")
        shutil.copytree(ROOT / "campaigns", workspace / "campaigns", dirs_exist_ok=True, ignore=lambda *_: ["digital-safety.toml"])
        assert run("sources", "import", catalogue, "--workspace", workspace).code == 0
        plain = (workspace / "tracker.toml").read_text("utf-8")
        write_recipients(workspace)
        for part in range(3):
            write_settings(workspace, plain, mail.port)
            scheduler = start(workspace, log)
            time.sleep(SECONDS / 3 + (dice.uniform(-5, 5) if part < 2 else 0))
            assert scheduler.poll() is None, log.read_text("utf-8")
            family = psutil.Process(scheduler.pid).children(recursive=True)
            scheduler.send_signal(signal.SIGKILL if part < 2 else signal.SIGTERM)
            assert scheduler.wait(60) == (-signal.SIGKILL if part < 2 else 0), told
            _, alive = psutil.wait_procs(family, timeout=40)
            assert not alive, f"{told}: {alive}"
        assert run("send", "--workspace", workspace).code in (0, 1)
        assert press.log.canary == []
    check_archive(workspace, told)
    check_letters(workspace, mail, told)
    check_jobs(workspace, told + "\n" + log.read_text("utf-8"))


def check_archive(workspace: Path, told: str) -> None:
    """The press is read once, whatever died meanwhile."""
    with open_parts(workspace) as parts, parts.database.reading() as conn:
        found = mentions.for_campaign(conn, CAMPAIGN_ID)
        addresses = Counter(article.canonical_url for article in articles.iterate(conn))
    assert len(found) > 20, told
    assert max(addresses.values()) == 1, told


def check_letters(workspace: Path, mail: MailServerOnLoopback, told: str) -> None:
    """Each edition to each reader once, or known to be unknown; each alert to each of staff at most once."""
    with open_parts(workspace) as parts, parts.database.reading() as conn:
        made = [edition for edition in digests.every(conn) if edition.kind == "nightly"]
        ledger = [row for edition in made for row in deliveries_of(conn, edition.id)]
        raised = alerts.since(conn, datetime(2020, 1, 1, tzinfo=UTC))
    assert len(made) >= 2, told
    assert len(ledger) == len(made) * len(READERS), told
    states = Counter(row.state for row in ledger)
    assert states.keys() <= {DeliveryState.SENT, DeliveryState.UNKNOWN}, f"{told}: {states}"
    assert states[DeliveryState.UNKNOWN] <= 2, told
    letters = Counter((to, letter.message["Message-ID"]) for letter in mail.letters for to in letter.to)
    assert set(letters.values()) == {1}, told
    for row in ledger:
        assert letters[row.recipient, row.message_id] == 1 or row.state is DeliveryState.UNKNOWN, f"{told}: {row}"
    notes = Counter(
        (to, letter.message["Subject"]) for letter in mail.letters for to in letter.to if "note-" in letter.message["Message-ID"]
    )
    assert raised, told
    assert max(notes.values()) == 1, f"{told}: {notes}"
    assert {to for to, _ in notes} <= {"ana@example.org", "bora@example.org"}, told


def check_jobs(workspace: Path, told: str) -> None:
    """Everything was done, again and again, and nothing failed but what was killed."""
    with open_parts(workspace) as parts, parts.database.reading() as conn:
        known = jobs.every(conn)
    for name in ("nightly", "poll", "send"):
        assert known[name].succeeded_at is not None, told
        assert known[name].outcome in (Outcome.DONE, Outcome.NEEDS_A_PERSON, Outcome.STOPPED, Outcome.BUSY), f"{told}: {known[name]}"
    assert f"{Outcome.FAILED} (" not in told, told
