"""What is known of single outlets' addresses stands in the register's columns; links get the keys that these give.

Until now six tables of the program held it, so that registers stored before have the columns empty.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa
from alembic import op

from tracker.model import Outlet
from tracker.store import frontier
from tracker.urls.canonical import normalise
from tracker.urls.rulebook import rules_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NUMBERED = "/a/{n}.html|/a/*/{n}.html|/content/*/{n}.html"
_KNOWN: dict[str, dict[str, str | list[str]]] = {
    "moved_hosts": {
        "n1-ba": ["ba.n1info.com"],
        "n1-rs": ["rs.n1info.com"],
        "srbija-danas": ["srbijadanas.com"],
        "espreso": ["espreso.rs"],
        "radar": ["radar.rs"],
        "sportski-zurnal": ["zurnal.rs"],
        "atv-ba": ["atvbl.com"],
        "bbc-sr": ["bbc.co.uk"],
    },
    "script_switch": {
        "rtrs": "lat.",
        "sputnik-srbija": "lat.",
        "rt-balkan": "lat.",
        "politika": "/sr/|/scc/",
        "novosti": "/c/",
        "rts": "/lat/|/ci/|/sr/",
        "rtv": "/sr_lat/|/sr_ci/",
        "glas-srpske": "/lat/|/cir/",
        "rtvbn": "/cirilica/",
        "pravda": "/lat/",
        "bbc-sr": "/lat/|/cyr/",
        "source-ba": "/fb/",
        "novi-ba": "?url=",
    },
    "url_key": {
        "klix": "*/{n:9}",
        **dict.fromkeys(("rferl-mk", "rferl-sh", "rferl-sq", "voa-sq", "voa-sr", "voa-bs", "voa-mk"), _NUMBERED),
    },
}
_outlets = sa.table(
    "outlets",
    sa.column("id", sa.String),
    sa.column("homepage", sa.Text),
    sa.column("moved_hosts", sa.JSON),
    sa.column("script_switch", sa.Text),
    sa.column("url_key", sa.Text),
)


def upgrade() -> None:
    """An outlet of which its register says something already keeps that."""
    conn = op.get_bind()
    for column, facts in _KNOWN.items():
        table = _outlets.c[column]
        for outlet_id, fact in facts.items():
            unsaid = sa.func.json_array_length(table) == 0 if column == "moved_hosts" else table.is_(None)
            conn.execute(sa.update(_outlets).where(_outlets.c.id == outlet_id, unsaid).values({column: fact}))
    outlets = [
        Outlet(row.id, "", row.homepage, "", (), moved_hosts=tuple(row.moved_hosts), script_switch=row.script_switch, url_key=row.url_key)
        for row in conn.execute(sa.select(_outlets).order_by(_outlets.c.id))
    ]
    key_of = partial(normalise, rules=rules_of(outlets))
    for outlet in outlets:
        if outlet.moved_hosts or outlet.script_switch or outlet.url_key:
            frontier.rekey(conn, outlet.id, key_of)
