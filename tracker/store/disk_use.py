"""What is kept of pages, texts, evidence and pictures, how much of it may go, and the disk that each takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Connection, and_, case, func, not_, select, true

from tracker.store import pages as pages_of
from tracker.store import retention
from tracker.store.schema.articles import articles
from tracker.store.schema.crawl import pages
from tracker.store.schema.evidence import evidence_records
from tracker.store.schema.pictures import picture_files


class Kept(Struct, frozen=True):
    """One kind of what is kept: how many, their bytes as they lie in the database, and how many of them the settings let go now."""

    kind: str
    setting: str
    count: int
    size_bytes: int
    going: int = 0
    going_bytes: int = 0

    @property
    def bytes_per_thousand(self) -> int | None:
        """What a thousand of them take; None where there are none to measure."""
        return round(1000 * self.size_bytes / self.count) if self.count else None


def measure(conn: Connection, pages_before: datetime, texts_before: datetime | None, pictures_before: datetime | None) -> Iterator[Kept]:
    """Every kind. The moments are those before which the settings let go; None: for ever."""
    free, kept = pages_of.may_go(), pages.c.body.is_not(None)
    yield _kept(conn, "pages without a mention", "keep.pages_days", pages.c.body, and_(kept, free), pages.c.fetched_at < pages_before)
    yield _kept(conn, "pages of mentions, or not judged yet", "for ever", pages.c.body, and_(kept, not_(free)))
    free, kept = retention.may_go(), articles.c.given_up_at.is_(None)
    old = articles.c.fetched_at < texts_before if texts_before else None
    yield _kept(conn, "texts without a mention", "keep.texts_days", articles.c.body, and_(kept, free), old)
    yield _kept(conn, "texts of mentions", "for ever", articles.c.body, and_(kept, not_(free)))
    sealed = func.coalesce(func.length(evidence_records.c.record), 0) + func.coalesce(func.length(evidence_records.c.body), 0)
    yield _kept(conn, "evidence: records and sealed texts", "for ever", sealed, evidence_records.c.record.is_not(None))
    yield _kept(conn, "evidence: requests and answers of pages", "with the page", pages.c.exchange, pages.c.exchange.is_not(None))
    old = picture_files.c.stored_at < pictures_before if pictures_before else None
    yield _kept(conn, "lead pictures", "keep.pictures_days", picture_files.c.content, true(), old)


def _kept(
    conn: Connection, kind: str, setting: str, size: Column[Any] | ColumnElement[Any], wanted: ColumnElement[bool], old: Any = None
) -> Kept:
    length = func.length(size) if isinstance(size, Column) else size
    figures = [func.count(), func.coalesce(func.sum(length), 0)]
    if old is not None:
        figures += [func.coalesce(func.sum(case((old, 1), else_=0)), 0), func.coalesce(func.sum(case((old, length), else_=0)), 0)]
    return Kept(kind, setting, *map(int, conn.execute(select(*figures).where(wanted)).one()))
