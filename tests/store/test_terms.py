from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from tests.builders import NOW
from tracker.model import SiteFile, Terms, TermsSaid, TermsVia
from tracker.store import terms
from tracker.visibility import gives_on

RESERVED = Terms(TermsVia.HEADER, TermsSaid.RESERVED, "https://zeri.example/licence")
OPEN = Terms(TermsVia.HEADER, TermsSaid.OPEN)
OUTLET, ADDRESS = "zeri-i-lumit", "https://zeri.example/lajme/1"


def test_what_an_outlet_says_is_kept_and_taken_back(conn: Connection) -> None:
    known = terms.of_outlets(conn)
    terms.note(conn, known, [(OUTLET, ())], NOW)
    assert terms.of_outlets(conn) == {}
    assert gives_on(OUTLET, ADDRESS, terms.reserved(conn))
    terms.note(conn, known, [(OUTLET, (OPEN,)), (OUTLET, (RESERVED,)), (OUTLET, (OPEN,))], NOW)
    assert terms.of_outlets(conn) == known == {OUTLET: (RESERVED,)}
    assert not gives_on(OUTLET, ADDRESS, terms.reserved(conn))
    terms.note(conn, known, [(OUTLET, ())], NOW)
    assert terms.of_outlets(conn) == {OUTLET: (Terms(TermsVia.HEADER, TermsSaid.NOTHING),)}
    assert gives_on(OUTLET, ADDRESS, terms.reserved(conn))


def test_a_file_of_the_site_reserves_paths_until_pages_say_otherwise(conn: Connection) -> None:
    file = SiteFile(TermsVia.TDMREP, "read", NOW, TermsSaid.RESERVED, (("/lajme/", "reserved", ""),), etag='"1"', wrong=2)
    stored = terms.note_file(conn, OUTLET, file, None)
    assert terms.files(conn) == {(OUTLET, TermsVia.TDMREP): stored}
    assert stored.changed_at == NOW
    reserved = terms.reserved(conn)
    assert [gives_on(OUTLET, address, reserved) for address in (ADDRESS, "https://zeri.example/")] == [False, True]
    later = SiteFile(TermsVia.TDMREP, "read", NOW + timedelta(days=7), TermsSaid.RESERVED, file.rules)
    assert terms.note_file(conn, OUTLET, later, stored).changed_at == NOW
    terms.note(conn, terms.of_outlets(conn), [(OUTLET, (OPEN,))], NOW)
    assert gives_on(OUTLET, ADDRESS, terms.reserved(conn))


def test_robots_txt_reserves_nothing(conn: Connection) -> None:
    terms.note_file(conn, OUTLET, SiteFile(TermsVia.ROBOTS, "read", NOW, TermsSaid.REFUSED, (("disallow", "/", ""),)), None)
    assert gives_on(OUTLET, ADDRESS, terms.reserved(conn))
    assert terms.of_outlets(conn) == {}
