"""The disk is full while the mailbox is read: it is said in one line, nothing is lost, and the next reading takes up what was not stored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.mailbox.office import ARTA, MARKO, VOUCHED, Office, a_mail, an_office
from tests.mailbox.shapes import OTHERS
from tests.store.test_storage_faults import with_small_files
from tracker.delivery.audience import read_audience
from tracker.delivery.choices import ChoiceRecord
from tracker.store import backup
from tracker.store import mailbox as stored

HARD = {name: raw for name, _, raw in OTHERS}["fastmail"]
LINKS = 60
NEWS = [
    a_mail("Ura <news@ura.example>", f"News {number}", " ".join(f"https://ura.example/lajme/{number}-{link}" for link in range(30)))
    for number in range(4)
]


def come_in(office: Office) -> int:
    """A sign-off, a report of a server, newsletters, links that a partner missed: some more than one batch."""
    office.box.add(a_mail(MARKO, "Re: x", "Odjavite me", headers=VOUCHED), office.with_token(HARD), *NEWS)
    office.box.add(*(a_mail(ARTA, "Missing", f"https://ura.example/te/{number}", number=number) for number in range(LINKS)))
    return LINKS + 2 + len(NEWS)


def kept(office: Office) -> dict[str, object]:
    """What is known after a reading."""
    with office.parts.database.reading() as conn:
        counts = {
            table: conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("mails", "letter_bounces", "mail_tasks", "mail_answers", "links", "net_sightings")
        }
        tasks = sorted(one.url for one in stored.tasks(conn))
    choices = ChoiceRecord(office.parts.workspace / "outbox").every()  # the piece of a line that a full disk left counts for nothing
    standing = {str(one.address): one.away(office.at[0]) for one in read_audience(office.parts.workspace)}
    return counts | {"tasks": tasks, "choices": len(choices), "standing": standing}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    with an_office(tmp_path_factory.mktemp("whole")) as office:
        mails = come_in(office)
        office.at[0] = datetime.now(UTC)
        office.read()
        found = kept(office)
    assert found["mails"] == mails
    assert found["standing"] == {ARTA: "letters come back", MARKO: "signed off"}
    return found


@pytest.mark.parametrize("limit", [0, 60, 200, 400, 5_000, 20_000, 50_000, 80_000, 120_000, 250_000])
def test_a_reading_that_a_full_disk_stops_is_one_line_and_is_taken_up(limit: int, whole: dict[str, object], tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        come_in(office)
        office.parts.database.empty_log()
        ended = with_small_files(limit, "mailbox", "--once", "--workspace", tmp_path)
        assert "Traceback" not in ended.stderr, ended.stderr
        assert ended.returncode in (1, 3), ended.stderr
        if ended.returncode == 3:
            (told,) = [line for line in ended.stderr.splitlines() if line.startswith("tracker: ")]
            assert any(word in told for word in ("disk", "too large", "room")), told
        assert backup.unsound(office.parts.database.path) == []
        office.at[0] = datetime.now(UTC)
        office.read()
        assert dict(office.read().step.outcomes) == {}
        found = kept(office)
        assert {name: found[name] for name in found if name != "mail_answers"} == {
            name: whole[name] for name in whole if name != "mail_answers"
        }
