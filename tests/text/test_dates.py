from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import Precision
from tracker.text.dates import DateLabel, parse_moment, parse_stated, zone_of

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
        ("23.11.2026. 08:00h", "2026-11-23T08:00:00+01:00"),
        ("23.11.26, 8:05h", "2026-11-23T08:05:00+01:00"),
        ("23 новембар, понедељак, 2020", "2020-11-23"),
        ("lunes, 4 de mayo de 2020", "2020-05-04"),
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
        ("2026-07-20T10:00:00 Europe/Skopje", "2026-07-20T10:00:00+02:00"),
        ("2026-07-20T10:00:00[America/New_York]", "2026-07-20T10:00:00-04:00"),
        ("2026-07-20T10:00:00+02:00[Europe/Sarajevo]", "2026-07-20T10:00:00+02:00"),
        ("Fri, 20 Nov 2026 10:00:00 Europe/London", "2026-11-20T10:00:00+00:00"),
        ("20.11.2026. 10:00 (Europe/Podgorica)", "2026-11-20T10:00:00+01:00"),
        ("Fri, 20 Nov 2026 10:00:00 Nowhere/Land", "2026-11-20T10:00:00+01:00"),
        ("20. 11. '26", "2026-11-20"),
        ("20.11.’26. u 14:05", "2026-11-20T14:05:00+01:00"),
        ("20. novembar '26", "2026-11-20"),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Përditësuar 24.12.2024 18:00 | Publikuar 21.12.2024 10:00", "2024-12-21T10:00:00+01:00"),
        ("Publikuar 21.12.2024 10:00 | Përditësuar 24.12.2024 18:00", "2024-12-21T10:00:00+01:00"),
        ("21.12.2024, izmenjeno 24.12", "2024-12-21"),
        ("21.12.2024, izmenjeno 23.12", "2024-12-21"),
        ("21.12.2024. 10:00, izmijenjeno 23.12. u 08:15", "2024-12-21T10:00:00+01:00"),
        ("11/5/2026 10:00:00 AM", "2026-11-05T10:00:00+01:00"),
        ("5/11/2026 10:00", "2026-11-05T10:00:00+01:00"),
        ("Sat Dec 21 10:30:00 CET 2024", "2024-12-21T10:30:00+01:00"),
        ("Sat Dec 21 10:30:00 2024", "2024-12-21T10:30:00+01:00"),
        ("Sat Dec  7 10:30:00 2024", "2024-12-07T10:30:00+01:00"),
        ("Sat Dec 21 10:30:00 +0200 2024", "2024-12-21T10:30:00+02:00"),
        ("Sat Dec 21 10:30:00 UTC 2024", "2024-12-21T10:30:00+00:00"),
        ("sub 21. pro 10:30:00 2024", "2024-12-21T10:30:00+01:00"),
        ("Sat Dec 21 2024 10:30:00 GMT+0100 (Central European Standard Time)", "2024-12-21T10:30:00+01:00"),
        ("Ажурирано: 24.12.2024. 18:00 | Објављено: 21.12.2024. 10:00", "2024-12-21T10:00:00+01:00"),
        ("Објавено: 21 декември 2024 во 10:00 | Последна измена: 24 декември 2024 18:00", "2024-12-21T10:00:00+01:00"),
        ("Updated: December 24, 2024 6:00 PM | Published: December 21, 2024 10:00 AM", "2024-12-21T10:00:00+01:00"),
        ("Posodobljeno 24. 12. 2024 ob 18:00, objavljeno 21. 12. 2024 ob 10:00", "2024-12-21T10:00:00+01:00"),
        ("Обновена 24 декември 2024, публикувана 21 декември 2024", "2024-12-21"),
        ("24.12.2024 18:00 (ažurirano), 21.12.2024 10:00 (objavljeno)", "2024-12-21T10:00:00+01:00"),
        ("24.12.2024 (ažurirano)", "2024-12-24"),
        ("10:00 21.12.2024 | 18:00 24.12.2024", "2024-12-21T10:00:00+01:00"),
        ("10.30 - 21.12.2024", "2024-12-21T10:30:00+01:00"),
        ("Objavljeno prije 2 sata", "2026-12-01T11:00:00+01:00"),
        ("21.12.2024 - 24.12.2024", "2024-12-21"),
        ("Dec 21, 2024 at 10am", "2024-12-21T10:00:00+01:00"),
        ("12/21/2024 10:00 PM", "2024-12-21T22:00:00+01:00"),
        ("21/12/2024 10:00 PM", "2024-12-21T22:00:00+01:00"),
        ("5.11.2026 10:00 PM", "2026-11-05T22:00:00+01:00"),
        ("Publikuar më: 21/12/2024 ora 10:00, ndryshuar: 24/12/2024", "2024-12-21T10:00:00+01:00"),
        ("21. 12. 2024. 10:00 > 24. 12. 2024. 18:00", "2024-12-21T10:00:00+01:00"),
        ("2024-12-21 10:00 | Updated 2024-12-24 18:00", "2024-12-21T10:00:00+01:00"),
        ("Last updated on 24 December 2024 at 18:00. First published on 21 December 2024", "2024-12-21"),
        ("21.12.24 10:00", "2024-12-21T10:00:00+01:00"),
        ("21.12.24 / 10:00", "2024-12-21T10:00:00+01:00"),
        ("12:54, 21. decembar 2024.", "2024-12-21T12:54:00+01:00"),
        ("12:54 > 21. decembar 2024. > izmena 13:20 > 22. decembar 2024.", "2024-12-21T12:54:00+01:00"),
    ],
)
def test_of_several_dates_the_one_of_publication_counts_and_keeps_its_own_clock(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Përditësuar 24.12.2024 18:00", DateLabel.UPDATE),
        ("Ажурирано пре 2 сата", DateLabel.UPDATE),
        ("Updated Dec 24, 2024", DateLabel.UPDATE),
        ("Objavljeno 24.12.2024", DateLabel.PUBLICATION),
        ("24.12.2024", DateLabel.NONE),
        ("2024-12-24", DateLabel.NONE),
    ],
)
def test_a_date_alone_comes_with_its_label(text: str, label: DateLabel) -> None:
    found = parse_stated(text, zone="Europe/Belgrade", now=NOW)
    assert found is not None
    assert found.label is label


@pytest.mark.parametrize(
    "update", ["Përditësuar", "Ažurirano", "Izmenjeno", "Ажурирано", "Изменето", "Updated", "Posodobljeno", "Обновена"]
)
@pytest.mark.parametrize("publication", ["Publikuar", "Objavljeno", "Објављено", "Објавено", "Published", "Публикувана"])
@pytest.mark.parametrize(
    "pattern", ["{u} {d2} 18:00 | {p} {d1} 10:00", "{p} {d1} 10:00 | {u} {d2} 18:00", "{d1} 10:00 ({p}), {d2} 18:00 ({u})"]
)
@given(st.dates(date(2020, 1, 1), date(2025, 1, 1)), st.integers(0, 400))
@settings(max_examples=5)
def test_label_language_and_order_do_not_matter(update: str, publication: str, pattern: str, day: date, later: int) -> None:
    days = {"d1": f"{day:%d.%m.%Y}", "d2": f"{day + timedelta(days=later):%d.%m.%Y}"}
    assert (read(pattern.format(u=update, p=publication, **days)) or "")[:16] == f"{day.isoformat()}T10:00"


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
