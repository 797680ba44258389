"""Logging in by token: one that the mail server does not take is replaced once; whatever fails, letters wait and nothing secret is told."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailing import Desk, some
from tests.oauth.accounts import SECRET, a_mailbox
from tests.oauth.token_server import Reply, TokenServer, a_refusal
from tracker.delivery.mail_check import check_mail
from tracker.delivery.outcomes import SendReport
from tracker.delivery.transport import server_trouble
from tracker.oauth.kept import FILE_NAME

ANA, BORA, CENI = some("ana", "bora", "ceni")


@pytest.fixture
def endpoint() -> Iterator[TokenServer]:
    with TokenServer() as running:
        yield running


@pytest.fixture
def server(endpoint: TokenServer) -> Iterator[MailServerOnLoopback]:
    with MailServerOnLoopback(takes_token=lambda token: token == endpoint.newest) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: MailServerOnLoopback, endpoint: TokenServer) -> Iterator[Desk]:
    endpoint.now = None
    mail = replace(a_mailbox(endpoint.url), port=server.port, timeout_seconds=2, per_minute=100_000)
    opened = Desk(tmp_path, (ANA, BORA, CENI), mail)
    endpoint.now = opened.now
    opened.edition()
    yield opened
    opened.database.close()


def outcomes(report: SendReport) -> dict[str, int]:
    return dict(report.step.outcomes)


def test_letters_go_with_a_token_that_is_kept_for_the_next_mailing(desk: Desk, server: MailServerOnLoopback, endpoint: TokenServer) -> None:
    assert outcomes(desk.send()) == {"sent": 3}
    assert server.tokens == [("press@ngo.example", "token-1")]
    assert server_trouble(desk.settings, desk.outbox) == "" or endpoint.given <= 2
    assert (desk.folder / FILE_NAME).stat().st_mode & 0o077 == 0


def test_a_token_that_was_revoked_is_replaced_once_and_the_letters_go(
    desk: Desk, server: MailServerOnLoopback, endpoint: TokenServer
) -> None:
    desk.send()
    endpoint.given += 1  # from now on the server takes another token than the kept one
    desk.recipients = [*desk.recipients, *some("drita")]
    assert outcomes(desk.send()) == {"sent": 1}
    assert [token for _, token in server.tokens] == ["token-1", "token-1", "token-3"]


def test_tokens_that_end_midway_keep_no_letter_back_and_send_none_twice(
    desk: Desk, server: MailServerOnLoopback, endpoint: TokenServer
) -> None:
    def revoke() -> None:
        endpoint.given += 1

    server.orders += [Order("RCPT", "421 session over", skip=skip, call=revoke) for skip in (1, 3)]
    assert outcomes(desk.send()) == {"sent": 3}
    assert {*server.received().values()} == {1}
    assert len({token for _, token in server.tokens}) >= 2


def test_a_server_that_takes_no_token_for_ever_is_asked_twice_and_letters_wait(
    desk: Desk, server: MailServerOnLoopback, endpoint: TokenServer
) -> None:
    server.takes_token = lambda token: False
    for _ in range(2):
        report = desk.send(after=timedelta(minutes=5))
        assert outcomes(report) == {"waits for the mail server": 3}
        assert "535 5.7.3" in report.needs_a_person[0]
        assert "a new token did not help" in report.needs_a_person[0]
        assert "docs/mail.md" in report.needs_a_person[0]
    assert len(server.tokens) == 4
    assert {row.attempts for row in desk.ledger()} == {0}
    server.takes_token = lambda token: True
    assert outcomes(desk.send(after=timedelta(minutes=5))) == {"sent": 3}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(503, raw=b"<html>"), "trouble of its own"),
        (Reply(200, raw=b"<html>sign in</html>"), "check mail.oauth.token_url"),
        (a_refusal("invalid_client", f"AADSTS7000215: Invalid client secret {SECRET} provided."), "the client secret is wrong"),
        (a_refusal("invalid_grant", "AADSTS65001: no consent"), "consent of an administrator"),
        (Reply(told={"access_token": "t", "expires_in": -1}), "had expired when it came"),
    ],
)
def test_without_a_token_all_letters_wait_with_the_cause_and_nothing_is_held_against_them(
    desk: Desk, server: MailServerOnLoopback, endpoint: TokenServer, reply: Reply, words: str
) -> None:
    endpoint.replies.append(reply)
    report = desk.send()
    assert outcomes(report) == {"waits for the mail server": 3}
    assert words in report.needs_a_person[0]
    assert SECRET not in str(report) + str(desk.ledger())
    assert "CONNECT" not in server.seen
    assert outcomes(desk.send()) == {"sent": 3}


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox", "switch on Authenticated SMTP"),
        ("504 5.5.4 Unrecognized authentication type", "does not know XOAUTH2"),
        ("550 5.7.30 Basic authentication is not supported for Client Submission.", "Basic authentication"),
    ],
)
def test_a_refused_login_says_what_to_do(desk: Desk, server: MailServerOnLoopback, reply: str, advice: str) -> None:
    server.orders.append(Order("AUTH", reply, times=9))
    assert advice in desk.send().needs_a_person[0]


def test_a_password_where_passwords_have_ended_is_told_the_way(desk: Desk, server: MailServerOnLoopback) -> None:
    desk.mail = replace(desk.mail, auth="password", password="an old password")
    server.orders.append(Order("AUTH", "550 5.7.30 Basic authentication is not supported for Client Submission.", times=9))
    report = desk.send()
    assert outcomes(report) == {"waits for the mail server": 3}
    assert 'set mail.auth = "xoauth2"' in report.needs_a_person[0]


def test_no_answer_of_a_server_brings_a_token_out(desk: Desk, server: MailServerOnLoopback, endpoint: TokenServer) -> None:
    whole = b64encode(b"user=press@ngo.example\1auth=Bearer token-1\1\1").decode()
    server.orders.append(Order("AUTH", f"554 what is {whole} or token-1 to me"))
    words = desk.send().needs_a_person[0]
    assert "554" in words
    assert "token-1" not in words
    assert whole not in words


def steps(desk: Desk, **mail: Any) -> list[tuple[str, bool, str]]:
    settings = replace(desk.settings, mail=replace(desk.mail, **mail))
    return [(step.name, step.well, step.finding) for step in check_mail(settings, desk.folder, lambda: desk.now)]


def test_the_check_tells_every_step_and_what_the_server_offers(desk: Desk, server: MailServerOnLoopback) -> None:
    found = steps(desk)
    assert [name for name, well, _ in found if well] == ["settings", "token", "server", "sender"]
    told = " ".join(finding for _, _, finding in found)
    assert "AUTH XOAUTH2" in told
    assert "press@ngo.example may begin a letter" in told
    assert "token-1" not in told
    assert "DATA" not in server.seen


@pytest.mark.parametrize(
    ("order", "step", "words"),
    [
        (Order("AUTH", "535 5.7.3 no", times=9), "server", "a new token did not help"),
        (Order("MAIL", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"), "sender", "give it Send As"),
        (Order("CONNECT", drop=True), "server", "connecting"),
    ],
)
def test_the_check_ends_at_the_step_that_fails(desk: Desk, server: MailServerOnLoopback, order: Order, step: str, words: str) -> None:
    server.orders.append(order)
    name, well, finding = steps(desk)[-1]
    assert (name, well) == (step, False)
    assert words in finding


def test_the_check_needs_a_server_and_whole_settings(desk: Desk) -> None:
    assert steps(desk, host="", username="")[0][:2] == ("settings", False)
    assert "mail.oauth.client_id" in steps(desk, oauth=replace(desk.mail.oauth, client_id=""))[0][2]
