"""What an outlet lists: RSS, RSS 1.0 (RDF), Atom, JSON Feed and a news sitemap."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from msgspec import Struct

from tracker.demo.press.press import PressOutlet


class Listed(Struct, frozen=True):
    """One entry of a feed or sitemap."""

    address: str
    headline: str
    summary: str
    author: str
    published_at: datetime


def write_feed(outlet: PressOutlet, base: str, entries: Sequence[Listed]) -> tuple[str, str]:
    """Content type and text of the outlet's feed, in the format it uses."""
    return FEEDS[outlet.feed](outlet, base, entries)


def write_sitemap(outlet: PressOutlet, entries: Sequence[Listed]) -> str:
    """A news sitemap of the listed articles."""
    urls = "".join(
        f"<url><loc>{escape(entry.address)}</loc><news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{outlet.languages[0][:2]}</news:language></news:publication>"
        f"<news:publication_date>{entry.published_at.isoformat()}</news:publication_date><news:title>{escape(entry.headline)}</news:title></news:news></url>\n"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}</urlset>\n'
    )


def _declaration(outlet: PressOutlet) -> str:
    return f'<?xml version="1.0" encoding="{outlet.charset}"?>\n' if outlet.declared else '<?xml version="1.0"?>\n'


def _rss(outlet: PressOutlet, base: str, entries: Sequence[Listed]) -> tuple[str, str]:
    items = "".join(
        f'<item><title>{escape(entry.headline)}</title><link>{escape(entry.address)}</link><guid isPermaLink="false">{escape(entry.address)}</guid>'
        f"<pubDate>{format_datetime(entry.published_at)}</pubDate><dc:creator>{escape(entry.author)}</dc:creator>"
        f"<description>{escape(entry.summary)}</description></item>\n"
        for entry in entries
    )
    return "application/rss+xml", (
        f'{_declaration(outlet)}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{escape(outlet.name)}</title>'
        f"<link>{base}/</link><description>{escape(outlet.name)}</description>\n{items}</channel></rss>\n"
    )


def _rdf(outlet: PressOutlet, base: str, entries: Sequence[Listed]) -> tuple[str, str]:
    listed = "".join(f'<rdf:li rdf:resource="{escape(entry.address)}"/>' for entry in entries)
    items = "".join(
        f'<item rdf:about="{escape(entry.address)}"><title>{escape(entry.headline)}</title><link>{escape(entry.address)}</link>'
        f"<description>{escape(entry.summary)}</description><dc:date>{entry.published_at.isoformat()}</dc:date><dc:creator>{escape(entry.author)}</dc:creator></item>\n"
        for entry in entries
    )
    return "application/rdf+xml", (
        f'{_declaration(outlet)}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{base}/"><title>{escape(outlet.name)}</title><link>{base}/</link>'
        f"<description>{escape(outlet.name)}</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _atom(outlet: PressOutlet, base: str, entries: Sequence[Listed]) -> tuple[str, str]:
    items = "".join(
        f'<entry><title>{escape(entry.headline)}</title><link rel="alternate" href="{escape(entry.address)}"/><id>{escape(entry.address)}</id>'
        f"<published>{entry.published_at.isoformat()}</published><updated>{entry.published_at.isoformat()}</updated>"
        f"<author><name>{escape(entry.author)}</name></author><summary>{escape(entry.summary)}</summary></entry>\n"
        for entry in entries
    )
    newest = max((entry.published_at for entry in entries), default=None)
    updated = f"<updated>{newest.isoformat()}</updated>" if newest else ""
    return "application/atom+xml", (
        f'{_declaration(outlet)}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(outlet.name)}</title><id>{base}/</id>'
        f'{updated}<link href="{base}/"/>\n{items}</feed>\n'
    )


def _json(outlet: PressOutlet, base: str, entries: Sequence[Listed]) -> tuple[str, str]:
    items = [
        {
            "id": entry.address,
            "url": entry.address,
            "title": entry.headline,
            "summary": entry.summary,
            "date_published": entry.published_at.isoformat(),
            "authors": [{"name": entry.author}],
        }
        for entry in entries
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "home_page_url": f"{base}/", "items": items}
    return "application/feed+json", json.dumps(feed, ensure_ascii=False, indent=1)


FEEDS: dict[str, Callable[[PressOutlet, str, Sequence[Listed]], tuple[str, str]]] = {"rss": _rss, "rdf": _rdf, "atom": _atom, "json": _json}
