"""Who would get an edition by mail if partners could read it now, in which language and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from tracker.delivery.planning import ReleasedEdition, plan_letters
from tracker.delivery.recipients import Recipient
from tracker.model import Audience, Campaign, EditionKind
from tracker.store.digests import Edition


class LetterAhead(Struct, frozen=True):
    """A letter that an approval brings about. `at` None: with the next sending."""

    name: str
    address: str
    role: str
    language: str
    at: datetime | None


def letters_ahead(
    edition: Edition, campaign: Campaign, recipients: Sequence[Recipient], now: datetime, *, items: int, send_empty: bool
) -> list[LetterAhead]:
    """The letters to partners and donors, the soonest first; none of a report over any period, which goes out when a person asks for it."""
    released = ReleasedEdition(
        edition.id, campaign.id, EditionKind(edition.kind), edition.window, Audience.PARTNERS, now, campaign.time_zone, items
    )
    planned = sorted(plan_letters([released], recipients, now, send_empty=send_empty), key=lambda one: (one.due_at, one.recipient.name))
    return [
        LetterAhead(
            one.recipient.name,
            str(one.recipient.address),
            str(one.recipient.role),
            one.recipient.language,
            one.due_at if one.due_at > now else None,
        )
        for one in planned
    ]
