"""A person's rights: what is held comes out whole; what is erased is found in no byte of the workspace, and nothing goes out twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.cli.running import run
from tests.mailing import AFTER, Desk, some
from tracker.delivery.addresses import read_address
from tracker.delivery.choices import Choice, ChoiceRecord, What
from tracker.delivery.recipients import read_recipients
from tracker.delivery.rights import erase, everything
from tracker.delivery.transport import slug
from tracker.settings import Schedule, Settings
from tracker.store import alerts, deliveries, runs
from tracker.store.alerts import Notified
from tracker.store.deliveries import DeliveryState

ENTRY = '[[recipients]]\nname = "{name}"\nemail = "{email}"\nrole = "partner"\nlanguage = "sq"\nedition = "weekly"\n'
ANA = read_address("ana@example.org")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    """Ana and Bora got an edition each; a server said something of Ana, and she was told of a headline."""
    desk = Desk(tmp_path, some("ana", "bora"))
    entries = "".join(ENTRY.format(name=name.title(), email=f"{name}@example.org") for name in ("ana", "bora"))
    (tmp_path / "recipients.toml").write_text(f"# our readers\n\n{entries}", "utf-8")
    desk.edition()
    desk.send()
    ChoiceRecord(desk.outbox).add(Choice(ANA.key, What.LANGUAGE, "mk", NOW, "page"), Choice("bora@example.org", What.LANGUAGE, "mk", NOW))
    with desk.database.writing() as conn:
        alerts.raise_once(conn, "rivers", "headline", "u", subject="In a headline", text="", raised_at=NOW, due_at=NOW)
        (raised,) = alerts.since(conn, NOW)
        alerts.note(conn, [raised.id], "Ana <ana@example.org>", Notified.SENT)
        (row,) = (one for one in deliveries.of_editions(conn, [1]) if one.recipient == ANA.key)
        deliveries.settle(conn, row.id, DeliveryState.SENT, NOW, "250 queued for <Ana@Example.org>")
    yield desk
    desk.database.close()


def held(desk: Desk) -> dict[str, object]:
    return everything(desk.folder, desk.settings, desk.database, ANA, AFTER)


def bytes_naming(folder: Path, text: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes().lower()]


def test_everything_that_is_held_comes_out(office: Desk) -> None:
    found = held(office)
    assert {part: len(value) for part, value in found.items() if isinstance(value, list) and value} == {
        "entries": 1,
        "choices": 1,
        "sent": 1,
        "letters": 1,
        "ledger": 1,
        "notifications": 1,
        "words": 1,
    }
    assert "bora" not in json.dumps(found, default=str).lower()


def test_what_is_erased_is_in_no_byte_of_the_workspace_and_the_others_stay(office: Desk) -> None:
    assert len(bytes_naming(office.folder, "ana@example.org")) > 3
    receipt = erase(office.folder, office.settings, office.database, ANA, AFTER)
    assert bytes_naming(office.folder, "ana@example.org") == []
    assert bytes_naming(office.folder, slug(ANA)) == []
    assert bytes_naming(office.folder, "bora@example.org")
    assert (receipt.entries, receipt.choices, receipt.letters, receipt.notifications, receipt.files) == (1, 1, 1, 1, 1)
    assert [one.name for one in read_recipients(office.folder / "recipients.toml")] == ["Bora"]
    assert (office.folder / "recipients.toml").read_text("utf-8").startswith("# our readers")
    again = erase(office.folder, office.settings, office.database, ANA, AFTER)
    assert again.total == 0
    assert again.proof == receipt.proof
    assert set(office.states().values()) == {"sent"}


def test_who_was_erased_and_comes_back_does_not_get_the_same_edition_again(office: Desk) -> None:
    erase(office.folder, office.settings, office.database, ANA, AFTER)
    assert dict(office.send(after=timedelta(hours=1)).step.outcomes) == {}
    assert office.mailing().preview() == []
    office.edition(end_at=NOW + timedelta(days=3))
    assert dict(office.send(after=timedelta(days=6, hours=5)).step.outcomes) == {"written to a file": 2}


def test_not_even_with_a_ledger_from_before_any_letter(office: Desk) -> None:
    """The database is made anew: only the outbox's record knows of the letter, by a keyed hash."""
    erase(office.folder, office.settings, office.database, ANA, AFTER)
    with office.database.writing() as conn:
        conn.exec_driver_sql("DELETE FROM deliveries")
    assert "ana" not in {end.recipient.partition("@")[0] for end in office.send().letters}
    assert office.states()["ana"] == "sent"


