"""The mailbox as a step: what came in is read, and what waits is answered. Its faults stop no night."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.errors import TrackerError
from tracker.locale.said import wrong
from tracker.mailbox.answers import send_answers
from tracker.mailbox.reading import STEP, read_mailbox
from tracker.model import StepReport
from tracker.workspace import Parts


def read_mailbox_step(parts: Parts, needs: list[str]) -> Iterator[StepReport]:
    """Reports of the reading and of the answers; what needs a person goes into `needs`."""
    try:
        report = read_mailbox(parts)
        needs += report.needs_a_person
        yield report.step
        answered = send_answers(parts)
        if answered.inputs or answered.remarks:
            yield answered
    except TrackerError as error:
        if not error.is_busy:  # another process reads it this moment
            needs.append(wrong(error))
        yield StepReport(STEP, 0, (), remarks=(parts.settings.masked(str(error)),))
