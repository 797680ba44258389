"""`tracker backfill`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from tracker.cli.invocation import DayParameter, Invocation, options_anywhere, refuse_day_to_come, say_begun
from tracker.cli.nightly import progress, report_lines
from tracker.priority import give_way
from tracker.workspace import open_parts, wall_clock


@click.command("backfill")
@click.option("--since", type=DayParameter(), required=True, help="The first day to look back at.")
@click.option("--until", type=DayParameter(), help="The last day (default: today).")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
@click.option("--source", "source_ids", multiple=True, help="Only this source or outlet; may be repeated.")
@click.option("--list-only", is_flag=True, help="Find the articles and say how long they would take; fetch none of them yet.")
@options_anywhere
def backfill(
    invocation: Invocation, since: date, until: date | None, campaign_ids: Sequence[str], source_ids: Sequence[str], list_only: bool
) -> int:
    """Look back through outlets' own search, sitemaps, paged feeds and section pages for what they published before.

    Safe to stop at any point: the same command goes on where it stopped. Exit 1 means that something is left to do.

    Example: tracker backfill --since 2024-10-01 --until 2024-12-31
    """
    from tracker.pipeline.backfill import BackfillOptions, run_backfill

    options = BackfillOptions(since, until, tuple(campaign_ids), tuple(source_ids), list_only)
    refuse_day_to_come(since, wall_clock())
    give_way()
    with progress(invocation.as_json) as show, open_parts(invocation.workspace, on_made=say_begun) as parts:
        report = run_backfill(parts, options, progress=show, say=lambda words: click.echo(words, err=True))
    invocation.show(report_lines(report), report)
    return 1 if report.needs_a_person else 0
