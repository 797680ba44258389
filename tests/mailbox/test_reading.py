"""A reading of a real folder on loopback: one outcome each, nobody paused by a forgery, nothing changed on the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from tests.mailbox.office import ARTA, MARKO, VOUCHED, Office, a_mail, an_office
from tests.mailbox.shapes import OTHERS, every_shape
from tracker.delivery.audience import read_audience
from tracker.demo.mailbox_server import Mischief
from tracker.mailbox.answers import send_answers
from tracker.mailbox.mail import Unreadable, read_mail
from tracker.mailbox.triage import Known, decide
from tracker.model.mailbox import MailboxFault, MailOutcome, MailTaskKind
from tracker.store import listings
from tracker.store import mailbox as stored

SHAPES = {name: raw for name, _, raw in OTHERS}
HARD, FULL = SHAPES["fastmail"], SHAPES["icloud full"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as one:
        yield one


def away(office: Office) -> dict[str, str]:
    return {str(one.address): one.away(office.at[0]) for one in read_audience(office.parts.workspace)}


def letters(office: Office) -> list[str]:
    return sorted(path.read_text("utf-8") for path in (office.parts.workspace / "outbox").glob("answer-*.eml"))


def test_a_letter_that_came_back_for_good_pauses_its_recipient_and_says_so(office: Office) -> None:
    office.box.add(office.with_token(HARD))
    report = office.read()
    assert dict(report.step.outcomes) == {"bounce_hard": 1}
    assert away(office) == {ARTA: "letters come back", MARKO: ""}
    assert ARTA in report.needs_a_person[0]
    assert "--end" in report.needs_a_person[0]
    assert dict(office.read().step.outcomes) == {}


@pytest.mark.parametrize("raw", [HARD, HARD.replace(b"X-Letter-Token", b"X-Other")], ids=["a token of nobody's", "no token"])
def test_a_report_without_the_letters_token_pauses_nobody(office: Office, raw: bytes) -> None:
    assert office.outcomes(raw) == {"bounce_unproven": 1}
    assert away(office) == {ARTA: "", MARKO: ""}
    with office.parts.database.reading() as conn:
        assert [(one.recipient, one.is_proven) for one in stored.bounces_of(conn, office.at[0].replace(year=2020))] == [(ARTA, False)]


def test_a_full_mailbox_is_counted_and_pauses_nobody(office: Office) -> None:
    assert office.outcomes(office.with_token(FULL)) == {"bounce_soft": 1}
    assert away(office)[ARTA] == ""


def test_no_mail_of_any_shape_pauses_anybody_without_a_token(office: Office) -> None:
    shapes = [*every_shape()]
    outcomes = office.outcomes(*(shape.raw for shape in shapes))
    assert sum(outcomes.values()) == len(shapes)
    assert "bounce_hard" not in outcomes
    assert away(office) == {ARTA: "", MARKO: ""}


def test_the_return_address_of_a_letter_proves_a_report_that_returns_nothing(office: Office) -> None:
    raw = (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: coverage+{office.token}@ngo.example\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <v1@mx.example>\r\n\r\nYour message could not be delivered: 550 5.1.1 user unknown\r\n"
    )
    assert office.outcomes(raw.encode()) == {"bounce_hard": 1}
    assert away(office)[ARTA] == "letters come back"


def test_a_sign_off_is_kept_and_confirmed_once(office: Office) -> None:
    assert office.outcomes(a_mail(MARKO, "Re: Press coverage", "Odjavite me sa liste. Hvala", headers=VOUCHED)) == {"signed_off": 1}
    assert away(office)[MARKO] == "signed off"
    assert dict(send_answers(office.parts).outcomes) == {"sent": 1}
    (letter,) = letters(office)
    assert f"To: {MARKO}" in letter
    assert "Auto-Submitted: auto-replied" in letter
    assert "In-Reply-To: <" in letter
    office.outcomes(a_mail(MARKO, "Re: Re: Press coverage", "Odjava!", headers=VOUCHED, number=2))
    assert dict(send_answers(office.parts).outcomes) == {}
    assert len(letters(office)) == 1


def test_the_address_of_the_letters_header_signs_off_with_its_token_from_anywhere(office: Office) -> None:
    by_program = a_mail("arta.private@mail.example", f"unsubscribe {ARTA} {office.token}", "", headers="Auto-Submitted: auto-generated\n")
    assert office.outcomes(by_program) == {"signed_off": 1}
    assert away(office)[ARTA] == "signed off"
    assert dict(send_answers(office.parts).outcomes) == {}


@pytest.mark.parametrize(
    ("sender", "subject", "body", "headers"),
    [
        ("stranger@mail.example", f"unsubscribe {ARTA}", "", ""),
        ("stranger@mail.example", "Re: x", "Odjavite me", ""),
        (MARKO, "Re: x", "Please don't unsubscribe me", ""),
        (MARKO, "Re: x", "Odjavite me", ""),
        (MARKO, "Re: x", "Odjavite me", "Authentication-Results: mx.ngo.example; dkim=fail header.d=partner.example; spf=fail\n"),
    ],
    ids=["a stranger by header", "a stranger by words", "denied", "nobody vouches", "forged"],
)
def test_a_doubtful_sign_off_waits_for_a_person(office: Office, sender: str, subject: str, body: str, headers: str) -> None:
    assert office.outcomes(a_mail(sender, subject, body, headers=headers)) == {"sign_off_queued": 1}
    assert away(office) == {ARTA: "", MARKO: ""}
    with office.parts.database.reading() as conn:
        assert [one.kind for one in stored.tasks(conn)] == [MailTaskKind.SIGN_OFF]
    assert dict(send_answers(office.parts).outcomes) == {}


def test_a_missed_link_waits_for_staff_and_its_sender_is_thanked_once_a_day(office: Office) -> None:
    body = "You missed this one:\nhttps://ura.example/lajme/42?utm_source=mail&fbclid=x\n\nMarko\nhttps://partner.example/\n"
    assert office.outcomes(a_mail(MARKO, "Missing", body)) == {"missed_link": 1}
    with office.parts.database.reading() as conn:
        assert [one.url for one in stored.tasks(conn)] == ["https://ura.example/lajme/42"]
        named = conn.exec_driver_sql("SELECT key, net, outlet_id FROM net_sightings").all()
    assert [tuple(row) for row in named] == [("https://ura.example/lajme/42", "person", "ura")]
    office.outcomes(a_mail(MARKO, "Missing too", "https://ura.example/lajme/43"))
    assert dict(send_answers(office.parts).outcomes) == {"sent": 1}
    assert len(letters(office)) == 1


def test_a_stranger_is_queued_and_not_thanked(office: Office) -> None:
    assert office.outcomes(a_mail("someone@mail.example", "Look", "https://ura.example/lajme/42")) == {"missed_link_unknown": 1}
    assert dict(send_answers(office.parts).outcomes) == {}


def test_no_more_links_are_taken_than_a_day_holds_and_strangers_use_up_nobodys(tmp_path: Path) -> None:
    with an_office(tmp_path, more="links_per_day = 6") as office:
        strange = [a_mail("s@mail.example", f"s{n}", f"https://ura.example/lajme/{n}") for n in range(10)]
        assert office.outcomes(*strange) == {"missed_link_unknown": 6, "over_limit": 4}
        many = "\n".join(f"https://ura.example/lajme/1{n}" for n in range(30))
        assert office.outcomes(a_mail(MARKO, "m", many)) == {"missed_link": 1}
        assert office.outcomes(a_mail(MARKO, "m2", many)) == {"over_limit": 1}
        office.later(hours=25)
        assert office.outcomes(a_mail(MARKO, "m3", many)) == {"missed_link": 1}


def test_an_outlets_newsletter_joins_the_frontier_only_where_our_server_vouches(office: Office) -> None:
    page = (
        '<a href="https://ura.example/lajme/77?utm_source=nl">Children online: the agency speaks</a> <a href="https://ura.example/">Ura</a>'
    )
    proven = "Authentication-Results: mx.ngo.example; dkim=pass header.d=ura.example\nContent-Type: text/html\n"
    forged = "Authentication-Results: mx.other.example; dkim=pass header.d=ura.example\nContent-Type: text/html\n"
    mails = [
        a_mail("news@mail.ura.example", f"n{number}", page, headers=headers).replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"")
        for number, headers in enumerate((proven, forged))
    ]
    assert office.outcomes(*mails) == {"newsletter": 1, "newsletter_unproven": 1}
    with office.parts.database.reading() as conn:
        rows = conn.exec_driver_sql("SELECT url, title, found_by FROM links").all()
    assert [tuple(row) for row in rows] == [("https://ura.example/lajme/77", "Children online: the agency speaks", "newsletter")]


def test_what_the_newsletter_of_an_outlet_that_refuses_us_names_is_listed_and_not_fetched(office: Office) -> None:
    page = '<a href="https://mur.example/lajme/5">Children online: parents ask</a> <a href="https://ura.example/lajme/1">Not of this outlet</a>'
    proven = "Authentication-Results: mx.ngo.example; dmarc=pass header.from=mur.example\n"
    raw = a_mail("news@mur.example", "n", page, headers=proven).replace(b"text/plain", b"text/html")
    assert office.outcomes(raw) == {"newsletter": 1}
    with office.parts.database.reading() as conn:
        assert [(one.outlet_id, one.url, one.title, one.net) for one in listings.every(conn)] == [
            ("mur", "https://mur.example/lajme/5", "Children online: parents ask", "newsletter")
        ]
        assert conn.exec_driver_sql("SELECT count(*) FROM links WHERE state = 'pending'").scalar() == 0


def test_nothing_is_changed_on_the_server(office: Office) -> None:
    office.outcomes(a_mail(MARKO, "x", "y"), HARD)
    assert {line.split(" ")[0] if not line.startswith("UID") else line[:10] for line in office.box.said} <= {
        "CAPABILITY",
        "LOGIN",
        "EXAMINE",
        "UID SEARCH",
        "UID FETCH ",
        "LOGOUT",
    }
    assert all("BODY.PEEK[" in line for line in office.box.said if line.startswith("UID FETCH"))


def test_a_mailbox_that_begins_to_count_anew_brings_nothing_twice(office: Office) -> None:
    office.outcomes(a_mail(MARKO, "Missing", "https://ura.example/lajme/42"), office.with_token(HARD))
    office.box.uid_validity = 2
    assert office.outcomes(a_mail(MARKO, "Missing", "https://ura.example/lajme/43")) == {"missed_link": 1, "seen_before": 2}


MISCHIEF = [
    (Mischief.SILENT, MailboxFault.HANGS),
    (Mischief.HANGS_IN_FETCH, MailboxFault.HANGS),
    (Mischief.NONSENSE, MailboxFault.WRONG_WORDS),
    (Mischief.NO_FOLDER, MailboxFault.FOLDER_GONE),
    (Mischief.NO_VALIDITY, MailboxFault.WRONG_WORDS),
    (Mischief.BOUNDLESS, MailboxFault.BROKEN_OFF),
    (Mischief.REFUSES_SEARCH, MailboxFault.WRONG_WORDS),
]


@pytest.mark.parametrize(("mischief", "fault"), MISCHIEF, ids=[str(one) for one, _ in MISCHIEF])
def test_a_server_that_misbehaves_is_a_named_fault_and_the_next_reading_goes_on(
    tmp_path: Path, mischief: Mischief, fault: MailboxFault
) -> None:
    with an_office(tmp_path) as office:
        text = (tmp_path / "tracker.toml").read_text("utf-8").replace("timeout_seconds = 5", "timeout_seconds = 0.3")
        (tmp_path / "tracker.toml").write_text(text, "utf-8")
        with an_office_again(office) as again:
            again.box.add(a_mail(MARKO, "Missing", "https://ura.example/lajme/42"))
            again.box.mischief = mischief
            report = again.read()
            assert report.fault is fault
            assert report.step.adds_up
            again.box.mischief = Mischief.NONE
            assert dict(again.read().step.outcomes) == {"missed_link": 1}


def an_office_again(office: Office):  # type: ignore[no-untyped-def]
    """The same office with the settings as they are now."""
    from contextlib import contextmanager

    from tracker.workspace import open_parts

    @contextmanager
    def opened() -> Iterator[Office]:
        with open_parts(office.parts.workspace, clock=office.parts.clock) as parts:
            yield Office(parts, office.box, office.port, office.at)

    return opened()


def test_a_line_that_is_cut_loses_nothing_and_repeats_nothing(office: Office) -> None:
    office.box.add(*(a_mail(MARKO, f"m{number}", "hello") for number in range(60)))
    office.box.mischief, office.box.cut_after = Mischief.CUTS_IN_FETCH, 30
    report = office.read()
    assert report.fault is MailboxFault.BROKEN_OFF
    office.box.mischief = Mischief.NONE
    assert report.step.inputs + office.read().step.inputs == 60


def test_mails_that_were_not_asked_for_are_not_read(office: Office) -> None:
    office.box.mischief = Mischief.ANSWERS_BESIDE
    assert office.outcomes(a_mail(MARKO, "x", "hello")) == {"unreadable": 1}  # it was there, and was not handed over
    office.box.mischief = Mischief.UID_LAST
    office.box.add(a_mail(MARKO, "y", "hello"))
    assert office.outcomes() == {"for_people": 1}


def test_a_wrong_password_is_a_refused_login(office: Office) -> None:
    office.box.password = "another"
    assert office.read().fault is MailboxFault.LOGIN_REFUSED


BOMBS = {
    "parts within parts": b"From: a@b.example\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(9000)),
    "mails within mails": b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * 9000,
    "a megabyte of header": b"From: a@b.example\nSubject: " + b"x" * 2**20 + b"\n\nhello",
    "a comment within a comment": b"From: " + b"(" * 100_000 + b"\n\n",
    "encoded words": b"From: a@b.example\nSubject: " + b"=?utf-8?b?" * 20_000 + b"\n\n",
    "a codec that computes": b"From: a@b.example\nContent-Type: text/plain; charset=zlib_codec\n\nhello",
    "a charset of nobody's": b"From: a@b.example\nContent-Type: text/plain; charset=x-none\n\n\xff\xfe\x80hello",
    "50 MB attached": b"From: a@b.example\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: application/pdf\n\n"
    + b"A" * 2**22,
    "no mail at all": b"\0\1\2\3" * 1000,
    "empty": b"",
    "tags within tags": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 60_000,
    "addresses": b"From: a@b.example\n\n" + b"https://" * 30_000,
    "quotations": b"From: a@b.example\n\n" + b"On Monday x wrote: " * 12_000,
    "a date of the year 1": b"From: a@b.example\nDate: Mon, 1 Jan 0001 00:00:00 +9999\n\n",
    "surrogates": b"From: a@b.example\nSubject: x\n\n" + b"\xed\xa0\x80 https://ura.example/\xed\xa0\x80",
}


def test_bombs_end_in_one_outcome_each(office: Office) -> None:
    outcomes = office.outcomes(*BOMBS.values())
    assert sum(outcomes.values()) == len(BOMBS)
    assert outcomes["unreadable"] >= 2


def test_letters_of_our_own_and_answers_of_machines_are_not_answered(office: Office) -> None:
    loop = a_mail(MARKO, "Re: x", "Odjavite me https://ura.example/lajme/42", headers="Auto-Submitted: auto-replied\n")
    own = a_mail("coverage@ngo.example", "Press coverage", "https://ura.example/lajme/42", headers=f"X-Letter-Token: {office.token}\n")
    daemon = a_mail("MAILER-DAEMON@mx.example", "Odjavite me", "unsubscribe https://ura.example/lajme/42")
    assert office.outcomes(loop, own, daemon) == {"automatic": 1, "own_letter": 1, "bounce_of_others": 1}
    assert dict(send_answers(office.parts).outcomes) == {}


def test_a_reading_that_is_killed_anywhere_is_done_by_the_next_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.box.add(
        a_mail(MARKO, "Re: x", "Odjavite me", headers=VOUCHED),
        office.with_token(HARD),
        a_mail(ARTA, "Missing", "https://ura.example/lajme/42"),
    )
    for name in ("save_mails", "save_bounces", "save_state"):
        with monkeypatch.context() as patched:
            patched.setattr(stored, name, _killed)
            with pytest.raises(KeyboardInterrupt):
                office.read()
        with office.parts.database.reading() as conn:
            assert stored.tasks(conn) == []
    assert dict(office.read().step.outcomes) == {"bounce_hard": 1, "missed_link": 1, "signed_off": 1}
    assert away(office) == {ARTA: "letters come back", MARKO: "signed off"}
    assert len((office.parts.workspace / "outbox" / "choices.jsonl").read_text("utf-8").splitlines()) == 2
    assert dict(send_answers(office.parts).outcomes) == {"sent": 2}


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


KNOWN = Known(frozenset({ARTA, MARKO}), authserv_id="mx.ngo.example")
HEADERS = st.sampled_from(
    [
        f"From: {ARTA}",
        "From: MAILER-DAEMON@x.example",
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: text/html",
        "Content-Transfer-Encoding: base64",
        "Auto-Submitted: auto-replied",
        "List-Id: <x>",
        "Subject: unsubscribe a@b.example",
        "Date: Mon, 99 Foo 0000 25:61:61",
        "X-Letter-Token: " + "a" * 26,
    ]
)


@given(
    st.lists(HEADERS, max_size=6),
    st.lists(
        st.one_of(
            st.binary(max_size=80),
            st.sampled_from(
                [
                    b"--b",
                    b"--b--",
                    b"",
                    b"Action: failed",
                    b"Status: 5.1.1",
                    b"Final-Recipient: rfc822; x@y.example",
                    b"Content-Type: message/delivery-status",
                    b"550 5.1.1 user unknown",
                ]
            ),
        ),
        max_size=20,
    ),
)
def test_any_bytes_are_one_outcome_and_without_a_token_pause_nobody(headers: list[str], lines: list[bytes]) -> None:
    try:
        found = decide(read_mail("\r\n".join(headers).encode() + b"\r\n\r\n" + b"\r\n".join(lines)), KNOWN, NOW)
    except Unreadable:
        return
    assert found.outcome in MailOutcome
    assert not found.pause
    assert found.answer is None or found.answer[1] in KNOWN.recipients


def a_report(kind: str, token: str) -> bytes:
    return (
        f"From: reports@big.example\r\nTo: coverage@ngo.example\r\nSubject: report\r\nMessage-ID: <{kind}@big.example>\r\n"
        f'Content-Type: multipart/report; report-type="{kind}"; boundary=b\r\n\r\n--b\r\nContent-Type: message/{kind}\r\n\r\nFeedback-Type: abuse\r\n'
        f"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nX-Letter-Token: {token}\r\nSubject: Press coverage\r\n\r\ntext\r\n--b--\r\n"
    ).encode()


def test_a_receipt_is_counted_and_a_complaint_waits_for_a_person(office: Office) -> None:
    assert office.outcomes(a_report("disposition-notification", office.token)) == {"receipt": 1}
    assert office.outcomes(a_report("feedback-report", office.token)) == {"sign_off_queued": 1}
    with office.parts.database.reading() as conn:
        assert [(one.sender, one.is_known) for one in stored.tasks(conn)] == [(ARTA, True)]
    assert away(office)[ARTA] == ""


def test_a_report_that_somebody_forwards_is_none(office: Office) -> None:
    head = f"From: {MARKO}\r\nTo: coverage@ngo.example\r\nSubject: Fwd: what is this?\r\nMessage-ID: <f1@x.example>\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
    raw = (
        head.encode()
        + b"--o\r\n\r\nI got this.\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n"
        + office.with_token(HARD)
        + b"\r\n--o--\r\n"
    )
    assert "bounce_hard" not in office.outcomes(raw)
    assert away(office)[ARTA] == ""


def test_strangers_fill_the_desk_with_no_more_sign_offs_than_a_day_takes(tmp_path: Path) -> None:
    with an_office(tmp_path, more="links_per_day = 3") as office:
        flood = [a_mail(f"s{n}@mail.example", "x", "Odjavite me", number=n) for n in range(8)]
        assert office.outcomes(*flood) == {"sign_off_queued": 3, "over_limit": 5}
        assert office.outcomes(a_mail(MARKO, "x", "Please don't unsubscribe me")) == {"sign_off_queued": 1}
