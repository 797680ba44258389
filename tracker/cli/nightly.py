"""`tracker demo`, `nightly` and the single steps."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.invocation import (
    DayParameter,
    Invocation,
    MomentParameter,
    on_terminal,
    options_anywhere,
    refuse_day_to_come,
    say_begun,
    workspace_options,
)
from tracker.errors import TrackerError
from tracker.loading import loading
from tracker.model import Estimate, RunReport, StepReport
from tracker.monitoring import reach
from tracker.priority import give_way
from tracker.text.log_lines import is_json, log_line
from tracker.workspace import Parts, open_parts, wall_clock, workspace_settings

if TYPE_CHECKING:
    from tracker.demo.run import Week
    from tracker.pipeline.run import Progress


class _Lines:
    """Progress for a log file: one plain line whenever a tenth more is done, or a step changes."""

    def __init__(self) -> None:
        self._last: tuple[str, int] = ("", -1)

    def __call__(self, step: str, done: int, known: int) -> None:
        tenth = (10 * done // known) if known else done // 500
        if (step, tenth) != self._last:
            self._last = (step, tenth)
            told = f"{step}: {done}{f' of {known}' if known else ''}"
            click.echo(log_line(told, step=step, done=done, known=known), err=True)


class _Bar:
    """Progress for a terminal: one line that is drawn again."""

    WIDTH = 30

    def __call__(self, step: str, done: int, known: int) -> None:
        filled = self.WIDTH * min(done, known) // known if known else 0
        bar = "#" * filled + "." * (self.WIDTH - filled)
        sys.stderr.write(f"\r{step:<8} [{bar}] {done}{f'/{known}' if known else ''}\x1b[K")
        sys.stderr.flush()


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """A progress bar on a terminal, plain lines elsewhere, nothing with --json."""
    if quiet:
        yield lambda step, done, known: None
    elif on_terminal() and not is_json():
        try:
            yield _Bar()
        finally:
            sys.stderr.write("\r\x1b[K")
    else:
        yield _Lines()


def step_lines(step: StepReport) -> list[str]:
    """A step in words: what went in and how it ended."""
    ends = ", ".join(f"{count} {outcome}" for outcome, count in step.outcomes) or "nothing to do"
    return [f"{step.step:<8} {step.inputs:>6}  {ends}  ({step.seconds:.1f} s)", *[f"         {remark}" for remark in step.remarks]]


def report_lines(report: RunReport) -> list[str]:
    """A night in words, the digest's path last."""
    lines = [line for step in report.steps for line in step_lines(step)]
    if report.troubles:
        lines += ["", f"Sources that could not be followed as they should: {len(report.troubles)}"]
        lines += [f"  {trouble.outlet_name} ({trouble.country}): {trouble.detail or trouble.outcome}" for trouble in report.troubles[:40]]
        if len(report.troubles) > 40:
            lines.append(f"  ... and {len(report.troubles) - 40} more: tracker sources list --troubled")
    if report.reach is not None and report.reach.watched:
        lines += ["", *(line[:1].upper() + line[1:] for line in reach.table_lines(report.reach))]
    if report.needs_a_person:
        lines += ["", "Needs a person:", *[f"  {line}" for line in report.needs_a_person]]
    if report.digest_paths:
        lines += ["", *[f"Digest: {path}" for path in report.digest_paths]]
    return lines


@contextmanager
def _pinging(workspace: Path) -> Iterator[Callable[[int], None]]:
    """Gives what takes the night's exit code, and asks `schedule.ping_url` at the end; a night that raises has failed."""
    from tracker.alerts.ping import NightOutcome, ping

    code = 3

    def ended(exit_code: int) -> None:
        nonlocal code
        code = exit_code

    try:
        yield ended
    finally:
        with contextlib.suppress(TrackerError):  # settings that cannot be read: the night says so itself
            if trouble := ping(workspace_settings(workspace), NightOutcome.of(code)):
                click.echo(log_line(trouble, "warning"), err=True)


