"""The triggers that keep the sums of nights true (`night_counts`): whoever changes what was counted has that night counted again. While a
night brings its pages nothing is counted yet, or no more after the first of them, and they find nothing to do."""

from __future__ import annotations

from typing import NamedTuple

TABLE = "counted_nights"
_UNCOUNT = "DELETE FROM counted_nights WHERE end_at >= {at} AND start_at <= {at};"


class NightTrigger(NamedTuple):
    """When it fires, on which table, and the statements that it runs."""

    when: str
    table: str
    statements: tuple[str, ...]


def _of(table: str, update_of: str, *moments: str, new: bool) -> dict[str, NightTrigger]:
    """For changed and removed rows of a table, and for new ones; `moments` say of a row when what it tells was counted."""

    def statements(*rows: str) -> tuple[str, ...]:
        return tuple(_UNCOUNT.format(at=moment.format(row=row)) for row in rows for moment in moments)

    return {
        f"nights_see_changed_{table}": NightTrigger(f"AFTER UPDATE OF {update_of}", table, statements("OLD", "NEW")),
        f"nights_see_removed_{table}": NightTrigger("AFTER DELETE", table, statements("OLD")),
        **({f"nights_see_new_{table}": NightTrigger("AFTER INSERT", table, statements("NEW"))} if new else {}),
    }


_ATTEMPTED = "(SELECT attempted_at FROM links WHERE id = {row}.link_id)"
# An article comes with a page, fetched at the same moment, whose state changes with it. A trigger on articles for it took as long as the
# row: with one, SQLite makes ready to look through all tables that name articles. A new link was attempted by nobody yet.
NIGHT_TRIGGERS = {
    **_of("articles", "page_id, outlet_id, fetched_at, published_at, authors, depth, body", "{row}.fetched_at", new=False),
    **_of("pages", "link_id, outlet_id, fetched_at, state, skip_reason", "{row}.fetched_at", _ATTEMPTED, new=True),
    **_of("links", "outlet_id, state, attempted_at", "{row}.attempted_at", new=False),
}


def in_sqlite() -> dict[str, str]:
    """By name, the statement that makes each."""
    return {
        name: f"CREATE TRIGGER {name} {one.when} ON {one.table} BEGIN {' '.join(one.statements)} END"
        for name, one in NIGHT_TRIGGERS.items()
    }
