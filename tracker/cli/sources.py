"""`tracker sources`: the outlet register and how its sources fare."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import click
import msgspec

from tracker.cli.discover import discover
from tracker.cli.invocation import (
    CapitalChoice,
    Invocation,
    MomentParameter,
    amount,
    can_ask,
    options_anywhere,
    say_begun,
    table,
    workspace_options,
)
from tracker.cli.nets import nets
from tracker.cli.nightly import progress
from tracker.errors import UsageError
from tracker.model.watching import OUTLET_COUNTRIES, SourceKind
from tracker.monitoring import assess
from tracker.monitoring.platforms import faults
from tracker.monitoring.source_health import Health
from tracker.register import catalog
from tracker.register.comparison import compare
from tracker.register.doubts import doubts
from tracker.store import registers, runs, second_looks, terms
from tracker.store.registers import SourceState
from tracker.workspace import Parts, open_parts

_OPML = (".opml", ".xml")
GIVEN_UP_LATELY = timedelta(days=7)
"""Links given up since then are named: as long as a digest of the week speaks of."""
MOST_GIVEN_UP = 40
"""Lines, as many as a night's report names of sources in trouble."""


@click.group("sources")
def sources() -> None:
    """The outlets we watch and how they fare.

    Example: tracker sources list --country AL
    """


def _states(parts: Parts) -> list[SourceState]:
    """The register's states; a fresh workspace starts with the shipped register."""
    with parts.database.reading() as conn:
        found = registers.states(conn)
    if not found:
        shipped = catalog.shipped()
        with parts.database.writing() as conn:
            registers.replace(conn, shipped.outlets, shipped.sources, parts.clock())
        with parts.database.reading() as conn:
            found = registers.states(conn)
    return found


@sources.command("list")
@click.option("--country", type=CapitalChoice(OUTLET_COUNTRIES), help="Only this country.")
@click.option("--troubled", is_flag=True, help="Only sources that do not work.")
@workspace_options
def list_sources(invocation: Invocation, country: str | None, troubled: bool) -> int:
    """Every watched source and its state in words.

    Example: tracker sources list --troubled
    """
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        _states(parts)
        found = assess.findings(parts.database, parts.clock())
    if country:
        found = [one for one in found if one.state.outlet.country == country]
    if troubled:
        found = [one for one in found if one.finding.needs_telling]
    rows = [
        (one.state.source.id, one.state.outlet.country, str(one.state.outlet.tier), one.finding.words, one.state.source.address)
        for one in found
    ]
    report = [{**msgspec.to_builtins(one.state, enc_hook=str), "state": one.finding.health, "words": one.finding.words} for one in found]
    lines = table(rows, ("source", "country", "tier", "state", "address")) if rows else []
    invocation.show([*lines, amount(len(found), "source")], {"sources": report})
    return 0


@sources.command("check")
@click.argument("urls", nargs=-1)
@options_anywhere
def check(invocation: Invocation, urls: tuple[str, ...]) -> int:
    """Poll sources now, fetch no articles, and say how each answers. URLS are source ids, outlet ids or addresses; none: all.

    An address that is not in the register is checked too and leaves nothing behind. Exit code 1 when one of them does not work.

    Example: tracker sources check klix https://example.org/feed/
    """
    from tracker.pipeline.source_checks import check_addresses, check_sources

    with progress(invocation.as_json) as show, open_parts(invocation.workspace, on_made=say_begun) as parts:
        known = [state for state in _states(parts) if state.watched]
        names = {url: _meant(known, url) for url in urls}
        wanted = [state for state in known if state.enabled] if not urls else [state for url in urls for state in names[url]]
        if urls and (off := [url for url in urls if names[url] and not any(state.enabled for state in names[url])]):
            raise UsageError(f"{off[0]} is switched off; see `tracker sources enable`")
        source_ids = list(dict.fromkeys(state.source.id for state in wanted if state.enabled))
        checked = check_sources(parts, source_ids, show) if source_ids else []
        if strangers := [url for url in urls if not names[url]]:
            checked += check_addresses(parts, strangers, show)
    rows = [(one.source, one.country, one.finding) for one in checked]
    working = sum(one.works for one in checked)
    invocation.show([*table(rows, ("source", "country", "finding")), f"{working} of {len(checked)} work"], {"sources": checked})
    return 0 if checked and working == len(checked) else 1


