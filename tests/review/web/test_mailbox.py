"""The mailbox on the desk: missed links with their answer, doubtful sign-offs, letters that came back; each act can be taken back."""

from __future__ import annotations

import msgspec
import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN_ID
from tests.review.web.visiting import Staff
from tracker.delivery.audience import read_audience
from tracker.delivery.choices import Choice, ChoiceRecord, What
from tracker.model import LANGUAGES, Role
from tracker.model.mailbox import LetterBounce, MailTask, MailTaskKind
from tracker.store import mailbox

ARTA = "arta@partner.example"
LISTED = f'[[recipients]]\nname = "Arta"\nemail = "{ARTA}"\nrole = "partner"\nlanguage = "sq"\nedition = "weekly"\n'
HOSTILE = '<script>alert(1)</script> "quoted"'


@pytest.fixture
def post(staff: Staff) -> Staff:
    """The desk with a missed link, a doubtful sign-off and a recipient whose letters came back."""
    (staff.parts.workspace / "recipients.toml").write_text(LISTED, "utf-8")
    msgspec.structs.force_setattr(
        staff.parts,
        "settings",
        msgspec.structs.replace(staff.parts.settings, mailbox=msgspec.structs.replace(staff.parts.settings.mailbox, host="imap.example")),
    )
    with staff.parts.database.writing() as conn:
        mailbox.add_tasks(
            conn,
            [
                MailTask("d1", MailTaskKind.MISSED_LINK, ARTA, True, "https://nowhere.example/lajme/1", HOSTILE, NOW),
                MailTask("d2", MailTaskKind.SIGN_OFF, ARTA, True, "", "Nemojte me odjaviti", NOW),
                MailTask("d3", MailTaskKind.SIGN_OFF, "stranger@x.example", False, "", "Odjavite me", NOW),
            ],
        )
        mailbox.save_bounces(conn, [LetterBounce("d4", ARTA, "<m@x>", "hard", "5.1.1", True, NOW)])
    ChoiceRecord(staff.parts.workspace / "outbox").add(Choice(ARTA, What.UNREACHABLE, "5.1.1", NOW, "mail"))
    return staff


def away(staff: Staff) -> str:
    (one,) = read_audience(staff.parts.workspace)
    return one.away(NOW)


def test_what_waits_stands_with_its_answer_and_nothing_of_a_mail_is_markup(post: Staff) -> None:
    text = post.enters("reviewer").get("/mailbox").text
    assert "https://nowhere.example/lajme/1" in text
    assert "Its outlet is not in the register." in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "not a recipient" in text
    assert "5.1.1" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_said_in_every_language(post: Staff, language: str) -> None:
    visitor = post.enters("reviewer")
    visitor.send("/language", {"language": language, "next": "/mailbox"}, page="/mailbox")
    assert visitor.get("/mailbox").status_code == 200


def test_a_link_is_settled_and_taken_back(post: Staff) -> None:
    visitor = post.enters("reviewer")
    assert visitor.send("/mailbox/1/settle", page="/mailbox").status_code == 303
    with post.parts.database.reading() as conn:
        assert [one.id for one in mailbox.tasks(conn, settled=True)] == [1]
        assert mailbox.waiting(conn) == 2
    assert "Somebody else was faster" in visitor.send("/mailbox/1/settle", page="/mailbox", follow_redirects=True).text
    visitor.send("/mailbox/1/reopen", page="/mailbox")
    with post.parts.database.reading() as conn:
        assert mailbox.waiting(conn) == 3


def test_a_doubtful_sign_off_is_done_by_a_person_and_a_strangers_never(post: Staff) -> None:
    visitor = post.enters("reviewer")
    visitor.send("/mailbox/3/sign-off", page="/mailbox")
    assert away(post) == "letters come back"
    visitor.send("/mailbox/2/sign-off", page="/mailbox")
    assert away(post) == "signed off"
    with post.parts.database.reading() as conn:
        assert mailbox.answers(conn, mailbox.DeliveryState.DUE)[0].recipient == ARTA


def test_an_administrator_sends_letters_again_and_a_reviewer_does_not(post: Staff) -> None:
    assert post.enters("reviewer").send("/mailbox/resume", {"recipient": ARTA}, page="/mailbox").status_code in (403, 404)
    assert away(post) == "letters come back"
    post.enters("administrator").send("/mailbox/resume", {"recipient": ARTA}, page="/mailbox")
    assert away(post) == ""


def test_who_reviews_one_campaign_alone_sees_nobodys_mail(post: Staff) -> None:
    post.add("One", Role.REVIEWER, campaigns=(CAMPAIGN_ID,))
    visitor = post.enters("One")
    assert visitor.get("/mailbox").status_code == 404
    assert "/mailbox" not in visitor.get("/").text
    assert "/mailbox" in post.enters("reviewer").get("/", follow_redirects=True).text


def test_a_number_of_nothing_is_not_found(post: Staff) -> None:
    assert post.enters("reviewer").send("/mailbox/99/settle", page="/mailbox").status_code == 404
