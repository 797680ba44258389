"""Addresses, editions and letters for tests of the delivery; all invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.builders import NOW
from tracker.delivery.addresses import read_address
from tracker.delivery.message import Envelope, Sender
from tracker.delivery.planning import ReleasedEdition
from tracker.delivery.recipients import Recipient, Role, read_send_on
from tracker.model import Audience, EditionKind, RenderedDigest, Window

SENDER = Sender("Štampa <press@ngo.example>", "Veze <links@ngo.example>")
RENDERED = RenderedDigest("Java e lumenjve", "Tekst\n.\nzadnji red", "<p>Tekst</p>")


def a_recipient(email: str = "ana@example.org", **fields: Any) -> Recipient:
    given = {
        "name": "Ana",
        "role": Role.PARTNER,
        "language": "sq",
        "edition": EditionKind.WEEKLY,
        "send_on": read_send_on("monday 09:00", EditionKind.WEEKLY),
    }
    return Recipient(address=read_address(email), **given | fields)


def an_envelope(email: str = "ana@example.org", **fields: Any) -> Envelope:
    given = {"to_name": "Ana", "message_id": "<abc@ngo.example>", "at": NOW, "language": "sq", "stem": "rivers-weekly"}
    return Envelope(to=read_address(email), **given | fields)


def a_released_edition(**fields: Any) -> ReleasedEdition:
    end: datetime = fields.pop("end_at", NOW)
    given = {
        "edition_id": 1,
        "campaign_id": "rivers",
        "kind": EditionKind.WEEKLY,
        "window": Window(end - timedelta(days=7), end),
        "audience": Audience.PARTNERS,
        "released_at": end,
        "time_zone": "Europe/Tirane",
        "items": 3,
    }
    return ReleasedEdition(**given | fields)
