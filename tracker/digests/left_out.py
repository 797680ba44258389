"""What an edition does not hold of its period, item by item, and why: the counterpart of `selection`. Decides only, no I/O."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from msgspec import Struct

from tracker.model import DATE_UNCERTAIN, Audience, Campaign, Entry
from tracker.visibility import is_called_sensitive, is_cleared, is_own_channel, is_rejected, is_undecided, is_withheld


class Reason(StrEnum):
    """Why an item stays out. The order is that of the rule in `visibility`."""

    REPORTED = "reported"  # an earlier edition of the kind had it
    OTHER_CIRCLE = "other_circle"  # a circle for staff alone
    REJECTED = "rejected"
    SENSITIVE = "sensitive"
    MAY_BE_CHILD = "may_be_child"
    DATE_UNCERTAIN = "date_uncertain"
    UNDECIDED = "undecided"


class LeftOut(Struct, frozen=True):
    """An item that the audience does not get."""

    entry: Entry
    reason: Reason


def left_out(
    campaign: Campaign, entries: Sequence[Entry], *, reported: Collection[int] = (), audience: Audience = Audience.PARTNERS
) -> tuple[LeftOut, ...]:
    """Every one of the entries that `select_entries` puts into no part for this audience, with the reason."""
    found = []
    for entry in entries:
        reason = _reason(campaign, entry, reported, audience)
        if reason is not None:
            found.append(LeftOut(entry, reason))
    order = list(Reason)
    return tuple(sorted(found, key=lambda one: (order.index(one.reason), one.entry.article.id)))


def _reason(campaign: Campaign, entry: Entry, reported: Collection[int], audience: Audience) -> Reason | None:
    if entry.article.id in reported:
        return Reason.REPORTED
    if audience is Audience.PARTNERS and not _for_partners(campaign, entry) and not is_own_channel(campaign, entry):
        return Reason.OTHER_CIRCLE
    if is_rejected(entry):
        return Reason.REJECTED
    if is_withheld(entry):
        return Reason.SENSITIVE if is_called_sensitive(entry) else Reason.MAY_BE_CHILD
    if audience is Audience.PARTNERS and not is_cleared(campaign, entry):
        unsure = campaign.review == "optional" and is_undecided(entry.verdict) and DATE_UNCERTAIN in entry.mention.labels
        return Reason.DATE_UNCERTAIN if unsure else Reason.UNDECIDED
    return None


def _for_partners(campaign: Campaign, entry: Entry) -> bool:
    return any(circle.id == entry.mention.circle and circle.audience == "partners" for circle in campaign.circles)
