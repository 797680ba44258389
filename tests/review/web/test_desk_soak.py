"""The desk killed while somebody reviews, and twenty people at once while a night writes: no answered word is lost, none is half."""

from __future__ import annotations

import http.client
import http.cookiejar
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.benchmarks.bench_night import write_catalogue
from tests.benchmarks.measuring import site
from tests.conftest import ROOT
from tests.newsdesk import ABOUT_THE_RIVER, Newsdesk, story_page
from tests.quarter import CAMPAIGN_ID, MADE_AT, Quarter
from tests.review.web.visiting import PASSWORD
from tracker.model import Fact, Grant, Role
from tracker.review import accounts
from tracker.store import item_states, users
from tracker.store.database import open_database
from tracker.workspace import shipped_folder

KILLS = 20
TOGETHER = 3
"""Items of one word: half of it would be one or two of them."""
PEOPLE, ITEMS_EACH = 20, 20
OUTLETS, PAGES = 25, 2_000
"""Of the press that is crawled meanwhile: more than ten minutes fetch."""
SECONDS = float(os.environ.get("TRACKER_DESK_SOAK_SECONDS", "600"))
LEAST_WORDS = 2
"""Of each person, however slow the machine is."""
WAITS_AT_MOST = 1.0
"""Seconds of the server's own for an answer."""
SEED = int(os.environ.get("TRACKER_KILL_SEED", random.SystemRandom().randrange(10**6)))


@contextmanager
def served(folder: Path, timed: Path | None = None) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`tracker review` on a free port. `timed`: a file for what each answer took (`timed_desk`)."""
    program = ["tracker", "review"] if timed is None else ["tests.review.web.timed_desk", str(timed)]
    command = [sys.executable, "-m", *program, "--port", "0", "-w", str(folder)]
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
        self.open(f"{base}/inbox/say", [("campaign", CAMPAIGN_ID), ("pick", picked), ("say", said), ("sure", "1"), ("held", "1")])


def let_in(folder: Path, names: list[str]) -> None:
    digest = accounts.hash_password(PASSWORD)
    with closing(open_database(folder)) as database, database.writing() as conn:
        for name in names:
            users.add(conn, name, digest, [Grant(Role.REVIEWER)], MADE_AT, must_change=False)


def a_word(folder: Path, chance: random.Random, among: Sequence[int]) -> tuple[str, str]:
    """Items as a page of the inbox names them, by their versions of now, and a decision that is new for each of them."""
    with closing(open_database(folder)) as database, database.reading() as conn:
        states = item_states.many(conn, CAMPAIGN_ID, among)
    by_word = {
        said: [number for number in among if number not in states or states[number].decision != said] for said in ("accept", "unsure")
    }
    said = chance.choice([said for said, others in by_word.items() if len(others) >= TOGETHER])
    others = by_word[said]
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


@dataclass
class Office:
    """People who review at once, and what befell them."""

    folder: Path
    names: list[str]
    articles: list[int]
    pauses: tuple[float, float]
    wrong: list[str] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)

    def review(self, place: int, base: str, until: float) -> None:
        """One person: a look at the inbox, a word on three items, a pause as people need to read."""
        chance, person = random.Random(SEED + place), Person(self.names[place])
        mine = self.articles[place * ITEMS_EACH : (place + 1) * ITEMS_EACH]
        try:
            person.log_in(base)
            while time.monotonic() < until or self.answered[person.name] < LEAST_WORDS:
                pick, said = a_word(self.folder, chance, mine)
                person.open(f"{base}/")
                person.says(base, pick, said)
                self.answered[person.name] += 1
                time.sleep(chance.uniform(*self.pauses))
        except Exception as error:  # noqa: BLE001 - whatever befalls one of them is told at the end
            self.wrong.append(f"{person.name}: {error!r}")


def an_office(folder: Path, people: int, pauses: tuple[float, float]) -> tuple[Newsdesk, Office]:
    """A desk with items for everybody, and people who may review them."""
    desk = Newsdesk(folder)
    desk.publish(*(story_page(f"Lumi {number}", ABOUT_THE_RIVER) for number in range(people * ITEMS_EACH)))
    desk.night("extract", "match", "group")
    names = [f"Person {number}" for number in range(people)]
    let_in(desk.folder, names)
    return desk, Office(desk.folder, names, sorted(mention.article_id for mention in desk.mentions()), pauses)


def reviewed_while(desk: Newsdesk, office: Office, seconds: float, night: Callable[[], None], timed: Path | None = None) -> None:
    """Everybody reviews while `night` is called again and again. No word may be lost."""
    with served(desk.folder, timed) as (base, _):
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=office.review, args=(place, base.rstrip("/"), until)) for place in range(len(office.names))]
        for one in threads:
            one.start()
        while any(one.is_alive() for one in threads):
            night()
        for one in threads:
            one.join()
    assert office.wrong == [], f"seed {SEED}"
    assert {name: len(acts(desk.folder, name)) for name in office.names} == office.answered, f"a word is lost, seed {SEED}"
    assert min(office.answered.values()) >= LEAST_WORDS


def test_a_few_people_review_while_a_night_writes(tmp_path: Path) -> None:
    desk, office = an_office(tmp_path / "desk", people=2, pauses=(0.0, 0.2))
    numbers = itertools.count()

    def night() -> None:
        desk.publish(story_page(f"Lumi i ri {next(numbers)}", ABOUT_THE_RIVER))
        desk.night("extract", "match", "group")

    reviewed_while(desk, office, 0.2, night)
    desk.close()


@contextmanager
def crawling(folder: Path) -> Iterator[Callable[[], None]]:
    """A press of OUTLETS x PAGES pages on loopback, and what crawls it: whole nights of the program itself, one after the other."""
    shutil.copy(shipped_folder("campaigns") / "digital-safety.toml", folder / "campaigns")
    with site(OUTLETS, PAGES) as port:
        write_catalogue(folder / "site.csv", OUTLETS, port)
        environment = {"TRACKER_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]', "TRACKER_FETCH__DELAY_SECONDS": "0"}
        command = [sys.executable, "-m", "tracker", "-w", str(folder), "nightly", "--since", "2000-01-01", "--catalogue"]
        running: list[subprocess.Popen[bytes]] = []

        def night() -> None:
            if not running or running[-1].poll() is not None:
                quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
                running.append(subprocess.Popen([*command, str(folder / "site.csv")], cwd=ROOT, env={**os.environ, **environment}, **quiet))
            time.sleep(1)

        try:
            yield night
        finally:
            if running:
                running[-1].terminate()
                running[-1].wait()


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds of an answer: in all, of a processor, waiting for one, and waiting for the write lock. What is left is waiting for another
    answer that waits for a processor."""

    took: float
    own: float
    queued: float
    lock: float
    asked: str


