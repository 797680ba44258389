"""`tracker add`: coverage found by people."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.cli.invocation import Invocation, options_anywhere, say_begun
from tracker.cli.nightly import progress
from tracker.errors import UsageError
from tracker.model import Campaign
from tracker.store import registers
from tracker.workspace import Parts, campaign_cache, open_parts, read_campaigns, read_catalogues, require_workspace

SHEET = click.Path(path_type=Path, dir_okay=False)


@click.command("add")
@click.argument("url", required=False)
@click.option("--import", "sheet", type=SHEET, help="Enter the items of this sheet (.xlsx or .csv).")
@click.option("--template", type=SHEET, help="Write an empty sheet to fill in.")
@click.option("--campaign", "campaign_id", default="", help="Which campaign (needed when there are several).")
@click.option("--circle", default="", help="Which circle (default: the one that the text matches, else the first that partners see).")
@click.option("--outlet", "outlet_id", default="", help="Whose page it is, where the register does not know its domain.")
@click.option("--country", default="", help="Country of an outlet that the register lacks: AL, BA, XK, ME, MK, RS or XB.")
@click.option("--by", default="", help="Who enters it.")
@click.option("--skip-bad", is_flag=True, help="Enter the right rows although others are wrong.")
@click.option("--dry-run", is_flag=True, help="Say what each row would become; write nothing.")
@options_anywhere
def add(
    invocation: Invocation,
    url: str | None,
    sheet: Path | None,
    template: Path | None,
    campaign_id: str,
    circle: str,
    outlet_id: str,
    country: str,
    by: str,
    skip_bad: bool,
    dry_run: bool,
) -> int:
    """Coverage found by people: one page by its address, or a sheet of print, television, radio and social items.

    A page is fetched like any other and counts although nothing in it matches. A sheet is entered as a whole or not at all; what
    was entered before is not entered twice.

    Example: tracker add --template found.xlsx, fill it in, tracker add --import found.xlsx --by Mira
    """
    if sum(given is not None for given in (url, sheet, template)) != 1:
        raise UsageError("name one of: an address, --import FILE, --template FILE; see `tracker add --help`")
    if template is not None:
        return _write_template(invocation, template)
    require_workspace(invocation.workspace)
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        campaign = _campaign(invocation.workspace, campaign_id)
        if sheet is not None:
            return _import_sheet(invocation, parts, campaign, sheet, circle=circle, by=by, skip_bad=skip_bad, dry_run=dry_run)
        assert url is not None
        return _add_page(invocation, parts, campaign, url, circle=circle, outlet_id=outlet_id, country=country.upper(), by=by)


def _campaign(workspace: Path, campaign_id: str) -> Campaign:
    campaigns = read_campaigns(workspace, (campaign_id,) if campaign_id else ())
    if len(campaigns) != 1:
        raise UsageError(f"several campaigns are here; name one with --campaign: {', '.join(one.id for one in campaigns)}")
    return campaigns[0]


def _write_template(invocation: Invocation, path: Path) -> int:
    from tracker.review.manual.sheet_template import write_csv_template, write_template

    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise UsageError(f"{path.name}: a template is written as .xlsx, with lists to choose from, or as .csv")
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        outlets = read_catalogues(()).outlets
        if parts.database_exists:
            with parts.database.reading() as conn:
                outlets = tuple(registers.outlets(conn).values()) or outlets
    with path.open("wb") as out:
        if ending == ".csv":
            write_csv_template(out)
        else:
            write_template(out, outlets)
    invocation.show([f"an empty sheet is in {path}; fill it in, then tracker add --import {path}"], {"path": path})
    return 0


def _import_sheet(
    invocation: Invocation, parts: Parts, campaign: Campaign, path: Path, *, circle: str, by: str, skip_bad: bool, dry_run: bool
) -> int:
    from tracker.review.manual.sheet_import import ImportOptions, import_items, report_lines

    options = ImportOptions(circle, " ".join(by.split()), skip_bad, dry_run)
    report = import_items(parts.database, campaign, path, options, parts.clock(), campaign_cache(parts.workspace))
    lines = report_lines(report, dry_run=dry_run)
    lines += [f"held back to protect a child until a person has decided: {mention_id}" for mention_id in report.held]
    invocation.show(lines, report)
    return 1 if report.refused or report.held else 0


def _add_page(
    invocation: Invocation, parts: Parts, campaign: Campaign, url: str, *, circle: str, outlet_id: str, country: str, by: str
) -> int:
    from tracker.review.manual.add_page import PageOptions, add_page

    with progress(invocation.as_json) as show:
        added = add_page(parts, campaign, url, PageOptions(circle, outlet_id, country, " ".join(by.split())), progress=show)
    invocation.show(added.lines, added)
    return 0 if added.done else 1
