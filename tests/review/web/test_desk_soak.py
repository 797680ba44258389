"""The desk killed while somebody reviews: no answered word is lost, none is half."""

from __future__ import annotations

import http.client
import http.cookiejar
import os
import random
import re
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.quarter import CAMPAIGN_ID, MADE_AT, Quarter
from tests.review.web.visiting import PASSWORD
from tracker.model import Fact, Grant, Role
from tracker.review import accounts
from tracker.store import item_states, users
from tracker.store.database import open_database

KILLS = 20
TOGETHER = 3
"""Items of one word: half of it would be one or two of them."""
SEED = int(os.environ.get("TRACKER_KILL_SEED", random.SystemRandom().randrange(10**6)))


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`tracker review` on a free port."""
    command = [sys.executable, "-m", "tracker", "review", "--port", "0", "-w", str(folder)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip(), server
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@dataclass
class Person:
    """Somebody with a browser that keeps its cookies."""

    name: str
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)
    key: str = ""

    def open(self, address: str, fields: list[tuple[str, str]] | None = None) -> str:
        """A page, or the answer to a form. Raises OSError where nobody answered."""
        body = None if fields is None else urllib.parse.urlencode([("csrf_token", self.key), *fields]).encode()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        with opener.open(urllib.request.Request(address, body), timeout=60) as answer:
            text = str(answer.read().decode())
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        self.key = found[1] if found else self.key
        return text

    def log_in(self, base: str) -> None:
        self.open(f"{base}/login")
        self.open(f"{base}/login", [("name", self.name), ("password", PASSWORD)])

    def says(self, base: str, picked: str, said: str) -> None:
        self.open(f"{base}/inbox/say", [("campaign", CAMPAIGN_ID), ("pick", picked), ("say", said), ("sure", "1")])


def let_in(folder: Path, names: list[str]) -> None:
    digest = accounts.hash_password(PASSWORD)
    with closing(open_database(folder)) as database, database.writing() as conn:
        for name in names:
            users.add(conn, name, digest, [Grant(Role.REVIEWER)], MADE_AT, must_change=False)


def a_word(folder: Path, chance: random.Random, among: range) -> tuple[str, str]:
    """Items as a page of the inbox names them, by their versions of now, and a decision that is new for each of them."""
    said = chance.choice(["accept", "unsure"])
    with closing(open_database(folder)) as database, database.reading() as conn:
        states = item_states.many(conn, CAMPAIGN_ID, among)
    others = [number for number in among if number not in states or states[number].decision != said]
    chosen = sorted(chance.sample(others, TOGETHER))
    return " ".join(f"{CAMPAIGN_ID}-{number}:{states[number].version if number in states else 0}" for number in chosen), said


def acts(folder: Path, name: str) -> dict[int, set[int]]:
    """The items of each word that this person said."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    with closing(open_database(folder)) as database, database.reading() as conn:
        rows = conn.exec_driver_sql("SELECT act, article_id FROM events WHERE said_by = ? AND fact = ?", (name, str(Fact.VERDICT)))
        for act, article_id in rows:
            found[act].add(article_id)
    return found


@pytest.mark.soak
def test_a_desk_that_is_killed_loses_no_answered_word_and_keeps_none_half(tmp_path: Path) -> None:
    chance, folder = random.Random(SEED), Quarter(tmp_path / "q").folder
    let_in(folder, ["Blerta"])
    blerta, answered, asked = Person("Blerta"), 0, 0
    for _ in range(KILLS):
        with served(folder) as (base, server):
            blerta.log_in(base)
            killer = threading.Timer(chance.uniform(0.05, 1.0), server.kill)
            killer.start()
            try:
                while True:
                    pick, said = a_word(folder, chance, range(1, 120))
                    asked += 1
                    blerta.says(base, pick, said)
                    answered += 1
            except (OSError, http.client.HTTPException):
                killer.join()
        words = acts(folder, "Blerta")
        assert {len(items) for items in words.values()} <= {TOGETHER}, f"a word is half, seed {SEED}"
        assert answered <= len(words) <= asked, f"an answered word is lost, seed {SEED}"
    assert answered > KILLS, f"seed {SEED}"
