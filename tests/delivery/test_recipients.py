"""recipients.toml, and the day and hour it names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker.delivery.addresses import read_address
from tracker.delivery.recipients import BODIES, Recipient, Role, SendOn, due_at, read_recipients, read_send_on
from tracker.errors import ConfigError
from tracker.model import Audience, EditionKind, Window

TIRANE = ZoneInfo("Europe/Tirane")
ANA = """[[recipients]]
name = "Ana Lumi"
email = "Ana@Example.org"
role = "partner"
language = "sq"
countries = ["AL", "XK"]
edition = "weekly"
send_on = "monday 09:00"
formats = ["html", "pdf", "xlsx"]
"""


def read(folder: Path, text: str) -> tuple[Recipient, ...]:
    (folder / "recipients.toml").write_text(text, "utf-8")
    return read_recipients(folder / "recipients.toml")


def test_a_recipient_comes_with_everything_the_file_says(tmp_path: Path) -> None:
    (ana,) = read(tmp_path, ANA)
    assert (ana.name, str(ana.address), ana.address.key, ana.role) == ("Ana Lumi", "Ana@example.org", "ana@example.org", Role.PARTNER)
    assert (ana.language, ana.countries, ana.edition, ana.documents) == ("sq", ("AL", "XK"), EditionKind.WEEKLY, ("pdf", "xlsx"))
    assert ana.send_on == read_send_on("Monday  9:00", EditionKind.WEEKLY)


def test_what_may_be_left_out_has_sensible_defaults(tmp_path: Path) -> None:
    (ana,) = read(tmp_path, '[[recipients]]\nname = "A"\nemail = "a@example.org"\nrole = "donor"\nlanguage = "mk"\nedition = "monthly"\n')
    assert (ana.countries, ana.campaigns, ana.formats, ana.role.audience) == ((), (), BODIES, Audience.PARTNERS)
    assert ana.send_on == read_send_on("1 09:00", EditionKind.MONTHLY)
    assert Role.STAFF.audience is Audience.STAFF


def test_an_empty_file_has_nobody_in_it(tmp_path: Path) -> None:
    assert read(tmp_path, "# nobody yet\n") == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("Ana@Example.org", "ana", "3:1", "name@example.org"),
        ("Ana@Example.org", "ana@example.org\\nBcc: b@example.org", "3:1", "mail address"),
        ("Ana@Example.org", "a b@example.org", "3:1", "before the @"),
        ("Ana@Example.org", "ana@example", "3:1", "ending"),
        ("Ana@Example.org", "ana@exa mple.org", "3:1", "no domain"),
        ("Ana@Example.org", "\u0430na@example.org", "3:1", "Latin and Cyrillic letters"),
        ("Ana@Example.org", "ana@ex\u0430mple.org", "3:1", "Latin and Cyrillic letters"),
        ('"partner"', '"boss"', "4:1", "partner, staff, donor"),
        ('"sq"', '"sr"', "5:1", "sr-Latn"),
        ('"XK"', '"KS"', "6:20", "known are AL"),
        ('"XK"', '"AL"', "6:20", "twice"),
        ('"weekly"', '"daily"', "7:1", "nightly, weekly, monthly, quarterly"),
        ("monday 09:00", "moonday 09:00", "8:1", "a weekday and an hour"),
        ("monday 09:00", "09:00", "8:1", "a weekday and an hour"),
        ("monday 09:00", "monday 24:00", "8:1", "a weekday and an hour"),
        ('"xlsx"', '"odt"', "9:27", "known are html"),
        ("countries", "contries", "6:1", "unknown key"),
        ('name = "Ana Lumi"', 'name = ""', "2:1", "not empty"),
        ('name = "Ana Lumi"', 'name = "Ana\\u202eLumi"', "2:1", "cannot be printed"),
        ("[[recipients]]", "[recipients]", "1:2", "[[recipients]]"),
        ("[[recipients]]", "[[recipient]]", "1:3", "unknown key 'recipient'"),
    ],
)
def test_a_mistake_is_refused_with_its_place(tmp_path: Path, old: str, new: str, place: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, ANA.replace(old, new, 1))
    assert f"recipients.toml:{place}:" in str(caught.value)
    assert words in str(caught.value)


def test_an_address_stands_once_for_an_edition_and_has_one_role(tmp_path: Path) -> None:
    again = ANA.replace("Ana@Example.org", "ana@EXAMPLE.ORG")
    with pytest.raises(ConfigError, match=r"12:1: ana@example\.org gets the weekly edition already"):
        read(tmp_path, ANA + again)
    monthly = again.replace("weekly", "monthly").replace("monday 09:00", "5 09:00")
    assert len(read(tmp_path, ANA + monthly)) == 2
    with pytest.raises(ConfigError, match=r"13:1: .* one address has one role"):
        read(tmp_path, ANA + monthly.replace("partner", "staff"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("мира@пошта.example", "мира@xn--80a1acn3a.example"),
        ("info@Štampa.example", "info@xn--tampa-udb.example"),
        ("a.b+c@x.example", "a.b+c@x.example"),
    ],
)
def test_an_address_with_letters_beyond_ascii_is_one(text: str, shown: str) -> None:
    assert str(read_address(text)) == shown


def test_the_same_mailbox_has_the_same_key_however_it_is_written() -> None:
    assert read_address("Ана@ПОШТА.example").key == read_address(" ана@xn--80a1acn3a.EXAMPLE ").key


# --- when


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIRANE).astimezone(UTC)


def due(kind: EditionKind, send_on: str, end: str, released: str = "") -> str:
    window = Window(moment(end) - timedelta(days=1), moment(end))
    at = due_at(read_send_on(send_on, kind), kind, window, moment(released or end), "Europe/Tirane")
    assert at.tzinfo is UTC
    return f"{at.astimezone(TIRANE):%Y-%m-%d %H:%M %Z}"


@pytest.mark.parametrize(
    ("kind", "send_on", "end", "released", "wanted"),
    [
        ("nightly", "07:00", "2026-11-24 02:00", "", "2026-11-24 07:00 CET"),
        ("nightly", "07:00", "2026-11-24 11:00", "", "2026-11-24 11:00 CET"),  # the machine slept: at once
        ("nightly", "07:00", "2026-11-23 23:00", "", "2026-11-24 07:00 CET"),
        ("weekly", "monday 09:00", "2026-11-23 00:00", "", "2026-11-23 09:00 CET"),
        ("weekly", "thursday 09:00", "2026-11-23 00:00", "", "2026-11-26 09:00 CET"),
        ("weekly", "sunday 20:00", "2026-11-23 00:00", "", "2026-11-29 20:00 CET"),
        ("weekly", "monday 09:00", "2026-11-23 00:00", "2026-11-24 14:30", "2026-11-24 14:30 CET"),  # approved late: at once
        ("monthly", "1 09:00", "2026-12-01 00:00", "", "2026-12-01 09:00 CET"),
        ("monthly", "28 09:00", "2026-02-01 00:00", "", "2026-02-28 09:00 CET"),
        ("monthly", "5 09:00", "2026-12-31 12:00", "", "2027-01-05 09:00 CET"),
        ("quarterly", "10 08:30", "2026-10-01 00:00", "", "2026-10-10 08:30 CEST"),
        ("weekly", "monday 00:00", "2026-11-23 00:00", "", "2026-11-23 00:00 CET"),
        # clocks go forward on 29 March 2026 at 02:00, back on 25 October at 03:00
        ("nightly", "02:30", "2026-03-29 01:00", "", "2026-03-29 03:30 CEST"),
        ("nightly", "02:30", "2026-10-25 01:00", "", "2026-10-25 02:30 CEST"),
        ("weekly", "sunday 09:00", "2026-03-23 00:00", "", "2026-03-29 09:00 CEST"),
        ("weekly", "sunday 09:00", "2026-10-19 00:00", "", "2026-10-25 09:00 CET"),
    ],
)
def test_an_edition_is_due_at_the_first_such_hour_after_its_period(kind: str, send_on: str, end: str, released: str, wanted: str) -> None:
    assert due(EditionKind(kind), send_on, end, released) == wanted


@pytest.mark.parametrize(("kind", "text"), [("nightly", "monday 09:00"), ("monthly", "29 09:00"), ("monthly", "0 09:00"), ("weekly", "")])
def test_a_day_and_hour_that_does_not_fit_the_edition_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="send_on of a"):
        read_send_on(text, EditionKind(kind))


def test_the_hour_of_a_night_is_read() -> None:
    assert read_send_on("7:05", EditionKind.NIGHTLY) == SendOn(datetime(2026, 1, 1, 7, 5).time())  # noqa: DTZ001 (an hour without a day)
