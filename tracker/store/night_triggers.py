"""The triggers that keep the sums of closed nights true (`night_counts`): whoever changes what was counted has that night counted again.
In the night itself nothing is counted yet, and they find nothing to do."""

from __future__ import annotations

from typing import NamedTuple

TABLE = "counted_nights"
_UNCOUNT = "DELETE FROM counted_nights WHERE end_at >= {at} AND start_at <= {at};"


class NightTrigger(NamedTuple):
    """When it fires, on which table, and the statements that it runs."""

    when: str
    table: str
    statements: tuple[str, ...]


def _of(table: str, update_of: str, *moments: str) -> dict[str, NightTrigger]:
    """For new, changed and removed rows of a table; `moments` say of a row when what it tells was counted."""

    def statements(*rows: str) -> tuple[str, ...]:
        return tuple(_UNCOUNT.format(at=moment.format(row=row)) for row in rows for moment in moments)

    return {
        f"nights_see_new_{table}": NightTrigger("AFTER INSERT", table, statements("NEW")),
        f"nights_see_changed_{table}": NightTrigger(f"AFTER UPDATE OF {update_of}", table, statements("OLD", "NEW")),
        f"nights_see_removed_{table}": NightTrigger("AFTER DELETE", table, statements("OLD")),
    }


_ATTEMPTED = "(SELECT attempted_at FROM links WHERE id = {row}.link_id)"
NIGHT_TRIGGERS = {
    **_of("articles", "page_id, outlet_id, fetched_at, published_at, authors, depth, body", "{row}.fetched_at"),
    **_of("pages", "link_id, outlet_id, fetched_at, state, skip_reason", "{row}.fetched_at", _ATTEMPTED),
    **_of("links", "outlet_id, state, attempted_at", "{row}.attempted_at"),
}


def in_sqlite() -> dict[str, str]:
    """By name, the statement that makes each."""
    return {
        name: f"CREATE TRIGGER {name} {one.when} ON {one.table} BEGIN {' '.join(one.statements)} END"
        for name, one in NIGHT_TRIGGERS.items()
    }
