"""`tracker sources nets`: the second nets, their terms, what they cost, what leaves the house, and how they fare."""

from __future__ import annotations

import click

from tracker.cli.invocation import Invocation, amount, options_anywhere, table
from tracker.workspace import open_parts


@click.command("nets")
@options_anywhere
def nets(invocation: Invocation) -> int:
    """The second nets: terms, cost, what leaves the house, and how each fares. All are off until a setting switches them on.

    Example: tracker sources nets
    """
    from tracker.monitoring.nets import net_states

    with open_parts(invocation.workspace, must_exist=True) as parts:
        found = net_states(parts.database if parts.database_exists else None, parts.settings.nets)
    lines: list[str] = []
    for one in found:
        lines += [
            f"{one.name}: {'on' if one.enabled else 'off'} ({one.setting})",
            f"  {one.what}",
            f"  terms: {one.terms}",
            f"  cost: {one.cost}",
        ]
        lines += [f"  leaves the house: {one.leaves}", f"  state: {one.state}"]
    on = sum(one.enabled for one in found)
    rows = [(one.name, "on" if one.enabled else "off", one.state) for one in found]
    invocation.show(
        [*lines, "", *table(rows, ("net", "switch", "state")), f"{on} of {amount(len(found), 'net')} switched on"], {"nets": found}
    )
    return 0
