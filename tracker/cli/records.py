"""`tracker trace` and `export`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from tracker.cli.invocation import DayParameter, Invocation, amount, workspace_options
from tracker.cli.narrowing import narrowing, scope_of
from tracker.errors import UsageError
from tracker.model import Audience
from tracker.workspace import display_zone, open_parts, read_campaigns

if TYPE_CHECKING:
    from tracker.exports import Export


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
@click.argument("what", type=click.Choice(["articles", "mentions", "stories", "changes", "listed"]))
@click.option("--format", "ending", type=click.Choice(["jsonl", "csv", "xlsx", "links"]), default="jsonl", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: standard output).")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
@narrowing("--language", "--article-language")
@click.option("--from", "first_on", type=DayParameter(), help="First day of publication.")
@click.option("--to", "last_on", type=DayParameter(), help="Last day of publication.")
@click.option("--audience", type=click.Choice([str(one) for one in Audience]), help="Only what an edition counts for these readers.")
@click.option("--count", "only_count", is_flag=True, help="Write nothing; print how many there are.")
@workspace_options
def export(
    invocation: Invocation,
    what: str,
    ending: str,
    output: Path | None,
    campaign_ids: tuple[str, ...],
    countries: tuple[str, ...],
    written_in: tuple[str, ...],
    outlets: tuple[str, ...],
    first_on: date | None,
    last_on: date | None,
    audience: str | None,
    only_count: bool,
) -> int:
    """Write articles, mentions, stories or changes: all, or those of a country, language, outlet or period. `links`: a line an item, for a letter.

    `listed`: what second nets list of outlets that refuse us; their texts were not read. `tracker sources nets` shows the nets.

    Items that may identify a child are left out until a person has accepted them.

    Example: tracker export mentions --country XK --language sq --from 2024-10-01 --to 2024-12-31 --audience partners --count
    """
    from tracker import exports
    from tracker.digests.scopes import Asked

    if ending == "xlsx" and output is None and sys.stdout.isatty() and not only_count:
        raise UsageError("a spreadsheet cannot be shown on a terminal; name a file with -o")
    if audience and what == "articles":
        raise UsageError("--audience says what an edition counts: ask for mentions or stories")
    if ending == "links" and what == "changes":
        raise UsageError("a change is more than a link: ask for jsonl, csv or xlsx")
    if first_on and last_on and first_on > last_on:
        raise UsageError(f"the period ends ({last_on}) before it begins ({first_on})")
    with open_parts(invocation.workspace, must_exist=True) as parts:
        campaigns = {campaign.id: campaign for campaign in read_campaigns(invocation.workspace, campaign_ids)}
        scope = scope_of(parts, countries, written_in, outlets)
        wanted = Audience(audience) if audience else None
        asked = Asked(
            scope, first_on, last_on, wanted, display_zone(invocation.workspace), campaigns, texts_of_all=not parts.settings.law.respect_tdm
        )
        found = exports.EXPORTS[what](parts.database, campaigns, asked)
        if only_count:
            invocation.show(*_counted(what, found))
        elif output is None:
            exports.writer(ending)(found, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            count = _write(exports.writer(ending), found, output)
            click.echo(f"{count} {what} written to {output}", err=True)
            if invocation.as_json:
                invocation.show([], {"count": count, "withheld": found.withheld, "path": str(output)})
    if found.withheld:
        click.echo(f"held back to protect a child until a person accepts them: {amount(found.withheld, 'item')}", err=True)
    return 0


def _counted(what: str, found: Export) -> tuple[list[str], dict[str, object]]:
    """How many rows there are, and of how many outlets: in words and as a report."""
    if what == "changes":
        count = sum(1 for _ in found.rows)
        return [amount(count, "change")], {what: count, "withheld": found.withheld}
    count, named = 0, set[str]()
    for count, row in enumerate(found.rows, 1):  # noqa: B007
        named |= set(row["outlets"] if "outlets" in row else [row["outlet"]])
    nouns = {"listed": "listed item"}
    told = amount(count, nouns.get(what, what[:-1])) if what != "stories" else f"{count} {'story' if count == 1 else 'stories'}"
    return [f"{told}, {amount(len(named), 'outlet')}"], {what: count, "outlets": len(named), "withheld": found.withheld}


def _write(writer: Callable[[Export, IO[bytes]], int], found: Export, output: Path) -> int:
    """Writes the file whole or not at all; how many rows."""
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with unfinished.open("wb") as file:
            count = writer(found, file)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
    return count
