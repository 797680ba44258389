"""Each edition goes to each recipient once, whatever the server, the database and the machine do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.builders import a_verdict, an_article, an_outlet
from tests.delivery.letters import a_recipient
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailing import AFTER, Desk, a_desk, claimed, some
from tracker.delivery.mailing import LOST_IN_A_ROW
from tracker.delivery.proof import send_proof
from tracker.delivery.recipients import Role, read_send_on
from tracker.delivery.reconcile import decide
from tracker.delivery.sent_log import SendingRecord
from tracker.delivery.transport import send_note, server_trouble
from tracker.errors import ConfigError, DeliveryRefused, RunLocked, UsageError
from tracker.model import Audience, Decision, EditionKind
from tracker.settings import Digest, Mail, Settings
from tracker.store import articles, registers, verdicts
from tracker.store.deliveries import DeliveryState
from tracker.store.lock import RunLock, SendingLock

HOUR = timedelta(hours=1)
ANA, BORA, CENI = some("ana", "bora", "ceni")


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


def test_an_edition_goes_to_everybody_once(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    assert outcomes(desk) == {"sent": 3}
    assert outcomes(desk) == {}
    assert server.received() == {"ana@example.org": 1, "bora@example.org": 1, "ceni@example.org": 1}
    assert {*desk.states().values()} == {"sent"}
    assert all(row.message_id == letter.message["Message-ID"] for row, letter in zip(desk.ledger(), server.letters, strict=True))
    assert {letter.message["Message-ID"] for letter in server.letters} == {row.message_id for row in desk.ledger()}


def test_nothing_goes_before_its_hour(desk: Desk, server: MailServerOnLoopback) -> None:
    weekly = read_send_on("friday 16:00", EditionKind.WEEKLY)
    desk.recipients = [ANA, a_recipient("late@example.org", send_on=weekly)]
    desk.edition()
    assert outcomes(desk) == {"sent": 1}
    late = next(row for row in desk.ledger() if row.recipient == "late@example.org")
    desk.now = late.due_at - timedelta(seconds=1)
    assert outcomes(desk) == {}
    desk.now = late.due_at
    assert outcomes(desk) == {"sent": 1}


def test_letters_that_read_the_same_are_composed_once(desk: Desk) -> None:
    desk.recipients = [*some("ana", "bora"), *some("ceni", language="mk"), *some("drita", countries=("AL",))]
    desk.edition()
    assert outcomes(desk) == {"sent": 4}
    assert len(desk.composed) == 3


def test_partners_wait_for_the_release_and_staff_do_not(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.recipients = [ANA, *some("stafi", role=Role.STAFF)]
    edition = desk.edition(EditionKind.WEEKLY, Audience.STAFF)
    assert outcomes(desk) == {"sent": 1}
    assert {*server.received()} == {"stafi@example.org"}
    assert desk.composed == [(edition, Audience.STAFF, "sq", (), ())]


def test_somebody_taken_off_the_list_gets_nothing_more(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    server.orders.append(Order("RCPT", "450 later", times=9))
    assert outcomes(desk) == {"try later": 3}
    desk.recipients = [ANA]
    server.orders.clear()
    assert outcomes(desk, after=HOUR) == {"sent": 1, "taken off the list": 2}
    assert desk.states() == {"ana": "sent", "bora": "cancelled", "ceni": "cancelled"}
    desk.recipients = [ANA, BORA, CENI]
    assert outcomes(desk, after=HOUR) == {}


def test_a_greylisted_letter_goes_an_hour_later_and_a_refused_one_never(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    server.orders += [Order("RCPT", "450 greylisted", only="ana@"), Order("RCPT", "550 no such mailbox", only="bora@")]
    report = desk.send()
    assert dict(report.step.outcomes) == {"refused": 1, "sent": 1, "try later": 1}
    assert "bora@example.org was refused" in report.needs_a_person[0]
    assert "550 no such mailbox" in report.needs_a_person[0]
    assert outcomes(desk) == {}
    assert outcomes(desk, after=HOUR) == {"sent": 1}
    assert server.received() == {"ana@example.org": 1, "ceni@example.org": 1}


def test_a_letter_put_off_for_more_than_a_day_is_refused_with_the_servers_words(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.recipients = [ANA]
    desk.edition()
    server.orders.append(Order("RCPT", "452 mailbox is full", times=99))
    for _ in range(8):
        report = desk.send(after=timedelta(hours=8))
    (row,) = desk.ledger()
    assert (row.state, row.attempts) == (DeliveryState.REFUSED, 8)
    assert "452 mailbox is full" in row.detail
    assert report.needs_a_person
    assert outcomes(desk, after=timedelta(days=1)) == {}


def test_a_letter_that_may_have_arrived_is_never_sent_again_by_itself(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    server.orders.append(Order("END", drop=True, only="bora@"))
    assert outcomes(desk) == {"sent": 2, "unknown": 1}
    for _ in range(3):
        report = desk.send(after=timedelta(days=1))
        assert report.step.inputs == 0
    assert "letter 2 to bora@example.org is unknown" in report.needs_a_person[0]
    assert "`tracker send --arrived 2` or `tracker send --again 2`" in report.needs_a_person[0]
    assert server.received()["bora@example.org"] == 1


def test_a_person_decides_about_an_unknown_letter(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    server.orders.append(Order("END", drop=True, times=2))
    desk.send()
    first, second, third = desk.ledger()
    decide(desk.database, desk.outbox, first.id, again=False, now=desk.now)
    decide(desk.database, desk.outbox, second.id, again=True, now=desk.now)
    for number, again in [(third.id, True), (first.id, False), (99, True)]:
        with pytest.raises(UsageError):
            decide(desk.database, desk.outbox, number, again=again, now=desk.now)
    assert outcomes(desk) == {"sent": 1}
    assert desk.send().needs_a_person == ()
    assert server.received() == {"ana@example.org": 1, "bora@example.org": 2, "ceni@example.org": 1}
    assert {*desk.states().values()} == {"sent"}


@pytest.mark.parametrize("order", [Order("CONNECT", "554 not now", times=9), Order("EHLO", drop=True, times=9)])
def test_while_the_server_is_out_of_reach_all_letters_wait_and_none_is_given_up(
    desk: Desk, server: MailServerOnLoopback, order: Order
) -> None:
    desk.edition()
    server.orders.append(order)
    for _ in range(3):
        report = desk.send(after=timedelta(days=1))
        assert dict(report.step.outcomes) == {"waits for the mail server": 3}
        assert "3 letters wait: " in report.needs_a_person[0]
    assert [(row.state, row.attempts) for row in desk.ledger()] == [(DeliveryState.DUE, 0)] * 3
    assert all(row.detail for row in desk.ledger())
    server.orders.clear()
    assert outcomes(desk) == {"sent": 3}


def test_a_server_that_stops_answering_is_left_alone_after_a_few_letters(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.recipients = some(*(f"r{number}" for number in range(9)))
    desk.edition()
    server.orders.append(Order("MAIL", drop=True, times=99))
    report = desk.send()
    assert dict(report.step.outcomes) == {"try later": LOST_IN_A_ROW, "waits for the mail server": 9 - LOST_IN_A_ROW}
    server.orders.clear()
    assert outcomes(desk, after=HOUR) == {"sent": 9}
    assert set(server.received().values()) == {1}


def test_a_letter_that_cannot_be_written_does_not_keep_the_others(desk: Desk) -> None:
    desk.recipients = [ANA, *some("bora", language="mk"), CENI]
    desk.broken.add("mk")
    desk.edition()
    report = desk.send()
    assert dict(report.step.outcomes) == {"failed": 1, "sent": 2}
    assert "could not be written: an error of the program (ZeroDivisionError)" in report.needs_a_person[0]
    desk.broken.clear()
    assert outcomes(desk) == {"sent": 1}


def test_two_mailings_at_once_are_one(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.edition()
    entered, go_on = threading.Event(), threading.Event()
    server.orders.append(Order("MAIL", call=lambda: (entered.set(), go_on.wait(5), None)[2]))
    desk.mail = Mail(host="127.0.0.1", port=server.port, security="none", timeout_seconds=10, per_minute=100_000)
    first = threading.Thread(target=desk.mailing().run)
    first.start()
    assert entered.wait(5)
    with pytest.raises(RunLocked, match="another `tracker send` is at work"):
        desk.mailing().run()
    go_on.set()
    first.join(10)
    assert set(server.received().values()) == {1}


def test_a_night_at_work_does_not_keep_letters_back(desk: Desk) -> None:
    desk.edition()
    with RunLock(desk.folder).acquire():
        assert outcomes(desk) == {"sent": 3}


# --- files, proofs, notes


def test_without_a_mail_server_letters_are_files_that_open_and_it_says_so(desk: Desk) -> None:
    desk.mail = Mail()
    desk.recipients = [*some("ana", "bora"), a_recipient("мира@пошта.example")]
    edition = desk.edition()
    report = desk.send()
    assert dict(report.step.outcomes) == {"written to a file": 3}
    assert all("no mail server is set" in end.words for end in report.letters)
    names = desk.files()
    assert names[0].startswith(f"rivers-weekly-2026-03-14-{edition}-partners.ana-example-org-") or names[0].startswith("rivers-weekly-")
    to = {str(message_from_bytes((desk.outbox / name).read_bytes(), policy=policy.SMTPUTF8)["To"]) for name in names}
    assert to == {"Ana <ana@example.org>", "Bora <bora@example.org>", "Ana <мира@xn--80a1acn3a.example>"}
    assert outcomes(desk) == {}


def test_a_file_that_a_kill_left_half_done_is_written_again_and_stands_once(desk: Desk) -> None:
    desk.mail = Mail()
    desk.edition()
    SendingRecord(desk.outbox).begin()
    claimed(desk)
    assert outcomes(desk) == {"written to a file": 3}
    assert len(desk.files()) == 3


def test_letters_written_to_files_do_not_go_out_when_a_server_is_set_later(desk: Desk, server: MailServerOnLoopback) -> None:
    mail, desk.mail = desk.mail, Mail()
    desk.edition()
    desk.send()
    desk.mail = mail
    assert outcomes(desk) == {}
    assert not server.letters


def test_a_preview_says_who_would_get_what_and_when_and_changes_nothing(desk: Desk, server: MailServerOnLoopback) -> None:
    edition = desk.edition()
    found = desk.mailing().preview()
    assert [(one.recipient, one.standing) for one in found] == [(f"{name}@example.org", "due") for name in ("ana", "bora", "ceni")]
    assert desk.ledger() == []
    assert not desk.outbox.exists()
    server.orders += [Order("RCPT", "450 later", only="ana@"), Order("RCPT", "550 nobody", only="bora@")]
    desk.send()
    later, refused = desk.mailing().preview(edition)
    assert {(one.recipient[:3], one.standing) for one in (later, refused)} == {("ana", "later"), ("bor", "letter 2: refused")}
    assert "450 later" in (later if later.recipient.startswith("ana") else refused).words


def test_a_report_goes_out_when_it_is_asked_for(desk: Desk, server: MailServerOnLoopback) -> None:
    report = desk.edition(EditionKind.REPORT)
    assert outcomes(desk) == {}
    assert outcomes(desk, report) == {"sent": 3}
    with pytest.raises(UsageError, match="no edition 99"):
        desk.send(99)


def proof(desk: Desk, to: str, edition_id: int, language: str = "") -> str:
    return send_proof(desk.writer(), desk.database, desk.settings, desk.outbox, desk.recipients, edition_id, to, desk.now, language)


def test_a_proof_is_marked_and_in_nobodys_ledger(desk: Desk, server: MailServerOnLoopback) -> None:
    edition = desk.edition()
    assert "250" in proof(desk, "ana@example.org", edition)
    assert "250" in proof(desk, "somebody@else.example", edition, "mk")
    assert [letter.message["Subject"] for letter in server.letters] == ["[Proof] Java e lumenjve"] * 2
    assert [composed[1:3] for composed in desk.composed] == [(Audience.PARTNERS, "sq"), (Audience.PARTNERS, "mk")]
    assert outcomes(desk) == {"sent": 3}
    assert server.received()["ana@example.org"] == 2


def test_before_approval_a_proof_goes_to_staff_alone(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.recipients = [ANA, *some("stafi", role=Role.STAFF)]
    edition = desk.edition(EditionKind.WEEKLY, Audience.STAFF)
    for stranger in ("ana@example.org", "somebody@else.example"):
        with pytest.raises(UsageError, match="not released to partners"):
            proof(desk, stranger, edition)
    proof(desk, "Stafi@example.org", edition)
    assert {*server.received()} == {"Stafi@example.org"}
    with pytest.raises(UsageError, match="no edition 9"):
        proof(desk, "stafi@example.org", 9)
    with pytest.raises(UsageError, match="no mail address"):
        proof(desk, "stafi", edition)
    server.orders.append(Order("RCPT", "550 nobody"))
    with pytest.raises(DeliveryRefused, match="550 nobody"):
        proof(desk, "stafi@example.org", edition)


def test_a_note_goes_the_same_way(desk: Desk, server: MailServerOnLoopback) -> None:
    at = datetime.fromisoformat("2026-11-24T06:30:00+00:00")
    assert send_note(desk.settings, desk.outbox, "op@ngo.example", "A source fell silent", "Klik\n", at).result == "sent"
    assert server.letters[0].message["Subject"] == "A source fell silent"
    server.orders.append(Order("CONNECT", "421 busy"))
    assert send_note(desk.settings, desk.outbox, "op@ngo.example", "x", "y", at).result == "try later"
    desk.mail = Mail()
    assert "written to" in send_note(desk.settings, desk.outbox, "op@ngo.example", "x", "y", at).words
    assert [name[:20] for name in desk.files()] == ["note-20261124-063000"]
    with pytest.raises(ConfigError, match="no mail address"):
        send_note(desk.settings, desk.outbox, "nobody", "x", "y", at)


def test_whether_the_server_can_be_reached_is_told_without_sending(desk: Desk, server: MailServerOnLoopback) -> None:
    assert server_trouble(desk.settings, desk.outbox) == ""
    server.orders.append(Order("CONNECT", "554 closed"))
    assert "554 closed" in server_trouble(desk.settings, desk.outbox)
    with pytest.raises(ConfigError, match=r"digest\.sender"):
        server_trouble(Settings(mail=desk.mail, digest=Digest()), desk.outbox)


def test_the_lock_says_which_command_holds_it(tmp_path: Path) -> None:
    with SendingLock(tmp_path).acquire(), pytest.raises(RunLocked, match="tracker send"), SendingLock(tmp_path).acquire():
        pass


def test_a_letter_is_composed_anew_when_a_person_said_something_since_the_one_before(desk: Desk) -> None:
    """Or an item called sensitive while a long mailing goes on would stand in all the letters after that."""
    edition_id, recipients, writer = desk.edition(), some("ana", "bojan"), desk.writer()
    for _ in range(2):
        for number, recipient in enumerate(recipients):
            writer.write(edition_id, recipient, f"<{number}@ngo.example>")
    assert len(desk.composed) == 1
    with desk.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], AFTER)
        articles.save(conn, [(an_article(), "", "")], AFTER)
        verdicts.record(conn, a_verdict(1, Decision.SENSITIVE))
    writer.write(edition_id, recipients[0], "<0@ngo.example>")
    assert len(desk.composed) == 2


def _say_sensitive(desk: Desk) -> None:
    with desk.database.writing() as conn:
        if verdicts.newest_id(conn) == 0:
            registers.replace(conn, [an_outlet()], [], AFTER)
            articles.save(conn, [(an_article(), "", "")], AFTER)
        verdicts.record(conn, a_verdict(1, Decision.SENSITIVE))


@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "RCPT", "CONTENT"])
def test_a_verdict_that_falls_while_the_server_is_asked_is_heeded_by_the_letter_on_its_way(
    desk: Desk, server: MailServerOnLoopback, stage: str
) -> None:
    desk.recipients = [ANA]
    desk.edition()
    desk.says = lambda: "sensitive" if verdicts_of(desk) else "harmless"
    server.orders.append(Order(stage, call=lambda: _say_sensitive(desk)))
    assert outcomes(desk) == {"sent": 1}
    assert [("sensitive" in letter.message.get_body(("plain",)).get_content()) for letter in server.letters] == [True]


def test_a_verdict_that_falls_while_a_letter_waits_for_its_pace_is_heeded(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.mail = Mail(host="127.0.0.1", port=server.port, security="none", timeout_seconds=0.5, per_minute=60)
    desk.recipients = [ANA, BORA]
    desk.edition()
    desk.says = lambda: "sensitive" if verdicts_of(desk) else "harmless"
    server.orders.append(Order("END", call=lambda: threading.Timer(0.2, _say_sensitive, [desk]).start()))
    assert outcomes(desk) == {"sent": 2}
    assert [("sensitive" in letter.message.get_body(("plain",)).get_content()) for letter in server.letters] == [False, True]


def test_verdicts_that_fall_without_end_put_the_letter_off(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.recipients = [ANA]
    desk.edition()
    desk.says = lambda: f"verdict {verdicts_of(desk)}"
    server.orders.append(Order("RCPT", call=lambda: _say_sensitive(desk), times=99))
    assert outcomes(desk) == {"try later": 1}
    assert not server.letters
    server.orders.clear()
    assert outcomes(desk, after=HOUR) == {"sent": 1}


def verdicts_of(desk: Desk) -> int:
    with desk.database.reading() as conn:
        return verdicts.newest_id(conn)
