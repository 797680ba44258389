"""A pack as a person orders it: what is new is sealed first, protected items are noted in their history, then the pack is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from tracker.errors import UsageError
from tracker.evidence.days import seal_items
from tracker.evidence.gather import Chosen
from tracker.evidence.pack import Order, Packed, pack_into, refuse_existing, write_pack
from tracker.model import Fact
from tracker.store.batches import chunks
from tracker.store.events import Act, Subject
from tracker.workspace import Parts, display_zone

if TYPE_CHECKING:
    from tracker.store.database import Database


class Wish(Struct, frozen=True):
    """How a person wants a pack. `by` and `reason`: let protected items out. `via`: where it was said. `overwrite`: a file that is
    there already."""

    language: str = "en"
    by: str = ""
    reason: str = ""
    via: str = "command"
    printed: bool = True
    overwrite: bool = False


def order_pack(parts: Parts, chosen: Chosen, output: Path, templates: Path, wish: Wish) -> Packed:
    """Writes the pack. Raises UsageError where nothing is left to put in, OSError of the disk."""
    if not output.parent.is_dir():
        raise UsageError(f"{output.parent} is no folder; make it, or name another place with -o")
    refuse_existing(output, overwrite=wish.overwrite)  # before anything is noted of protected items
    return write_pack(parts.database, chosen, output, _prepared(parts, chosen, templates, wish), overwrite=wish.overwrite)


def order_into(stream: IO[bytes], parts: Parts, chosen: Chosen, templates: Path, wish: Wish, name: str) -> Packed:
    """The same into a stream; `name`: what the sheet calls the pack."""
    return pack_into(stream, parts.database, chosen, _prepared(parts, chosen, templates, wish), name)


def _prepared(parts: Parts, chosen: Chosen, templates: Path, wish: Wish) -> Order:
    if not chosen.open and not (wish.by and chosen.protected):
        hint = "; they are let out with --sealed-by and --reason" if chosen.protected else ""
        raise UsageError(f"{chosen.asked} has no item for a pack: {len(chosen.protected)} protected, {chosen.rejected} rejected{hint}")
    now = parts.clock()
    for few in chunks([*chosen.open, *chosen.protected]):
        seal_items(parts.database, now, only=few)
    lets_out = bool(wish.by and chosen.protected)
    if lets_out:
        note_unsealing(parts.database, chosen, by=wish.by, reason=wish.reason, now=now, via=wish.via)
    by, reason = (wish.by, wish.reason) if lets_out else ("", "")
    return Order(now, templates, wish.language, display_zone(parts.workspace), by, reason, wish.printed)


def note_unsealing(database: Database, chosen: Chosen, *, by: str, reason: str, now: datetime, via: str) -> None:
    """Keeps in each protected item's history who let it out and why, before anything is written."""
    with database.writing() as conn:
        act = Act(conn, at=now, by=by, via=via)
        for article_id in chosen.protected:
            act.say(Subject(chosen.campaign_id, article_id), {Fact.EVIDENCE: f"{now:%Y-%m-%d %H:%M:%S} {reason}"})