def _run(invocation: Invocation, **asked: Any) -> int:
    """A run with these fields of `NightOptions`, which is loaded only now: other commands print reports and run nothing."""
    with loading():
        from tracker.pipeline.nightly import NightOptions, run_night

    refuse_day_to_come(asked.get("since"), asked.get("as_of") or wall_clock())
    give_way()
    with progress(invocation.as_json) as show, open_parts(invocation.workspace, on_made=say_begun) as parts:
        options = NightOptions(**asked)
        report = run_night(parts, options, progress=show, on_found=lambda: notify_staff_meanwhile(parts, options.campaign_ids))
    invocation.show(report_lines(report), report)
    return report.exit_code


def notify_staff_meanwhile(parts: Parts, campaign_ids: Sequence[str]) -> None:
    """Notifies staff of what was found while the crawl goes on. What cannot go out now is left to the `tracker alert` after the run."""
    from tracker.cli.schedule import notify_staff

    try:
        report = notify_staff(parts, campaign_ids)
    except TrackerError as error:
        click.echo(f"no notifications during the crawl: {error}", err=True)
        return
    for line in (*report.told, *report.needs_a_person):
        click.echo(f"alert: {line}", err=True)


@click.command("nightly")
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Outlets to watch (CSV) instead of the shipped register; may be repeated.",
)
@click.option("--since", type=DayParameter(), help="Fetch dated links from this day on (default: seven days back).")
@click.option("--as-of", type=MomentParameter(), help="Run as if it were this moment.")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
@click.option("--source", "source_ids", multiple=True, help="Only this source or outlet; may be repeated.")
@options_anywhere
def nightly(
    invocation: Invocation,
    catalogues: Sequence[Path],
    since: date | None,
    as_of: datetime | None,
    campaign_ids: Sequence[str],
    source_ids: Sequence[str],
) -> int:
    """Run all steps of the night in order: crawl, extract, match, group, watch, pictures,
    evidence, digest, prune.

    Safe to start again after a crash: it goes on where it stopped. Exit 1 means that something needs a person.

    Example: tracker --workspace ~/coverage nightly --since 2024-10-01
    """
    asked: dict[str, Any] = {"catalogues": tuple(catalogues), "campaign_ids": tuple(campaign_ids), "source_ids": tuple(source_ids)}
    with _pinging(invocation.workspace) as ended:
        code = _run(invocation, since=since, as_of=as_of, **asked)
        ended(code)
    return code


DEMO_STEPS = """\
One night against a sample press on this machine. It takes one to five minutes, most of them for pages:
  crawl    feeds are asked first, then the pages they name, so the count goes on from the feeds
  extract  headline, date and text are read from each page
  match    items about the campaign are found; group: copies become stories
  week     the night is reviewed, the week's edition made and approved, its letters written to files
"""


@click.command("demo")
@click.option("--serve", is_flag=True, help="Serve the sample press and a review desk over its night afterwards, until interrupted.")
@click.option("--database", default="", help="A PostgreSQL database of its own for the demo: postgresql+psycopg://USER@HOST/NAME.")
@click.option("--workers", type=click.IntRange(0, 16), default=0, help="So many workers do the crawl; with --database.")
@options_anywhere
def demo(invocation: Invocation, serve: bool, database: str, workers: int) -> int:
    """Run a whole night against a sample press of invented outlets on this machine, and compare it with what is written down.

    Nothing outside this machine is asked. The workspace is the folder demo/ of this one. Exit 0: the night equals the expectation.

    Example: tracker demo --serve
    """
    from tracker.demo.on_server import refuse_unfit
    from tracker.demo.press.server import PressServer
    from tracker.demo.run import DemoReport, run_demo

    refuse_unfit(database, workers, serves=serve)
    folder = invocation.workspace / "demo"

    def keep_serving(_: DemoReport, server: PressServer) -> None:
        from tracker.demo.desk import prepare_desk, serve_desk

        def listening(address: str, name: str, password: str) -> None:
            click.echo(f"The review desk: {address} (name {name}, password {password})", err=True)
            click.echo("The sample press, served until you press Ctrl-C:", err=True)
            for outlet in server.press.outlets:
                click.echo(f"  {server.base(outlet.id)}/  {outlet.name} ({outlet.country})", err=True)

        serve_desk(prepare_desk(folder), listening)

    if not invocation.as_json:
        click.echo(DEMO_STEPS + ("  desk     a review desk over that night: its address comes last\n" if serve else ""), err=True)
    with progress(invocation.as_json) as show:
        result = run_demo(folder, progress=show, afterwards=keep_serving if serve else None, database_url=database, workers=workers)
    verdict = (
        ["", "The night equals the written expectation."]
        if not result.differences
        else ["", "The night differs from the written expectation:", *[f"  {line}" for line in result.differences]]
    )
    missed = [
        "",
        "A partner's mail names what was missed; it waits for staff under Mailbox on the desk:",
        *(f"  {url}" for url in result.missed_links),
        "",
        "A second net lists what an outlet that refuses visitors published; it stands before staff, apart:",
        *(f"  {url}" for url in result.listed),
        *estimate_lines(result.estimate),
    ]
    invocation.show([*report_lines(result.run), *week_lines(result.week), *missed, *verdict], result)
    return 3 if result.differences else 0


