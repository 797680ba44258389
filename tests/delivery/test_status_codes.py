"""What a server's code and words mean: not today, never, not with this login, not from this sender."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailing import Desk, some
from tracker.delivery.day_limit import count_other, left_today
from tracker.delivery.planning import BACK_OFF, DAY_IS_FULL, Attempt, Result, Stage, judge_reply
from tracker.delivery.proof import send_proof
from tracker.delivery.status_codes import enhanced
from tracker.delivery.transport import send_note
from tracker.errors import DeliveryRefused
from tracker.model import EditionKind
from tracker.settings import Mail
from tracker.store.deliveries import DeliveryState
from tracker.store.mail_counts import OtherMail

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOT_TODAY = [
    (550, "5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to"),
    (550, "5.7.30 too many letters"),
    (554, "5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"),
    (550, "5.7.232 Your message can't be sent because your trial tenant has exceeded its daily limit for tenant external recipients"),
    (550, "5.7.705 Access denied, tenant has exceeded threshold"),
    (454, "Throttling failure: Daily message quota exceeded."),
    (421, "4.7.0 Too many messages today, try tomorrow"),
    (452, "4.5.3 you may send 300 messages per day; limit reached"),
    (450, "4.3.2 quota of 24 hours used up"),
]
TODAY = [
    (450, "4.2.0 greylisted, come back in 24 minutes"),
    (452, "4.2.2 The mailbox is over its quota"),
    (451, "4.4.5 mail system congestion"),
    (421, "4.7.0 Too many connections"),
    (552, "5.3.4 the letter exceeds the size limit"),
    (550, "5.1.1 no such mailbox since yesterday, not today"),
    (550, "5.4.50 unheard of"),
    (550, "15.4.5 no code"),
]


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.END])
@pytest.mark.parametrize(("code", "words"), NOT_TODAY)
def test_too_many_today_is_known_at_every_stage(stage: Stage, code: int, words: str) -> None:
    attempt = judge_reply(stage, code, words)
    assert (attempt.result, attempt.whole_server, attempt.day_is_full) == (Result.TRY_LATER, True, True)
    assert attempt.words.startswith(DAY_IS_FULL)
    assert words in attempt.words


@pytest.mark.parametrize(("code", "words"), TODAY)
def test_other_refusals_are_what_they_were(code: int, words: str) -> None:
    attempt = judge_reply(Stage.RCPT, code, words)
    assert not attempt.day_is_full
    assert attempt.result is (Result.REFUSED if code >= 500 else Result.TRY_LATER)
    assert not attempt.whole_server


def test_a_recipient_whose_mailbox_is_full_for_today_keeps_nobody_else_waiting() -> None:
    attempt = judge_reply(Stage.RCPT, 450, "4.2.1 this mailbox has exceeded its daily limit of letters")
    assert (attempt.day_is_full, attempt.whole_server) == (True, False)


@pytest.mark.parametrize(
    ("code", "words", "token", "advice"),
    [
        (550, "5.7.30 Basic authentication is not supported for Client Submission.", False, 'set mail.auth = "xoauth2"'),
        (
            535,
            "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            False,
            "switch on Authenticated SMTP",
        ),
        (534, "5.7.9 Application-specific password required.", False, 'set mail.auth = "xoauth2"'),
        (534, "5.7.14 Please log in via your web browser and then try again", False, 'set mail.auth = "xoauth2"'),
        (535, "5.7.8 Username and Password not accepted.", False, "is not the server's"),
        (535, "5.7.8 Username and Password not accepted.", True, "a new token did not help"),
        (538, "5.7.11 Encryption required", False, "starttls"),
        (504, "5.5.4 Unrecognized authentication type", True, "does not know XOAUTH2"),
    ],
)
def test_a_refused_login_waits_and_says_what_to_do(code: int, words: str, token: bool, advice: str) -> None:
    attempt = judge_reply(Stage.AUTH, code, words, token=token)
    assert (attempt.result, attempt.whole_server, attempt.day_is_full) == (Result.TRY_LATER, True, False)
    assert advice in attempt.words


@pytest.mark.parametrize(
    "words", ["5.7.60 SMTP; Client does not have permissions to send as this sender", "5.2.252 SendAsDenied; press@ngo.example"]
)
def test_a_sender_that_may_not_write_is_told_how_it_may(words: str) -> None:
    attempt = judge_reply(Stage.END, 554, words)
    assert (attempt.result, "give it Send As" in attempt.words) == (Result.REFUSED, True)


@given(code=st.integers(400, 599), words=st.text(max_size=80), stage=st.sampled_from(Stage))
def test_no_refusal_is_ever_taken_for_sent_or_left_open(code: int, words: str, stage: Stage) -> None:
    assert judge_reply(stage, code, words).result in (Result.TRY_LATER, Result.REFUSED)


@given(code=st.tuples(st.sampled_from("245"), st.integers(0, 999), st.integers(0, 999)))
def test_a_code_is_read_as_it_is_written(code: tuple[str, int, int]) -> None:
    told = ".".join(map(str, code))
    assert (enhanced(f"{told} words"), enhanced(f"{told}1234 words"), enhanced(f"words {told}")) == (told, "", "")


# --- in a mailing


@pytest.fixture
def server() -> Iterator[MailServerOnLoopback]:
    with MailServerOnLoopback() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: MailServerOnLoopback) -> Iterator[Desk]:
    mail = Mail(host="127.0.0.1", port=server.port, security="none", timeout_seconds=2, per_minute=100_000)
    opened = Desk(tmp_path, some("ana", "bora", "ceni", "drita"), mail)
    opened.edition()
    yield opened
    opened.database.close()


def outcomes(desk: Desk, after: timedelta = timedelta(0)) -> dict[str, int]:
    report = desk.send(after=after)
    assert not report.needs_a_person
    return dict(report.step.outcomes)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "END"])
@pytest.mark.parametrize("reply", ["550 5.7.30 too many today", "452 4.5.3 too many messages today"])
def test_when_the_day_is_full_the_rest_goes_tomorrow_and_the_server_is_left_alone(
    desk: Desk, server: MailServerOnLoopback, stage: str, reply: str
) -> None:
    server.orders.append(Order(stage, reply, skip=1))
    assert outcomes(desk) == {"sent": 1, "waits for tomorrow": 3}
    connected = server.seen.count("CONNECT")
    for _ in range(5):
        assert set(outcomes(desk, after=4 * HOUR)) == {"waits for tomorrow"}
    assert server.seen.count("CONNECT") == connected
    assert outcomes(desk, after=4 * HOUR) == {"sent": 3}
    assert {*server.received().values()} == {1}


def test_a_day_that_is_full_again_and_again_refuses_no_letter(desk: Desk, server: MailServerOnLoopback) -> None:
    server.orders.append(Order("MAIL", "550 5.4.5 Daily sending limit exceeded", times=99))
    for _ in range(len(BACK_OFF) + 3):
        assert set(outcomes(desk, after=DAY)) == {"waits for tomorrow"}
    server.orders.clear()
    assert outcomes(desk, after=DAY) == {"sent": 4}


def test_a_recipients_full_day_holds_their_letter_alone(desk: Desk, server: MailServerOnLoopback) -> None:
    server.orders.append(Order("RCPT", "450 4.2.1 daily limit of this mailbox exceeded", only="bora@"))
    assert outcomes(desk) == {"sent": 3, "waits for tomorrow": 1}
    assert outcomes(desk, after=23 * HOUR) == {}
    assert outcomes(desk, after=HOUR) == {"sent": 1}


def test_a_limit_a_day_holds_over_mailings_and_moves_with_the_hours(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.mail = replace(desk.mail, per_day=2)
    assert outcomes(desk) == {"sent": 2, "waits for tomorrow": 2}
    assert outcomes(desk, after=23 * HOUR) == {"waits for tomorrow": 2}
    assert "mail.per_day is 2" in desk.ledger()[-1].detail
    assert outcomes(desk, after=HOUR) == {"sent": 2}
    assert {*server.received().values()} == {1}


def test_letters_that_do_not_go_take_nothing_of_the_day(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.mail = replace(desk.mail, per_day=2)
    server.orders += [Order("RCPT", "450 4.2.0 greylisted", only=f"{name}@") for name in ("ana", "bora")]
    assert outcomes(desk) == {"sent": 2, "try later": 2}
    assert outcomes(desk, after=HOUR) == {"waits for tomorrow": 2}
    assert outcomes(desk, after=DAY - HOUR) == {"sent": 2}


def test_a_limit_that_is_raised_lets_the_rest_go_at_once_and_files_have_none(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.mail = replace(desk.mail, per_day=1)
    assert outcomes(desk) == {"sent": 1, "waits for tomorrow": 3}
    desk.mail = replace(desk.mail, per_day=3)
    assert outcomes(desk) == {"sent": 2, "waits for tomorrow": 1}
    desk.mail = replace(desk.mail, host="")
    assert outcomes(desk) == {"written to a file": 1}


def test_a_letter_that_is_greylisted_for_hours_goes_in_the_end_and_once(desk: Desk, server: MailServerOnLoopback) -> None:
    server.orders.append(Order("RCPT", "450 4.2.0 greylisted", only="ana@", times=5))
    assert outcomes(desk) == {"sent": 3, "try later": 1}
    ends = [outcomes(desk, after=timedelta(minutes=30)) for _ in range(16)]
    assert [end for end in ends if end] == [{"try later": 1}] * 4 + [{"sent": 1}]
    assert server.received()["ana@example.org"] == 1


def test_a_password_that_ended_after_the_letter_waits_for_a_person(desk: Desk, server: MailServerOnLoopback) -> None:
    server.orders.append(Order("MAIL", "550 5.7.30 Basic authentication is not supported for Client Submission.", times=9))
    report = desk.send()
    assert dict(report.step.outcomes) == {"waits for the mail server": 4}
    assert 'set mail.auth = "xoauth2"' in report.needs_a_person[0]
    assert {row.state for row in desk.ledger()} == {DeliveryState.DUE}


def test_an_address_beyond_ascii_is_refused_where_the_server_cannot_write_to_it(tmp_path: Path) -> None:
    with MailServerOnLoopback(utf8=False) as server:
        mail = Mail(host="127.0.0.1", port=server.port, security="none", timeout_seconds=2, per_minute=100_000)
        desk = Desk(tmp_path, [*some("ana"), *some("мира")], mail)
        desk.edition()
        report = desk.send()
        desk.database.close()
    assert dict(report.step.outcomes) == {"sent": 1, "refused": 1}
    assert "SMTPUTF8" in report.needs_a_person[0]


def test_proofs_and_notifications_take_of_the_day_too(desk: Desk, server: MailServerOnLoopback) -> None:
    """The services count every mail, whatever it is to us."""
    desk.mail = replace(desk.mail, per_day=3)
    edition = desk.edition(EditionKind.REPORT)
    send_proof(desk.writer(), desk.database, desk.settings, desk.outbox, desk.recipients, edition, "ana@example.org", desk.now)
    attempt = send_note(desk.settings, desk.outbox, "op@ngo.example", "A source fell silent", "Klik\n", desk.now)
    count_other(desk.database, desk.settings, OtherMail.NOTIFICATION, attempt, desk.now)
    assert outcomes(desk) == {"sent": 1, "waits for tomorrow": 3}
    with pytest.raises(DeliveryRefused, match=r"mail\.per_day is 3"):
        send_proof(desk.writer(), desk.database, desk.settings, desk.outbox, desk.recipients, edition, "bora@example.org", desk.now)
    assert outcomes(desk, after=DAY) == {"sent": 3}


def test_what_a_server_refused_or_lay_down_as_a_file_takes_nothing_of_the_day(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.mail = replace(desk.mail, per_day=9)
    for result, counted in ((Result.REFUSED, 0), (Result.TRY_LATER, 0), (Result.UNKNOWN, 1), (Result.SENT, 2)):
        count_other(desk.database, desk.settings, OtherMail.PROOF, Attempt(result, ""), desk.now)
        assert left_today(desk.database, desk.settings, desk.now) == 9 - counted
    desk.mail = replace(desk.mail, host="")
    count_other(desk.database, desk.settings, OtherMail.PROOF, Attempt(Result.SENT, ""), desk.now)
    assert left_today(desk.database, desk.settings, desk.now) is None


def test_that_the_day_is_full_is_a_column_and_words_can_say_what_they_like(desk: Desk, server: MailServerOnLoopback) -> None:
    server.orders.append(Order("RCPT", f"450 4.2.0 {DAY_IS_FULL}, says a mailbox that is only greylisted", only="ana@"))
    assert outcomes(desk) == {"sent": 3, "try later": 1}
    assert outcomes(desk, after=HOUR) == {"sent": 1}
