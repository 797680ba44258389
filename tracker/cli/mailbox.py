"""`tracker mailbox`: reads what comes back: reports of mail servers, sign-offs, missed links, newsletters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from tracker.cli.invocation import Invocation, say_begun, workspace_options
from tracker.errors import ConfigError, RunLocked
from tracker.workspace import Parts, open_parts

if TYPE_CHECKING:
    from tracker.mailbox.reading import MailboxReport
    from tracker.model import StepReport


@click.command("mailbox")
@click.option("--once", is_flag=True, help="Read what is there and end; else read again every mailbox.minutes.")
@workspace_options
def mailbox(invocation: Invocation, once: bool) -> int:
    """Read the mailbox of mailbox.*: letters that came back, sign-offs, links that partners missed, newsletters of outlets.

    Nothing in it is changed or deleted. Exit 1 when something waits for a person, or the mailbox could not be read.

    Example: tracker mailbox --once
    """
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        if not parts.settings.mailbox.host:
            raise ConfigError("mailbox.host is not set: no mailbox is read; see docs/mail.md", place=invocation.workspace / "tracker.toml")
        if once:
            return _read(invocation, parts)
        while True:
            try:
                _read(invocation, parts)
            except RunLocked as busy:
                click.echo(str(busy), err=True)
            time.sleep(parts.settings.mailbox.minutes * 60)


def _read(invocation: Invocation, parts: Parts) -> int:
    from tracker.mailbox.answers import send_answers
    from tracker.mailbox.reading import read_mailbox

    report = read_mailbox(parts)
    answered = send_answers(parts)
    invocation.show(_lines(report, answered), {"mailbox": report, "answers": answered})
    return 1 if report.needs_a_person else 0


def _lines(report: MailboxReport, answered: StepReport) -> list[str]:
    from tracker.cli.nightly import step_lines

    steps = [report.step, *([answered] if answered.inputs or answered.remarks else [])]
    needs = ["", "Needs a person:", *[f"  {line}" for line in report.needs_a_person]] if report.needs_a_person else []
    return [*(line for step in steps for line in step_lines(step)), *needs]
