"""What came in by mail, in both databases."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import NOW
from tracker.model.mailbox import LetterBounce, MailAnswerKind, MailboxFault, MailboxState, MailOutcome, MailTask, MailTaskKind
from tracker.store import mailbox, personal
from tracker.store.database import Database
from tracker.store.deliveries import DeliveryState

ARTA = "arta@partner.example"
TASK = MailTask("d1", MailTaskKind.MISSED_LINK, ARTA, True, "https://ura.example/" + "š" * 400, "këtë \ud800", NOW)


def test_how_far_a_folder_is_read_is_kept_up_to_the_largest_numbers(database: Database) -> None:
    state = MailboxState("f", 4_294_967_295, 4_294_967_294, NOW, MailboxFault.HANGS, NOW)
    with database.writing() as conn:
        mailbox.save_state(conn, MailboxState("f", 1, 2))
        mailbox.save_state(conn, state)
    with database.reading() as conn:
        assert mailbox.state_of(conn, "f") == state
        assert mailbox.state_of(conn, "other") is None


def test_everything_of_a_mail_is_stored_once(database: Database) -> None:
    bounce = LetterBounce("d2", ARTA, "<m@x>", "hard", "5.1.1", True, NOW)
    for _ in range(2):
        with database.writing() as conn:
            mailbox.save_mails(conn, [("d1", MailOutcome.MISSED_LINK), ("d2", MailOutcome.BOUNCE_HARD)], NOW)
            mailbox.add_tasks(conn, [TASK])
            mailbox.save_bounces(conn, [bounce])
            mailbox.add_answer(conn, MailAnswerKind.THANKS, "d1", ARTA, "<m@x>", NOW)
    with database.reading() as conn:
        assert mailbox.known(conn, ["d1", "d3"]) == {"d1"}
        assert [one.id for one in mailbox.tasks(conn)] == [1]
        assert mailbox.bounces_of(conn, NOW) == [bounce]
        assert len(mailbox.answers(conn, DeliveryState.DUE)) == 1
        assert mailbox.answered_since(conn, MailAnswerKind.THANKS, ARTA, NOW - timedelta(days=1))
        assert mailbox.tasks_since(conn, MailTaskKind.MISSED_LINK, NOW - timedelta(days=1), by_known=True) == 1
        assert mailbox.tasks_since(conn, MailTaskKind.MISSED_LINK, NOW - timedelta(days=1), by_known=False) == 0


def test_a_person_is_exported_and_erased(database: Database) -> None:
    with database.writing() as conn:
        mailbox.add_tasks(conn, [TASK])
        mailbox.save_bounces(conn, [LetterBounce("d2", ARTA, "<m@x>", "soft", "", False, NOW)])
        mailbox.add_answer(conn, MailAnswerKind.THANKS, "d1", ARTA, "", NOW)
        assert len(personal.mailbox(conn, ARTA)) == 3
        personal.erase(conn, ARTA, "erased-x", lambda one: one)
        assert personal.mailbox(conn, ARTA) == []


def test_what_is_old_and_waits_for_nobody_is_given_up(database: Database) -> None:
    stranger = MailTask("d9", MailTaskKind.MISSED_LINK, "s@x.example", False, "https://ura.example/9", "", NOW)
    with database.writing() as conn:
        mailbox.save_mails(conn, [("d1", MailOutcome.MISSED_LINK)], NOW)
        mailbox.add_tasks(conn, [TASK, stranger])
        assert mailbox.forget(conn, NOW) == 0
        assert mailbox.forget(conn, NOW + timedelta(days=1)) == 2
        assert [one.sender for one in mailbox.tasks(conn)] == [ARTA]
