"""Logging in to the mailbox by token, with the settings of a workspace: the token that sends also reads."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.mailbox.office import Office, a_mail, an_office
from tests.oauth.accounts import a_mailbox
from tests.oauth.token_server import TokenServer, a_refusal
from tracker.delivery import login
from tracker.demo.mailbox_server import Mischief
from tracker.model.mailbox import MailboxFault
from tracker.oauth.source import token_source

ADDRESS = "coverage@ngo.example"


@pytest.fixture
def endpoint() -> Iterator[TokenServer]:
    with TokenServer() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, endpoint: TokenServer) -> Iterator[Office]:
    with an_office(tmp_path, more='auth = "xoauth2"') as one:
        endpoint.now = one.at[0]
        mail = replace(a_mailbox(endpoint.url), username=ADDRESS)
        one.parts = type(one.parts)(one.parts.workspace, replace(one.parts.settings, mail=mail), one.parts.clock)
        yield one
        one.parts.database.close()


def test_the_token_that_sends_reads_too_and_one_that_is_refused_is_replaced_for_both(office: Office, endpoint: TokenServer) -> None:
    sending = token_source(office.parts.settings, office.parts.workspace, office.parts.clock)
    assert sending.token() == "token-1"
    office.box.token = "token-1"
    assert office.outcomes(a_mail("x@stranger.example", "Hello", "Hello")) == {"for_people": 1}
    assert len(endpoint.asked) == 1
    office.box.token = "token-2"  # the server takes the first no more
    assert office.outcomes(a_mail("x@stranger.example", "Hello again", "Hello")) == {"for_people": 1}
    assert len(endpoint.asked) == 2
    assert token_source(office.parts.settings, office.parts.workspace, office.parts.clock).token() == "token-2"
    assert "LOGIN" not in office.box.said


def test_without_a_token_the_reading_is_a_named_fault(office: Office, endpoint: TokenServer) -> None:
    endpoint.replies = [a_refusal("invalid_grant")]
    office.box.add(a_mail("x@stranger.example", "Hello", "Hello"))
    report = office.read()
    assert report.fault is MailboxFault.NO_TOKEN
    assert report.needs_a_person


@pytest.mark.parametrize("auth", ["xoauth2", "password", "plain"])
@pytest.mark.parametrize("before", [0, 230, 280, 298])
def test_what_a_server_says_back_of_a_login_is_hidden_also_where_its_words_are_cut(
    tmp_path: Path, endpoint: TokenServer, auth: str, before: int
) -> None:
    passwords = {"password": "Mb7s'Kq/#z", "plain": "Mb7sšKqz"}
    with an_office(tmp_path, more='auth = "xoauth2"' if auth == "xoauth2" else "") as office:
        endpoint.now = office.at[0]
        mail = replace(a_mailbox(endpoint.url), username=ADDRESS)
        # a name so long that the server's words end within the secret
        mailbox = replace(office.parts.settings.mailbox, username=f"{'n' * before}{ADDRESS}", password=passwords.get(auth, ""))
        settings = replace(office.parts.settings, mail=mail, mailbox=mailbox)
        office.parts = type(office.parts)(office.parts.workspace, settings, office.parts.clock)
        office.box.mischief = Mischief.REPEATS
        report = office.read()
        office.parts.database.close()
    told = repr(report)
    assert report.fault is MailboxFault.LOGIN_REFUSED
    assert report.step.remarks
    secret = passwords.get(auth, "token-1")
    whole = (
        login.xoauth2(mailbox.username, secret)
        if auth == "xoauth2"
        else base64.b64encode(f"\0{mailbox.username}\0{secret}".encode()).decode()
    )
    assert not [
        part for part in ("token-", "Mb7s", "Kq", base64.b64encode(secret.encode()).decode(), whole[-20:], whole[:20]) if part in told
    ]
