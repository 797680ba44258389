"""Logging in over TLS and by token; what the command, the doctor, the morning line and the night say; answers through a mail server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailbox.office import ARTA, MARKO, Office, a_mail, an_office
from tests.mailbox.shapes import MESSAGE_ID, OTHERS
from tests.newsroom.certificate import self_signed
from tracker.delivery.message import Envelope, Sender, write_letter
from tracker.delivery.recipients import read_recipients
from tracker.demo.mailbox_server import Mailbox, MailboxServer
from tracker.locale.said import Said
from tracker.mailbox.answers import send_answers
from tracker.mailbox.faults import MailboxTrouble
from tracker.mailbox.imap import Server, open_folder
from tracker.maintenance.mailbox_check import check_mailbox
from tracker.model import LANGUAGES, RenderedDigest
from tracker.model.mailbox import MailboxFault
from tracker.pipeline.mailbox_step import read_mailbox_step
from tracker.settings import read_settings
from tracker.store import mailbox as stored
from tracker.store.deliveries import DeliveryState
from tracker.workspace import Parts, open_parts

HARD = {name: raw for name, _, raw in OTHERS}["fastmail"]
MISSED = a_mail(MARKO, "Missing", "https://ura.example/lajme/42")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as one:
        yield one


def again(office: Office, change: Callable[[str], str] = lambda text: text) -> Parts:
    """The office's parts with the settings changed."""
    path = office.parts.workspace / "tracker.toml"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return Parts(office.parts.workspace, read_settings(office.parts.workspace, {}), office.parts.clock)


# --- the way in


def server(port: int, **given: object) -> Server:
    values = {"host": "127.0.0.1", "security": "tls", "username": "u", "password": "secret", "folder": "INBOX", "timeout_seconds": 5.0}
    return Server(**{**values, "port": port, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "trusted", "fault"), [("127.0.0.1", True, None), ("127.0.0.1", False, MailboxFault.TLS), ("127.9.9.9", True, MailboxFault.TLS)]
)
def test_only_a_server_that_proves_its_name_is_told_a_password(
    tmp_path: Path, host: str, trusted: bool, fault: MailboxFault | None
) -> None:
    context = self_signed(tmp_path, host)
    with MailboxServer(box := Mailbox(), context) as served:
        way = server(served.port, ca_file=str(tmp_path / "server.pem") if trusted else "")
        if fault is None:
            with open_folder(way) as folder:
                assert folder.uid_validity == 1
        else:
            with pytest.raises(MailboxTrouble) as caught, open_folder(way):
                pass
            assert caught.value.fault is fault
            assert "LOGIN" not in box.said


def test_without_the_encryption_that_was_asked_for_no_password_is_told() -> None:
    with MailboxServer(box := Mailbox()) as served:
        for security in ("tls", "starttls"):
            with pytest.raises(MailboxTrouble) as caught, open_folder(server(served.port, security=security)):
                pass
            assert caught.value.fault in (MailboxFault.TLS, MailboxFault.BROKEN_OFF)
        assert "LOGIN" not in box.said


def test_a_token_that_is_refused_is_fetched_once_more() -> None:
    given = []

    def token(refused: str) -> str:
        given.append(refused)
        return "new" if refused else "old"

    with MailboxServer(Mailbox(token="new")) as served:
        with open_folder(server(served.port, security="none", token=token)) as folder:
            assert folder.uids(0, None) == []
        assert given == ["", "old"]
    with (
        MailboxServer(Mailbox(token="another")) as served,
        pytest.raises(MailboxTrouble) as caught,
        open_folder(server(served.port, security="none", token=token)),
    ):
        pass
    assert caught.value.fault is MailboxFault.LOGIN_REFUSED


def test_nobody_there_is_a_server_that_cannot_be_reached() -> None:
    with MailboxServer(Mailbox()) as served:
        port = served.port
    with pytest.raises(MailboxTrouble) as caught, open_folder(server(port)):
        pass
    assert caught.value.fault is MailboxFault.NOT_REACHED


def test_a_folder_with_letters_of_any_script_is_spelt_as_imap_does() -> None:
    box = Mailbox(folder="Press &- &BB0EOAQ6BD4EOwQw-")
    with MailboxServer(box) as served, open_folder(server(served.port, security="none", folder="Press & Никола")) as folder:
        assert folder.uid_validity == 1


# --- what people are told


def test_the_command_tells_outcomes_and_what_needs_a_person(office: Office) -> None:
    office.box.add(MISSED, office.with_token(HARD))
    told = run("--workspace", office.parts.workspace, "--json", "mailbox", "--once")
    assert told.code == 1, told.err
    report = json.loads(told.out)
    assert dict(report["mailbox"]["step"]["outcomes"]) == {"bounce_hard": 1, "missed_link": 1}
    listed = run("--workspace", office.parts.workspace, "recipients")
    assert "letters come back (5.1.1) since" in listed.out
    assert f"`tracker recipients pause {ARTA} --end`" in listed.out
    lifted = run("--workspace", office.parts.workspace, "recipients", "pause", ARTA, "--end")
    assert lifted.code == 0
    assert "letters come back" not in run("--workspace", office.parts.workspace, "recipients").out


def test_the_command_says_what_is_wrong_in_one_line_without_secrets(office: Office) -> None:
    office.box.password = "another"
    told = run("--workspace", office.parts.workspace, "mailbox", "--once")
    assert (told.code, "refuses the login" in told.out) == (1, True)
    assert "secret" not in told.out + told.err
    (office.parts.workspace / "tracker.toml").write_text("", "utf-8")
    assert run("--workspace", office.parts.workspace, "mailbox", "--once").code == 2


