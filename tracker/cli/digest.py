"""`tracker digest`: make an edition now, list those made."""

from __future__ import annotations

import click

from tracker.bootstrap import open_parts
from tracker.cli.invocation import Invocation, MomentParameter, table, workspace_options
from tracker.cli.night import report_lines


@click.group("digest", invoke_without_command=True)
@click.pass_context
def digest(ctx: click.Context) -> None:
    """Editions: make one, list them. Without a subcommand: list.

    Example: tracker digest make
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_editions)


@digest.command("make")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
@click.option("--as-of", type=MomentParameter(), help="End of the edition's period (default: now).")
@workspace_options
def make(invocation: Invocation, campaign_ids: tuple[str, ...], as_of: object) -> int:
    """Make the edition since the last one, from what is in the archive, without crawling.

    Example: tracker digest make --campaign digital-safety
    """
    from tracker.nightly import NightOptions, run_night

    options = NightOptions(campaign_ids=campaign_ids, as_of=as_of, steps=frozenset({"digest"}))  # type: ignore[arg-type]
    with open_parts(invocation.workspace, must_exist=True) as parts:
        report = run_night(parts, options)
    invocation.show(report_lines(report), report)
    return 1 if report.needs_a_person else 0


@digest.command("list")
@workspace_options
def list_editions(invocation: Invocation) -> int:
    """Editions made so far, the newest first.

    Example: tracker digest list
    """
    from tracker.store import digests

    with open_parts(invocation.workspace, must_exist=True) as parts, parts.database.reading() as conn:
        found = digests.every(conn)
    rows = [
        (
            str(e.id),
            e.campaign_id,
            e.kind,
            f"{e.window.start_at:%Y-%m-%d %H:%M} to {e.window.end_at:%Y-%m-%d %H:%M}",
            f"{e.made_at:%Y-%m-%d %H:%M}",
        )
        for e in found
    ]
    invocation.show(
        table(rows, ("id", "campaign", "kind", "period (UTC)", "made (UTC)")) if rows else ["no edition yet"], {"editions": found}
    )
    return 0