def test_a_letter_that_waits_is_cancelled_with_the_erasure(office: Desk) -> None:
    with office.database.writing() as conn:
        deliveries.plan(conn, 1, ANA.key, "sq", message_id="<later@x>", due_at=AFTER + timedelta(days=1), correction_id=7)
    erase(office.folder, office.settings, office.database, ANA, AFTER)
    with office.database.reading() as conn:
        assert deliveries.in_state(conn, DeliveryState.DUE) == []


def test_the_receipt_names_what_stays(office: Desk) -> None:
    (office.folder / "jobs.log").write_text("to Ana@example.org\n", "utf-8")
    given = Settings(schedule=Schedule(operator="Ana <ana@example.org>", backup_to="/backups"))
    stays = " ".join(erase(office.folder, given, office.database, ANA, AFTER).stays)
    for words in ("schedule.operator", "jobs.log", "/backups"):
        assert words in stays


LISTED = (
    '# ours\nrecipients = [\n  { name = "Ana # A", email = "ana@example.org", role = "partner", language = "sq", edition = "weekly" },\n'
    '  { name = "Bora", email = "bora@example.org", role = "staff", language = "mk", edition = "weekly", countries = ["AL"] },{comment}\n]\n'
)


def test_recipients_who_are_written_as_a_list_can_be_changed_by_commands_too(tmp_path: Path) -> None:
    path = tmp_path / "recipients.toml"
    for change, left in (
        (("pause", "ana@example.org", "--until", "2099-01-01"), ["Ana # A", "Bora"]),
        (("remove", "ana@example.org"), ["Bora"]),
        (("add", *entry()), ["Ana # A", "Bora", "Vesna"]),
    ):
        path.write_text(LISTED.replace("{comment}", ""), "utf-8")
        done = run("recipients", *change, "-w", tmp_path)
        assert done.code == 0, done.err
        assert [one.name for one in read_recipients(path)] == left
        assert path.read_text("utf-8").startswith("# ours\n")
        assert "countries" not in path.read_text("utf-8") or 'countries = ["AL"]' in path.read_text("utf-8")


def test_comments_within_a_list_are_not_lost_but_the_person_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "recipients.toml"
    path.write_text(LISTED.replace("{comment}", "  # since May"), "utf-8")
    for change in (("pause", "ana@example.org", "--until", "2099-01-01"), ("remove", "ana@example.org"), ("add", *entry())):
        done = run("recipients", *change, "-w", tmp_path)
        assert done.code == 2
        assert "a line [[recipients]]" in done.err
    assert path.read_text("utf-8").endswith("# since May\n]\n")


def test_an_address_inside_another_one_is_another_ones(office: Desk) -> None:
    with office.database.writing() as conn:
        (row,) = (one for one in deliveries.of_editions(conn, [1]) if one.recipient == "bora@example.org")
        deliveries.settle(conn, row.id, DeliveryState.SENT, NOW, "for joana@example.org and ana@example.organ")
    erase(office.folder, office.settings, office.database, ANA, AFTER)
    with office.database.reading() as conn:
        found = deliveries.get(conn, row.id)
    assert found is not None
    assert found.detail == "for joana@example.org and ana@example.organ"


# --- the commands


def entry(*more: str) -> tuple[str, ...]:
    return ("Vesna@Example.org", "--name", "Vesna", "--role", "partner", "--language", "sr-Cyrl", "--edition", "weekly", *more)