def _meant(known: list[SourceState], url: str) -> list[SourceState]:
    return [state for state in known if url in (state.source.id, state.outlet.id, state.source.address, state.outlet.homepage)]


@sources.command("health")
@click.option("--country", type=CapitalChoice(OUTLET_COUNTRIES), help="Only this country.")
@click.option("--all", "everything", is_flag=True, help="Also sources that work.")
@click.option("--as-of", type=MomentParameter(), help="Judge as if it were this moment.")
@workspace_options
def health(invocation: Invocation, country: str | None, everything: bool, as_of: datetime | None) -> int:
    """How every source fares by its own past, and outlets and languages whose articles are missing or have lost their text, date or author.

    Also what outlets say machines may do: in their pages, in tdmrep.json and in robots.txt.

    Exit code 1 when something that normally speaks fell silent.

    Example: tracker sources health --country AL
    """
    from tracker.cli.source_states import fare_report, fare_rows, file_lines, file_report, platform_lines, terms_lines

    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        _states(parts)
        now = as_of or parts.clock()
        fares = assess.findings(parts.database, now)
        with parts.database.reading() as conn:
            last = runs.latest(conn, finished=True)
            left = second_looks.given_up(conn, now - GIVEN_UP_LATELY, limit=MOST_GIVEN_UP)
            said, files = terms.of_outlets(conn), terms.files(conn)
        lost = assess.judge_articles(parts.database, as_of or (last.started_at if last else now))
    if country:
        fares = [one for one in fares if one.state.outlet.country == country]
        lost = tuple(trouble for trouble in lost if trouble.country == country)
        here = {one.state.outlet.id for one in fares}
        left = [one for one in left if one.outlet_id in here]
        said = {outlet_id: each for outlet_id, each in said.items() if outlet_id in here}
        files = {place: file for place, file in files.items() if place[0] in here}
    platforms = faults((one.state.source, one.finding) for one in fares)
    together = {name for fault in platforms for name in fault.source_ids}
    shown = [
        one
        for one in fares
        if everything or (one.state.source.id not in together and (one.finding.needs_telling or one.finding.health is Health.EMPTY))
    ]
    counted = Counter(str(one.finding.health) for one in fares)
    summary = ", ".join(f"{state} {counted[state]}" for state in map(str, Health) if counted[state])
    hint = (
        ["nothing was polled yet; `tracker sources check` asks every source now"]
        if fares and not any(one.state.polls for one in fares)
        else []
    )
    lines = table(fare_rows(shown), ("source", "country", "tier", "state", "failures", "due (UTC)")) if shown else []
    lines += platform_lines(platforms)
    lines += [f"{trouble.outlet_name} ({trouble.country}): {trouble.detail}" for trouble in lost]
    lines += [f"given up without an article: {one.url} ({one.outlet_id}): {one.reason}" for one in left]
    lines += [*terms_lines(said), *file_lines(files, everything=everything)]
    invocation.show(
        [*lines, f"{amount(len(fares), 'source')}{': ' if summary else ''}{summary}", *hint],
        fare_report(fares, lost, left) | {"platforms": [*platforms], "terms": said, "site_files": file_report(files)},
    )
    return 1 if lost or counted[str(Health.SILENT)] else 0


