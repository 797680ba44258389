"""A proof of an edition to one address, before it goes to all: marked as one, and in nobody's ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tracker.delivery import day_limit
from tracker.delivery.addresses import MailAddress, read_address
from tracker.delivery.letters import LetterWriter
from tracker.delivery.planning import Result
from tracker.delivery.recipients import BODIES, Recipient, Role, SendOn
from tracker.delivery.transport import mailer_for, slug
from tracker.errors import DeliveryRefused, UsageError
from tracker.model import Audience, EditionKind
from tracker.settings import Settings
from tracker.store.database import Database
from tracker.store.mail_counts import OtherMail


def send_proof(
    writer: LetterWriter,
    database: Database,
    settings: Settings,
    outbox: Path,
    recipients: Sequence[Recipient],
    edition_id: int,
    to: str,
    now: datetime,
    language: str = "",
    *,
    to_staff: bool = False,
) -> str:
    """Sends what partners get; before they may read it, what staff get, and then to an address of staff only: one in recipients.toml, or
    with `to_staff` whom a person vouched for. The words of the server.
    A proof counts against `mail.per_day`.

    Raises UsageError when the address may not have it, DeliveryRefused when the letter did not go.
    """
    try:
        address = read_address(to)
    except ValueError as error:
        raise UsageError(f"{to!r} is no mail address: {error}") from error
    reader = _reader(recipients, address, settings, language)
    audience = Audience.PARTNERS if writer.may_read(edition_id, Audience.PARTNERS) else Audience.STAFF
    if audience is Audience.STAFF and reader.role is not Role.STAFF and not to_staff:
        raise UsageError(f"edition {edition_id} is not released to partners; a proof may go to staff in recipients.toml only, not to {to}")
    told = f"proof {edition_id} {audience} {reader.language} {address.key} {now.isoformat()}"
    identity = writer.message_id("proof-" + hashlib.sha256(told.encode()).hexdigest()[:32])
    name = f"{writer.stem(edition_id, audience)}.proof.{slug(address)}"
    if day_limit.left_today(database, settings, now) == 0:
        raise DeliveryRefused(f"the proof did not go to {to}: {day_limit.limit_words(settings)}")
    with mailer_for(settings, outbox) as mailer:
        trouble = mailer.ready()
        letter = writer.write(edition_id, reader, identity, audience=audience, is_proof=True)
        attempt = trouble or mailer.send(letter, writer.sender, address, lambda: None, name)
    day_limit.count_other(database, settings, OtherMail.PROOF, attempt, now)
    if attempt.result is not Result.SENT:
        raise DeliveryRefused(f"the proof did not go to {to} ({attempt.result}): {attempt.words}")
    return attempt.words


def _reader(recipients: Sequence[Recipient], address: MailAddress, settings: Settings, language: str) -> Recipient:
    """The recipient with this address, or somebody who is in no list."""
    for one in recipients:
        if one.address.key == address.key:
            return Recipient(
                one.name, address, one.role, language or one.language, one.edition, one.send_on, one.countries, one.campaigns, one.formats
            )
    formats = (*BODIES, *(form for form in settings.digest.formats if form != "report"))
    language = language or settings.digest.languages[0]
    return Recipient("", address, Role.PARTNER, language, EditionKind.NIGHTLY, SendOn(datetime.min.time()), formats=formats)
