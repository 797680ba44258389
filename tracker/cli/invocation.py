"""What every command shares: the workspace, `--json`, and how things are printed."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tracker import __version__
from tracker.errors import TrackerError, UsageError
from tracker.text.log_lines import is_json, log_line

P = ParamSpec("P")
R = TypeVar("R")
YEARS = range(1990, 2101)
"""Of moments a person may ask for: no article is older, and arithmetic with zones has room on both sides."""


class Invocation(Struct, frozen=True):
    """What every command shares: the workspace, and whether its report is printed as JSON."""

    workspace: Path
    as_json: bool = False

    def show(self, lines: Sequence[str], report: Any) -> None:
        """Prints `lines`, or `report` (a record or a mapping) as one JSON object when --json was given, with the program's version."""
        if self.as_json:
            plain = msgspec.to_builtins(report, enc_hook=str)
            click.echo(msgspec.json.encode({**plain, "version": __version__} if isinstance(plain, dict) else plain).decode())
        else:
            for line in lines:
                click.echo(line)


def say_begun(place: str) -> None:
    """Says on standard error that a database was made there: whoever named another folder than was meant sees it at once."""
    told = f"began a new database: {place}"
    click.echo(log_line(told, place=place) if is_json() else told, err=True)


def amount(count: int, noun: str) -> str:
    """ "1 item", "2 items": a number with a noun whose plural ends in s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def workspace_options(command: Callable[..., R]) -> Callable[..., R]:
    """Adds --workspace and --json to a command, so that they may stand before it or after it; passes an Invocation. The command refuses a
    folder that is no workspace, before it does anything."""

    @functools.wraps(command)
    def refusing(given: Invocation, *args: Any, **kwargs: Any) -> R:
        from tracker.workspace import require_workspace

        require_workspace(given.workspace)
        return command(given, *args, **kwargs)

    return options_anywhere(refusing)


def refuse_damaged_file(workspace: Path, error: Exception) -> None:
    """Raises StoreError where the workspace's database is damaged, which then is the cause of the error."""
    from tracker.store.backup import unsound
    from tracker.store.damage import damaged
    from tracker.store.database import database_path
    from tracker.store.server_url import is_server
    from tracker.workspace import workspace_settings

    try:
        url = workspace_settings(workspace).database.url
        path = None if is_server(url) else database_path(workspace, url)
    except TrackerError:
        return
    if path is not None and path.exists() and (found := unsound(path, quick=True)):
        raise damaged(path, found[0]) from error


def options_anywhere(command: Callable[..., R]) -> Callable[..., R]:
    """Like `workspace_options`, for a command that makes sense in any folder or begins a workspace there."""

    @functools.wraps(command)
    def wrapped(*args: Any, workspace: Path | None, as_json: bool, **kwargs: Any) -> R:
        given = click.get_current_context().find_object(Invocation) or Invocation(Path())
        given = replace(given, workspace=workspace or given.workspace, as_json=as_json or given.as_json)
        try:
            return command(given, *args, **kwargs)
        except (TrackerError, click.ClickException, click.Abort, click.exceptions.Exit, OSError):
            raise
        except Exception as error:  # nobody expected it: altered bytes in the database can look like anything
            refuse_damaged_file(given.workspace, error)
            raise

    decorated = click.option("--json", "as_json", is_flag=True, help="Print a machine-readable report.")(wrapped)
    folder = click.Path(path_type=Path)
    return click.option("--workspace", "-w", type=folder, default=None, help="Folder of coverage.db, tracker.toml and outbox/.")(decorated)


class DayParameter(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """A day such as 2026-11-23; anything else is a usage error."""
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2026-11-23", param, ctx)
        return day if day.year in YEARS else self.fail(f"{value!r} is no day between {YEARS[0]} and {YEARS[-1]}", param, ctx)


class MomentParameter(click.ParamType[datetime]):
    """A moment in ISO 8601; without a zone it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """A moment in ISO 8601; anything else is a usage error."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write it as 2026-11-23T06:00+01:00", param, ctx)
        if moment.year not in YEARS:
            self.fail(f"{value!r} is no moment between {YEARS[0]} and {YEARS[-1]}", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def refuse_day_to_come(since: date | None, now: datetime) -> None:
    """Raises UsageError for a first day that has begun nowhere yet: a run from it on would pass over everything there is."""
    if since is not None and since > (now + timedelta(hours=14)).date():
        raise UsageError(f"--since {since} is still to come; give the first day to look at, such as {now.date() - timedelta(days=7)}")


class CapitalChoice(click.Choice[str]):
    """One of some codes in capitals, such as countries; small letters do as well."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code; anything else is a usage error that names the codes as they are written."""
        code = str(value).upper()
        return super().convert(code if code in self.choices else value, param, ctx)


def table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> list[str]:
    """Rows as aligned text columns; the last column is never padded."""
    everything = [tuple(headings), *[tuple(" ".join(str(cell).split()) for cell in row) for row in rows]]
    widths = [max(len(row[column]) for row in everything) for column in range(len(headings))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in everything]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def can_ask() -> bool:
    """Whether a person is there to answer a question."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def on_terminal() -> bool:
    """Whether a progress bar can be drawn."""
    return sys.stderr.isatty()
