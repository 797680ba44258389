"""What became of pages, into the store: the saving half of `steps.ExtractStep`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from tracker.model import Article, Skipped, SkipReason
from tracker.pipeline import earlier_texts
from tracker.store import articles, pages, search_index, text_prints
from tracker.store.article_rows import Ready, ready_to_save
from tracker.store.database import Database

if TYPE_CHECKING:
    from tracker.pipeline.page_pool import PageReading
    from tracker.store.packing import StoredPage

READ_ELSEWHERE = "read_by_another_worker"
"""The outcome of a page whose reader was thought gone and was not."""
FEWEST_AT_ONCE, SAVED_AT_ONCE = 12, 96
"""Readings in a transaction, fewer where the first has waited for SAVE_SECONDS or no page will come: a transaction costs as much as
saving ten of them."""
HELD_SECONDS = 0.15
"""A transaction's length that is aimed at: on a busy machine it has fewer readings, as people at the desk wait for it."""


def saved_next(saved: int, seconds: float) -> int:
    """How many readings the next transaction has, where one of `saved` took so long."""
    return min(SAVED_AT_ONCE, max(FEWEST_AT_ONCE, int(saved * HELD_SECONDS / max(seconds, 0.001))))


def lost(gone: Sequence[StoredPage]) -> list[PageReading]:
    """Readings of pages whose bytes are gone from where `pages.url` had them kept."""
    from tracker.pipeline.page_pool import PageReading

    return [PageReading(page, Skipped(SkipReason.BYTES_LOST)) for page in gone]


def save_readings(database: Database, readings: Sequence[PageReading], now: datetime, *, shared: bool = False) -> list[str]:
    """Stores what became of pages, in one transaction; returns one outcome each. `shared`: other workers read too, and what one of them
    has stored meanwhile stays."""
    return save_measured(database, readings, now, shared=shared).outcomes


class Saved(NamedTuple):
    """One outcome a reading. `held_seconds`: without the wait for others, after which fewer readings at a time would only make more waits."""

    outcomes: list[str]
    held_seconds: float


def save_measured(database: Database, readings: Sequence[PageReading], now: datetime, *, shared: bool) -> Saved:
    """As `save_readings`, with the time it took."""
    return search_index.mended(database, lambda: _save(database, readings, now, shared))


def _save(database: Database, readings: Sequence[PageReading], now: datetime, shared: bool) -> Saved:
    outcomes: list[str] = []
    read = [one for one in readings if isinstance(one.result, Article)]
    made = [*zip(read, _ready(database, read, now), strict=True)]  # before others are kept waiting
    with database.writing() as conn:
        begun = time.monotonic()
        if shared:
            still = pages.still_unscreened(conn, [reading.page.id for reading in readings])
            outcomes += [READ_ELSEWHERE for reading in readings if reading.page.id not in still]
            readings = [reading for reading in readings if reading.page.id in still]
            made = [(reading, row) for reading, row in made if reading.page.id in still]
        kept = [row for _, row in made]
        all_read = earlier_texts.are_read(conn)
        saved = articles.save_ready(conn, kept, now)
        entered = {article_id: one.prints for article_id, (one, _) in zip(saved, made, strict=True) if article_id is not None}
        text_prints.add(conn, entered, up_to=articles.newest_id(conn) if all_read else None)
        repeats = pages.skip_reasons(conn, [row.article.page_id for row, one in zip(kept, saved, strict=True) if one is None])
        for row, article_id in zip(kept, saved, strict=True):
            article = row.article
            outcomes.append(str(article.depth) if article_id is not None else repeats.get(article.page_id, str(SkipReason.SAME_PAGE)))
        skipped = {one.page.id: one.result for one in readings if isinstance(one.result, Skipped)}
        pages.mark_all_skipped(conn, skipped, now)
        outcomes += [one.reason.step_outcome for one in skipped.values()]
        if gone := [page_id for page_id, one in skipped.items() if one.reason is SkipReason.BYTES_LOST]:
            pages.ask_again(conn, gone, now)
    return Saved(outcomes, time.monotonic() - begun)


def _ready(database: Database, read: Sequence[PageReading], now: datetime) -> list[Ready]:
    rows = [(one.result, one.folded_title, one.folded_body) for one in read if isinstance(one.result, Article)]
    return ready_to_save(rows, now, database.backend)