def test_the_doctor_names_each_state_of_the_mailbox(office: Office) -> None:
    def found() -> list[tuple[bool, str]]:
        with office.parts.database.reading() as conn:
            return [(one.well, str(one.finding)) for one in check_mailbox(conn, office.parts.settings, office.at[0], "UTC")]

    assert found() == [(False, "never read")]
    office.read()
    assert found()[0][0]
    office.later(hours=40)
    assert "not read since" in found()[0][1]
    office.box.password = "another"
    office.read()
    assert found() == [(False, "the mailbox refuses the login")]
    office.box.password = "secret"
    office.read()
    assert found()[0][0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", MailboxFault)
def test_every_fault_is_said_in_every_language(fault: MailboxFault, language: str) -> None:
    from tracker.mailbox.faults import advice_for, said_of

    said, advice = said_of(fault).in_language(language), advice_for(fault).in_language(language)
    assert said
    assert advice
    assert language == "en" or said != said_of(fault)


def test_the_night_goes_on_without_the_mailbox_and_says_so(office: Office) -> None:
    office.box.password = "another"
    needs: list[str] = []
    (report,) = read_mailbox_step(office.parts, needs)
    assert report.adds_up
    assert isinstance(needs[0], Said)
    office.box.password = "secret"
    office.box.add(MISSED)
    needs = []
    assert [one.step for one in read_mailbox_step(office.parts, needs)] == ["mailbox", "answers"]
    assert "Mailbox on the desk" in needs[0]


# --- answers


def by_server(office: Office, port: int) -> Parts:
    return again(office, lambda text: text + f'\n[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nper_minute = 10000\n')


def test_an_answer_goes_by_the_mail_server_and_counts_against_the_day(office: Office) -> None:
    with MailServerOnLoopback() as smtp:
        parts = by_server(office, smtp.port)
        office.outcomes(MISSED)
        with closing(parts.database):
            assert dict(send_answers(parts).outcomes) == {"sent": 1}
            assert dict(send_answers(parts).outcomes) == {}
            with parts.database.reading() as conn:
                assert conn.exec_driver_sql("SELECT kind FROM other_mails").scalars().all() == ["answer"]
        (letter,) = smtp.letters
        assert letter.to == [MARKO]
        assert letter.message["Auto-Submitted"] == "auto-replied"
        assert letter.message["In-Reply-To"]


def test_an_answer_that_may_have_arrived_is_never_sent_again_and_one_that_did_not_is(office: Office) -> None:
    with MailServerOnLoopback() as smtp:
        parts = by_server(office, smtp.port)
        office.outcomes(MISSED)
        with closing(parts.database):
            smtp.orders.append(Order("RCPT", reply="451 4.3.0 later"))
            assert dict(send_answers(parts).outcomes) == {"waits for the mail server": 1}
            smtp.orders.append(Order("END", drop=True))
            assert dict(send_answers(parts).outcomes) == {"unknown": 1}
            assert dict(send_answers(parts).outcomes) == {}
            with parts.database.writing() as conn:  # as after a kill between the server's word and ours
                conn.exec_driver_sql("UPDATE mail_answers SET state = 'sending'")
            assert dict(send_answers(parts).outcomes) == {"unknown": 1}
            with parts.database.reading() as conn:
                assert stored.answers(conn, DeliveryState.DUE) == []


# --- the token in letters


def test_a_letter_bears_its_token_only_where_a_mailbox_is_read(office: Office) -> None:
    (arta, _) = read_recipients(office.parts.workspace / "recipients.toml")
    rendered = RenderedDigest("Subject", "text", "<p>text</p>")
    for token in ("", office.token):
        envelope = Envelope("Arta", arta.address, MESSAGE_ID, office.at[0], token=token)
        letter = write_letter(rendered, (), Sender("coverage@ngo.example"), envelope).decode()
        assert ("X-Letter-Token: " + office.token in letter) == bool(token)
        assert (office.token in letter.partition("List-Unsubscribe:")[2]) == bool(token)


def test_what_the_office_writes_into_a_letter_is_what_it_believes_when_it_comes_back(office: Office) -> None:
    from tracker.delivery.letter_tokens import letter_tokens, return_address

    token = letter_tokens(office.parts.workspace, office.parts.settings)(MESSAGE_ID)
    assert token == office.token
    with open_parts(office.parts.workspace) as parts:
        assert return_address(parts.settings, token) is None
    parts = again(office, lambda text: text.replace("[mailbox]", '[mailbox]\nreturn_address = "coverage@ngo.example"'))
    assert str(return_address(parts.settings, token)) == f"coverage+{token}@ngo.example"


@pytest.mark.parametrize(
    ("more", "leads_to"), [("", "coverage@ngo.example"), ('[mail]\nunsubscribe_to = "out@ngo.example"\n', "out@ngo.example")]
)
def test_the_address_for_signing_off_leads_to_the_mailbox_that_is_read(office: Office, more: str, leads_to: str) -> None:
    from tracker.delivery.letters import LetterWriter, PublishedComposer

    text = '[digest]\nsender = "Press coverage <coverage@ngo.example>"'
    parts = again(office, lambda given: more + given.replace(text, text + '\nreply_to = "arta@ngo.example"'))
    assert LetterWriter(parts.database, parts.settings, {}, PublishedComposer(parts.database))._sign_off_to == leads_to
    parts.close()
