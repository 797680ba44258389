"""Pages that were fetched as another outlet named them and sealed as evidence before their owner named them. The sealed page stays as it
came, beside the owner's, under a link of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, insert, literal, select, update

from tracker.model import Article
from tracker.store.article_rows import MIN_SAME_CHARS
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles
from tracker.store.schema.columns import storable
from tracker.store.schema.crawl import fetches, links, pages, sightings
from tracker.store.schema.evidence import evidence_records

MARK = "named-by-another:"
"""Begins the key of such a link; no normalised address begins so."""

_before = links.alias("before")
_kept = pages.alias("kept")
_OF_PAGES = (
    select(pages.c.id.label("of_page"), articles.c.id, articles.c.title, articles.c.body)
    .join(links, links.c.id == pages.c.link_id)
    .join(_before, _before.c.key == literal(MARK).concat(links.c.key))
    .join(_kept, _kept.c.link_id == _before.c.id)
    .join(articles, articles.c.page_id == _kept.c.id)
    .where(pages.c.id.in_(bindparam("pages", expanding=True)))
)


def is_sealed(conn: Connection, page_id: int) -> bool:
    """Whether an item's evidence is this page: it stays as it came."""
    sealed = select(evidence_records.c.article_id).join(articles, articles.c.id == evidence_records.c.article_id)
    return conn.execute(sealed.where(articles.c.page_id == page_id).limit(1)).first() is not None


def set_aside(conn: Connection, page_id: int) -> bool:
    """Gives a page a link of its own, with its fetch and who had named it, so that its link has room for the owner's page. False where
    that was done for this link before: then the first of them stays."""
    page = conn.execute(select(pages.c.link_id, pages.c.requested_url, pages.c.fetched_at).where(pages.c.id == page_id)).one()
    link = conn.execute(select(links).where(links.c.id == page.link_id)).one()._asdict()
    key = storable(f"{MARK}{link['key']}")
    if conn.execute(select(links.c.id).where(links.c.key == key)).first() is not None:
        return False
    own = link.pop("id")
    values = {**link, "key": key, "url": page.requested_url, "state": "done", "not_before_at": None, "named_by_owner": False}
    other = conn.execute(insert(links).values(values).returning(links.c.id)).scalar_one()
    seen = [column for column in sightings.c if column is not sightings.c.link_id]
    copied = select(literal(other), *seen).where(sightings.c.link_id == own)
    conn.execute(insert(sightings).from_select([sightings.c.link_id, *seen], copied))
    of_page = (fetches.c.link_id == own, fetches.c.fetched_at == page.fetched_at, fetches.c.requested_url == page.requested_url)
    conn.execute(update(fetches).where(*of_page).values(link_id=other))
    conn.execute(update(pages).where(pages.c.id == page_id).values(link_id=other))
    return True


class Earlier:
    """Articles of pages that were set aside, by the page that their owner named since."""

    def __init__(self, conn: Connection, page_ids: Collection[int]) -> None:
        self._rows = {row.of_page: row for row in conn.execute(_OF_PAGES, {"pages": [*page_ids]})} if page_ids else {}

    def same(self, article: Article, known_as: int | None) -> int | None:
        """The article that this one of the owner's naming is: of the same text, or one known (`known_as`) at the same address. None:
        there is none, or the owner's page is another article."""
        row = self._rows.get(article.page_id)
        if row is None:
            return None
        return int(row.id) if row.id == known_as or _is_same(row.title, unpack_text(row.body), article) else None


def take_address(conn: Connection, article_id: int, values: dict[str, Any]) -> None:
    """Gives an article the address and the owner that its owner's naming found; its page and its text stay as they were sealed."""
    named = {name: values[name] for name in ("outlet_id", "requested_url", "canonical_url", "text_key")}
    conn.execute(update(articles).where(articles.c.id == article_id).values(named))


def _is_same(title: str, body: str, article: Article) -> bool:
    """By its text; a short one's headline must be the same too. Of a long one a feed's headline may take the page's place."""
    if body.split() != article.body.split():
        return False
    return len(body) >= MIN_SAME_CHARS or title.split() == article.title.split()
