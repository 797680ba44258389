from __future__ import annotations

from sqlalchemy import Connection

from tests.builders import NOW
from tracker.model import Terms, TermsSaid, TermsVia
from tracker.store import terms
from tracker.visibility import gives_on

RESERVED = Terms(TermsVia.HEADER, TermsSaid.RESERVED, "https://zeri.example/licence")
OPEN = Terms(TermsVia.HEADER, TermsSaid.OPEN)
OUTLET = "zeri-i-lumit"


def test_what_an_outlet_says_is_kept_and_taken_back(conn: Connection) -> None:
    known = terms.of_outlets(conn)
    terms.note(conn, known, [(OUTLET, ())], NOW)
    assert (terms.of_outlets(conn), terms.reserved(conn)) == ({}, frozenset())
    terms.note(conn, known, [(OUTLET, (OPEN,)), (OUTLET, (RESERVED,)), (OUTLET, (OPEN,))], NOW)
    assert terms.of_outlets(conn) == known == {OUTLET: (RESERVED,)}
    assert not gives_on(OUTLET, terms.reserved(conn))
    terms.note(conn, known, [(OUTLET, ())], NOW)
    assert terms.of_outlets(conn) == {OUTLET: (Terms(TermsVia.HEADER, TermsSaid.NOTHING),)}
    assert gives_on(OUTLET, terms.reserved(conn))
