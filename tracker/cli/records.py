"""`tracker trace` and `export`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tracker.cli.invocation import Invocation, amount, workspace_options
from tracker.errors import UsageError
from tracker.workspace import display_zone, open_parts, read_campaigns


@click.command("trace")
@click.argument("url")
@workspace_options
def trace(invocation: Invocation, url: str) -> int:
    """One article's whole way: found, fetched, read, matched, judged, or where it stopped and why.

    Takes its address or the id of a mention. Times are in the campaign's zone.

    Example: tracker trace https://example.org/news/one
    """
    from tracker.monitoring import trace as tracing

    with open_parts(invocation.workspace, must_exist=True) as parts:
        found = tracing.trace(parts.database, url)
        invocation.show(tracing.trace_lines(parts.database, url, found, display_zone(invocation.workspace)), {"url": url, "trails": found})
    return 0


@click.command("export")
@click.argument("what", type=click.Choice(["articles", "mentions", "stories"]))
@click.option("--format", "ending", type=click.Choice(["jsonl", "csv", "xlsx"]), default="jsonl", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: standard output).")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
@workspace_options
def export(invocation: Invocation, what: str, ending: str, output: Path | None, campaign_ids: tuple[str, ...]) -> int:
    """Write all articles, mentions or stories. Items that may identify a child are left out until a person has accepted them.

    Example: tracker export mentions --format xlsx -o mentions.xlsx
    """
    from tracker import exports

    if ending == "xlsx" and output is None and sys.stdout.isatty():
        raise UsageError("a spreadsheet cannot be shown on a terminal; name a file with -o")
    with open_parts(invocation.workspace, must_exist=True) as parts:
        campaigns = [campaign.id for campaign in read_campaigns(invocation.workspace, campaign_ids)]
        found = exports.EXPORTS[what](parts.database, campaigns)
        if output is None:
            count = exports.WRITERS[ending](found, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            unfinished = output.with_name(f".{output.name}.part")
            try:
                with unfinished.open("wb") as file:
                    count = exports.WRITERS[ending](found, file)
                unfinished.replace(output)
            finally:
                unfinished.unlink(missing_ok=True)
            click.echo(f"{count} {what} written to {output}", err=True)
    if found.withheld:
        click.echo(f"held back to protect a child until a person accepts them: {amount(found.withheld, 'item')}", err=True)
    return 0
