"""The `tracker` command: finds each group lazily, so that `--help` and dry runs start fast."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import click
from click.core import ParameterSource

from tracker import __version__
from tracker.cli.ending import ends_in_order
from tracker.cli.invocation import Invocation
from tracker.cli.os_faults import os_fault
from tracker.errors import TrackerError, lack_of
from tracker.loading import loading
from tracker.scheduler.report import CommandOutcome, CommandReport, Reporter
from tracker.text.log_lines import FORMATS, VARIABLE, is_json, log_line

COMMANDS = {
    "demo": ("tracker.cli.nightly:demo", "A whole night against a sample press on this machine."),
    "nightly": ("tracker.cli.nightly:nightly", "All steps of the night in order."),
    "crawl": ("tracker.cli.nightly:crawl", "Poll the sources and fetch the pages they name."),
    "extract": ("tracker.cli.nightly:extract", "Read fetched pages into articles."),
    "match": ("tracker.cli.nightly:match", "Look for the campaigns in the articles."),
    "group": ("tracker.cli.nightly:group", "Put copies of the same news together."),
    "watch": ("tracker.cli.nightly:watch", "Visit items again: unchanged, edited, gone, back."),
    "backfill": ("tracker.cli.backfill:backfill", "Look back through searches, sitemaps and archives."),
    "identity": ("tracker.cli.identity:identity", "Who we are: the key of signed requests, its directory, a page for outlets."),
    "sources": ("tracker.cli.sources:sources", "The outlets we watch: list, check, import, export, enable, disable."),
    "digest": ("tracker.cli.corrections:digest", "Editions: make, list, approve, write in other forms, correct."),
    "send": ("tracker.cli.send:send", "Send what is due to the recipients, each edition once."),
    "recipients": ("tracker.cli.recipients:recipients", "Who gets editions, and their rights: list, add, remove, pause, export, erase."),
    "mail": ("tracker.cli.mail:mail", "The mail server: sign in with a token, check that letters can go."),
    "mailbox": ("tracker.cli.mailbox:mailbox", "Read what comes back: reports of mail servers, sign-offs, missed links, newsletters."),
    "schedule": ("tracker.cli.schedule:schedule", "Keep running: everything at its time."),
    "worker": ("tracker.cli.worker:worker", "Take jobs from a queue in PostgreSQL: work on several machines."),
    "status": ("tracker.cli.status:status", "How the work stands: what is due, queues, workers, hosts."),
    "alert": ("tracker.cli.schedule:alert", "Tell staff at once of what cannot wait."),
    "campaign": ("tracker.cli.campaign:campaign", "Check campaign files; explain why a text matches or not."),
    "estimate": ("tracker.cli.estimate:estimate", "How much of a campaign's coverage was missed, with an interval or why not."),
    "trace": ("tracker.cli.records:trace", "One article's whole way."),
    "export": ("tracker.cli.records:export", "Articles, mentions, stories or changes as JSON Lines, CSV or XLSX."),
    "add": ("tracker.cli.add:add", "Coverage found by people: a page, or a sheet of print, television, radio and social items."),
    "verdict": ("tracker.cli.verdicts:verdict", "Record a person's word on a mention or take it back; write and read sheets for review."),
    "history": ("tracker.cli.decisions:history", "All that persons said of a mention, and what was taken back."),
    "correct": ("tracker.cli.decisions:correct", "Correct the headline, date, outlet or authors of a mention."),
    "story": ("tracker.cli.decisions:story", "Merge and split stories by hand."),
    "review": ("tracker.cli.review:review", "The review desk in the browser."),
    "user": ("tracker.cli.review:user", "Who may log in to the review desk, and do what."),
    "evidence": ("tracker.cli.evidence:evidence", "Packs that prove what was published: make one, verify one, erase an item."),
    "backup": ("tracker.cli.care:backup", "Copy the database while it is in use."),
    "restore": ("tracker.cli.care:restore", "Put a backup in the database's place."),
    "reindex": ("tracker.cli.care:reindex", "Make the search index anew from the articles."),
    "move": ("tracker.cli.move:move", "Copy the database to a PostgreSQL server, or from one into a file."),
    "prune": ("tracker.cli.care:prune", "Drop raw pages that are no longer needed."),
    "doctor": ("tracker.cli.care:doctor", "Look for what is wrong in a workspace."),
    "try": ("tracker.cli.dry_runs:try_group", "Dry runs over JSON Lines; they touch no database."),
}


PRIVATE = 0o077
"""What is stored, exported and written for sending may name children: it is for the user that runs the tracker alone."""
COLLECTED_AFTER = (20_000, 10, 10)
"""New objects before garbage is looked for: with Python's own 700 that took a tenth of a night that finds nothing new (`bench_night`).
The crawl's process has it too."""


