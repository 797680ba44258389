"""An approval that is taken back: only while nothing went out, all of it, and as often as a person changes their mind."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.running import run
from tests.newsdesk import RIVER, Newsdesk
from tracker.errors import UsageError
from tracker.model import Audience, Campaign, EditionKind
from tracker.pipeline import issue_edition
from tracker.pipeline.issue_edition import IssueOptions, issue, take_back_approval
from tracker.store import deliveries, digests, events
from tracker.store.deliveries import DeliveryState
from tracker.store.events import Subject
from tracker.store.lock import RunLocked, SendingLock
from tracker.workspace import read_campaigns

RECIPIENTS = """
[[recipients]]
name = "Partner"
email = "partner@example.org"
role = "partner"
language = "en"
edition = "weekly"

[[recipients]]
name = "Staff"
email = "staff@example.org"
role = "staff"
language = "en"
edition = "weekly"
"""


@pytest.fixture
def approved(grouped: Newsdesk) -> Newsdesk:
    """A report that a person let go to partners; its files lie in the outbox."""
    desk = grouped
    (desk.folder / "recipients.toml").write_text(RECIPIENTS)
    run("-w", desk.folder, "verdict", desk.mentions()[0].id, "accept")
    made = issue(desk.parts, campaign(desk), IssueOptions(EditionKind.REPORT))
    assert made.edition.id == 1
    issue_edition.approve(desk.parts, campaign(desk), 1, by="Arta", sentences=[("en", "Calm.")])
    return desk


def campaign(desk: Newsdesk) -> Campaign:
    (one,) = read_campaigns(desk.folder)
    return one


def partners_files(desk: Newsdesk) -> list[str]:
    return sorted(name for name in desk.outbox() if "-partners" in name)


def deliver(desk: Newsdesk, recipient: str, state: DeliveryState) -> None:
    with desk.parts.database.writing() as conn:
        deliveries.plan(conn, 1, recipient, "en", message_id=f"<{recipient}>", due_at=desk.parts.clock())
        (row,) = (one for one in deliveries.of_editions(conn, [1]) if one.recipient == recipient)
        deliveries.begin(conn, row.id, desk.parts.clock())
        deliveries.settle(conn, row.id, state, desk.parts.clock())


def test_the_edition_waits_again_and_nothing_of_it_is_left_for_partners(approved: Newsdesk) -> None:
    before = partners_files(approved)
    staff = sorted(set(approved.outbox()) - set(before))
    edition = take_back_approval(approved.parts, campaign(approved), 1, by="Bora")
    assert (edition.approved_at, edition.approved_by, edition.sentences) == (None, "", ())
    assert before
    assert partners_files(approved) == []
    assert [name for name in staff if name not in approved.outbox()] == []
    with approved.parts.database.reading() as conn:
        assert [*digests.released_at(conn, 1)] == [Audience.STAFF]
        said = events.of_subject(conn, Subject("rivers", edition_id=1))
    assert [(one.fact, one.after, one.by, one.takes_back) for one in said] == [
        ("approval", ("en=Calm.",), "Arta", None),
        ("approval", None, "Bora", said[0].id),
    ]
    issue_edition.approve(approved.parts, campaign(approved), 1, by="Arta")
    assert partners_files(approved) == before
    assert RIVER.encode() in b"".join(
        content for name, content in approved.outbox().items() if "-partners" in name and name.endswith(".txt")
    )


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNKNOWN])
@pytest.mark.parametrize("recipient", ["partner@example.org", "gone@example.org"])
def test_what_went_out_or_may_have_cannot_be_taken_back(approved: Newsdesk, state: DeliveryState, recipient: str) -> None:
    deliver(approved, recipient, state)
    before = partners_files(approved)
    with pytest.raises(UsageError, match=f"a letter of it went to {recipient}"):
        take_back_approval(approved.parts, campaign(approved), 1)
    assert partners_files(approved) == before
    with approved.parts.database.reading() as conn:
        assert Audience.PARTNERS in digests.released_at(conn, 1)


@pytest.mark.parametrize(
    ("recipient", "state"),
    [("staff@example.org", DeliveryState.SENT), ("partner@example.org", DeliveryState.REFUSED), ("partner@example.org", DeliveryState.DUE)],
)
def test_what_the_staff_read_or_nobody_got_stands_in_no_way(approved: Newsdesk, recipient: str, state: DeliveryState) -> None:
    deliver(approved, recipient, state)
    assert take_back_approval(approved.parts, campaign(approved), 1).approved_at is None


def test_a_mailing_at_work_keeps_it_from_being_taken_back(approved: Newsdesk) -> None:
    with SendingLock(approved.folder / "outbox").acquire(), pytest.raises(RunLocked):
        take_back_approval(approved.parts, campaign(approved), 1)


def test_an_approval_older_than_the_events_can_be_taken_back_too(approved: Newsdesk) -> None:
    path = approved.parts.database.path
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("DROP TRIGGER events_are_never_removed")
        conn.execute("DELETE FROM events WHERE edition_id IS NOT NULL")
    take_back_approval(approved.parts, campaign(approved), 1, by="Bora")
    with approved.parts.database.reading() as reading:
        said = events.of_subject(reading, Subject("rivers", edition_id=1))
    assert [(one.by, one.takes_back is None) for one in said] == [("Arta", True), ("Bora", False)]


def test_the_command_takes_it_back_and_finishes_what_a_kill_left(approved: Newsdesk) -> None:
    kept = {path.name: path.read_bytes() for path in (approved.folder / "outbox").glob("*-partners*") if path.is_file()}
    told = run("-w", approved.folder, "digest", "approve", "1", "--take-back", "--by", "Bora")
    assert (told.code, told.out) == (0, "edition 1: approval taken back; it waits for approval again\n")
    for name, content in kept.items():
        (approved.folder / "outbox" / name).write_bytes(content)
    assert run("-w", approved.folder, "digest", "approve", "1", "--take-back").code == 0
    assert partners_files(approved) == []
    again = run("-w", approved.folder, "digest", "approve", "1", "--take-back")
    assert (again.code, "was not approved: there is nothing to take back" in again.err) == (2, True)
