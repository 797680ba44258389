"""SIGKILL of workers while they send letters: nobody has two, everybody has one or stands as unknown."""

from __future__ import annotations

import os
import random
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID
from tests.stored import deliveries_of
from tests.workers.desk import WorkDesk, ended
from tracker.model import Audience, EditionKind, ReleaseFacts, Selection, Window
from tracker.model.jobs import JobState
from tracker.store import digests
from tracker.store import jobs as stored
from tracker.store.deliveries import DeliveryState
from tracker.store.work import jobs as queued
from tracker.store.work import workers
from tracker.workers.worker import STALLED_SECONDS

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]
SEED = int(os.environ.get("TRACKER_KILL_SEED", random.SystemRandom().randrange(10**6)))
RECIPIENTS = 12
STAGES = ("MAIL", "END")
"""Before a letter is given to the server, which is then surely not sent, and after, when nobody knows whether it was taken over."""
LONG_SECONDS = STALLED_SECONDS + 300
MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
per_minute = 100000

[digest]
sender = "press@ngo.example"
"""


def released(desk: WorkDesk, port: int) -> int:
    """A week's edition that many are due to get at once; its number."""
    (desk.folder / "campaigns").mkdir()
    (desk.folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    people = [
        f'[[recipients]]\nname = "R{number:02}"\nemail = "r{number:02}@ngo.example"\nrole = "staff"\nlanguage = "en"\nedition = "weekly"\n'
        for number in range(RECIPIENTS)
    ]
    (desk.folder / "recipients.toml").write_text("\n".join(people), "utf-8")
    with (desk.folder / "tracker.toml").open("a") as settings:
        settings.write(MAIL.format(port=port))
    now = workers.now(desk.link)
    end = now - timedelta(days=8)  # its day of sending is over, whatever day it is
    with desk.database.writing() as conn:
        made = digests.freeze(conn, CAMPAIGN_ID, EditionKind.WEEKLY, Window(end - timedelta(days=7), end), made_at=now)
        digests.release(conn, made.id, Audience.STAFF, Selection(), ReleaseFacts(), now - timedelta(hours=1))
    return made.id


def send_is_due(desk: WorkDesk) -> None:
    """So that a test need not wait for the next quarter of an hour."""
    with desk.database.writing() as conn:
        state = stored.every(conn).get("send")
        if state is not None and state.ended_at is not None:
            stored.save(conn, JobState("send", workers.now(desk.link)))


def test_workers_killed_while_they_send_give_nobody_two_letters_and_name_what_nobody_knows(postgres_url: str, tmp_path: Path) -> None:
    told, dice = f"TRACKER_KILL_SEED={SEED}", random.Random(SEED)
    with MailServerOnLoopback() as server:
        desk = WorkDesk(tmp_path / "desk", postgres_url)
        edition = released(desk, server.port)
        victims: list[subprocess.Popen[bytes]] = []
        for stage in STAGES:
            server.orders[:] = [Order(stage, call=lambda: victims[-1].kill(), skip=dice.randrange(4))]
            victims.append(desk.start("--queues", "editions"))
            with ended(victims):
                assert victims[-1].wait(LONG_SECONDS) < 0, f"{told}\n{desk.log()}"
        last = desk.start("--queues", "editions", "--once")
        with ended([last]):
            assert last.wait(LONG_SECONDS) == 0, f"{told}\n{desk.log()}"
        send_is_due(desk)
        last = desk.start("--queues", "editions", "--once")
        with ended([last]):
            assert last.wait(LONG_SECONDS) == 0, f"{told}\n{desk.log()}"
        received = server.received()
        with desk.database.reading() as conn:
            rows = deliveries_of(conn, edition)
        assert len(rows) == RECIPIENTS, f"{told}\n{desk.log()}"
        assert max(received.values()) == 1, told
        for row in rows:
            assert row.state in (DeliveryState.SENT, DeliveryState.UNKNOWN), f"{told}: {row}"
            assert received[row.recipient] == 1 or row.state is DeliveryState.UNKNOWN, f"{told}: {row}"
        assert 1 <= sum(row.state is DeliveryState.UNKNOWN for row in rows) <= len(STAGES), told
        assert (queued.queues(desk.link), workers.every(desk.link)[len(STAGES) :]) == ([], [])
        desk.close()
