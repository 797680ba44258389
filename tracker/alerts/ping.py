"""A sign of life after each night, for a service that raises the alarm when it stays away: nobody else notices a machine that is off."""

from __future__ import annotations

import threading
from enum import StrEnum

from tracker.settings import Settings

PATIENCE_SECONDS = 20.0
"""In all, also for a server that answers a byte at a time; such services answer within a second."""
OUTCOME = "{outcome}"
"""Stands in the address where the service is to be told how the night ended; then it is asked after a failed night as well."""


class NightOutcome(StrEnum):
    """How a night ended."""

    DONE = "done"
    NEEDS_PERSON = "needs_person"
    FAILED = "failed"

    @classmethod
    def of(cls, exit_code: int) -> NightOutcome:
        """By the exit code of `tracker nightly`."""
        return {0: cls.DONE, 1: cls.NEEDS_PERSON}.get(exit_code, cls.FAILED)


def ping(settings: Settings, outcome: NightOutcome, patience_seconds: float = PATIENCE_SECONDS) -> str:
    """Asks `schedule.ping_url`, where it is set and the night was good or the address bears OUTCOME. Empty when all is well or nothing
    was to be asked, else what went wrong, without the address, which is a secret. Never raises and never takes longer than its patience."""
    address = settings.schedule.ping_url
    if not address or (outcome is NightOutcome.FAILED and OUTCOME not in address):
        return ""
    from tracker.alerts.ping_request import ask  # most nights ask nobody

    trouble = ["no answer in time"]
    asking = threading.Thread(target=ask, args=(address.replace(OUTCOME, outcome), settings, patience_seconds, trouble), daemon=True)
    asking.start()
    asking.join(patience_seconds)
    return settings.masked(f"schedule.ping_url could not be asked: {trouble[0]}") if trouble[0] else ""
