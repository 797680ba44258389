"""A mail server that misbehaves in every way it can: each ends in its named outcome, with the server's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.letters import RENDERED, SENDER, an_envelope
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.newsroom.certificate import self_signed
from tracker.delivery.addresses import read_address
from tracker.delivery.message import write_letter
from tracker.delivery.planning import Attempt, Result
from tracker.delivery.smtp import MailServer, SmtpMailer
from tracker.errors import ConfigError

FROM = read_address("press@ngo.example")
ANA, BORA, CENI = (read_address(f"{name}@example.org") for name in ("ana", "bora", "ceni"))


@pytest.fixture
def server() -> Iterator[MailServerOnLoopback]:
    with MailServerOnLoopback() as running:
        yield running


def mailer(server: MailServerOnLoopback, **fields: Any) -> SmtpMailer:
    given = {"port": server.port, "security": "none", "timeout_seconds": 0.3, "per_minute": 1e6}
    return SmtpMailer(MailServer("127.0.0.1", **given | fields), "ngo.example")


def send(mailer: SmtpMailer, *to: Any, begun: Callable[[], None] = lambda: None) -> list[Attempt]:
    with mailer:
        return [
            mailer.ready() or mailer.send(write_letter(RENDERED, (), SENDER, an_envelope(str(one))), FROM, one, begun)
            for one in to or (ANA,)
        ]


def results(attempts: list[Attempt]) -> list[Result]:
    return [attempt.result for attempt in attempts]


def test_letters_go_over_one_connection_each_to_one_recipient_as_they_were_written(server: MailServerOnLoopback) -> None:
    assert results(send(mailer(server), ANA, BORA, CENI)) == [Result.SENT] * 3
    assert [letter.to for letter in server.letters] == [[str(ANA)], [str(BORA)], [str(CENI)]]
    assert server.seen.count("CONNECT") == 1
    assert server.letters[0].content == write_letter(RENDERED, (), SENDER, an_envelope(str(ANA)))
    assert all("bora" not in str(letter.message) for letter in server.letters if letter.to == [str(ANA)])


@pytest.mark.parametrize(
    ("stage", "reply", "wanted", "whole_server"),
    [
        ("CONNECT", "554 no service for you", Result.TRY_LATER, True),
        ("CONNECT", "421 too busy", Result.TRY_LATER, True),
        ("MAIL", "451 try again", Result.TRY_LATER, False),
        ("MAIL", "550 not your sender", Result.REFUSED, False),
        ("RCPT", "450 4.2.0 greylisted", Result.TRY_LATER, False),
        ("RCPT", "550 5.1.1 no such mailbox", Result.REFUSED, False),
        ("DATA", "451 disk is full", Result.TRY_LATER, False),
        ("DATA", "554 no valid recipients", Result.REFUSED, False),
        ("END", "452 out of space", Result.TRY_LATER, False),
        ("END", "421 going down", Result.TRY_LATER, False),
        ("END", "554 this is spam", Result.REFUSED, False),
        ("END", "999 what", Result.UNKNOWN, False),
    ],
)
def test_a_refusal_has_an_outcome_and_the_servers_words(
    server: MailServerOnLoopback, stage: str, reply: str, wanted: Result, whole_server: bool
) -> None:
    server.orders.append(Order(stage, reply))
    (attempt,) = send(mailer(server))
    assert (attempt.result, attempt.whole_server) == (wanted, whole_server)
    assert reply in attempt.words
    assert not server.letters


def test_a_server_that_greets_nobody_keeps_all_letters_waiting(server: MailServerOnLoopback) -> None:
    server.orders += [Order("EHLO", "550 go away"), Order("HELO", "550 go away for good")]
    (attempt,) = send(mailer(server))
    assert (attempt.result, attempt.whole_server) == (Result.TRY_LATER, True)
    assert "550 go away for good" in attempt.words


def test_one_recipient_refused_does_not_keep_the_others_from_their_letters(server: MailServerOnLoopback) -> None:
    server.orders.append(Order("RCPT", "550 no such mailbox", only="bora@"))
    assert results(send(mailer(server), ANA, BORA, CENI)) == [Result.SENT, Result.REFUSED, Result.SENT]
    assert server.received() == {str(ANA): 1, str(CENI): 1}
    assert server.seen.count("CONNECT") == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [{"reply": "421 closing now"}, {"drop": True}])
def test_a_connection_that_ends_midway_is_opened_again_and_the_letter_goes_once(
    server: MailServerOnLoopback, stage: str, fault: dict[str, Any]
) -> None:
    server.orders.append(Order(stage, skip=1, **fault))
    assert results(send(mailer(server), ANA, BORA, CENI)) == [Result.SENT] * 3
    assert server.received() == {str(ANA): 1, str(BORA): 1, str(CENI): 1}
    assert server.seen.count("CONNECT") == 2


def test_a_server_that_closes_again_and_again_is_tried_later(server: MailServerOnLoopback) -> None:
    server.orders.append(Order("MAIL", "421 closing now", times=9))
    (attempt,) = send(mailer(server))
    assert (attempt.result, attempt.whole_server) == (Result.TRY_LATER, False)
    assert server.seen.count("CONNECT") == 2


def test_dropped_after_the_letter_without_an_answer_it_may_have_arrived(server: MailServerOnLoopback) -> None:
    begun: list[int] = []
    server.orders.append(Order("END", drop=True))
    attempts = send(mailer(server), ANA, BORA, begun=lambda: begun.append(len(server.letters)))
    assert results(attempts) == [Result.UNKNOWN, Result.SENT]
    assert "the connection failed after the letter" in attempts[0].words
    assert begun == [0, 1]
    assert server.received() == {str(ANA): 1, str(BORA): 1}


def test_dropped_after_the_answer_the_letter_is_sent_and_the_next_goes_over_a_new_connection(server: MailServerOnLoopback) -> None:
    server.orders.append(Order("END", drop_after=True))
    assert results(send(mailer(server), ANA, BORA)) == [Result.SENT] * 2
    assert server.received() == {str(ANA): 1, str(BORA): 1}


def test_dropped_before_the_last_line_nothing_has_arrived_and_it_goes_again(server: MailServerOnLoopback) -> None:
    server.orders.append(Order("CONTENT"))
    letter = b"Subject: long\r\n\r\n" + b"a line of the letter\r\n" * 400_000
    with mailer(server, timeout_seconds=5) as sending:
        attempt = sending.send(letter, FROM, ANA, lambda: None)
    assert attempt.result is Result.SENT
    assert server.received() == {str(ANA): 1}


@pytest.mark.parametrize(
    ("stage", "wanted", "whole_server"),
    [
        ("CONNECT", Result.TRY_LATER, True),
        ("EHLO", Result.TRY_LATER, True),
        ("MAIL", Result.TRY_LATER, False),
        ("END", Result.UNKNOWN, False),
    ],
)
def test_a_server_that_hangs_is_left_after_its_time(server: MailServerOnLoopback, stage: str, wanted: Result, whole_server: bool) -> None:
    server.orders.append(Order(stage, hang_seconds=30))
    (attempt,) = send(mailer(server, timeout_seconds=0.1))
    assert (attempt.result, attempt.whole_server, attempt.lost) == (wanted, whole_server, True)
    assert "no answer in time" in attempt.words


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "END"])
def test_a_server_that_says_yes_twice_gets_no_letter_twice_and_none_is_taken_for_sent(server: MailServerOnLoopback, stage: str) -> None:
    server.orders.append(Order(stage, twice=True))
    server.orders.append(Order("END", "554 not this one", only="bora@"))
    attempts = send(mailer(server), ANA, BORA, CENI)
    assert results(attempts) == [Result.SENT, Result.REFUSED, Result.SENT]
    assert server.received() == {str(ANA): 1, str(CENI): 1}


def test_nobody_listening_keeps_all_letters_waiting() -> None:
    with MailServerOnLoopback() as server:
        gone = mailer(server)
    (attempt,) = send(gone)
    assert (attempt.result, attempt.whole_server) == (Result.TRY_LATER, True)
    assert "refused" in attempt.words


# --- encryption and login


def encrypted(tmp_path: Path, how: str, *hosts: str) -> MailServerOnLoopback:
    context = self_signed(tmp_path, *hosts)
    return MailServerOnLoopback(tls=context if how == "tls" else None, starttls=context if how == "starttls" else None)


@pytest.mark.parametrize("how", ["tls", "starttls"])
def test_a_certificate_that_is_trusted_lets_letters_go(tmp_path: Path, how: str) -> None:
    with encrypted(tmp_path, how, "127.0.0.1") as server:
        attempts = send(mailer(server, security=how, ca_file=str(tmp_path / "server.pem"), timeout_seconds=5), ANA, BORA)
    assert results(attempts) == [Result.SENT] * 2


@pytest.mark.parametrize("how", ["tls", "starttls"])
@pytest.mark.parametrize(("host", "trusted", "words"), [("127.0.0.1", False, "self-signed"), ("127.9.9.9", True, "IP address mismatch")])
def test_a_wrong_certificate_stops_everything_before_a_word_is_said(tmp_path: Path, how: str, host: str, trusted: bool, words: str) -> None:
    with encrypted(tmp_path, how, host) as server:
        server.password = b"secret"
        ca_file = str(tmp_path / "server.pem") if trusted else ""
        (attempt,) = send(mailer(server, security=how, ca_file=ca_file, username="u", password="secret", timeout_seconds=5))
    assert (attempt.result, attempt.whole_server) == (Result.TRY_LATER, True)
    assert words in attempt.words.replace("self signed", "self-signed")
    assert not {"AUTH", "MAIL"} & {*server.seen}


def test_without_the_encryption_that_was_asked_for_nothing_is_said(server: MailServerOnLoopback) -> None:
    (attempt,) = send(mailer(server, security="starttls", username="u", password="secret"))
    assert (attempt.result, attempt.whole_server) == (Result.TRY_LATER, True)
    assert "STARTTLS" in attempt.words
    assert not {"AUTH", "MAIL"} & {*server.seen}


@pytest.mark.parametrize("password", ["right", "lozinka-šđž"])
def test_the_right_password_logs_in(password: str) -> None:
    with MailServerOnLoopback(password=password.encode()) as server:
        assert results(send(mailer(server, username="u", password=password))) == [Result.SENT]


def test_a_refused_login_keeps_all_letters_waiting_and_prints_no_secret() -> None:
    with MailServerOnLoopback(password=b"right") as server:
        (attempt,) = send(mailer(server, username="u", password="hunter2wrong"))
        assert (attempt.result, attempt.whole_server) == (Result.TRY_LATER, True)
        assert "on logging in" in attempt.words
        server.orders.append(Order("AUTH", "535 \x1b[31mhunter2wrong is not it", times=9))
        (attempt,) = send(mailer(server, username="u", password="hunter2wrong"))
    assert "535 [31m*** is not it" in attempt.words
    assert "hunter2" not in repr(MailServer("h", password="hunter2wrong"))


def test_an_address_beyond_ascii_goes_to_a_server_that_can_and_is_refused_by_one_that_cannot() -> None:
    mira = read_address("мира@пошта.example")
    with MailServerOnLoopback() as server:
        assert results(send(mailer(server), mira, ANA)) == [Result.SENT] * 2
        assert server.received() == {str(mira): 1, str(ANA): 1}
        assert "мира" in str(server.letters[0].message["To"])
    with MailServerOnLoopback(utf8=False) as server:
        attempts = send(mailer(server), mira, ANA)
    assert results(attempts) == [Result.REFUSED, Result.SENT]
    assert "SMTPUTF8" in attempts[0].words


def test_letters_keep_the_pace_that_was_set(server: MailServerOnLoopback) -> None:
    now, pauses = 0.0, []

    def pause(seconds: float) -> None:
        nonlocal now
        pauses.append(round(seconds, 3))
        now += seconds

    paced = SmtpMailer(
        MailServer("127.0.0.1", server.port, "none", timeout_seconds=5, per_minute=20), "ngo.example", pause=pause, monotonic=lambda: now
    )
    send(paced, ANA, BORA, CENI)
    assert pauses == [3.0, 3.0]


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_drips_its_reply_byte_by_byte_is_one_that_does_not_answer(server: MailServerOnLoopback, stage: str) -> None:
    server.orders.append(Order(stage, drip_seconds=0.1))
    (attempt,) = send(mailer(server))
    assert (attempt.result, attempt.lost) == (Result.TRY_LATER, True)
    assert "no answer in time" in attempt.words
    assert not server.letters


def test_a_reply_dripped_after_the_letter_leaves_it_unknown_and_a_reply_without_end_is_left(server: MailServerOnLoopback) -> None:
    server.orders += [Order("END", drip_seconds=0.3), Order("RCPT", reply="250-yes\r\n" * 20_000 + "250 yes", skip=1, times=9)]
    first, second = send(mailer(server, timeout_seconds=0.2), ANA, BORA)
    assert (first.result, second.result) == (Result.UNKNOWN, Result.TRY_LATER)


def test_what_is_no_longer_right_is_stopped_before_data_and_before_the_last_line(server: MailServerOnLoopback) -> None:
    answers = iter([False, True, False, True, True])
    with mailer(server) as paced:
        letter = write_letter(RENDERED, (), SENDER, an_envelope(str(ANA)))
        attempts = [paced.send(letter, FROM, ANA, lambda: None, is_current=lambda: next(answers)) for _ in range(3)]
    assert [attempt.outdated for attempt in attempts] == [True, True, False]
    assert attempts[2].result is Result.SENT
    assert len(server.letters) == 1
    assert server.seen.count("DATA") == 2


def test_a_file_of_certificates_that_is_none_is_a_clear_error(tmp_path: Path, server: MailServerOnLoopback) -> None:
    (tmp_path / "ca.pem").write_text("nothing", "utf-8")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(ConfigError, match=r"mail\.ca_file"):
            send(mailer(server, security="starttls", ca_file=str(tmp_path / name)))


def test_a_record_that_cannot_be_written_stops_the_letter_before_it_is_complete(server: MailServerOnLoopback) -> None:
    def full() -> None:
        raise OSError(28, "no space")

    with pytest.raises(OSError, match="no space"):
        send(mailer(server), begun=full)
    assert not server.letters
