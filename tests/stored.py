"""Store rows one at a time, and read back what the product itself never asks for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from tracker.model import FetchedPage, FetchFacts, FrontierLink
from tracker.store import deliveries, pages
from tracker.store.database import Database, open_database
from tracker.store.deliveries import Delivery, DeliveryState
from tracker.store.fetch_results import FetchResult, finish_many
from tracker.store.schema.articles import articles as articles_table
from tracker.store.schema.crawl import links as links_table
from tracker.store.schema.crawl import pages as pages_table


def whereabouts(database: Database) -> tuple[str, str]:
    """Workspace and `database.url` of an open database, for another process."""
    if not database.on_server:
        return str(database.path.parent), ""
    return ".", database._engine.url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def opened_again(database: Database) -> Database:
    """The same database, by connections of its own."""
    workspace, url = whereabouts(database)
    return open_database(Path(workspace), url)


def finish_link(
    conn: Connection,
    link_id: int,
    facts: FetchFacts,
    *,
    run_id: int | None,
    body: bytes | None = None,
    content_type: str = "",
    retry_at: datetime | None = None,
) -> int | None:
    """Stores the result of one link's fetch, as the crawl does for many. Returns the page's id, None without a page."""
    columns = (links_table.c.key, links_table.c.url, links_table.c.outlet_id)
    row = conn.execute(select(*columns).where(links_table.c.id == link_id)).first()
    link = FrontierLink(link_id, *row) if row else FrontierLink(link_id, "", "", "")
    finish_many(conn, [FetchResult(link, facts, body, content_type, retry_at)], run_id=run_id)
    return None if body is None else int(conn.execute(select(pages_table.c.id).where(pages_table.c.link_id == link_id)).scalar_one())


def fetched_page(conn: Connection, page_id: int) -> FetchedPage | None:
    """The page with its bytes; None when there is none, or when its bytes were pruned."""
    return next((page.opened() for page in pages.stored(conn, [page_id])), None)


def link_counts(conn: Connection, run_id: int | None = None) -> dict[str, int]:
    """Links by the outcome of their last attempt, those never tried as `pending`. With `run_id`: only those this run attempted."""
    outcome = func.coalesce(links_table.c.outcome, "pending").label("result")
    statement = select(outcome, func.count()).group_by(outcome).order_by(outcome)
    if run_id is not None:
        statement = statement.where(links_table.c.attempted_run_id == run_id)
    return {row[0]: row[1] for row in conn.execute(statement)}


def article_count(conn: Connection) -> int:
    """How many articles there are."""
    return int(conn.execute(select(func.count()).select_from(articles_table)).scalar_one())


def deliveries_of(conn: Connection, edition_id: int) -> list[Delivery]:
    """The edition's deliveries, ordered by recipient."""
    rows = [row for state in DeliveryState for row in deliveries.in_state(conn, state) if row.edition_id == edition_id]
    return sorted(rows, key=lambda row: row.recipient)
