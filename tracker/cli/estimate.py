"""`tracker estimate`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from tracker.cli.invocation import DayParameter, Invocation, workspace_options
from tracker.errors import UsageError
from tracker.workspace import open_parts, read_campaigns

if TYPE_CHECKING:
    from tracker.model import Estimate

DAYS = timedelta(days=28)


@click.command("estimate")
@click.option("--campaign", "campaign_id", required=True, help="Whose items.")
@click.option("--from", "first_on", type=DayParameter(), help="The first day, in the campaign's zone (default: 28 days ago).")
@click.option("--to", "last_on", type=DayParameter(), help="The last day (default: yesterday).")
@workspace_options
def estimate(invocation: Invocation, campaign_id: str, first_on: date | None, last_on: date | None) -> int:
    """Estimate how many items of a campaign there were, from which sources and nets saw which of them.

    Prints how many were found and, with 95 % certainty, from how many to how many there were; or why no number can be supported.
    What no source, net or person named is in no number. Exit 1: there is no number.

    Example: tracker estimate --campaign digital-safety --from 2026-11-01 --to 2026-11-30 --json
    """
    from tracker.digests.missed import estimate_missed
    from tracker.digests.periods import first_moment
    from tracker.model import NoEstimate, Window

    (campaign,) = read_campaigns(invocation.workspace, [campaign_id])
    with open_parts(invocation.workspace, must_exist=True) as parts:
        zone = ZoneInfo(campaign.time_zone)
        yesterday = parts.clock().astimezone(zone).date() - timedelta(days=1)
        last = last_on or yesterday
        first = first_on or last - DAYS + timedelta(days=1)
        if first > last:
            raise UsageError(f"--from {first} is after --to {last}")
        window = Window(first_moment(first, zone), first_moment(last + timedelta(days=1), zone))
        found = estimate_missed(parts.database, campaign, window)
    period = f"Period: {first} to {last}, days of {campaign.time_zone}."
    if found.reason == NoEstimate.NOTHING_FOUND:
        period += " Nothing of the campaign was found in it, so there is nothing to estimate from; --from and --to name other days."
    invocation.show([*estimate_lines(found), period], {"campaign": campaign.id, "from": str(first), "to": str(last), **_told(found)})
    return 1 if found.reason else 0


def estimate_lines(found: Estimate) -> list[str]:
    """The estimate in words."""
    from tracker.digests.forms.estimate import estimate_sentence, staff_lines
    from tracker.locale.wording import wording

    words = wording("en")
    return [estimate_sentence(found, words), *staff_lines(found, words)]


def _told(found: Estimate) -> dict[str, object]:
    missed = found.missed
    return {
        "found": found.found,
        "estimated": found.estimated,
        "low": found.low,
        "high": found.high,
        "missed_low": missed[0] if missed else None,
        "missed_high": missed[1] if missed else None,
        "nets": list(found.nets),
        "reason": found.reason,
        "basis": found.basis,
        "naive": found.naive,
        "unreadable": list(found.unreadable),
    }
