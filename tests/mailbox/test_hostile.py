"""Mails that somebody wrote to do harm: none pauses, signs off or answers anybody, and each has one outcome. All invented."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailbox.office import ARTA, MARKO, Office, a_mail, an_office
from tests.mailbox.shapes import MESSAGE_ID
from tracker.delivery.audience import read_audience
from tracker.mailbox.answers import send_answers
from tracker.mailbox.mail import read_mail
from tracker.mailbox.newsletters import Proof, proof_of
from tracker.model.mailbox import MailTaskKind
from tracker.store import mailbox as stored

OURS = "mx.ngo.example"
PASSES = f"Authentication-Results: {OURS}; dmarc=pass header.from=partner.example; dkim=pass header.d=partner.example\n"
FROM_OUTSIDE = f"Received: from evil.example (evil.example [203.0.113.9]) by {OURS} with ESMTP id 1; Mon, 23 Nov 2026 10:00:00 +0000\n"
INSIDE = f"Received: from {OURS} (localhost [127.0.0.1]) by store.ngo.example with LMTP id 2; Mon, 23 Nov 2026 10:00:01 +0000\n"
STRANGERS_OWN = "Received: from laptop (unknown [198.51.100.7]) by evil.example with ESMTP id 3; Mon, 23 Nov 2026 09:59:00 +0000\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as one:
        yield one


def _dsn(daemon: str, recipient: str, *, token: str = "", original: str = MESSAGE_ID, status: str = "5.1.1", top: str = "") -> bytes:
    head = f"From: coverage@ngo.example\nTo: {recipient}\nMessage-ID: {original}\n" + (f"X-Letter-Token: {token}\n" if token else "")
    return (
        f"{top}Return-Path: <>\nFrom: {daemon}\nTo: coverage@ngo.example\nSubject: Undelivered\nMessage-ID: <{abs(hash((daemon, recipient, token)))}@m.example>\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\n550 5.1.1 user unknown\n'
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; m.example\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{head}\n--b--\n"
    ).encode()


def _nested(depth: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return b"From: " + MARKO.encode() + b"\nSubject: x\n" + opened + b"Content-Type: text/plain\n\nunsubscribe me\n"


def _with_charset(name: str, body: bytes) -> bytes:
    return f"From: {MARKO}\nSubject: x\nContent-Type: text/plain; charset={name}\n\n".encode() + body


BOMB = base64.encodebytes(gzip.compress(b"\0" * 20_000_000))
STOP = "Please unsubscribe me."
AUTOMATIC = (
    "Auto-Submitted: auto-replied\n",
    "Auto-Submitted: auto-generated\n",
    "Auto-Submitted: auto-notified; owner=x\n",
    "Precedence: bulk\n",
    "Precedence: junk\n",
    "Precedence: auto_reply\n",
    "X-Autoreply: yes\n",
    "X-Autorespond: yes\n",
    "List-Id: <list.partner.example>\n",
    "Return-Path: <>\n",
)
HOSTILE: dict[str, bytes] = {
    "a forged sender, nothing vouched": a_mail(MARKO, "unsubscribe", STOP),
    "a forged sender, by header without a token": a_mail(MARKO, f"unsubscribe {MARKO}", ""),
    "a forged sender, with a token of nobody's": a_mail(MARKO, f"unsubscribe {ARTA} {'a' * 26}", ""),
    "its own results below our Received": a_mail(MARKO, "x", STOP, headers="").replace(b"From:", (FROM_OUTSIDE + PASSES).encode().replace(PASSES.encode(), b"Received: by evil.example; x\n" + PASSES.encode()) + b"From:", 1),
    "results of another server": a_mail(MARKO, "x", STOP, headers=PASSES.replace(OURS, "mx.evil.example")),
    "results of a server named like ours": a_mail(MARKO, "x", STOP, headers=PASSES.replace(OURS, f"{OURS}.evil.example")),
    "results that fail": a_mail(MARKO, "x", STOP, headers=f"Authentication-Results: {OURS}; dmarc=fail header.from=partner.example\n"),
    "ours fail, its own pass": a_mail(MARKO, "x", STOP, headers=f"Authentication-Results: {OURS}; dmarc=fail header.from=partner.example\n{PASSES}"),
    "another domain passes": a_mail(MARKO, "x", STOP, headers=f"Authentication-Results: {OURS}; dkim=pass header.d=evil.example\n"),
    "a domain that ends like it": a_mail(MARKO, "x", STOP, headers=f"Authentication-Results: {OURS}; dkim=pass header.d=evilpartner.example\n"),
    "a pass in a comment": a_mail(MARKO, "x", STOP, headers=f"Authentication-Results: {OURS}; none (dmarc=pass header.from=partner.example)\n"),
    "spf of the envelope alone": a_mail(MARKO, "x", STOP, headers=f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=evil.example\n"),
    "two senders": a_mail(f"evil@evil.example, {MARKO}", "x", STOP),
    "a name that is an address": a_mail(f'"{MARKO}" <evil@evil.example>', "x", STOP),
    "an address in a comment": a_mail(f"evil@evil.example ({MARKO})", "x", STOP),
    "a letter of ours": a_mail("coverage@ngo.example", "unsubscribe", STOP),
    "a report about somebody else": _dsn("MAILER-DAEMON@evil.example", MARKO),
    "a report with a token of nobody's": _dsn("MAILER-DAEMON@evil.example", ARTA, token="b" * 26),
    "a report of a letter never sent": _dsn("MAILER-DAEMON@evil.example", ARTA, original="<never@ngo.example>"),
    "a report in our own name": _dsn("MAILER-DAEMON@ngo.example", ARTA, top=PASSES),
    "a report of a recipient": _dsn(MARKO, ARTA),
    "free words of a daemon": a_mail("postmaster@evil.example", "failure notice", f"<{ARTA}>: 550 5.1.1 user unknown\n\n{MESSAGE_ID}"),
    "a failed recipient by header": a_mail("x@evil.example", "failed", "550 user unknown", headers=f"X-Failed-Recipients: {ARTA}\n"),
    "a complaint without a token": a_mail("fbl@evil.example", "complaint", "x", headers="Content-Type: multipart/report; report-type=feedback-report\n"),
    "parts, 100 deep": _nested(100),
    "parts, 30 deep": _nested(30),
    "a bomb attached": b"From: " + MARKO.encode() + b"\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n" + BOMB,
    "50 MB": b"From: " + MARKO.encode() + b"\nSubject: x\n\n" + b"unsubscribe me " * 3_500_000,
    "utf-7": _with_charset("utf-7", b"+AHUAbgBzAHUAYgBzAGMAcgBpAGIAZQ- me"),
    "a charset that lies": _with_charset("us-ascii", "Çregjistrohem, odjavite me \U0001f600".encode()),
    "utf-16 in name alone": _with_charset("utf-16", b"unsubscribe me"),
    "a codec that unpacks": _with_charset("bz2_codec", b"unsubscribe me"),
    "a charset of a path": _with_charset("../../etc/passwd", b"unsubscribe me"),
    "a header in the subject": a_mail(MARKO, "=?utf-8?q?x=0D=0ABcc:_all@evil.example?=", STOP),
    "a header in the message id": a_mail(MARKO, "x", STOP, headers="Message-ID: <a@b>\r\n\tBcc: all@evil.example\n"),
    "a header in the sender": a_mail("=?utf-8?q?x=0ABcc:_all=40evil.example?= <evil@evil.example>", "x", STOP),
    "a link of a script": a_mail(MARKO, "missing", "javascript:alert(1) data:text/html,x file:///etc/passwd"),
    "a link into the house": a_mail("x@evil.example", "missing", "http://127.0.0.1/ http://169.254.169.254/latest http://[::1]/"),
    "html that hides": a_mail(MARKO, "x", "<p style=display:none>unsubscribe me</p>").replace(b"text/plain", b"text/html"),
    **{f"automatic: {header.strip()}": a_mail(MARKO, "x", f"{STOP} https://ura.example/lajme/1", headers=header) for header in AUTOMATIC},
    "an absent person": a_mail(MARKO, "Out of office: Press coverage", f"{STOP} https://ura.example/lajme/1", headers=PASSES),
    "nothing but zeros": b"From: x@evil.example\n\n" + b"\0" * 100_000,
    "lines without end": b"From: " + MARKO.encode() + b"\nSubject: " + b"\n x" * 50_000 + b"\n\n" + STOP.encode(),
}  # fmt: skip


def test_no_hostile_mail_pauses_signs_off_or_answers_anybody_and_each_has_one_outcome(office: Office) -> None:
    assert len(HOSTILE) >= 50
    for name, raw in HOSTILE.items():
        before = office.at[0]
        outcomes = office.outcomes(raw)
        assert sum(outcomes.values()) == 1, name
        assert {one.away(before) for one in read_audience(office.parts.workspace)} == {""}, f"{name}: {outcomes}"
        answered = dict(send_answers(office.parts).outcomes)
        assert answered == {}, f"{name}: {outcomes} {answered}"


def test_a_sign_off_in_a_recipients_name_stands_before_staff_once(office: Office) -> None:
    office.box.add(*(a_mail(MARKO, "x", STOP, number=number) for number in range(60)))
    assert dict(office.read().step.outcomes) == {"sign_off_queued": 60}
    with office.parts.database.reading() as conn:
        (task,) = stored.tasks(conn)
    assert (task.kind, task.sender) == (MailTaskKind.SIGN_OFF, MARKO)


@pytest.mark.parametrize(
    ("headers", "proof"),
    [
        (PASSES, Proof.PASSED),
        (INSIDE + FROM_OUTSIDE + PASSES, Proof.PASSED),  # as Gmail and others write it
        (INSIDE + PASSES + FROM_OUTSIDE, Proof.PASSED),
        (FROM_OUTSIDE + PASSES + STRANGERS_OWN, Proof.PASSED),
        (FROM_OUTSIDE + STRANGERS_OWN + PASSES, Proof.UNKNOWN),
        (STRANGERS_OWN + PASSES, Proof.UNKNOWN),
        (FROM_OUTSIDE + FROM_OUTSIDE + PASSES, Proof.UNKNOWN),  # one of them came with the mail
        (INSIDE + FROM_OUTSIDE + INSIDE + PASSES, Proof.UNKNOWN),
        ("Received: nonsense\n" + PASSES, Proof.UNKNOWN),
        (FROM_OUTSIDE + PASSES.replace("pass", "fail") + PASSES, Proof.FAILED),
    ],
)
def test_results_are_believed_where_our_own_server_can_have_written_them(headers: str, proof: Proof) -> None:
    here = headers.replace("ngo.example", "ngo-sample.al")  # a domain by the list of public suffixes
    raw = f"{here}From: {MARKO}\nSubject: x\nMessage-ID: <x@partner.example>\n\nx\n".encode()
    assert proof_of(read_mail(raw), "mx.ngo-sample.al") is proof


def test_a_bounce_pauses_the_letters_own_recipient_whomever_it_names(office: Office) -> None:
    assert office.outcomes(_dsn("MAILER-DAEMON@mx.example", MARKO, token=office.token)) == {"bounce_hard": 1}
    assert {str(one.address): one.away(office.at[0]) for one in read_audience(office.parts.workspace)} == {
        ARTA: "letters come back",
        MARKO: "",
    }
