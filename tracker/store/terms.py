"""What outlets say machines may do with their pages, as their pages last said it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from tracker.model import Terms, TermsSaid, TermsVia
from tracker.store import backend
from tracker.store.schema.watching import outlet_terms

Known = dict[str, tuple[Terms, ...]]


def of_outlets(conn: Connection) -> Known:
    """What each outlet says that ever said anything."""
    found: Known = {}
    rows = conn.execute(select(outlet_terms).order_by(outlet_terms.c.outlet_id, outlet_terms.c.via))
    for row in rows:
        terms = Terms(TermsVia(row.via), TermsSaid(row.said), row.policy)
        found[row.outlet_id] = (*found.get(row.outlet_id, ()), terms)
    return found


def reserved(conn: Connection) -> frozenset[str]:
    """The outlets that reserve their pages against mining, wherever they say so."""
    wanted = select(outlet_terms.c.outlet_id).where(outlet_terms.c.said == str(TermsSaid.RESERVED)).distinct()
    return frozenset(conn.execute(wanted).scalars())


def note(conn: Connection, known: Known, pages: Iterable[tuple[str, tuple[Terms, ...]]], now: datetime) -> None:
    """Stores what pages of outlets said, where it is other than `known`, which is brought up to date. An outlet whose page no longer
    says anything where it once did is noted so; of several pages the last counts, and of one that reserves and one that does not, in
    one batch, the one that reserves."""
    said: dict[tuple[str, TermsVia], Terms] = {}
    for outlet_id, found in pages:
        there = {one.via: one for one in found}
        for via in {*there, *(one.via for one in known.get(outlet_id, ()))}:
            new = there.get(via) or Terms(via, TermsSaid.NOTHING)
            before = said.get((outlet_id, via))
            if before is None or before.said is not TermsSaid.RESERVED:
                said[outlet_id, via] = new
    changed = {place: terms for place, terms in said.items() if terms not in known.get(place[0], ())}
    if not changed:
        return
    rows = [
        {"outlet_id": outlet_id, "via": str(via), "asked_at": now, "said": str(terms.said), "rules": [], "policy": terms.policy}
        for (outlet_id, via), terms in changed.items()
    ]
    conn.execute(backend.upsert(outlet_terms, ["outlet_id", "via"]), rows)
    for (outlet_id, via), terms in changed.items():
        known[outlet_id] = (*(one for one in known.get(outlet_id, ()) if one.via is not via), terms)
