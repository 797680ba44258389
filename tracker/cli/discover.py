"""`tracker sources discover`."""

from __future__ import annotations

import click

from tracker.cli.invocation import Invocation, workspace_options
from tracker.cli.nightly import progress
from tracker.workspace import open_parts


@click.command("discover")
@click.argument("url")
@click.option("--all", "everything", is_flag=True, help="Also show every address that was asked in vain.")
@workspace_options
def discover(invocation: Invocation, url: str, everything: bool) -> int:
    """Look a site over: feeds, sitemaps, its own search, its front page; propose a row for the register.

    Some 10 to 40 requests, one at a time. Nothing is stored: add the row to a catalogue and `tracker sources import` it.
    Exit 1: nothing was found by which the site could be followed.

    Example: tracker sources discover https://example.al/
    """
    from tracker.pipeline.discover import Proposal, propose_words
    from tracker.pipeline.discover import discover as look_over

    with progress(invocation.as_json) as show, open_parts(invocation.workspace) as parts:
        found: Proposal = look_over(parts, url, progress=show)
    invocation.show(propose_words(found, everything=everything), found)
    return 0 if found.worth_watching else 1