def estimate_lines(estimate: Estimate | None) -> list[str]:
    """What the demo's nightly edition says of what was missed."""
    if estimate is None or estimate.missed is None:
        return []
    least, most = estimate.missed
    return ["", f"Found {estimate.found} items; estimated missed: {least} to {most}, from the overlaps of {', '.join(estimate.nets)}."]


def week_lines(week: Week | None) -> list[str]:
    """Where the weekly edition of the demo lies."""
    if week is None:
        return []
    left_out = [f"  left out: {reason}" for reason in week.left_out]
    return [
        "",
        "The week, for staff:",
        f"  {week.staff}",
        "The week, for partners, in eight languages and all forms:",
        f"  {week.partners}",
        *left_out,
        "The letters, one a recipient (recipients.toml of the demo):",
        *[f"  {path}" for path in week.letters],
    ]


@click.command("crawl")
@click.option("--catalogue", "catalogues", multiple=True, type=click.Path(path_type=Path), help="Outlets to watch (CSV); may be repeated.")
@click.option("--since", type=DayParameter(), help="Fetch dated links from this day on.")
@click.option("--source", "source_ids", multiple=True, help="Only this source or outlet; may be repeated.")
@click.option("--due", is_flag=True, help="Poll only sources whose time has come, by how fast each turns over.")
@click.option("--find", is_flag=True, help="Read what was fetched and look for the campaigns in it too: extract, match, group.")
@options_anywhere
def crawl(invocation: Invocation, catalogues: Sequence[Path], since: date | None, source_ids: Sequence[str], due: bool, find: bool) -> int:
    """Poll the sources, fetch the pages they name, keep them. Safe to repeat.

    Example: tracker crawl --due --find
    """
    steps = frozenset({"crawl", "extract", "match", "group"} if find else {"crawl"})
    return _run(invocation, catalogues=tuple(catalogues), since=since, source_ids=tuple(source_ids), only_due=due, steps=steps)


@click.command("watch")
@click.option("--due", is_flag=True, help="Only items whose day has come (watch.days).")
@click.option("--as-of", type=MomentParameter(), help="Run as if it were this moment.")
@workspace_options
def watch(invocation: Invocation, due: bool, as_of: datetime | None) -> int:
    """Visit items that were found again: is the page as it was, edited, gone, or back? Without --due all that are watched.

    What changed is kept with both texts: `tracker export changes`. Safe to repeat. Exit 1 means that something needs a person.

    Example: tracker watch --due
    """
    return _run(invocation, as_of=as_of, steps=frozenset({"watch"}), revisit_all=not due)


def _single(name: str, summary: str) -> click.Command:
    @click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
    @workspace_options
    def run(invocation: Invocation, campaign_ids: Sequence[str]) -> int:
        return _run(invocation, campaign_ids=tuple(campaign_ids), steps=frozenset({name}))

    run.__doc__ = f"{summary} Safe to repeat.\n\nExample: tracker {name}"
    return click.command(name)(run)


extract = _single("extract", "Read the fetched pages that were not read yet into articles.")
match = _single("match", "Look for the campaigns in articles they have not looked at; a changed campaign looks at all again.")
group = _single("group", "Put articles that carry the same news together into stories.")
