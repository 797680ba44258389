"""`tracker send` as a person meets it, with real editions."""

from __future__ import annotations

import json
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.cli.running import Outcome, run
from tests.newsdesk import RIVER, Newsdesk
from tracker.store.lock import SendingLock

RECIPIENTS = """
[[recipients]]
name = "Ana"
email = "ana@example.org"
role = "partner"
language = "en"
edition = "weekly"
formats = ["html", "csv"]

[[recipients]]
name = "Bora"
email = "bora@example.org"
role = "staff"
language = "sq"
edition = "weekly"
"""


@pytest.fixture
def workspace(desk: Newsdesk) -> Path:
    """A weekly edition, number 1, released to staff and partners."""
    desk.night("match", "group")
    (desk.folder / "recipients.toml").write_text(RECIPIENTS, "utf-8")
    made = run("-w", desk.folder, "digest", "make", "--kind", "weekly", "--as-of", (NOW + timedelta(days=7)).isoformat())
    assert made.code in (0, 1), made
    desk.close()
    return desk.folder


def refused(outcome: Outcome, *words: str) -> None:
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1), outcome
    assert all(word in outcome.err for word in words), outcome.err


def test_what_is_due_goes_out_once_and_the_report_says_where(workspace: Path) -> None:
    preview = run("-w", workspace, "send", "--dry-run", "--edition", "1")
    assert preview.code == 0, preview
    assert "ana@example.org" in preview.out
    assert "html, csv" in preview.out
    assert not list((workspace / "outbox").glob("*ana*"))
    first = run("-w", workspace, "send", "--edition", "1", "--json")
    assert first.code == 0, first
    report = json.loads(first.out)
    assert report["step"]["outcomes"] == [["written to a file", 2]]
    (letter,) = (workspace / "outbox").glob("*.ana-example-org-*.eml")
    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    assert str(message["To"]) == "Ana <ana@example.org>"
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    assert RIVER in body.get_content()
    assert [part.get_filename().rpartition(".")[2] for part in message.iter_attachments()] == ["html", "csv"]  # type: ignore[attr-defined]
    again = run("-w", workspace, "send", "--edition", "1")
    assert (again.code, "nothing to do" in again.out) == (0, True)


def test_a_proof_goes_to_one_address_marked_as_one(workspace: Path) -> None:
    outcome = run("-w", workspace, "send", "--to", "me@example.org", "--edition", "1", "--language", "mk")
    assert outcome.code == 0, outcome
    (letter,) = (workspace / "outbox").glob("*.proof.me-example-org-*.eml")
    assert str(message_from_bytes(letter.read_bytes(), policy=policy.default)["Subject"]).startswith("[Proof] ")


def test_a_mailing_at_work_is_told_with_exit_3(workspace: Path) -> None:
    with SendingLock(workspace / "outbox").acquire():
        outcome = run("-w", workspace, "send")
    assert outcome.code == 3
    assert "another `tracker send` is at work" in outcome.err


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--to", "me@example.org"), ("--to needs --edition",)),
        (("--to", "me", "--edition", "1"), ("'me' is no mail address",)),
        (("--to", "me@example.org", "--edition", "99"), ("no edition 99",)),
        (("--edition", "99"), ("no edition 99",)),
        (("--dry-run", "--again", "1"), ("exclude one another",)),
        (("--again", "1"), ("no letter 1",)),
        (("--language", "sq"), ("--language goes with --to",)),
        (("--edition", "x"), ("'x'",)),
    ],
)
def test_a_bad_argument_is_refused_with_what_would_be_right(workspace: Path, asked: tuple[str, ...], words: tuple[str, ...]) -> None:
    refused(run("-w", workspace, "send", *asked), *words)


def test_a_mistake_in_the_list_stops_the_mailing_before_anything_is_sent(workspace: Path) -> None:
    (workspace / "recipients.toml").write_text(RECIPIENTS.replace('"staff"', '"stuff"'), "utf-8")
    refused(run("-w", workspace, "send", "--edition", "1"), "recipients.toml:13:1", "partner, staff, donor")
    (workspace / "recipients.toml").unlink()
    refused(run("-w", workspace, "send"), "recipients.toml", "no such file")
    assert not list((workspace / "outbox").glob("*ana*"))


def test_a_server_without_a_sender_of_ours_is_refused(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_MAIL__HOST", "127.0.0.1")
    refused(run("-w", workspace, "send", "--edition", "1"), "digest.sender")
