"""An article as it is stored, made before the transaction: whoever writes keeps all others waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from tracker.model import Article, Depth
from tracker.store.backend import Backend
from tracker.store.packing import pack_text
from tracker.store.schema.columns import published_values, storable

MIN_SAME_CHARS = 200
"""Shorter texts repeat themselves: "No accidents were reported today." """


class Ready(NamedTuple):
    """An article, its columns but for its ids, and its text as the search index takes it."""

    article: Article
    values: dict[str, Any]
    indexed: str


def ready_to_save(rows: Sequence[tuple[Article, str, str]], now: datetime, store: Backend) -> list[Ready]:
    """(article, folded title, folded body) as `articles.save_ready` takes them, for a database of this kind."""
    return [
        Ready(
            article,
            {**_values(article, now), "text_key": _text_key(article, title, body)},
            store.as_indexed(storable(f"{title}\n{body}")),
        )
        for article, title, body in rows
    ]


def _values(article: Article, now: datetime) -> dict[str, Any]:
    return {
        "page_id": article.page_id or None,
        "outlet_id": article.outlet_id,
        "requested_url": article.requested_url,
        "canonical_url": storable(article.canonical_url),
        "title": article.title,
        "lead": article.lead,
        "authors": article.authors,
        **published_values(article.published),
        "date_readings": tuple((str(reading.source), reading.published.iso()) for reading in article.date_readings),
        "image": article.image,
        "fetched_at": article.fetched_at,
        "language": article.language,
        "depth": str(article.depth),
        "stored_at": now,
        "body": pack_text(article.body),
        "given_up_at": None,
    }


def _text_key(article: Article, folded_title: str, folded_body: str) -> str | None:
    """What tells a text at an outlet: None for cheap text, which holds the page's changing parts, and for texts too short to tell."""
    if article.depth is not Depth.EXTRACTED or len(folded_body) < MIN_SAME_CHARS:
        return None
    text = "\n".join((article.outlet_id, " ".join(folded_title.split()), " ".join(folded_body.split())))
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
