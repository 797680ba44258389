"""Letters come on working days and by day where their reader is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from tests.delivery.letters import a_recipient, a_released_edition
from tests.mailing import AFTER, Desk, some
from tracker.delivery.calendar import NIGHT_FROM, NIGHT_TO, after_night, fitting, is_holiday, read_zone
from tracker.delivery.choices import Choice, ChoiceRecord, What, wishes_of, with_wishes
from tracker.delivery.planning import plan_letters
from tracker.model import EditionKind

NEW_YEAR = datetime(2026, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "country", "on_holidays", "comes"),
    [
        (NEW_YEAR, "Europe/Belgrade", "XK", "wait", "2026-01-05 09:00"),  # the second is one too, then comes a weekend
        (NEW_YEAR, "Europe/Belgrade", "XK", "send", "2026-01-01 09:00"),
        (NEW_YEAR, "Europe/Belgrade", "", "wait", "2026-01-01 09:00"),
        (datetime(2026, 1, 7, 8, tzinfo=UTC), "Europe/Skopje", "MK", "wait", "2026-01-08 09:00"),
        (
            datetime(2026, 3, 14, 8, tzinfo=UTC),
            "Europe/Tirane",
            "AL",
            "wait",
            "2026-03-17 09:00",
        ),  # Summer Day is a Saturday, and Monday is free for it
        (datetime(2026, 3, 21, 8, tzinfo=UTC), "Europe/Belgrade", "RS", "wait", "2026-03-21 09:00"),  # a Saturday that was asked for
        (datetime(2026, 3, 16, 23, tzinfo=UTC), "Europe/Belgrade", "RS", "wait", "2026-03-17 06:00"),
        (datetime(2026, 3, 16, 8, tzinfo=UTC), "America/New_York", "", "wait", "2026-03-16 06:00"),
        (
            datetime(2026, 2, 14, 22, tzinfo=UTC),
            "Europe/Belgrade",
            "RS",
            "wait",
            "2026-02-18 06:00",
        ),  # a night that ends on the first of three
    ],
)
def test_when_a_letter_comes(at: datetime, zone: str, country: str, on_holidays: str, comes: str) -> None:
    assert f"{fitting(at, zone, country, on_holidays=on_holidays).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == comes


@given(
    at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - made aware below
    zone=st.sampled_from(["Europe/Tirane", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"]),
    country=st.sampled_from(["", "AL", "BA", "ME", "MK", "RS", "XK"]),
)
def test_no_letter_comes_at_night_or_earlier_or_on_a_holiday_and_none_is_put_off_for_long(at: datetime, zone: str, country: str) -> None:
    wanted = at.replace(tzinfo=UTC)
    comes = fitting(wanted, zone, country)
    local = comes.astimezone(ZoneInfo(zone))
    assert wanted <= comes <= wanted + timedelta(days=14)
    assert NIGHT_TO <= local.time() < NIGHT_FROM
    assert not country or not is_holiday(local.date(), country)
    assert fitting(comes, zone, country) == comes


def test_nothing_is_put_off_for_somebody_whose_place_is_unknown() -> None:
    midnight = datetime.combine(date(2026, 1, 1), time(0), UTC)
    assert fitting(midnight, "") == after_night(midnight, "") == midnight


@pytest.mark.parametrize(("country", "zone"), [("XK", "Europe/Belgrade"), ("AL", "Europe/Tirane"), ("DE", "Europe/Berlin"), ("", "")])
def test_a_country_with_one_zone_needs_no_other_word(country: str, zone: str) -> None:
    assert read_zone("", country) == zone


def test_a_weekly_edition_waits_for_the_working_day_and_a_report_that_was_asked_for_does_not() -> None:
    reader = a_recipient(country="AL", time_zone="Europe/Tirane")
    end = datetime(2026, 4, 4, 22, tzinfo=UTC)  # Easter Monday follows
    (letter,) = plan_letters([a_released_edition(end_at=end)], [reader], end + timedelta(hours=1))
    assert letter.due_at.date() == date(2026, 4, 7)
    report = a_released_edition(end_at=datetime(2026, 4, 6, 9, tzinfo=UTC), kind=EditionKind.REPORT)
    (letter,) = plan_letters([report], [reader], report.released_at, asked_id=report.edition_id)
    assert letter.due_at == report.released_at


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    opened = Desk(tmp_path_factory.mktemp("desk"))
    yield opened
    opened.database.close()


def test_a_letter_that_is_due_at_night_waits_for_its_readers_morning_and_the_others_go(desk: Desk) -> None:
    desk.recipients = [*some("ana", time_zone="America/New_York"), *some("bora")]
    desk.edition()
    desk.now = AFTER.replace(hour=8)  # four in the morning in New York
    assert dict(desk.send().step.outcomes) == {"written to a file": 1, "waits for the recipient's morning": 1}
    assert desk.states() == {"ana": "due", "bora": "sent"}
    assert dict(desk.send(after=timedelta(hours=3)).step.outcomes) == {"written to a file": 1}


def test_who_signs_off_after_the_letter_was_planned_gets_it_no_more(desk: Desk) -> None:
    desk.recipients = some("ana", "bora")
    desk.edition()
    desk.now = NOW + timedelta(hours=1)
    desk.send()
    record = ChoiceRecord(desk.outbox)
    record.add(Choice("ana@example.org", What.STOP, "", desk.now), Choice("bora@example.org", What.LANGUAGE, "mk", desk.now))
    desk.recipients = with_wishes(some("ana", "bora"), wishes_of(record.every()))
    assert dict(desk.send(after=timedelta(days=3)).step.outcomes) == {"wants no letters": 1, "written to a file": 1}
    assert desk.states() == {"ana": "cancelled", "bora": "sent"}
    assert [language for _, _, language, _, _ in desk.composed] == ["mk"]


def test_a_torn_or_foreign_line_of_the_choices_takes_nothing_from_the_others(desk: Desk) -> None:
    record = ChoiceRecord(desk.outbox)
    record.add(Choice("ana@example.org", What.STOP, "", NOW))
    with record.path.open("ab") as file:
        file.write(b'{"who": "bora@example.org", "what": "language", "value": "de", "at": "2026-03-14T00:00:00+00:00"}\nnull\n{"who": "b')
    record.add(Choice("bora@example.org", What.PAUSE, "2026-05-01", NOW))
    assert [(one.who, one.what) for one in record.every()] == [("ana@example.org", What.STOP), ("bora@example.org", What.PAUSE)]
    assert record.path.stat().st_mode & 0o777 == 0o600
