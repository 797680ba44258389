"""Changes of items' pages as rows for an export, and of one item for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from tracker.model import Entry, ItemText, MentionChange, Revision
from tracker.store import entries, revisions
from tracker.visibility import is_withheld

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.store.database import Database

CHANGE_COLUMNS = ("mention", "url", "kind", "seen_at", "before", "after")
ITEMS_TOGETHER = 100
"""Items whose changes are read at once: two texts of 5 KB each are 1 MB."""


class _Withholding(Protocol):
    withheld: int


class _Asked(Protocol):
    def bounds(self, campaign_id: str = "") -> tuple[Any, Any]: ...
    def counts(self, entry: Entry) -> bool: ...


def change_rows(database: Database, campaign_ids: Iterable[str], export: _Withholding, asked: _Asked) -> Iterator[dict[str, Any]]:
    """One row a change of each campaign's items. What an item's visibility withholds is left out and counted, and so is a change whose
    new text a label would hold back."""
    with database.reading() as conn:
        for campaign_id in campaign_ids:
            start_at, end_at = asked.bounds(campaign_id)
            standing = entries.iterate_standings(conn, campaign_id, appeared_from=start_at, appeared_before=end_at)
            for some in _some(standing):
                yield from _rows(conn, campaign_id, some, export, asked)


def _some(found: Iterator[Entry]) -> Iterator[tuple[Entry, ...]]:
    batch: list[Entry] = []
    for entry in found:
        batch.append(entry)
        if len(batch) == ITEMS_TOGETHER:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _rows(conn: Connection, campaign_id: str, some: tuple[Entry, ...], export: _Withholding, asked: _Asked) -> Iterator[dict[str, Any]]:
    changed = revisions.of_articles(conn, [entry.article.id for entry in some])
    for entry in some:
        for change in changed.get(entry.article.id, ()):
            if is_withheld(entry) or is_held_now(change, campaign_id):
                export.withheld += 1
            elif asked.counts(entry):
                yield _row(entry, change)


def is_held_now(change: Revision, campaign_id: str) -> bool:
    """Whether a label holds the new text back, whatever it said of the text that was found."""
    return MentionChange.HELD in change.changes_for(campaign_id)


def _row(entry: Entry, change: Revision) -> dict[str, Any]:
    return {
        "mention": entry.mention.id,
        "url": entry.article.canonical_url,
        "kind": str(change.kind),
        "seen_at": change.seen_at.isoformat(),
        "before": _whole(change.before),
        "after": _whole(change.after),
    }


def _whole(text: ItemText | None) -> str | None:
    return None if text is None else text.whole
