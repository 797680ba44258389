from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Precision
from tracker.text.dates import parse_moment, zone_of

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def read(text: str, zone: str = "Europe/Belgrade", now: datetime = NOW) -> str | None:
    found = parse_moment(text, zone=zone, now=now)
    return found and found.iso()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T08:00:00Z", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23 08:00", "2026-11-23T08:00:00+01:00"),
        ("2026-07-23T08:00:00", "2026-07-23T08:00:00+02:00"),
        ("2026-11-23T08:00:00.123456789+01:00", "2026-11-23T08:00:00+01:00"),
        ("20261123T080000Z", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T24:00:00Z", "2026-11-24T00:00:00+00:00"),
        ("2026-11-23", "2026-11-23"),
        ("Mon, 23 Nov 2026 08:00:00 +0100", "2026-11-23T08:00:00+01:00"),
        ("Mon, 23 Nov 26 8:00 EST", "2026-11-23T08:00:00-05:00"),
        ("Mon, 23 Nov 2026 08:00:00 GMT+2", "2026-11-23T08:00:00+02:00"),
        ("23.11.2026 08:00", "2026-11-23T08:00:00+01:00"),
        ("23. 11. 2026. u 08:00", "2026-11-23T08:00:00+01:00"),
        ("23/11/2026", "2026-11-23"),
        ("05/06/2026", "2026-06-05"),
        ("11/23/2026", "2026-11-23"),
        ("Pon, 23 Stu 2026", "2026-11-23"),
        ("Pon, 23 Stu 2026 08:00:00 +0100", "2026-11-23T08:00:00+01:00"),
        ("23. studenoga 2026. u 8:00", "2026-11-23T08:00:00+01:00"),
        ("22. juna 2026.", "2026-06-22"),
        ("понедељак, 22. јун 2026. 08.15", "2026-06-22T08:15:00+02:00"),
        ("1. децембар 2026.", "2026-12-01"),
        ("13 gusht 2026", "2026-08-13"),
        ("e hënë, 13 Korrik 2026 - 14:05", "2026-07-13T14:05:00+02:00"),
        ("E mërkurë, 5 Nëntor 2026, ora 14:00", "2026-11-05T14:00:00+01:00"),
        ("15 април 2026", "2026-04-15"),
        ("Објавено: 5 ноември 2026 во 14:00 часот", "2026-11-05T14:00:00+01:00"),
        ("November 23, 2026 8:05 PM", "2026-11-23T20:05:00+01:00"),
        ("2026. november 23., 10:00", "2026-11-23T10:00:00+01:00"),
        ("23. novembra u 08:00", "2026-11-23T08:00:00+01:00"),
        ("24. decembra", "2025-12-24"),
        ("prije 2 sata", "2026-12-01T11:00:00+01:00"),
        ("para 3 orësh", "2026-12-01T10:00:00+01:00"),
        ("пред 2 часа", "2026-12-01T11:00:00+01:00"),
        ("пре 5 минута", "2026-12-01T12:55:00+01:00"),
        ("prije jedan dan", "2026-11-30"),
        ("2 hours ago", "2026-12-01T11:00:00+01:00"),
        ("juče u 14:30", "2026-11-30T14:30:00+01:00"),
        ("sot, 09:15", "2026-12-01T09:15:00+01:00"),
        ("вчера", "2026-11-30"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage 99",
        "0000-00-00",
        "31.02.2026",
        "2030-01-01",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1989-12-31",
        "x" * 5000,
        "\0",
        "²³.¹¹.2026",
    ],
)
def test_what_is_no_believable_date_is_none(text: str) -> None:
    assert read(text) is None


def test_an_unknown_zone_counts_as_utc() -> None:
    assert read("23.11.2026 08:00", zone="Europe/Pristina") == "2026-11-23T08:00:00+00:00"


def test_tomorrow_is_believed_and_the_day_after_is_not() -> None:
    assert read((NOW + timedelta(hours=23)).isoformat()) is not None
    assert read((NOW + timedelta(hours=25)).isoformat()) is None


def test_a_day_without_a_time_stays_a_day() -> None:
    found = parse_moment("23.11.2026.", zone="Europe/Skopje", now=NOW)
    assert found is not None
    assert found.precision is Precision.DAY


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2026, 11, 30)),  # noqa: DTZ001 - a zone is added below
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_iso_moments_come_back_with_their_own_offset(at: datetime, zone: timezone) -> None:
    at = at.replace(microsecond=0, tzinfo=zone)
    found = parse_moment(at.isoformat(), zone="Europe/Belgrade", now=NOW)
    assert found is not None
    assert (found.at, found.at.utcoffset()) == (at, at.utcoffset())


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read(text)


@given(st.text(alphabet="0123456789.:-/ TZ+", max_size=40))
def test_any_digits_are_read_without_an_error(text: str) -> None:
    read(text)


def test_every_month_name_of_the_region_is_known_alone_and_in_a_date(corpus: Path) -> None:
    rows = [line.split("\t") for line in (corpus / "names" / "cldr-names.tsv").read_text("utf-8").splitlines()]
    languages = [name for name in rows[0][2:] if name not in ("bg", "sl")]
    unread = []
    for kind, code, *names in rows[1:]:
        if kind.startswith("month"):
            for language, name in zip(rows[0][2:], names, strict=False):
                expected = date(2025, int(code), 14).isoformat()
                if language in languages and name and read(f"14. {name} 2025.") != expected:
                    unread.append((language, name, read(f"14. {name} 2025.")))
    assert unread == []


def test_every_country_of_the_register_has_a_zone() -> None:
    assert {country: zone_of(country) for country in ("AL", "BA", "XK", "ME", "MK", "RS", "XB")} == {
        "AL": "Europe/Tirane",
        "BA": "Europe/Sarajevo",
        "XK": "Europe/Belgrade",
        "ME": "Europe/Podgorica",
        "MK": "Europe/Skopje",
        "RS": "Europe/Belgrade",
        "XB": "Europe/Belgrade",
    }
