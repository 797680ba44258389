"""SIGKILL while fifty letters go out, then the same command again: each recipient has exactly one, or it stands as unknown.

The moments are random; the seed is in every failure. TRACKER_KILL_SEED repeats it.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailing import MANY, Desk
from tests.oauth.token_server import Reply, TokenServer
from tracker.store.deliveries import DeliveryState

SEED = int(os.environ.get("TRACKER_KILL_SEED", random.SystemRandom().randrange(10**6)))


class Victim:
    """The mailing in a process of its own, killed when the server says so."""

    def __init__(self, folder: Path, server: MailServerOnLoopback, token_url: str = "") -> None:
        self._command = [sys.executable, "-m", "tests.mailing", str(folder), str(server.port), *filter(None, [token_url])]
        self._process: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()

    def run(self) -> int:
        """The exit code; negative when it was killed."""
        self._process = subprocess.Popen(self._command, cwd=ROOT)
        return self._process.wait(60)


@pytest.fixture
def server() -> Iterator[MailServerOnLoopback]:
    with MailServerOnLoopback() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path, MANY)
    opened.edition()
    yield opened
    opened.database.close()


def check(desk: Desk, server: MailServerOnLoopback, told: str) -> int:
    """None has two, each has one or stands as unknown. How many are unknown."""
    received = server.received()
    assert max(received.values()) == 1, told
    rows = desk.ledger()
    assert len(rows) == len(MANY), told
    for row in rows:
        assert row.state in (DeliveryState.SENT, DeliveryState.UNKNOWN), f"{told}: {row}"
        assert received[row.recipient] == 1 or row.state is DeliveryState.UNKNOWN, f"{told}: {row}"
    return sum(row.state is DeliveryState.UNKNOWN for row in rows)


def test_a_mailing_killed_at_five_points_gives_nobody_two_letters(desk: Desk, server: MailServerOnLoopback) -> None:
    victim, told = Victim(desk.folder, server), f"TRACKER_KILL_SEED={SEED}"
    dice = random.Random(f"{SEED} five")
    for stage in ("CONNECT", "MAIL", "RCPT", "END", "END"):
        server.orders.append(Order(stage, call=victim.kill, skip=0 if stage == "CONNECT" else dice.randrange(9)))
        assert victim.run() < 0, told
    assert victim.run() == 0, told
    assert check(desk, server, told) == 2, told


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_mailing_killed_at_thirty_random_points_gives_nobody_two_letters(desk: Desk, server: MailServerOnLoopback) -> None:
    victim, told = Victim(desk.folder, server), f"TRACKER_KILL_SEED={SEED}"
    dice = random.Random(f"{SEED} thirty")
    killed = 0
    for _ in range(30):
        delay = dice.choice([0.0, dice.uniform(0, 0.002), dice.uniform(0, 0.02)])
        stage = dice.choice(["CONNECT", "MAIL", "RCPT", "DATA", "END", "END"])
        timer = threading.Timer(delay, victim.kill)
        server.orders[:] = [Order(stage, call=timer.start, skip=0 if stage == "CONNECT" else dice.randrange(3))]
        killed += victim.run() < 0
        timer.cancel()
    assert victim.run() == 0, told
    assert killed > 15, told
    assert check(desk, server, told) <= killed, told


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_mailing_killed_while_tokens_end_midway_gives_nobody_two_letters(desk: Desk, server: MailServerOnLoopback) -> None:
    """Each token is good for two logins, and the server ends a session after a few letters: a token ends again and again midway."""
    told, dice, logins = f"TRACKER_KILL_SEED={SEED}", random.Random(f"{SEED} tokens"), Counter[str]()

    def good_for_two(token: str) -> bool:
        logins[token] += 1
        return logins[token] <= 2

    server.takes_token = good_for_two
    killed = 0
    with TokenServer(now=desk.now) as endpoint:
        victim = Victim(desk.folder, server, endpoint.url)
        for _ in range(20):
            ended = [Order("MAIL", "421 4.3.2 session over", skip=skip) for skip in (1, 3, 5)]
            stage = dice.choice(["CONNECT", "AUTH", "MAIL", "RCPT", "END", "END"])
            server.orders[:] = [*ended, Order(stage, call=victim.kill, skip=dice.randrange(1 if stage in ("CONNECT", "AUTH") else 4))]
            endpoint.replies[:] = [Reply(503, {})] if dice.random() < 0.2 else []
            killed += victim.run() < 0
        server.orders.clear()
        endpoint.replies.clear()
        assert victim.run() == 0, told
    assert killed > 8, told
    assert check(desk, server, told) <= killed, told
    assert len(logins) > 5, told
    assert any(count > 2 for count in logins.values()), told
