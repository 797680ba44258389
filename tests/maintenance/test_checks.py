"""The doctor's look at mail, outbox, PDF, register, scheduler and jobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.builders import a_poll, a_source, an_outlet, some_facts
from tests.conftest import lacking
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tracker.digests.forms import pdf
from tracker.maintenance import checks
from tracker.maintenance.checks import Check
from tracker.model import FetchOutcome
from tracker.model.jobs import JobState, Outcome
from tracker.settings import Digest, Mail, Settings
from tracker.store import jobs, registers, runs
from tracker.store.database import Database, open_database
from tracker.store.lock import ScheduleLock

TODAY = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
OURS = Digest(sender="Press <press@example.org>")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path)
    yield opened
    opened.close()


def mail(server: MailServerOnLoopback, **given: object) -> Settings:
    named = {"host": "127.0.0.1", "port": server.port, "security": "none", "timeout_seconds": 2.0} | given
    return Settings(mail=Mail(**named), digest=OURS)  # type: ignore[arg-type]


def test_a_mail_server_that_answers_is_well_and_gets_no_letter(tmp_path: Path) -> None:
    with MailServerOnLoopback() as server:
        (check,) = checks.check_mail(tmp_path, mail(server))
    assert check.well
    assert server.letters == []
    assert "MAIL" not in server.seen


@pytest.mark.parametrize(
    "order", [Order("CONNECT", reply="554 no"), Order("EHLO", drop=True), Order("EHLO", hang_seconds=3)], ids=["no", "drops", "hangs"]
)
def test_a_mail_server_that_takes_nothing_is_found(tmp_path: Path, order: Order) -> None:
    with MailServerOnLoopback(orders=[replace(order, times=9)]) as server:
        (check,) = checks.check_mail(tmp_path, mail(server, timeout_seconds=0.5))
    assert not check.well
    assert check.finding


def test_a_mail_server_that_is_not_there_or_lacks_encryption_is_found_and_none_is_no_fault(tmp_path: Path) -> None:
    with MailServerOnLoopback() as server:
        (check,) = checks.check_mail(tmp_path, mail(server, security="starttls"))
    assert not check.well
    (check,) = checks.check_mail(tmp_path, mail(server))
    assert not check.well
    assert [*checks.check_mail(tmp_path, Settings())] == []
    (check,) = checks.check_mail(tmp_path, msgspec.structs.replace(mail(server), digest=Digest()))
    assert "digest.sender" in check.finding


def test_a_bad_list_of_recipients_is_found(tmp_path: Path) -> None:
    assert [*checks.check_recipients(tmp_path)] == []
    (tmp_path / "recipients.toml").write_text("[[recipients]]\nname = 3\n", "utf-8")
    (check,) = checks.check_recipients(tmp_path)
    assert "recipients.toml:" in check.finding
    assert not check.well


def test_an_outbox_that_is_no_folder_is_found_and_nothing_is_left_in_one_that_is(tmp_path: Path) -> None:
    assert checks.check_outbox(tmp_path).well
    assert [*tmp_path.iterdir()] == []
    (tmp_path / "outbox").write_text("", "utf-8")
    assert not checks.check_outbox(tmp_path).well


def test_pdf_is_looked_at_where_somebody_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Settings(digest=Digest(formats=("pdf",)))
    assert [*checks.check_pdf(tmp_path, Settings())] == []

    def missing(page: str) -> bytes:
        raise pdf.MissingLibraries("PDF is left out: the system packages are not installed")

    monkeypatch.setattr(pdf, "render_pdf", missing)
    (check,) = checks.check_pdf(tmp_path, wanted)
    assert not check.well
    monkeypatch.setattr(pdf, "render_pdf", lambda page: b"%PDF without any font" + page.encode())
    (check,) = checks.check_pdf(tmp_path, wanted)
    assert "no font" in check.finding
    monkeypatch.setattr(pdf, "render_pdf", lambda page: b"%PDF" + bytes(1000 * len(page)))
    (check,) = checks.check_pdf(tmp_path, wanted)
    assert check.well


def test_a_machine_that_can_make_pdf_is_well(tmp_path: Path) -> None:
    try:
        pdf.render_pdf("")
    except pdf.MissingLibraries:
        lacking("pango (Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)")
    (check,) = checks.check_pdf(tmp_path, Settings(digest=Digest(formats=("pdf",))))
    assert check.well, check.finding


def test_a_register_of_which_much_has_not_answered_for_a_month_is_found(database: Database) -> None:
    long_ago = TODAY - timedelta(days=90)
    sources = [a_source(f"zeri-i-lumit:feed:{number}") for number in range(1, 5)]
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], sources, long_ago)
        for number, source in enumerate(sources):
            at = TODAY - timedelta(days=1) if number else long_ago
            registers.record_poll(conn, None, a_poll(source_id=source.id, facts=some_facts(fetched_at=at)))
        assert checks.check_register(conn, TODAY) == Check("register", True, "4 sources, 1 without an answer for 30 days")
        failed = some_facts(FetchOutcome.NOT_FOUND, status=404, fetched_at=TODAY)
        registers.record_poll(conn, None, a_poll(source_id=sources[1].id, facts=failed))
        later = TODAY + timedelta(days=40)
        assert not checks.check_register(conn, later).well


def test_a_register_that_lost_outlets_lately_is_found_for_two_weeks(database: Database) -> None:
    names = [f"outlet-{number}" for number in range(10)]
    outlets = [an_outlet(name, homepage=f"https://{name}.example/") for name in names]
    sources = [a_source(f"{name}:feed:1", outlet_id=name) for name in names]
    with database.writing() as conn:
        registers.replace(conn, outlets, sources, TODAY)
        assert checks.check_register(conn, TODAY).well
        registers.replace(conn, outlets[:8], sources[:8], TODAY)
        check = checks.check_register(conn, TODAY)
        assert (check.well, check.finding) == (False, "8 sources; 2 outlets watched lately and not now: outlet-8, outlet-9")
        assert checks.check_register(conn, TODAY + timedelta(days=15)).well
        registers.replace(conn, [], [], TODAY)
        assert "0 sources; 10 outlets" in checks.check_register(conn, TODAY).finding


def test_outlets_that_only_got_another_id_are_not_lost(database: Database) -> None:
    with database.writing() as conn:
        registers.replace(conn, [an_outlet("a", homepage="https://a.example/")], [a_source("a:feed:1", outlet_id="a")], TODAY)
        registers.replace(conn, [an_outlet("b", homepage="http://www.a.example")], [a_source("b:feed:1", outlet_id="b")], TODAY)
        assert checks.check_register(conn, TODAY).well


def schedule_of(database: Database, tmp_path: Path, *states: JobState, now: datetime = TODAY) -> dict[str, Check]:
    with database.writing() as conn:
        for state in states:
            jobs.save(conn, state)
    with database.reading() as conn:
        return {check.name: check for check in checks.check_schedule(tmp_path, conn, now)}


def test_a_scheduler_that_was_never_started_is_no_fault_and_one_that_ended_is(database: Database, tmp_path: Path) -> None:
    assert schedule_of(database, tmp_path) == {}
    done = JobState("poll", TODAY, TODAY, TODAY, 0, outcome=Outcome.DONE, succeeded_at=TODAY)
    assert schedule_of(database, tmp_path, done)["scheduler"].well
    later = TODAY + timedelta(hours=3)
    found = schedule_of(database, tmp_path, now=later)
    assert not found["scheduler"].well
    assert "2026-12-01 06:00" in found["scheduler"].finding
    with ScheduleLock(tmp_path).acquire():
        assert schedule_of(database, tmp_path, now=later)["scheduler"].finding == "at work"


def test_jobs_that_failed_or_wait_for_ever_are_found(database: Database, tmp_path: Path) -> None:
    failed = JobState("nightly", TODAY, TODAY, TODAY, 3, 2, "the disk is full", Outcome.FAILED)
    kept_away = JobState("weekly", TODAY, TODAY, TODAY, 3, 1, "another run is at work here", Outcome.BUSY)
    busy = "another run is at work here (process 7)"
    waits = JobState("poll", TODAY, TODAY, TODAY, 3, 0, busy, Outcome.BUSY, busy_since_at=TODAY - timedelta(days=2))
    well = JobState("send", TODAY, TODAY, TODAY, 1, 0, "", Outcome.NEEDS_A_PERSON, TODAY)
    found = schedule_of(database, tmp_path, failed, waits, well, kept_away)
    assert found.keys() == {"scheduler", "job nightly", "job poll", "job weekly"}
    assert "failed, 2 times in a row: the disk is full" in found["job nightly"].finding
    assert "process 7" in found["job poll"].finding
    assert found["job weekly"].finding.startswith("failed: ")


def test_a_clock_behind_the_database_is_found(database: Database) -> None:
    with database.writing() as conn:
        runs.start(conn, TODAY)
    assert [*checks.check_clock({}, TODAY, TODAY + timedelta(hours=1))] == []
    assert [*checks.check_clock({}, TODAY, TODAY - timedelta(minutes=5))] == []
    (check,) = checks.check_clock({}, TODAY, TODAY - timedelta(days=1))
    assert "which is not yet" in check.finding


def test_a_jobs_outcome_that_this_version_does_not_know_counts_as_a_failure(tmp_path: Path, database: Database) -> None:
    with database.writing() as conn:
        jobs.save(conn, JobState("poll", TODAY, failures=2, outcome="a word of another version", detail="x"))
        found = {check.name: check for check in checks.check_schedule(tmp_path, conn, TODAY)}
    assert not found["job poll"].well
    assert [Outcome.read(str(one)) for one in Outcome] == list(Outcome)
