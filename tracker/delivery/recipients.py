"""Who gets which edition, in what language and form, and when: `recipients.toml`, checked as a whole, and the day and hour it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tracker.config.checked_toml import CheckedToml
from tracker.config.toml_positions import Keys, read_toml
from tracker.delivery.addresses import MailAddress, read_address
from tracker.locale.wording import LANGUAGES
from tracker.model import COUNTRIES, Audience, EditionKind, Window

FILE_NAME = "recipients.toml"
EDITIONS = (EditionKind.NIGHTLY, EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY)
BODIES = ("html", "text")
FORMATS = (*BODIES, "pdf", "docx", "xlsx", "csv")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_DAY = 28
"""Of a month: every month has it."""
STILL_THIS_MORNING = timedelta(hours=12)
"""A night that ends later than its hour of sending goes out at once, one that ends in the evening at the hour of the next day."""
_KEYS = ("name", "email", "role", "language", "countries", "campaigns", "edition", "send_on", "formats")
_SEND_ON = re.compile(r"(?:(?P<weekday>[a-z]+)\s+|(?P<day>[0-9]{1,2})\s+)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})")
_DEFAULT_SEND_ON = {
    EditionKind.NIGHTLY: "07:00",
    EditionKind.WEEKLY: "monday 09:00",
    EditionKind.MONTHLY: "1 09:00",
    EditionKind.QUARTERLY: "1 09:00",
}
_FORM = {
    EditionKind.NIGHTLY: 'an hour, "07:00"',
    EditionKind.WEEKLY: 'a weekday and an hour, "monday 09:00"',
    EditionKind.MONTHLY: f'a day from 1 to {LAST_DAY} and an hour, "1 09:00"',
    EditionKind.QUARTERLY: f'a day from 1 to {LAST_DAY} and an hour, "1 09:00"',
}


class Role(StrEnum):
    PARTNER = "partner"
    STAFF = "staff"
    DONOR = "donor"

    @property
    def audience(self) -> Audience:
        """What they may read. Donors read what partners read."""
        return Audience.STAFF if self is Role.STAFF else Audience.PARTNERS


@dataclass(frozen=True, slots=True)
class SendOn:
    """A day and hour in the campaign's time zone. `day` is a weekday from 0 (weekly) or a day of the month from 1 (monthly, quarterly)."""

    at: time
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One `[[recipients]]` of the file. Empty `countries` and `campaigns`: all."""

    name: str
    address: MailAddress
    role: Role
    language: str
    edition: EditionKind
    send_on: SendOn
    countries: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    formats: tuple[str, ...] = BODIES

    @property
    def documents(self) -> tuple[str, ...]:
        """The forms that are attached."""
        return tuple(form for form in self.formats if form not in BODIES)

    @property
    def wants_html(self) -> bool:
        """False only for somebody who asked for plain text and not for HTML."""
        return "html" in self.formats or "text" not in self.formats


def read_recipients(path: Path) -> tuple[Recipient, ...]:
    """Everybody in the file, in its order. Raises ConfigError naming file, line and column; nothing is half-loaded."""
    toml = CheckedToml(read_toml(path))
    for name in toml.document.data:
        if name != "recipients":
            raise toml.error(f"unknown {name!r}; every recipient is a [[recipients]]", (name, 0))
    found: list[Recipient] = []
    for table, keys in toml.tables("recipients", _KEYS, unique=""):
        recipient = _recipient(toml, table, keys)
        for other in found:
            if other.address.key != recipient.address.key:
                continue
            if other.edition == recipient.edition:
                raise toml.error(f"{recipient.address} gets the {recipient.edition} edition already, further up", (*keys, "email"))
            if other.role != recipient.role:
                raise toml.error(f"{recipient.address} is {other.role} further up; one address has one role", (*keys, "role"))
        found.append(recipient)
    return tuple(found)


def _recipient(toml: CheckedToml, table: dict[str, Any], keys: Keys) -> Recipient:
    email = toml.text(table, "email", keys)
    try:
        address = read_address(email)
    except ValueError as error:
        raise toml.error(f"{email!r} is no mail address: {error}", (*keys, "email")) from error
    edition = EditionKind(toml.choice(table, "edition", keys, [str(kind) for kind in EDITIONS], ""))
    return Recipient(
        name=toml.line(table, "name", keys),
        address=address,
        role=Role(toml.choice(table, "role", keys, [str(role) for role in Role], "")),
        language=toml.choice(table, "language", keys, tuple(LANGUAGES), ""),
        edition=edition,
        send_on=_send_on(toml, table, keys, edition),
        countries=_chosen(toml, table, "countries", keys, COUNTRIES),
        campaigns=_chosen(toml, table, "campaigns", keys, None),
        formats=_chosen(toml, table, "formats", keys, FORMATS) or BODIES,
    )


def _chosen(toml: CheckedToml, table: dict[str, Any], name: str, keys: Keys, known: tuple[str, ...] | None) -> tuple[str, ...]:
    values = toml.texts(table, name, keys)
    for number, value in enumerate(values):
        if known is not None and value not in known:
            raise toml.error(f"unknown {value!r} in {name}; known are {', '.join(known)}", (*keys, name, number))
        if value in values[:number]:
            raise toml.error(f"{value!r} stands twice in {name}", (*keys, name, number))
    return values


def _send_on(toml: CheckedToml, table: dict[str, Any], keys: Keys, edition: EditionKind) -> SendOn:
    text = toml.text(table, "send_on", keys, _DEFAULT_SEND_ON[edition])
    try:
        return read_send_on(text, edition)
    except ValueError as error:
        raise toml.error(str(error), (*keys, "send_on")) from error


def read_send_on(text: str, edition: EditionKind) -> SendOn:
    """The day and hour of `send_on` for an edition. Raises ValueError saying how it is written."""
    found = _SEND_ON.fullmatch(text.strip().lower())
    wrong = ValueError(f"send_on of a {edition} edition is {_FORM[edition]}, not {text!r}")
    if found is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise wrong
    at = time(int(found["hour"]), int(found["minute"]))
    weekday, day = found["weekday"], found["day"]
    if edition is EditionKind.NIGHTLY and not weekday and not day:
        return SendOn(at)
    if edition is EditionKind.WEEKLY and weekday in WEEKDAYS:
        return SendOn(at, WEEKDAYS.index(weekday))
    if edition in (EditionKind.MONTHLY, EditionKind.QUARTERLY) and day and 1 <= int(day) <= LAST_DAY:
        return SendOn(at, int(day))
    raise wrong


def due_at(send_on: SendOn, edition: EditionKind, window: Window, released_at: datetime, time_zone: str) -> datetime:
    """When an edition of this period is due: the first such day and hour after the period, in the campaign's zone. One that is
    released later than that (it waited for a person, the machine slept) is due when it is released.

    An hour that the clocks skip in spring comes an hour later; one that they repeat in autumn counts the first time.
    """
    zone = ZoneInfo(time_zone)
    end = window.end_at.astimezone(zone)

    def on(day: date) -> datetime:
        return datetime.combine(day, send_on.at, zone).astimezone(UTC)

    if edition is EditionKind.NIGHTLY:
        today = on(end.date())
        nominal = today if window.end_at - today < STILL_THIS_MORNING else on(end.date() + timedelta(days=1))
    elif edition is EditionKind.WEEKLY:
        nominal = on(end.date() + timedelta(days=((send_on.day or 0) - end.weekday()) % 7))
        if nominal < window.end_at:
            nominal = on(nominal.astimezone(zone).date() + timedelta(days=7))
    else:
        nominal = on(end.date().replace(day=send_on.day or 1))
        if nominal < window.end_at:
            nominal = on((end.date().replace(day=LAST_DAY) + timedelta(days=4)).replace(day=send_on.day or 1))
    return max(nominal, released_at)
