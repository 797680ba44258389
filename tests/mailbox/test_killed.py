"""A reading that is really killed, by SIGKILL, at every place where something is stored or sent: each mail is handled once, none is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.mailbox.office import ARTA, MARKO, VOUCHED, Office, a_mail, an_office
from tests.mailbox.shapes import OTHERS
from tracker.delivery.audience import read_audience
from tracker.mailbox.answers import send_answers
from tracker.store import mailbox as stored

PROGRAM = """
import os, signal, sys
from tracker.mailbox import answers, reading
from tracker.delivery.choices import ChoiceRecord
from tracker.delivery.sent_log import SendingRecord
from tracker.store import mailbox
from tracker.store.database import Database

reading.AT_ONCE = 4
owner, name, number, when = sys.argv[2:6]
place = {"store": mailbox, "choices": ChoiceRecord, "record": SendingRecord}[owner]
real, calls = getattr(place, name), [0]

def killed(*args, **given):
    calls[0] += 1
    if calls[0] == int(number) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*args, **given)
    if calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(place, name, killed)
from tracker.cli.main import main
sys.argv = ["tracker", "mailbox", "--once", "--workspace", sys.argv[1]]
main()
"""
PLACES = [
    ("store", "known", 1, "before"),
    ("choices", "add", 1, "after"),
    ("store", "save_mails", 2, "after"),
    ("store", "save_state", 1, "after"),
    ("store", "save_state", 2, "before"),
    ("store", "add_answer", 1, "after"),
    ("store", "move_answer", 1, "after"),
    ("record", "add", 1, "after"),
    ("record", "add", 2, "after"),
]
HARD = {name: raw for name, _, raw in OTHERS}["fastmail"]
LINKS = 9


def _come_in(office: Office) -> int:
    office.box.add(a_mail(MARKO, "Re: x", "Odjavite me", headers=VOUCHED), office.with_token(HARD))
    office.box.add(*(a_mail(ARTA, "Missing", f"https://ura.example/lajme/{number}", number=number) for number in range(LINKS)))
    return LINKS + 2


@pytest.mark.parametrize(("owner", "name", "number", "when"), PLACES)
def test_a_reading_killed_in_earnest_is_ended_by_the_next(tmp_path: Path, owner: str, name: str, number: int, when: str) -> None:
    with an_office(tmp_path) as office:
        mails = _come_in(office)
        child = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path), owner, name, str(number), when], capture_output=True, timeout=120, check=False
        )
        assert child.returncode == -signal.SIGKILL, child.stderr.decode()[-800:]
        office.at[0] = datetime.now(UTC)  # after the child's moment
        office.read()
        send_answers(office.parts)
        assert dict(office.read().step.outcomes) == {}
        with office.parts.database.reading() as conn:
            assert conn.exec_driver_sql("SELECT count(*) FROM mails").scalar() == mails
            assert sorted(one.url for one in stored.tasks(conn)) == [f"https://ura.example/lajme/{n}" for n in range(LINKS)]
            assert conn.exec_driver_sql("SELECT count(*) FROM letter_bounces").scalar() == 1
            answers = conn.exec_driver_sql("SELECT kind, state FROM mail_answers ORDER BY kind").all()
        assert [kind for kind, _ in answers] == ["signed_off", "thanks"]
        assert {state for _, state in answers} <= {"sent", "unknown"}
        standing = {str(one.address): one.away(office.at[0]) for one in read_audience(tmp_path)}
        assert standing == {ARTA: "letters come back", MARKO: "signed off"}
        assert len((tmp_path / "outbox" / "choices.jsonl").read_text("utf-8").splitlines()) == 2
