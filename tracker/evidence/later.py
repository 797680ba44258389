"""The account that a pack gives of a page which a later visit brought. Pure."""

from __future__ import annotations

from tracker.evidence.days import moment
from tracker.evidence.records import LaterPage, digest_of
from tracker.model import Exchange
from tracker.store.evidence import HeldLater
from tracker.store.schema.columns import storable


def later_page(article_id: int, number: int, held: HeldLater) -> LaterPage:
    """The account of one page. Of its answer those headers are known that explain something, of its request none."""
    exchange = Exchange(
        complete=False,
        url=storable(held.final_url),
        ip="",
        redirects=(),
        request_headers=(),
        protocol="HTTP/1.1",
        status=held.status or 200,
        response_headers=tuple((storable(name), storable(value)) for name, value in held.headers),
    )
    return LaterPage(
        item=article_id,
        number=number,
        seen=held.seen,
        visited_at=moment(held.visited_at),
        requested_url=storable(held.requested_url),
        content_type=storable(held.content_type),
        page_bytes=len(held.page),
        page_sha256=digest_of(held.page),
        exchange=exchange,
    )
