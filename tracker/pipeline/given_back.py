"""Articles that are fetched again as one page came for those of several outlets: a login page took over the network."""

from __future__ import annotations

from datetime import datetime

from tracker.locale.said import Said
from tracker.model import StepReport
from tracker.monitoring.shared_pages import shared_by_outlets
from tracker.pipeline.run import Run
from tracker.store import search_index, shared_pages
from tracker.store.database import Database


def pages_in_place_of_articles(database: Database, since: datetime) -> frozenset[int]:
    """Pages fetched since then that came in the place of articles."""
    with database.reading() as conn:
        return shared_by_outlets(shared_pages.fetched_since(conn, since))


def give_back(run: Run, page_ids: frozenset[int], now: datetime) -> None:
    """Has their articles fetched again, counted in a report of the run and named among what needs a person. Only after the pages of the
    crawl were read."""
    if not page_ids:
        return

    def back() -> shared_pages.GivenBack:
        with run.database.writing() as conn:
            return shared_pages.give_back(conn, page_ids, now)

    done = search_index.mended(run.database, back)
    counted = (("fetched again later", len(done.urls)), ("left as they ended", done.left))
    run.keep(StepReport("shared pages", len(page_ids), tuple(pair for pair in counted if pair[1])))
    if done.urls:
        run.needs.append(Said("need_given_back", len(done.urls), url=done.urls[0]))
