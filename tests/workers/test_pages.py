"""Pages that travel between workers through a bucket."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import select

from tests.builders import NOW, a_link, a_source, an_outlet, some_facts
from tests.newsroom.press import Newsroom
from tests.s3 import bucket, server
from tests.stored import article_count, finish_link
from tests.workers.desk import WorkDesk, ended
from tracker.model import Skipped, SkipReason
from tracker.pipeline import steps
from tracker.pipeline.page_claims import StoredClaims
from tracker.store import frontier, page_files, pages, registers
from tracker.store.packing import StoredPage
from tracker.store.page_files import is_reference
from tracker.store.schema.crawl import pages as pages_table
from tracker.store.work import claims

if TYPE_CHECKING:
    from tracker.pipeline.page_pool import PagePool

LONG_SECONDS = 500


def test_one_worker_fetches_another_reads_and_what_is_gone_meanwhile_is_counted(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlets, articles = 3, 4
    desk = WorkDesk(tmp_path / "desk", postgres_url, domains=4)
    with Newsroom() as newsroom, server() as endpoint, bucket(endpoint, monkeypatch) as url:
        with (desk.folder / "tracker.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[pages]\nurl = "{url}"\n')
        desk.watch(newsroom, outlets, articles)
        _run(desk, "polls,pages")
        with desk.database.reading() as conn:
            rows = conn.execute(select(pages_table.c.id, pages_table.c.body)).all()
        assert len(rows) == outlets * articles
        assert all(is_reference(row.body) for row in rows), desk.log()
        page_files.remove([rows[0].body])
        _run(desk, "reading")
        with desk.database.reading() as conn:
            assert article_count(conn) == outlets * articles - 1
            assert pages.skip_reasons(conn, [row.id for row in rows]) == {rows[0].id: str(SkipReason.BYTES_LOST)}
        assert "1 skipped: bytes_lost" in desk.log()
    desk.close()


def _run(desk: WorkDesk, queues: str) -> None:
    worker = desk.start("--queues", queues, "--once")
    with ended([worker]):
        assert worker.wait(LONG_SECONDS) == 0, desk.log()


class _Pool:
    """In the place of reading processes: what it was given."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def submit(self, several: Sequence[StoredPage]) -> None:
        self.given += [one.id for one in several]


def test_a_reader_passes_over_all_pages_that_another_reads_and_goes_on_beyond_them(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had ended where the first few hundred were another's."""
    monkeypatch.setattr(steps, "PAGES_IN_POOL", 2)
    desk, pool = WorkDesk(tmp_path / "desk", postgres_url), _Pool()
    with desk.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], NOW)
        frontier.add(conn, [(f"k{number}", a_link(f"u{number}")) for number in range(7)], run_id=None, now=NOW)
        ids = [finish_link(conn, link.id, some_facts(), run_id=None, body=b"x") or 0 for link in frontier.take(conn, limit=7, now=NOW)]
        pages.mark_skipped(conn, ids[5], Skipped(SkipReason.LISTING, ""), NOW)
    assert claims.claim(desk.link, "one", ids[:5], seconds=60) == {*ids[:5]}
    step = steps.ExtractStep(desk.database, lambda: cast("PagePool", pool), NOW, StoredClaims(desk.link, "two"))
    assert (step._take_in(), pool.given) == (1, [ids[6]])
    assert claims.claim(desk.link, "three", ids[5:], seconds=60) == {ids[5]}
    desk.close()
