"""Who gets which edition, in what language and form, and when: `recipients.toml`, checked as a whole, and the day and hour it names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from tracker.config.schema import Line, Text, Wrong, as_record, one_of, read_struct, refuse_twice
from tracker.config.toml_positions import TomlDocument, read_toml
from tracker.delivery import calendar as reading
from tracker.delivery.addresses import MailAddress, read_address
from tracker.model import COUNTRIES, DOCUMENTS, LANGUAGES, Audience, EditionKind, Window
from tracker.recurrence import WEEKDAYS

FILE_NAME = "recipients.toml"
EDITIONS = (EditionKind.NIGHTLY, EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY)
BODIES = ("html", "text")
FORMATS = (*BODIES, *(form for form in DOCUMENTS if form != "report"))
"""What a letter may bear: the web page `report` stands alone and is sent to nobody."""
SIGNED_OFF, PAUSED, UNREACHABLE = "signed off", "paused", "letters come back"
ON_HOLIDAYS = ("wait", "send")
LAST_DAY = 28
"""Of a month: every month has it."""
STILL_THIS_MORNING = timedelta(hours=12)
"""A night that ends later than its hour of sending goes out at once, one that ends in the evening at the hour of the next day."""
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


class Basis(StrEnum):
    """On what ground somebody's address is kept (GDPR, Article 6)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGITIMATE_INTEREST = "legitimate interest"
    LEGAL_OBLIGATION = "legal obligation"
    PUBLIC_TASK = "public task"


class Role(StrEnum):
    """Why somebody gets editions."""

    PARTNER = "partner"
    STAFF = "staff"
    DONOR = "donor"

    @property
    def audience(self) -> Audience:
        """What they may read. Donors read what partners read."""
        return Audience.STAFF if self is Role.STAFF else Audience.PARTNERS


class SendOn(Struct, frozen=True):
    """A day and hour in the campaign's time zone. `day` is a weekday from 0 (weekly) or a day of the month from 1 (monthly, quarterly)."""

    at: time
    day: int | None = None


class Recipient(Struct, frozen=True):
    """One `[[recipients]]` of the file. Empty `countries` and `campaigns`: all. `countries` are those of the news, `country` is where
    the person reads; empty `time_zone`: it is not known. `paused_until`: the first day that letters come again."""

    name: str
    address: MailAddress
    role: Role
    language: str
    edition: EditionKind
    send_on: SendOn
    countries: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    formats: tuple[str, ...] = BODIES
    country: str = ""
    time_zone: str = ""
    on_holidays: str = "wait"
    basis: str = ""
    consent_on: date | None = None
    paused_until: date | None = None
    stopped_at: datetime | None = None
    unreachable_at: datetime | None = None
    unreachable_code: str = ""

    def away(self, now: datetime) -> str:
        """Why no letter goes to this person now; empty when letters go."""
        if self.stopped_at is not None:
            return SIGNED_OFF
        if self.unreachable_at is not None:
            return UNREACHABLE
        today = now.astimezone(ZoneInfo(self.time_zone or "UTC")).date()
        return PAUSED if self.paused_until is not None and today < self.paused_until else ""

    @property
    def documents(self) -> tuple[str, ...]:
        """The forms that are attached."""
        return tuple(form for form in self.formats if form not in BODIES)

    @property
    def wants_html(self) -> bool:
        """False only for somebody who asked for plain text and not for HTML."""
        return "html" in self.formats or "text" not in self.formats


class Email(Text):
    """A mail address as it was written."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Raises ValueError with what is wrong."""
        text = Text.read(value)
        try:
            read_address(text)
        except ValueError as error:
            raise Wrong(f"{str(text)!r} is no mail address: {error}") from error
        return cls(text)


class RecipientTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[recipients]]` as it is written."""

    name: Line
    email: Email
    role: Role
    language: Annotated[str, one_of(LANGUAGES)]
    edition: Annotated[str, one_of(EDITIONS)]
    send_on: Text | None = None
    countries: tuple[Annotated[str, one_of(COUNTRIES)], ...] = ()
    campaigns: tuple[str, ...] = ()
    formats: tuple[Annotated[str, one_of(FORMATS)], ...] = ()
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description='the two letters of a country, such as "XK"')] = ""
    time_zone: Text | None = None
    on_holidays: Annotated[str, one_of(ON_HOLIDAYS)] = "wait"
    basis: Basis | None = None
    consent_on: date | None = None
    paused_until: date | None = None

    def __post_init__(self) -> None:
        for name in ("countries", "campaigns", "formats"):
            refuse_twice(getattr(self, name), name)
        try:
            self.zone()
        except ValueError as error:
            raise Wrong(str(error), "time_zone" if self.time_zone else "country") from error
        if self.consent_on is not None and self.basis is not Basis.CONSENT:
            raise Wrong('consent_on goes with basis = "consent"', "consent_on")
        try:
            self.due()
        except ValueError as error:
            raise Wrong(str(error), "send_on") from error

    def due(self) -> SendOn:
        """The day and hour that is written, or the usual one. Raises ValueError."""
        edition = EditionKind(self.edition)
        return read_send_on(self.send_on or _DEFAULT_SEND_ON[edition], edition)

    def zone(self) -> str:
        """The zone that is written, or the one of the country; empty where neither is. Raises ValueError."""
        if self.country and self.country not in reading.countries():
            raise ValueError(f"the public holidays of {self.country!r} are not known; leave country out and give time_zone")
        return reading.read_zone(self.time_zone or "", self.country)


class RecipientsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    recipients: tuple[RecipientTable, ...] = ()


def read_recipients(path: Path) -> tuple[Recipient, ...]:
    """Everybody in the file, in its order. Raises ConfigError naming file, line and column; nothing is half-loaded."""
    return check_recipients(read_toml(path))


def check_recipients(document: TomlDocument) -> tuple[Recipient, ...]:
    """Everybody in a text that is, or is to be, the file. Raises ConfigError as `read_recipients`."""
    first: dict[str, Recipient] = {}
    editions: set[tuple[str, EditionKind]] = set()
    recipients: list[Recipient] = []
    for number, table in enumerate(read_struct(document, RecipientsFile, FILE_NAME).recipients):
        recipient = as_record(
            Recipient,
            table,
            address=read_address(table.email),
            edition=EditionKind(table.edition),
            send_on=table.due(),
            formats=table.formats or BODIES,
            time_zone=table.zone(),
            basis=str(table.basis or ""),
        )
        key = recipient.address.key
        if (key, recipient.edition) in editions:
            message = f"{recipient.address} gets the {recipient.edition} edition already, further up"
            raise document.error(message, ("recipients", number, "email"))
        if first.setdefault(key, recipient).role != recipient.role:
            message = f"{recipient.address} is {first[key].role} further up; one address has one role"
            raise document.error(message, ("recipients", number, "role"))
        editions.add((key, recipient.edition))
        recipients.append(recipient)
    return tuple(recipients)


def usual_send_on(edition: EditionKind) -> SendOn:
    """When an edition of a series goes to somebody who said no day and hour."""
    return read_send_on(_DEFAULT_SEND_ON[edition], edition)


def read_send_on(text: str, edition: EditionKind) -> SendOn:
    """The day and hour of `send_on` for an edition. Raises ValueError saying how it is written."""
    match = _SEND_ON.fullmatch(text.strip().lower())
    wrong = ValueError(f"send_on of a {edition} edition is {_FORM[edition]}, not {text!r}")
    if match is None or int(match["hour"]) > 23 or int(match["minute"]) > 59:
        raise wrong
    at = time(int(match["hour"]), int(match["minute"]))
    weekday, day = match["weekday"], match["day"]
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
