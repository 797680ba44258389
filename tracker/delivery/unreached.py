"""Recipients who get no letter, or an empty one, though nothing is wrong with the file itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.delivery.recipients import Recipient
from tracker.model import Campaign


def unreached(recipients: Iterable[Recipient], campaigns: Sequence[Campaign]) -> tuple[str, ...]:
    """A sentence for each recipient whose campaigns or countries name nothing that there is, in the order of the file."""
    known = {campaign.id: campaign for campaign in campaigns}
    return tuple(line for recipient in recipients for line in _of_recipient(recipient, known))


def _of_recipient(recipient: Recipient, known: dict[str, Campaign]) -> Iterable[str]:
    given = ", ".join(known) or "none"
    unknown = [name for name in recipient.campaigns if name not in known]
    if unknown and len(unknown) == len(recipient.campaigns):
        yield f"{recipient.address} gets no letter: there is no campaign {', '.join(map(repr, unknown))} (there are {given})"
        return
    if unknown:
        yield f"{recipient.address}: there is no campaign {', '.join(map(repr, unknown))} (there are {given})"
    theirs = [known[name] for name in recipient.campaigns or known if name in known]
    covered = {country for campaign in theirs for country in campaign.countries}
    if recipient.countries and theirs and covered.isdisjoint(recipient.countries):
        wanted = ", ".join(recipient.countries)
        yield f"{recipient.address} gets letters without items: no campaign of theirs covers {wanted} (they cover {', '.join(sorted(covered))})"
