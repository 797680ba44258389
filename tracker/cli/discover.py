"""`tracker sources discover`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.invocation import CapitalChoice, Invocation, amount, options_anywhere, say_begun
from tracker.cli.nightly import progress
from tracker.errors import TrackerError, UsageError
from tracker.model.watching import OUTLET_COUNTRIES
from tracker.workspace import Parts, open_parts

if TYPE_CHECKING:
    from tracker.pipeline.discover import Proposal
    from tracker.pipeline.run import Progress


@click.command("discover")
@click.argument("url", required=False)
@click.option("--missing", is_flag=True, help="Every watched outlet without a working feed, in place of one site.")
@click.option("--country", type=CapitalChoice(OUTLET_COUNTRIES), help="With --missing: only this country.")
@click.option("--all", "everything", is_flag=True, help="Also show every address that was asked in vain.")
@options_anywhere
def discover(invocation: Invocation, url: str | None, missing: bool, country: str | None, everything: bool) -> int:
    """Look a site over: feeds, WordPress posts, sitemaps, its own search, its front page; propose a row for the register.

    Some 10 to 40 requests, one at a time. Nothing is stored: add the row to a catalogue and `tracker sources import` it.
    Outlets that refuse automated visitors are left out of --missing. Exit 1: nothing was found by which a site could be followed.

    Example: tracker sources discover https://example.al/
    """
    from tracker.pipeline.discover import discover as look_over
    from tracker.pipeline.discover import propose_words

    if missing == bool(url):
        raise UsageError("give the address of a site, or --missing for every outlet without a working feed")
    with progress(invocation.as_json) as show, open_parts(invocation.workspace, on_made=say_begun) as parts:
        if missing:
            return _discover_missing(invocation, parts, country or "", everything, show)
        assert url is not None
        found: Proposal = look_over(parts, url, progress=show)
    invocation.show(propose_words(found, everything=everything), found)
    return 0 if found.worth_watching else 1


def _discover_missing(invocation: Invocation, parts: Parts, country: str, everything: bool, show: Progress) -> int:
    from tracker.pipeline.discover import discover as look_over
    from tracker.pipeline.discover import propose_words, without_feed
    from tracker.pipeline.run import seed_register

    seed_register(parts)
    outlets = without_feed(parts, country)
    lines: list[str] = []
    report: list[object] = []
    worth = 0
    for outlet in outlets:
        try:
            found = look_over(parts, outlet.homepage, progress=show)
        except TrackerError as error:
            lines += [f"{outlet.id}: {error}", ""]
            report.append({"outlet": outlet.id, "error": str(error)})
            continue
        worth += found.worth_watching
        lines += [f"{outlet.id}:", *propose_words(found, everything=everything), ""]
        report.append({"outlet": outlet.id, "proposal": found})
    total = f"{worth} of {amount(len(outlets), 'outlet')} without a working feed can be followed"
    invocation.show([*lines, total], {"outlets": report, "worth": worth})
    return 0 if worth == len(outlets) else 1
