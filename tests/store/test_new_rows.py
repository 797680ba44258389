"""Rows that a crawl adds many at a time, by the driver itself where that is faster."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from tests.builders import NOW, a_link, a_source, an_outlet
from tracker.store import backend, frontier, registers
from tracker.store.schema.crawl import fetches, pages


def a_row(link_id: int, **fields: Any) -> dict[str, Any]:
    row = {"link_id": link_id, "outlet_id": "o", "requested_url": "u\ud800", "final_url": "f", "content_type": "", "size_bytes": 1}
    return row | {"sha256": "", "fetched_at": NOW, "state": "unscreened", "body": b"\0x", "exchange": None} | fields


@pytest.fixture
def two_links(conn: Connection) -> list[int]:

    registers.replace(conn, [an_outlet()], [a_source()], NOW)
    frontier.add(conn, [(f"k{number}", a_link(f"u{number}")) for number in range(2)], run_id=None, now=NOW)
    return [link.id for link in frontier.take(conn, limit=2, now=NOW)]


def test_one_that_is_there_stays_and_the_others_come_in(conn: Connection, two_links: list[int]) -> None:
    one, other = two_links
    outlet_id = conn.exec_driver_sql("SELECT id FROM outlets").scalar_one()
    adding = backend.of(conn).add_new
    adding(conn, pages, [a_row(one, outlet_id=outlet_id)])
    adding(conn, pages, [a_row(one, outlet_id=outlet_id, body=b"later"), a_row(other, outlet_id=outlet_id)])
    adding(conn, pages, [])
    rows = conn.execute(select(pages).order_by(pages.c.link_id)).all()
    assert [(row.link_id, bytes(row.body), row.skip_detail, row.fetched_at) for row in rows] == [
        (one, b"\0x", "", NOW),
        (other, b"\0x", "", NOW),
    ]


def test_what_a_column_must_have_is_no_reason_to_leave_a_row_out_silently(conn: Connection, two_links: list[int]) -> None:
    row = {
        "link_id": two_links[0],
        "requested_url": "u",
        "final_url": "f",
        "headers": [("a", "b")],
        "outcome": None,
        "detail": "",
        "fetched_at": NOW,
    }
    with pytest.raises(IntegrityError), conn.begin_nested():
        backend.of(conn).add_new(conn, fetches, [row])
    backend.of(conn).add_new(conn, fetches, [row | {"outcome": "fetched"}])
    assert conn.execute(select(fetches.c.headers, fetches.c.fetched_at)).one() == ((("a", "b"),), NOW)
