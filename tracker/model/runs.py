"""What a run did."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from tracker.model.digests import SourceTrouble
from tracker.model.reach import Reach


class StepReport(Struct, frozen=True):
    """What a step did. The outcomes add up to `inputs`."""

    step: str
    inputs: int
    outcomes: tuple[tuple[str, int], ...]
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether every input has exactly one outcome."""
        return self.inputs == sum(count for _, count in self.outcomes)


class RunReport(Struct, frozen=True):
    """One night. `needs_a_person` lists what turns the exit code to 1; it is 3 where no watched outlet could be read.

    `reach`: what of the watched outlets was read; None for a run that polled nothing, and for one stored before that was measured.
    """

    run_id: int
    started_at: datetime
    ended_at: datetime | None
    steps: tuple[StepReport, ...] = ()
    needs_a_person: tuple[str, ...] = ()
    troubles: tuple[SourceTrouble, ...] = ()
    digest_paths: tuple[str, ...] = ()
    reach: Reach | None = None
    exit_code: int = 0
