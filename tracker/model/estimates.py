"""What an edition says of the coverage that was missed."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class NoEstimate(StrEnum):
    """Why no number is given: a closed list, worded for readers in `locale`."""

    NOTHING_FOUND = "nothing_found"
    ONE_NET = "one_net"  # fewer than three nets caught anything
    NO_OVERLAP = "no_overlap"  # hardly anything was caught by two nets
    TOO_FEW = "too_few"
    UNSTABLE = "unstable"  # the models contradict each other, or the interval says nothing
    OUTAGE = "outage"  # most outlets could not be read in the period


class Basis(StrEnum):
    """What the estimate was made on."""

    ITEMS = "items"  # on the campaign's own items
    ARTICLES = "articles"  # on all articles of the watched outlets, and carried over to the items


class Estimate(Struct, frozen=True):
    """How many there were, by capture-recapture. `estimated`, `low` and `high` are totals that include `found`, None with a `reason`.
    The interval is one of 95 %. `naive` is what two nets alone would say, taken as independent. What no net can see is in no number.

    `unreadable`: ids of leading outlets that could not be read. `days`: of the last so many days; 0: of the edition's own period.
    """

    found: int
    estimated: int | None = None
    low: int | None = None
    high: int | None = None
    nets: tuple[str, ...] = ()
    reason: str = ""  # a NoEstimate; empty where there is a number
    basis: str = ""  # a Basis; empty where there is no number
    naive: int | None = None
    unreadable: tuple[str, ...] = ()
    days: int = 0

    @property
    def missed(self) -> tuple[int, int] | None:
        """From how many to how many were missed; None without a number."""
        return None if self.low is None or self.high is None else (self.low - self.found, self.high - self.found)
