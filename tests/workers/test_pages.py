"""Pages that travel between workers through a bucket."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.newsroom.press import Newsroom
from tests.s3 import bucket, server
from tests.stored import article_count
from tests.workers.desk import WorkDesk, ended
from tracker.model import SkipReason
from tracker.store import page_files, pages
from tracker.store.page_files import is_reference
from tracker.store.schema.crawl import pages as pages_table

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
