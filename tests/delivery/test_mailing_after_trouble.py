"""What a kill, a restored database, a lost record, a clock set back and a machine asleep leave: nothing goes out twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.delivery.letters import a_recipient
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailing import AFTER, Desk, a_desk, claimed
from tracker.delivery.recipients import read_send_on
from tracker.delivery.sent_log import SendingRecord
from tracker.model import EditionKind

HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[MailServerOnLoopback]:
    with MailServerOnLoopback() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: MailServerOnLoopback) -> Iterator[Desk]:
    opened = a_desk(tmp_path, server.port)
    yield opened
    opened.database.close()


def outcomes(desk: Desk, edition_id: int | None = None, after: timedelta = timedelta(0)) -> dict[str, int]:
    return dict(desk.send(edition_id, after=after).step.outcomes)


def test_a_process_killed_before_the_letter_went_out_sends_it_next_time(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    SendingRecord(desk.outbox).begin()
    claimed(desk)
    assert outcomes(desk) == {"sent": 3}
    assert set(server.received().values()) == {1}


def test_without_its_record_an_attempt_that_nobody_closed_is_unknown(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    claimed(desk)
    assert outcomes(desk) == {}
    assert {*desk.states().values()} == {"unknown"}
    assert not server.letters


def test_a_database_restored_from_yesterday_sends_nothing_again(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    backup = desk.copy()
    server.orders.append(Order("END", drop=True, only="bora@"))
    desk.send()
    desk.set_back(backup)
    assert desk.ledger() == []
    report = desk.send()
    assert report.step.inputs == 0
    assert desk.states() == {"ana": "sent", "bora": "unknown", "ceni": "sent"}
    assert "known from the outbox's record" in desk.ledger()[0].detail
    assert set(server.received().values()) == {1}


def test_an_edition_made_again_after_a_restore_under_another_number_is_the_same_letter(desk: Desk, server: MailServerOnLoopback) -> None:
    empty = desk.copy()
    desk.edition()
    desk.send()
    desk.set_back(empty)
    desk.edition(EditionKind.MONTHLY)
    assert desk.edition() == 2
    assert outcomes(desk) == {}
    assert set(server.received().values()) == {1}


def test_a_clock_set_back_sends_nothing_again(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    desk.send()
    desk.now = AFTER - timedelta(days=400)
    assert outcomes(desk) == {}
    desk.now = AFTER
    assert outcomes(desk) == {}
    assert set(server.received().values()) == {1}


def test_a_machine_asleep_over_several_editions_sends_each_once(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.recipients = [a_recipient(edition=EditionKind.NIGHTLY, send_on=read_send_on("07:00", EditionKind.NIGHTLY))]
    for days in range(3):
        desk.edition(EditionKind.NIGHTLY, end_at=AFTER - timedelta(days=days))
    assert outcomes(desk, after=5 * HOUR) == {"sent": 3}
    assert outcomes(desk, after=HOUR) == {}
    assert len({letter.message["Message-ID"] for letter in server.letters}) == 3