def test_a_recipient_is_added_listed_paused_and_removed_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "recipients.toml"
    path.write_text(f"# ours\r\n\r\n# Ana\r\n{ENTRY.format(name='Ana', email='ana@example.org')}# apart\r\n".replace("\r\n", "\n"), "utf-8")
    added = run("recipients", "add", *entry("--basis", "consent", "--consent-on", "2026-05-01", "--country", "RS"), "-w", tmp_path)
    assert added.code == 0, added.err
    assert path.stat().st_mode & 0o777 == 0o600
    listed = run("recipients", "list", "-w", tmp_path).out
    assert "consent, 2026-05-01" in listed
    assert run("recipients", "pause", "vesna@example.org", "--until", "2099-01-01", "-w", tmp_path).code == 0
    assert "paused until 2099-01-01" in run("recipients", "list", "-w", tmp_path).out
    assert run("recipients", "pause", "vesna@example.org", "--end", "-w", tmp_path).code == 0
    assert "paused" not in run("recipients", "list", "-w", tmp_path).out
    before = path.read_text("utf-8")
    assert run("recipients", "remove", "vesna@example.org", "-w", tmp_path).code == 0
    assert [line for line in before.splitlines() if line.startswith("#")] == ["# ours", "# Ana", "# apart"]
    assert path.read_text("utf-8").count("#") == 3
    assert [one.name for one in read_recipients(path)] == ["Ana"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "nobody", *entry()[1:]), "no mail address"),
        (("add", *entry("--country", "QQ")), "holidays"),
        (("add", *entry("--country", "US")), "several time zones"),
        (("add", *entry("--time-zone", "../../etc/passwd")), "no time zone"),
        (("add", *entry("--consent-on", "2026-05-01")), "basis"),
        (("add", *entry("--send-on", "noon")), "send_on"),
        (("add", "ana@example.org", *entry()[1:]), "already"),
        (("remove", "nobody@example.org"), "not in recipients.toml"),
        (("remove", "ana@example.org", "--edition", "monthly"), "gets no monthly edition"),
        (("pause", "ana@example.org", "--until", "2020-01-01"), "not in the future"),
        (("pause", "ana@example.org"), "--until"),
    ],
)
def test_what_cannot_be_is_refused_and_the_file_stays(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    path = tmp_path / "recipients.toml"
    path.write_text(ENTRY.format(name="Ana", email="ana@example.org"), "utf-8")
    before = path.read_bytes()
    outcome = run("recipients", *arguments, "-w", tmp_path)
    assert outcome.code == 2
    assert said in outcome.err
    assert path.read_bytes() == before


def test_who_signed_off_is_not_added_again_by_a_command(tmp_path: Path) -> None:
    ChoiceRecord(tmp_path / "outbox").add(Choice("vesna@example.org", What.STOP, "", NOW))
    outcome = run("recipients", "add", *entry(), "-w", tmp_path)
    assert outcome.code == 2
    assert "signed off" in outcome.err


def test_export_and_erase_as_commands(office: Desk, tmp_path: Path) -> None:
    target = tmp_path / "ana.json"
    assert run("recipients", "export", "ANA@example.org", "-o", target, "-w", office.folder).code == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert json.loads(target.read_text("utf-8"))["entries"][0]["name"] == "Ana"
    target.unlink()
    outcome = run("recipients", "erase", "ana@example.org", "--yes", "-o", tmp_path / "receipt.txt", "-w", office.folder)
    assert outcome.code == 0, outcome.err
    assert "erased-" in (tmp_path / "receipt.txt").read_text("utf-8")
    assert "nothing is held" in run("recipients", "export", "ana@example.org", "-o", target, "-w", office.folder).out


def test_what_a_night_said_of_an_address_is_erased_too(office: Desk) -> None:
    with office.database.writing() as conn:
        night = runs.start(conn, NOW, is_night=True)
        runs.finish(conn, night, NOW, 1, ("silent: Zëri", "letter 1 to ana@example.org was refused: 550"))
    assert len(held(office)["words"]) == 2  # type: ignore[arg-type]
    assert erase(office.folder, office.settings, office.database, ANA, AFTER).texts == 1
    with office.database.reading() as conn:
        found = runs.latest(conn)
    assert found is not None
    assert found.needs_a_person[0] == "silent: Zëri"
    assert "ana@" not in found.needs_a_person[1]


def test_a_workspace_that_never_ran_holds_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").touch()
    outcome = run("recipients", "export", "ana@example.org", "-o", tmp_path / "ana.json", "-w", tmp_path)
    assert (outcome.code, outcome.err) == (0, "")
    assert "nothing is held" in outcome.out
    assert not (tmp_path / "coverage.db").exists()
    unasked = run("recipients", "erase", "ana@example.org", "-w", tmp_path)
    assert (unasked.code, "give --yes" in unasked.err) == (2, True)
    assert "nothing was held" in run("recipients", "erase", "ana@example.org", "--yes", "-w", tmp_path).out
