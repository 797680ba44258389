"""Items of video channels. A film's page cannot be read, so what the channel's feed says of it, title and description, is the article;
it is stored with the poll that named it, and no page is asked for. Its `found_by` stays `channel`: that is how television is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from msgspec.structs import replace
from sqlalchemy import Connection

from tracker.model import Article, Depth, FetchFacts, FetchOutcome, FoundLink, FrontierLink, Outlet
from tracker.store import articles, frontier, pages
from tracker.store.fetch_results import FetchResult, finish_many
from tracker.text.folding import fold

CONTENT_TYPE = "text/html; charset=utf-8"


def keep_items(
    conn: Connection, outlet: Outlet, links: Sequence[tuple[str, FoundLink]], facts: FetchFacts, *, run_id: int | None, now: datetime
) -> int:
    """Turns those of a channel's items that were not seen before into articles, in the caller's transaction; returns how many."""
    said = dict(reversed(links))  # of an item listed twice, the first counts
    waiting = frontier.waiting(conn, [*said])
    endings = [FetchResult(link, _facts(link, facts), rendition(said[link.key]), CONTENT_TYPE) for link in waiting]
    finish_many(conn, endings, run_id=run_id)
    kept = pages.ids_of_links(conn, [link.id for link in waiting])
    rows = [_article(outlet, link, said[link.key], kept[link.id], facts.fetched_at) for link in waiting if link.id in kept]
    articles.save(conn, [(article, fold(article.title), fold(article.body)) for article in rows], now)
    return len(rows)


def rendition(item: FoundLink) -> bytes:
    """What is kept as the item's page."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in item.summary.splitlines() if line.strip())
    title = escape(item.title)
    return f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>'.encode()


def _facts(link: FrontierLink, facts: FetchFacts) -> FetchFacts:
    about = {"outcome": FetchOutcome.FETCHED, "size_bytes": None, "headers": (), "detail": "as the channel's feed describes it"}
    return replace(facts, requested_url=link.url, final_url=link.url, **about)


def _article(outlet: Outlet, link: FrontierLink, item: FoundLink, page_id: int, fetched_at: datetime) -> Article:
    return Article(
        outlet_id=outlet.id,
        requested_url=link.url,
        canonical_url=link.url,
        title=item.title,
        body=item.summary,
        lead=item.summary[:300],
        fetched_at=fetched_at,
        depth=Depth.EXTRACTED,
        published=item.published,
        authors=item.authors,
        language=outlet.languages[0] if outlet.languages else "",
        page_id=page_id,
    )
