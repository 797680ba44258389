"""What outlets say machines may do with their pages: as their pages last said it, and as the files of their sites did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row, select

from tracker.model import SiteFile, Terms, TermsSaid, TermsVia
from tracker.store import backend
from tracker.store.schema.watching import outlet_terms
from tracker.urls.reserved import Reservations, said_by_pages

Known = dict[str, tuple[Terms, ...]]
Files = dict[tuple[str, TermsVia], SiteFile]
OF_PAGES, OF_SITES = (TermsVia.HEADER, TermsVia.META), (TermsVia.TDMREP, TermsVia.ROBOTS)


def of_outlets(conn: Connection) -> Known:
    """What the pages of each outlet say that ever said anything."""
    found: Known = {}
    for row in conn.execute(_said(OF_PAGES)):
        terms = Terms(TermsVia(row.via), TermsSaid(row.said), row.policy)
        found[row.outlet_id] = (*found.get(row.outlet_id, ()), terms)
    return found


def files(conn: Connection) -> Files:
    """The files of sites that were asked for, by outlet and kind."""
    return {(row.outlet_id, TermsVia(row.via)): _file(row) for row in conn.execute(_said(OF_SITES))}


def reserved(conn: Connection) -> Reservations:
    """What outlets reserve against mining, wherever they say so."""
    said = {outlet_id: said_by_pages(found) for outlet_id, found in of_outlets(conn).items()}
    listed = {outlet_id: file.rules for (outlet_id, via), file in files(conn).items() if via is TermsVia.TDMREP and file.rules}
    return Reservations({outlet_id: each for outlet_id, each in said.items() if each is not None}, listed)


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


def note_file(conn: Connection, outlet_id: str, new: SiteFile, before: SiteFile | None) -> SiteFile:
    """Stores a file as it answered now; what is stored. `new.changed_at` is decided here: the first time, and when it says something else."""
    same = before is not None and (before.said, before.rules) == (new.said, new.rules)
    kept = replace(new, changed_at=before.changed_at if before is not None and same else new.asked_at)
    values: Mapping[str, Any] = {
        "outlet_id": outlet_id,
        "via": str(kept.via),
        "asked_at": kept.asked_at,
        "outcome": kept.outcome,
        "status": kept.status,
        "changed_at": kept.changed_at,
        "wrong": kept.wrong,
        "said": str(kept.said),
        "rules": [*map(list, kept.rules)],
        "policy": "",
        "etag": kept.etag,
        "last_modified": kept.last_modified,
    }
    conn.execute(backend.upsert(outlet_terms, ["outlet_id", "via"]), [values])
    return kept


def _said(via: Iterable[TermsVia]) -> Any:
    wanted = outlet_terms.c.via.in_([*map(str, via)])
    return select(outlet_terms).where(wanted).order_by(outlet_terms.c.outlet_id, outlet_terms.c.via)


def _file(row: Row[Any]) -> SiteFile:
    return SiteFile(
        TermsVia(row.via),
        row.outcome or "",
        row.asked_at,
        TermsSaid(row.said),
        row.rules,
        row.changed_at,
        row.status,
        row.etag,
        row.last_modified,
        row.wrong or 0,
    )
