"""The jobs. Due times stay in the store's tables: a job is enqueued only when it is due, and what fails is due again there.

A job scheduled for later under a lock would hold back ready jobs of the same lock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

POLLS, PAGES, READING, EDITIONS = "polls", "pages", "reading", "editions"
QUEUES = (POLLS, PAGES, READING, EDITIONS)
"""Of `tracker worker --queues`: sources that are due with what they name; links that wait; reading and matching; the night, editions, sending."""
SCHEDULE = "schedule"
"""Named among the queues of a worker that also does, at their times, the night, editions and sending."""
VISIT, READ, FIND, MAKE_FILES, TIMED = "visit", "read", "find", "make_files", "timed"
"""The queue's names of tasks."""
FINDING, MAKING = "(finding)", "(making files)"
"""Locks of jobs that are done in one place at a time. No domain has such a name."""


def lock_of(timed: str) -> str:
    """At most one job of this name at a time."""
    return f"({timed})"


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A round at one domain: its outlets' due sources and the links that wait. `order_id` and `plan`: what a night has ordered, a CrawlPlan
    as JSON, in place of what is due. `polls`: whether a source is to be asked, else links alone. `ordered_at`: by the server's clock. `size`: how many domains a round with this one may have at most."""

    domain: str
    outlets: tuple[str, ...]
    size: int
    polls: bool = True
    order_id: str = ""
    plan: str = ""
    sources: tuple[str, ...] = ()
    ordered_at: datetime | None = None


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pages are read until none is left. `as_of`: the moment of the night that ordered it; None: the server's clock."""

    number: int
    order_id: str = ""
    as_of: datetime | None = None

    @property
    def lock(self) -> str:
        """At most one reading of this number at a time."""
        return f"(reading {self.number})"


def arguments(job: Visit | Reading) -> dict[str, Any]:
    """As the queue keeps it."""
    built: dict[str, Any] = msgspec.to_builtins(job)
    return built


SIZES = (256, 16, 4, 1, 1, 1)
"""Domains a round, by how often a round with the domain broke off: whatever breaks rounds is soon alone. After the last it is given up."""


def size_of_round(failures: int) -> int:
    """How many domains a round with this one may have."""
    return SIZES[min(failures, len(SIZES) - 1)]
