"""The operator hears in the morning of what needs a person, once a day, and only then."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.alerts.test_staff import PERSON, Teller
from tests.builders import NOW
from tests.cli.running import run
from tests.newsdesk import Newsdesk
from tests.stored import deliveries_of
from tracker.alerts.notify import APPRISE
from tracker.alerts.operator import Morning, NotTold, tell_operator
from tracker.cli.schedule import notify_operator
from tracker.delivery.planning import Attempt, Result
from tracker.errors import ConfigError
from tracker.locale.said import Said
from tracker.maintenance.doctor import Check
from tracker.model import Audience, EditionKind, ReleaseFacts, Selection, Window
from tracker.model.jobs import JobState, Outcome
from tracker.pipeline.nightly import NightOptions
from tracker.scheduler.jobs import MORNING as MORNING_JOB
from tracker.settings import Schedule, Settings
from tracker.store import alerts, deliveries, digests, runs
from tracker.store.database import open_database
from tracker.store.deliveries import DeliveryState
from tracker.workspace import Parts, open_parts

MORNING = NOW.replace(hour=6, minute=30)
ZONE = "Europe/Tirane"
WELL = (Check("disk", True, "80 GB free"),)
ILL = (*WELL, Check("mail", False, "no answer in time", "see mail.*"))
OPERATOR = Schedule(operator="Me <me@example.org>")


def line(desk: Newsdesk, tell: Teller, checks: tuple[Check, ...] = WELL, at: datetime = MORNING, schedule: Schedule = OPERATOR) -> Morning:
    with open_parts(desk.folder) as parts:
        given = Parts(desk.folder, msgspec.structs.replace(parts.settings, schedule=schedule), lambda: at)
        try:
            return tell_operator(given, checks, ZONE, tell)
        finally:
            given.close()


def test_a_good_night_is_not_told(desk: Newsdesk) -> None:
    tell = Teller()
    assert line(desk, tell) == Morning((), "nothing to tell")
    assert tell.told == []


def test_what_the_doctor_found_is_told_once_a_day(desk: Newsdesk) -> None:
    tell = Teller()
    assert line(desk, tell, ILL).outcome == "told"
    assert line(desk, tell, ILL, MORNING + timedelta(hours=3)).outcome == "told already today"
    ((whom, subject, text),) = tell.told
    assert whom == OPERATOR.operator
    assert subject == "Press coverage, 2026-03-14: 1 thing needs a person"
    assert text == "- mail: no answer in time -> see mail.*\n"
    assert line(desk, tell, ILL, MORNING + timedelta(days=1)).outcome == "told"


def test_an_operator_who_is_in_the_list_is_told_in_the_own_language(desk: Newsdesk) -> None:
    own = PERSON.format(name="me", role="staff").replace('"en"', '"sr-Cyrl"')
    (desk.folder / "recipients.toml").write_text(own, "utf-8")
    edition(desk, EditionKind.WEEKLY, MORNING - timedelta(days=2))
    (desk.folder / "recipients.toml").write_text(own + PERSON.format(name="donor", role="donor"), "utf-8")
    tell = Teller()
    morning = line(desk, tell, ILL)
    ((_, subject, text),) = tell.told
    assert subject == "Објаве у медијима, 2026-03-14: 2 ствари чекају човека"
    assert "пошта – no answer in time" in text
    assert "(седмично) чека одобрење" in text
    assert "`tracker digest approve 1`" in text
    assert "mail: no answer in time -> see mail.*" in morning.lines


def test_what_a_night_stored_and_an_alert_that_failed_are_said_without_a_word_of_english(desk: Newsdesk) -> None:
    (desk.folder / "recipients.toml").write_text(PERSON.format(name="me", role="staff").replace('"en"', '"mk"'), "utf-8")
    needs = (Said("need_silent", names="Klik"), Said("need_crawl_ended", words="killed", more=Said("need_crawl_again", log="crawl.log")))
    with desk.parts.database.writing() as conn:
        night = runs.start(conn, MORNING - timedelta(hours=4), is_night=True)
        runs.finish(conn, night, MORNING - timedelta(hours=2), 1, needs)
        facts = (("worded", "headline"), ("title", "Луми"))
        raised_at = MORNING - timedelta(hours=29)
        subject = "[Rivers] In a headline: Луми"
        alerts.raise_once(conn, "rivers", "headline", "k", subject=subject, text="", raised_at=raised_at, due_at=raised_at, facts=facts)
    tell = Teller()
    english = line(desk, tell).lines
    assert english[:2] == (
        "silent, though usually speaking: Klik",
        "the crawl ended early (killed); see crawl.log, and run the night again to go on",
    )
    ((_, _, text),) = tell.told
    assert text.splitlines() == [
        "- молчат, а обично објавуваат: Klik",
        "- собирањето е прекинато; погледнете crawl.log, и пуштете ја ноќта повторно за да продолжи",
        "- известувањето '[Rivers] Во наслов: Луми' не можеше да се испрати",
    ]


def test_both_ways_are_used_where_both_are_set_and_none_is_refused(desk: Newsdesk) -> None:
    tell = Teller()
    line(desk, tell, ILL, schedule=Schedule(operator="me@example.org", apprise_url="json://127.0.0.1:9/x"))
    assert tell.whom == ["me@example.org", APPRISE]
    with pytest.raises(ConfigError, match=r"schedule\.operator"):
        line(desk, tell, ILL, schedule=Schedule())


def test_a_line_that_did_not_get_out_is_tried_again_and_a_crash_does_not_repeat_it(desk: Newsdesk) -> None:
    tell = Teller([Attempt(Result.TRY_LATER, "no answer")])
    with pytest.raises(NotTold, match="no answer"):
        line(desk, tell, ILL)
    tell.ends = [MemoryError()]
    with pytest.raises(MemoryError):
        line(desk, tell, ILL, MORNING + timedelta(minutes=10))
    line(desk, tell, ILL, MORNING + timedelta(minutes=20))
    assert tell.told == []


def test_all_that_the_night_needs_is_told(desk: Newsdesk) -> None:
    with desk.parts.database.writing() as conn:
        night = runs.start(conn, MORNING - timedelta(hours=4), is_night=True)
        runs.finish(conn, night, MORNING - timedelta(hours=2), 1, ("silent: Zëri i Lumit", "3 pages could not be read"))
        poll = runs.start(conn, MORNING - timedelta(hours=1), is_night=NightOptions(steps=frozenset({"crawl"}), only_due=True).is_night)
        runs.finish(conn, poll, MORNING - timedelta(minutes=50), 0, ())
    said = (*WELL, Check("last night", False, "silent: Zëri i Lumit (and 1 more)"))
    assert line(desk, Teller(), said).lines == ("silent: Zëri i Lumit", "3 pages could not be read")


def edition(desk: Newsdesk, kind: str, end: datetime, *, released: bool = False) -> int:
    with desk.parts.database.writing() as conn:
        made = digests.freeze(conn, "rivers", kind, Window(end - timedelta(days=7), end), made_at=end)
        for audience in (Audience.STAFF, Audience.PARTNERS) if released else (Audience.STAFF,):
            digests.release(conn, made.id, audience, Selection(), ReleaseFacts(), end)
    return made.id


def test_letters_that_may_have_arrived_and_those_refused_are_told_with_what_to_do(desk: Newsdesk) -> None:
    number = edition(desk, EditionKind.WEEKLY, MORNING - timedelta(days=3), released=True)
    with desk.parts.database.writing() as conn:
        for name, state, words in (
            ("a", DeliveryState.UNKNOWN, "lost"),
            ("b", DeliveryState.REFUSED, "550 no such user"),
            ("c", DeliveryState.SENT, ""),
        ):
            deliveries.plan(conn, number, f"{name}@example.org", "en", message_id=f"<{name}@x>", due_at=NOW)
            (row,) = (one for one in deliveries_of(conn, number) if one.recipient.startswith(name))
            deliveries.settle(conn, row.id, state, MORNING - timedelta(hours=2), words)
    unknown, refused = line(desk, Teller()).lines
    assert "a@example.org may have arrived or not: ask whether it arrived" in unknown
    assert "b@example.org was refused: 550 no such user" in refused


def test_the_newest_edition_that_waits_for_approval_is_told_and_no_older_one(desk: Newsdesk) -> None:
    edition(desk, EditionKind.WEEKLY, MORNING - timedelta(days=9))
    newest = edition(desk, EditionKind.WEEKLY, MORNING - timedelta(days=2))
    edition(desk, EditionKind.NIGHTLY, MORNING - timedelta(hours=4))
    edition(desk, EditionKind.MONTHLY, MORNING - timedelta(days=1), released=True)
    (told,) = line(desk, Teller()).lines
    assert told.startswith(f"edition {newest} (weekly) waits for approval")
    (desk.folder / "recipients.toml").write_text(PERSON.format(name="arta", role="staff"), "utf-8")
    assert line(desk, Teller(), at=MORNING + timedelta(days=1)).lines == ()


def test_an_alert_that_may_have_reached_somebody_is_told(desk: Newsdesk) -> None:
    with desk.parts.database.writing() as conn:
        alerts.raise_once(
            conn, "rivers", "headline", "u", subject="In a headline", text="", raised_at=MORNING - timedelta(hours=5), due_at=NOW
        )
        (raised,) = alerts.since(conn, NOW - timedelta(days=1))
        alerts.note(conn, [raised.id], "arta@example.org", alerts.Notified.SENDING)
    (told,) = line(desk, Teller()).lines
    assert "may have reached arta@example.org or not" in told


@pytest.mark.parametrize("spoil", ["damaged", "newer"])
def test_a_database_that_cannot_be_used_and_a_broken_campaign_are_told_once_a_day_too(tmp_path: Path, spoil: str) -> None:
    (tmp_path / "tracker.toml").write_text('[schedule]\noperator = "me@example.org"\n', "utf-8")
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "rivers.toml").write_text("id = ", "utf-8")
    open_database(tmp_path).close()
    path = tmp_path / "coverage.db"
    if spoil == "damaged":
        path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000)
    else:
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.execute("UPDATE alembic_version SET version_num = '9999'")
    outcome = run("doctor", "--tell", "--workspace", tmp_path)
    assert outcome.code == 1, outcome.err
    assert "operator: told already today" in run("doctor", "--tell", "--workspace", tmp_path).out
    (letter,) = (message_from_bytes(one.read_bytes(), policy=default) for one in (tmp_path / "outbox").glob("*.eml"))
    text = letter.get_content()
    assert "campaigns: " in text
    assert "rivers.toml:1" in text
    assert ("damaged" in text or "malformed" in text) if spoil == "damaged" else "newer version" in text


def test_a_line_without_a_ledger_that_did_not_get_out_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "coverage.db").write_bytes(b"not a database" * 500)
    tell = Teller([Attempt(Result.TRY_LATER, "no answer")])
    parts = Parts(tmp_path, Settings(schedule=OPERATOR), lambda: MORNING)
    with pytest.raises(NotTold, match="no answer"):
        tell_operator(parts, ILL, ZONE, tell)
    assert tell_operator(parts, ILL, ZONE, tell).outcome == "told"
    assert tell_operator(parts, ILL, ZONE, tell).outcome == "told already today"
    assert len(tell.told) == 1


def test_the_command_writes_a_letter_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text(
        '[schedule]\noperator = "me@example.org"\n[digest]\nformats = []\n[mail]\npassword = "x"\n', "utf-8"
    )
    (tmp_path / "tracker.toml").chmod(0o644)
    outcome = run("doctor", "--tell", "--workspace", tmp_path)
    assert outcome.code == 1
    assert "operator: told" in outcome.out
    assert "chmod 600" in next((tmp_path / "outbox").glob("*.eml")).read_text("utf-8").replace("=\n", "")
    assert "operator: told already today" in run("doctor", "--tell", "--workspace", tmp_path).out


def test_a_morning_job_that_fails_again_and_again_is_told_by_the_scheduler_once_a_day(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text('schedule.operator = "me@example.org"\n', "utf-8")
    (tmp_path / "coverage.db").write_bytes(b"no database" * 1000)
    failed = JobState(MORNING_JOB, NOW, failures=3, outcome=Outcome.FAILED, detail="the disk is full")

    def letters() -> list[str]:
        return [path.read_bytes().decode() for path in (tmp_path / "outbox").glob("*.eml")]

    for state in (replace(failed, failures=2), replace(failed, name="prune"), replace(failed, outcome=Outcome.BUSY)):
        notify_operator(tmp_path, state, ZONE)
    assert letters() == []
    notify_operator(tmp_path, failed, ZONE)
    notify_operator(tmp_path, replace(failed, failures=4), ZONE)
    (letter,) = letters()
    assert "has failed 3 times in a row: the disk is full" in " ".join(letter.replace("=\r\n", "").replace("=\n", "").split())