def answers_of(timed: Path) -> list[Answered]:
    """What the timed desk noted, but for logging in, whose hashing is meant to take long."""
    lines = [line.split(maxsplit=4) for line in timed.read_text("utf-8").splitlines()]
    found = [Answered(*map(float, seconds), asked) for *seconds, asked in lines]
    return [one for one in found if "/login" not in one.asked]


@pytest.mark.soak
def test_twenty_people_review_while_a_night_crawls(tmp_path: Path) -> None:
    """No error, no lost word, and no answer that takes a second. Waits for processors, and for a night that waits for one while it writes,
    are the machine's: they are told."""
    desk, office = an_office(tmp_path / "desk", PEOPLE, (1, 5))
    timed = tmp_path / "answers.txt"
    with crawling(desk.folder) as night:
        reviewed_while(desk, office, SECONDS, night, timed)
    with desk.parts.database.reading() as conn:
        crawled = conn.exec_driver_sql("SELECT count(*) FROM pages").scalar_one() - PEOPLE * ITEMS_EACH
    desk.close()
    answers = answers_of(timed)
    slow = sorted((one for one in answers if one.own > WAITS_AT_MOST), key=lambda one: -one.own)
    causes = {name: sum(getattr(one, name) > WAITS_AT_MOST for one in answers) for name in ("took", "queued", "lock")}
    told = (
        f"{crawled} pages were crawled, {len(answers)} answers given; over a second: {causes['took']} in all, {causes['queued']} for a"
        f" processor, {causes['lock']} for the write lock, {len(slow)} by themselves, the longest of these {max(one.own for one in answers):.2f} s; load {os.getloadavg()[0]:.0f} of {os.cpu_count()}"
    )
    print(told)
    assert crawled > 0, f"the night did not crawl: {told}, seed {SEED}"
    assert len(answers) >= PEOPLE * LEAST_WORDS
    assert slow == [], f"{told}, seed {SEED}"
