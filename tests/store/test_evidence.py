"""Items sealed, days closed and contents erased, on both databases."""

from __future__ import annotations

import io

from tests.builders import NOW, a_verdict
from tests.evidence.archive import DAY, add_items, packed
from tracker.evidence.days import seal_and_close
from tracker.evidence.erase import erase_item
from tracker.evidence.verify import verify
from tracker.model import Decision
from tracker.store import articles, disk_use, evidence, verdicts
from tracker.store.database import Database


def test_a_day_is_sealed_closed_packed_and_an_item_of_it_erased(database: Database) -> None:
    add_items(database, [1, 2, 3], NOW)
    assert seal_and_close(database, NOW + DAY).outcomes == (("sealed", 3),)
    assert seal_and_close(database, NOW + DAY).outcomes == ()
    with database.writing() as conn:
        verdicts.record(conn, a_verdict(2, Decision.SENSITIVE))
    receipt = erase_item(database, "rivers-2", by="Besa", reason="a child", now=NOW + DAY)
    assert (receipt.item, receipt.day) == (2, "2026-03-14")
    with database.reading() as conn:
        assert articles.search(conn, ["lumi"]) == [1, 3]
        assert [(one.article_id, one.position, one.text is None) for one in evidence.sealed(conn, [1, 2, 3])] == [
            (1, 0, False),
            (2, 1, True),
            (3, 2, False),
        ]
        kept = {one.kind: one.count for one in disk_use.measure(conn, NOW, NOW, NOW)}
    assert kept["evidence: records and sealed texts"] == 2
    found = verify(io.BytesIO(packed(database, [1, 2, 3])))
    assert (found.faults, found.items, found.erased) == ([], 3, 1)
