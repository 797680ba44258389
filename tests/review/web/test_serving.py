"""The server: its address first, alive while it opens, ended by a signal, and a bad file told in one line."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.newsdesk import Newsdesk


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tracker", "--workspace", str(folder), "review", "--port", "0", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_first_line_is_the_address_and_the_first_start_tells_a_password(desk: Newsdesk) -> None:
    desk.close()
    with started(desk.folder) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert status(f"{address}healthz") == 200  # also while it is opening
        for _ in range(600):
            if status(f"{address}readyz") == 200:
                break
            time.sleep(0.1)
        assert "one-time password" in process.stdout.readline()
        assert status(f"{address}login") == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    with started(desk.folder) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert status(f"{address}login") == 200
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
        assert "password" not in said


def test_a_bad_campaign_file_ends_it_with_file_and_line(desk: Newsdesk) -> None:
    desk.close()
    (desk.folder / "campaigns" / "rivers.toml").write_text('id = "rivers"\nname = \n', "utf-8")
    with started(desk.folder) as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "rivers.toml:2" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("words", [("--host", "no.such.host.invalid"), ("--host", "203.0.113.9")])
def test_an_address_that_is_not_this_machines_is_told(desk: Newsdesk, words: tuple[str, str]) -> None:
    desk.close()
    with started(desk.folder, *words) as process:
        said, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert not said
    assert told.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_whatever_asks_it_to_end_ends_it_with_a_sentence(desk: Newsdesk, number: signal.Signals) -> None:
    desk.close()
    with started(desk.folder) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(2):  # a terminal that closes asks twice
            process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert (process.returncode, told.splitlines()[-1]) == (0, "ended as it was asked to")
