"""`tracker sources`: the outlet register and how its sources fare."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.bootstrap import Parts, open_parts
from tracker.cli.invocation import Invocation, table, workspace_options
from tracker.cli.night import progress
from tracker.errors import UsageError
from tracker.model.watching import COUNTRIES
from tracker.sources import catalog
from tracker.store import registers
from tracker.store.registers import SourceState


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


def _in_words(state: SourceState) -> str:
    if not state.enabled:
        return "switched off" + (" by a person" if state.switched_by_person else "")
    if state.last_polled_at is None:
        return "not polled yet"
    if state.failing_since_at is not None:
        return f"failing since {state.failing_since_at:%Y-%m-%d}: {state.failing_outcome}{f' ({state.failing_detail})' if state.failing_detail else ''}"
    newest = f", newest {state.newest_at:%Y-%m-%d %H:%M}" if state.newest_at else ""
    return f"works: {state.last_listed if state.last_listed is not None else 0} items{newest}"


@sources.command("list")
@click.option("--country", type=click.Choice([*COUNTRIES, "XB"], case_sensitive=False), help="Only this country.")
@click.option("--troubled", is_flag=True, help="Only sources that do not work.")
@workspace_options
def list_sources(invocation: Invocation, country: str | None, troubled: bool) -> int:
    """Every watched source and its state in words.

    Example: tracker sources list --troubled
    """
    with open_parts(invocation.workspace) as parts:
        found = [state for state in _states(parts) if state.watched]
    if country:
        found = [state for state in found if state.outlet.country == country]
    if troubled:
        found = [state for state in found if state.enabled and state.failing_since_at is not None]
    rows = [(state.source.id, state.outlet.country, str(state.outlet.tier), _in_words(state), state.source.address) for state in found]
    invocation.show([*table(rows, ("source", "country", "tier", "state", "address")), f"{len(found)} sources"], {"sources": found})
    return 0


@sources.command("check")
@click.argument("urls", nargs=-1)
@workspace_options
def check(invocation: Invocation, urls: tuple[str, ...]) -> int:
    """Poll sources now, fetch no articles, and say how each answers. URLS are source ids, outlet ids or addresses; none: all.

    Example: tracker sources check klix
    """
    from tracker.nightly import NightOptions, run_night

    with progress(invocation.as_json) as show, open_parts(invocation.workspace) as parts:
        known = _states(parts)
        wanted = [
            state
            for state in known
            if state.watched
            and state.enabled
            and (not urls or {state.source.id, state.outlet.id, state.source.address, state.outlet.homepage} & set(urls))
        ]
        if urls and not wanted:
            raise UsageError(f"no watched source {urls[0]!r}; `tracker sources list` names them")
        run_night(parts, NightOptions(source_ids=tuple(state.source.id for state in wanted), steps=frozenset({"poll"})), progress=show)
        names = {state.source.id for state in wanted}
        checked = [state for state in _states(parts) if state.source.id in names]
    rows = [(state.source.id, state.outlet.country, _in_words(state)) for state in checked]
    working = sum(state.failing_since_at is None for state in checked)
    invocation.show([*table(rows, ("source", "country", "finding")), f"{working} of {len(checked)} work"], {"sources": checked})
    return 0


@sources.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@workspace_options
def import_sources(invocation: Invocation, file: Path) -> int:
    """Make the outlets of FILE (CSV or OPML) the watched ones. What people switched on or off stays.

    Example: tracker sources import outlets.csv
    """
    from tracker.sources import opml

    catalogue = opml.read_opml(file) if file.suffix.lower() in (".opml", ".xml") else catalog.read_catalogue(file)
    with open_parts(invocation.workspace) as parts, parts.database.writing() as conn:
        registers.replace(conn, catalogue.outlets, catalogue.sources, parts.clock())
    summary = {"outlets": len(catalogue.outlets), "sources": len(catalogue.sources)}
    invocation.show([f"{summary['outlets']} outlets with {summary['sources']} sources are watched now"], summary)
    return 0


@sources.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@workspace_options
def export_sources(invocation: Invocation, file: Path) -> int:
    """Write the watched outlets to FILE (.csv or .opml).

    Example: tracker sources export feeds.opml
    """
    from tracker.sources import opml

    with open_parts(invocation.workspace) as parts:
        states = [state for state in _states(parts) if state.watched]
    outlets = {state.outlet.id: state.outlet for state in states}
    catalogue = catalog.Catalogue(tuple(outlets.values()), tuple(state.source for state in states))
    text = opml.write_opml(catalogue) if file.suffix.lower() in (".opml", ".xml") else catalog.write_catalogue(catalogue)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    invocation.show(
        [f"{len(outlets)} outlets with {len(states)} sources written to {file}"], {"outlets": len(outlets), "sources": len(states)}
    )
    return 0


def _switch(name: str, enabled: bool, summary: str) -> click.Command:
    @click.argument("identity")
    @workspace_options
    def switch(invocation: Invocation, identity: str) -> int:
        with open_parts(invocation.workspace) as parts:
            _states(parts)
            with parts.database.writing() as conn:
                concerned = registers.set_enabled(conn, identity, enabled, parts.clock())
        if not concerned:
            raise UsageError(f"no source or outlet {identity!r}; `tracker sources list` names them")
        invocation.show([f"{identity}: {concerned} sources switched {'on' if enabled else 'off'}"], {"switched": concerned, "on": enabled})
        return 0

    switch.__doc__ = f"{summary}\n\nExample: tracker sources {name} balkan-insight"
    return click.command(name)(switch)


sources.add_command(_switch("enable", True, "Watch a source, or all of an outlet's, whatever the catalogue says."))
sources.add_command(_switch("disable", False, "Stop watching a source, or all of an outlet's; what was found stays."))
