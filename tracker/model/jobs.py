"""A job of the scheduler as it stands, and how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """The result of one run of a scheduled job."""

    DONE = "done"
    NEEDS_A_PERSON = "needs a person"  # done, with something to look at
    BUSY = "busy"  # another run was at work: no failure
    FAILED = "failed"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"  # the scheduler was asked to end
    INTERRUPTED = "interrupted"  # the scheduler itself was killed

    @classmethod
    def read(cls, word: str) -> Outcome:
        """The result of this name; one that no version of the program wrote counts as a failure."""
        return next((one for one in cls if one == word), cls.FAILED)

    @property
    def is_end(self) -> bool:
        """Whether the job did what it is there for."""
        return self in (Outcome.DONE, Outcome.NEEDS_A_PERSON)

    @property
    def is_failure(self) -> bool:
        """Whether it counts as a failure and delays the next attempt."""
        return self in (Outcome.FAILED, Outcome.TIMED_OUT, Outcome.INTERRUPTED)


class JobState(Struct, frozen=True):
    """A job as it stands. It is at work, or was when its scheduler was killed, where `started_at` has no `ended_at` after it.

    `outcome` is a word of `Outcome`, `failures` counts those in a row, `succeeded_at` is when it last came to its end.
    `busy_since_at`: since when every try of it found another run at work; None while it does not wait for one.
    """

    name: str
    due_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    failures: int = 0
    detail: str = ""
    outcome: str = ""
    succeeded_at: datetime | None = None
    busy_since_at: datetime | None = None


def in_one_line(detail: str) -> str:
    """Lines of a detail, as one for a table or a list."""
    return " | ".join(line for line in detail.splitlines() if line)