@sources.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask, also when less would be watched.")
@options_anywhere
def import_sources(invocation: Invocation, file: Path, yes: bool) -> int:
    """Make the outlets of FILE (CSV or OPML) the watched ones. What people switched on or off stays.

    Says what that adds, changes and removes, and asks before less is watched than now; where nobody can be asked it needs --yes.

    The first row names the columns; `tracker sources export` writes them all. Needed are id, name, homepage and country. What holds for
    one outlet only:

    \b
    lenient_tls    yes: its certificate need not be valid
    delay_seconds  pause between two requests
    user_agent     how we name ourselves to it
    time_zone      such as Europe/Skopje; empty: its country's
    moved_hosts    hosts it had before: old.example|older.example
    script_switch  what in an address only chooses the script:
                   /lat/|/cir/ or ?alphabet= or lat.
    url_key        where an article's own number stands: /a/{n}.html,
                   *-{n}, */{n:9} (nine digits or more; else five),
                   ?id={n}; * stands for anything
    lookback_days  how old a dated link of it may be; empty: seven days
    refuses        yes: refuses automated visitors; asked once a week

    Example: tracker sources import outlets.csv
    """
    from tracker.pipeline.run import watched_catalogue
    from tracker.register import opml

    catalogue = opml.read_opml(file) if file.suffix.lower() in _OPML else catalog.read_catalogue(file)
    warnings = [f"warning: {doubt}" for doubt in doubts(catalogue)]
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        with parts.database.reading() as conn:
            changes = compare(watched_catalogue(registers.states(conn)), catalogue)
        if changes.watches_less and not yes and not _agreed(invocation, [*changes.lines(), *warnings]):
            invocation.show(["nothing was imported"], {"imported": False})
            return 1
        with parts.database.writing() as conn:
            registers.replace(conn, catalogue.outlets, catalogue.sources, parts.clock())
    summary = {"outlets": len(catalogue.outlets), "sources": len(catalogue.sources)}
    report = summary | {"changes": changes, "warnings": warnings}
    lines = [*changes.lines(), *warnings, f"{summary['outlets']} outlets with {summary['sources']} sources are watched now"]
    invocation.show(lines, report)
    return 0


def _agreed(invocation: Invocation, lines: list[str]) -> bool:
    """Whether a person says yes. Raises UsageError where there is nobody to ask."""
    if invocation.as_json or not can_ask():
        raise UsageError(f"{'; '.join(lines)}. Give --yes to import it all the same; `tracker sources export` writes what is watched now")
    for line in lines:
        click.echo(line)
    return click.confirm("Import it?")


@sources.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@workspace_options
def export_sources(invocation: Invocation, file: Path) -> int:
    """Write the watched outlets to FILE (.csv or .opml); `-` prints them as CSV.

    Example: tracker sources export feeds.opml
    """
    from tracker.register import opml

    if str(file) != "-" and file.suffix.lower() not in (".csv", ".txt", *_OPML):
        raise UsageError(f"{file}: outlets are written as .csv, which a spreadsheet program opens, or as .opml; name such a file")
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        states = [state for state in _states(parts) if state.watched]
    as_opml = file.suffix.lower() in _OPML
    written = [state for state in states if state.source.kind is SourceKind.FEED] if as_opml else states
    outlets = {state.outlet.id: state.outlet for state in written}
    catalogue = catalog.Catalogue(tuple(outlets.values()), tuple(state.source for state in written))
    text = opml.write_opml(catalogue) if as_opml else catalog.write_catalogue(catalogue)
    encoding = "utf-8" if str(file) == "-" else "utf-8-sig"  # without a mark Excel reads a code page
    content = text if isinstance(text, bytes) else text.encode(encoding)
    if str(file) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    try:
        file.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}") from error
    left_out = len(states) - len(written)
    hint = [f"{amount(left_out, 'source')} left out: OPML lists feeds only; a .csv file holds everything"] if left_out else []
    report = {"outlets": len(outlets), "sources": len(written), "left_out": left_out}
    invocation.show([f"{len(outlets)} outlets with {amount(len(written), 'source')} written to {file}", *hint], report)
    return 0


def _switch(name: str, enabled: bool, summary: str) -> click.Command:
    @click.argument("identity")
    @workspace_options
    def switch(invocation: Invocation, identity: str) -> int:
        with open_parts(invocation.workspace, on_made=say_begun) as parts:
            _states(parts)
            with parts.database.writing() as conn:
                concerned = registers.set_enabled(conn, identity, enabled, parts.clock())
        if not concerned:
            raise UsageError(f"no source or outlet {identity!r}; `tracker sources list` names them")
        invocation.show(
            [f"{identity}: {amount(concerned, 'source')} switched {'on' if enabled else 'off'}"], {"switched": concerned, "on": enabled}
        )
        return 0

    switch.__doc__ = f"{summary}\n\nExample: tracker sources {name} balkan-insight"
    return click.command(name)(switch)


sources.add_command(_switch("enable", True, "Watch a source, or all of an outlet's, whatever the catalogue says."))
sources.add_command(_switch("disable", False, "Stop watching a source, or all of an outlet's; what was found stays."))
sources.add_command(discover)
sources.add_command(nets)