def _open_standard_streams() -> None:
    """A stream that was closed before we began leads nowhere: else the next file that is opened would take its place."""
    for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def discard_output() -> None:
    """No second error while Python flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def forget_what_nobody_reads() -> None:
    """What waits to be written into a pipe: an interrupted command would wait at its end, for as long as nobody reads it."""
    with contextlib.suppress(OSError, ValueError):  # no output, or none of the system's
        if stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode):
            discard_output()


class LazyGroup(click.Group):
    """Imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        with loading():
            command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """A reader that went away (`| head -1`) has what it wanted; click would call that a failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            discard_output()
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--workspace",
    "-w",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Folder of coverage.db, tracker.toml and outbox/ (default: this one).",
)
@click.option("--json", "as_json", is_flag=True, help="Print a machine-readable report.")
@click.option(
    "--log-format",
    type=click.Choice(FORMATS),
    envvar=VARIABLE,
    default="text",
    help="Lines on standard error, in crawl.log and in jobs.log: plain text, or one JSON object a line.",
)
@click.version_option(__version__, prog_name="tracker")
@click.pass_context
def cli(ctx: click.Context, workspace: Path, as_json: bool, log_format: str) -> None:
    """Press-coverage tracker for the Western Balkans.

    Exit codes: 0 done, 1 done but something needs a person, 2 bad usage or configuration, 3 could not run.
    Example: tracker --workspace ~/coverage nightly
    """
    if ctx.get_parameter_source("log_format") is not ParameterSource.DEFAULT:
        os.environ[VARIABLE] = log_format
    ctx.obj = Invocation(workspace, as_json)


def main() -> None:
    """Runs the command line. Every expected error is one line on standard error that says what to do.

    A scheduler that started this command gets its end as a report. A traceback ends it without one: that is a failure there.
    """
    _open_standard_streams()
    gc.set_threshold(*COLLECTED_AFTER)
    os.umask(PRIVATE)
    reporter = Reporter.claim(os.environ)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Cyrillic must not end a night
    with ends_in_order():
        report = _run()
    reporter.write(report)
    raise SystemExit(report.exit_code)


def _run() -> CommandReport:
    """The command to its end; expected errors are printed. Raises what nobody expected."""
    try:
        code = cli(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return CommandReport(CommandOutcome.FAILED, 2, "a command is missing")
    except click.ClickException as error:
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else _asked_for(sys.argv[1:])
        return _failed(f"{' '.join(error.format_message().split()).rstrip('.')}; see `{command} --help`", 2)
    except (click.Abort, KeyboardInterrupt) as error:
        forget_what_nobody_reads()
        if isinstance(error.__cause__, EOFError):  # a full disk cut a compiled file short: every later start would read it
            return _failed(
                "a file of the program is cut short; delete the folders __pycache__ where it is installed, or install it again", 3
            )
        return _failed("interrupted; run the same command again to go on", 3)
    except TrackerError as error:
        return _failed(str(error), error.exit_code, CommandOutcome.BUSY if error.is_busy else CommandOutcome.FAILED)
    except BrokenPipeError:
        discard_output()
        return CommandReport(CommandOutcome.DONE, 0)
    except (OSError, RuntimeError, MemoryError, ImportError) as error:
        if lack := lack_of(error):
            return _failed(lack, 3)
        if isinstance(error, OSError):
            return _failed(os_fault(error), 3)
        raise
    return _ended(code if isinstance(code, int) else 0)


def _asked_for(words: Sequence[str]) -> str:
    """The command that these words name, where click does not say it: `tracker digest make`."""
    path, command = ["tracker"], cast(click.Command, cli)
    for word in words:
        found = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        path, command = ([*path, word], found) if found else (path, command)
    return " ".join(path)


def _ended(code: int) -> CommandReport:
    """What a command's own exit code says."""
    outcomes = {0: CommandOutcome.DONE, 1: CommandOutcome.NEEDS_PERSON}
    return CommandReport(outcomes.get(code, CommandOutcome.FAILED), code)


def _failed(words: str, exit_code: int, outcome: CommandOutcome = CommandOutcome.FAILED) -> CommandReport:
    with contextlib.suppress(OSError):  # a terminal that is gone is why a command was interrupted
        click.echo(log_line(words, "error") if is_json() else f"tracker: {words}", err=True)
    return CommandReport(outcome, exit_code, words)
