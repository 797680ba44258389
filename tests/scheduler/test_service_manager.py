"""What systemd is told: that the scheduler is ready, and that it lives, also while a job takes long."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.scheduler.test_service import workspace as workspace
from tracker.scheduler.systemd import ServiceManager


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        heard.settimeout(20)
        yield heard


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_it_is_told_once_in_a_third_of_its_patience(tmp_path: Path, kind: str) -> None:
    now = 100.0
    address = f"@{tmp_path}" if kind == "abstract" else str(tmp_path / "notify")
    environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "30000000", "HOME": "/"}
    with listening(address) as heard:
        manager = ServiceManager.claim(environment)
        assert environment == {"HOME": "/"}
        manager._monotonic = lambda: now
        manager.ready()
        for _ in range(5):
            manager.alive()
        now = 110.0
        manager.alive()
        heard.setblocking(False)
        assert [heard.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        with pytest.raises(BlockingIOError):
            heard.recv(100)


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all", "WATCHDOG_USEC": "soon"}, {"NOTIFY_SOCKET": "@gone"}])
def test_without_anybody_to_tell_nothing_fails(environment: dict[str, str]) -> None:
    manager = ServiceManager.claim(environment)
    manager.ready()
    manager.alive()


def test_a_scheduler_says_that_it_is_ready_and_goes_on_saying_that_it_lives(workspace: Path) -> None:
    address = f"@tracker-test-{os.getpid()}"
    environment = {**os.environ, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "600000"}
    with listening(address) as heard:
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "-w", str(workspace), "--log-format", "json", "schedule"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert heard.recv(100) == b"READY=1"
            began = time.monotonic()
            assert {heard.recv(100) for _ in range(4)} == {b"WATCHDOG=1"}
            assert time.monotonic() - began > 0.2
        finally:
            process.terminate()
            _, said = process.communicate(timeout=60)
    assert all(line.startswith('{"at": "') for line in said.splitlines()), said
