"""From the capture of all articles to the few of a campaign: too few to be judged by themselves, but caught by the same nets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tracker.estimate.classical import Unseen
from tracker.estimate.loglinear import UNTESTABLE
from tracker.estimate.total import REST


class Odds(Protocol):
    """What `total.Total` says of strata."""

    @property
    def odds(self) -> Mapping[str, Unseen]:
        """The unseen for one found, by stratum, with `REST`."""


def carry_over(total: Odds, found: Mapping[str, int]) -> Unseen:
    """The missed items of a campaign, whose found ones are counted by stratum, when an item is caught as any article of its stratum is.

    With odds o the missed before the n-th found are negative binomial, of mean n o and variance n o (1 + o) (Johnson, Kemp & Kotz 2005,
    5.1); the odds are estimates themselves, so their variance is added n squared times, and what no model can show once for all."""
    count, variance = 0.0, 0.0
    for stratum, number in found.items():
        odds = total.odds.get(stratum, total.odds[REST])
        count += number * odds.count
        variance += number * odds.count * (1 + odds.count) + number**2 * odds.variance
    return Unseen(count, variance + (UNTESTABLE * count) ** 2)
