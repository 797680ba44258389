"""`tracker verdict`: a person's word on mentions, one by one or in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from tracker.cli.invocation import DayParameter, Invocation, workspace_options
from tracker.errors import UsageError
from tracker.model import Decision, Prominence, Tone, Verdict
from tracker.workspace import open_parts, read_campaigns

SHEET = click.Path(path_type=Path, dir_okay=False)
NO_MESSAGE = "none"


@click.command("verdict")
@click.argument("mention", required=False)
@click.argument("decision", type=click.Choice([str(decision) for decision in Decision]), required=False)
@click.option("--tone", type=click.Choice([str(tone) for tone in Tone]), help="How it speaks of the campaign.")
@click.option("--prominence", type=click.Choice([str(place) for place in Prominence]), help="Where it names the campaign.")
@click.option("--message", "messages", multiple=True, help="A key message that came through, by id; may be repeated. `none`: none did.")
@click.option("--headline", default="", help="The headline in English.")
@click.option("--note", default="", help="Why; kept with the verdict.")
@click.option("--by", default="", help="Who decided.")
@click.option("--export", "target", type=SHEET, help="Write a sheet for review: the items that nobody has decided on.")
@click.option("--import", "source", type=SHEET, help="Record what a sheet for review says.")
@click.option("--since", "--from", "since", type=DayParameter(), help="With --export: only items found since this day.")
@click.option("--to", "until", type=DayParameter(), help="With --export: only items found up to this day, included.")
@click.option("--campaign", "campaign_ids", multiple=True, help="With --export or --import: only this campaign; may be repeated.")
@click.option("--all", "decided", is_flag=True, help="With --export: also the items that are decided.")
@click.option("--force", is_flag=True, help="With --import: the sheet's word also where a person has judged since.")
@workspace_options
def verdict(
    invocation: Invocation,
    mention: str | None,
    decision: str | None,
    tone: str | None,
    prominence: str | None,
    messages: tuple[str, ...],
    headline: str,
    note: str,
    by: str,
    target: Path | None,
    source: Path | None,
    since: date | None,
    until: date | None,
    campaign_ids: tuple[str, ...],
    decided: bool,
    force: bool,
) -> int:
    """Record a person's word on a mention (its id stands in `tracker trace` and `tracker export mentions`). No re-run touches it, and
    a later word keeps the details that it says nothing of.

    For many at once: --export writes a spreadsheet with lists to choose from, --import takes it back and says row by row what it did.

    Example: tracker verdict m-4f2a accept --tone positive --note "names the campaign"
    """
    by = " ".join(by.split())
    if target is not None and source is None and mention is None:
        return _export(invocation, target, campaign_ids, (since, until), decided)
    if source is not None and target is None and mention is None:
        return _import(invocation, source, campaign_ids, by, force)
    if mention is None or decision is None or target or source:
        raise UsageError("give a mention and a decision, or --export FILE, or --import FILE; see `tracker verdict --help`")
    confirmed = None if not messages else () if messages == (NO_MESSAGE,) else messages
    details = {
        "tone": tone or "",
        "prominence": prominence or "",
        "headline_en": " ".join(headline.split()),
        "note": " ".join(note.split()),
    }
    return _record(invocation, mention, Decision(decision), confirmed, by, details)


def _record(
    invocation: Invocation, mention: str, decision: Decision, confirmed: tuple[str, ...] | None, by: str, details: dict[str, str]
) -> int:
    from tracker.review.verdict_sheet.importing import carried_lines
    from tracker.store import mentions, verdicts
    from tracker.visibility import calls_sensitive

    with open_parts(invocation.workspace, must_exist=True) as parts:
        with parts.database.reading() as conn:
            found = mentions.get(conn, mention)
        if found is None:
            raise UsageError(f"no mention {mention!r}; `tracker export mentions` lists them")
        if confirmed:
            _check_messages(invocation.workspace, found.campaign_id, confirmed)
        said = Verdict(found.campaign_id, found.article_id, decision, parts.clock(), by=by, key_messages=confirmed, **details)
        with parts.database.writing() as conn:
            said = verdicts.record(conn, said)
            carried = carried_lines(conn, found) if calls_sensitive(said) else []
    invocation.show([f"{mention}: {decision}, recorded", *carried], said)
    return 0


def _check_messages(workspace: Path, campaign_id: str, messages: Sequence[str]) -> None:
    (campaign,) = read_campaigns(workspace, (campaign_id,))
    known = [message.id for message in campaign.key_messages]
    if unknown := [message for message in messages if message not in known]:
        raise UsageError(f"campaign {campaign_id} has no key message {unknown[0]!r}; there are {', '.join(known) or 'none'}, or write none")


def _export(
    invocation: Invocation, target: Path, campaign_ids: tuple[str, ...], found: tuple[date | None, date | None], decided: bool
) -> int:
    from tracker.review.verdict_sheet.exporting import items_for_review, write_verdict_sheet

    with open_parts(invocation.workspace, must_exist=True) as parts:
        campaigns = read_campaigns(invocation.workspace, campaign_ids)
        items = items_for_review(parts.database, campaigns, *found, decided=decided)
        unfinished = target.with_name(f".{target.name}.part")
        try:
            with unfinished.open("wb") as out:
                exported = write_verdict_sheet(out, parts.database, campaigns, items)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    lines = [f"{exported.items} items written to {target}; fill it in, then: tracker verdict --import {target}"]
    if exported.held:
        lines.append(f"{exported.held} of them may identify a child: the sheet is for the staff only")
    invocation.show(lines, exported)
    return 0


def _import(invocation: Invocation, source: Path, campaign_ids: tuple[str, ...], by: str, force: bool) -> int:
    from tracker.review.verdict_sheet.importing import import_verdicts, report_lines

    with open_parts(invocation.workspace, must_exist=True) as parts:
        campaigns = read_campaigns(invocation.workspace, campaign_ids)
        report = import_verdicts(parts.database, campaigns, source, parts.clock(), by=by, force=force)
    invocation.show(report_lines(report), report)
    return 1 if report.refused or report.warnings else 0
