"""A pack as a person orders it: what is new is sealed first, protected items are noted in their history, then the pack is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.evidence.days import seal_items
from tracker.evidence.gather import Chosen
from tracker.evidence.pack import Order, Packed, write_pack
from tracker.model import Fact
from tracker.store.events import Act, Subject
from tracker.workspace import Parts, display_zone

if TYPE_CHECKING:
    from tracker.store.database import Database


def order_pack(
    parts: Parts,
    chosen: Chosen,
    output: Path,
    templates: Path,
    *,
    language: str = "en",
    by: str = "",
    reason: str = "",
    via: str = "command",
    printed: bool = True,
) -> Packed:
    """Writes the pack. `by` and `reason`: let protected items out. Raises UsageError where nothing is left to put in, OSError of the disk."""
    if not chosen.open and not (by and chosen.protected):
        hint = "; they are let out with --sealed-by and --reason" if chosen.protected else ""
        raise UsageError(f"{chosen.asked} has no item for a pack: {len(chosen.protected)} protected, {chosen.rejected} rejected{hint}")
    if not output.parent.is_dir():
        raise UsageError(f"{output.parent} is no folder; make it, or name another place with -o")
    now = parts.clock()
    seal_items(parts.database, now)
    if by and chosen.protected:
        note_unsealing(parts.database, chosen, by=by, reason=reason, now=now, via=via)
    order = Order(
        now, templates, language, display_zone(parts.workspace), by if chosen.protected else "", reason if chosen.protected else "", printed
    )
    return write_pack(parts.database, chosen, output, order)


def note_unsealing(database: Database, chosen: Chosen, *, by: str, reason: str, now: datetime, via: str) -> None:
    """Keeps in each protected item's history who let it out and why, before anything is written."""
    with database.writing() as conn:
        act = Act(conn, at=now, by=by, via=via)
        for article_id in chosen.protected:
            act.say(Subject(chosen.campaign_id, article_id), {Fact.EVIDENCE: f"{now:%Y-%m-%d %H:%M:%S} {reason}"})
