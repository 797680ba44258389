"""JSON Feed, and the plain JSON lists that some sites serve instead of a feed (WordPress posts and the like)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from tracker.model import FetchOutcome, Published
from tracker.sources.feeds.persons import person_name
from tracker.sources.feeds.records import FeedDocument, FeedEntry
from tracker.sources.plain_text import plain_summary, plain_title
from tracker.text.dates import parse_moment
from tracker.urls.links import web_address

MAX_ENTRIES = 5_000
"""As of XML feeds: fifty times what WordPress gives at most."""
LISTS = ("items", "posts", "articles", "data", "results", "news", "entries", "list")
ADDRESSES = ("url", "link", "permalink", "href", "external_url", "share_url")
TITLES = ("title", "headline", "name")
DATES = ("date_published", "date", "published_at", "publishedAt", "published", "pubDate", "created_at", "createdAt", "date_modified")
TEXTS = ("summary", "excerpt", "description", "lead", "content_text", "content_html", "content", "text")


def read_json(text: str, *, url: str, now: datetime, zone: str) -> FeedDocument:
    """A JSON document as a feed; NOT_A_FEED when it holds no list of items."""
    try:
        found = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return FeedDocument(FetchOutcome.PARSE_FAILED, "looks like JSON and is not valid JSON")
    items = _items(found)
    if items is None:
        return FeedDocument(FetchOutcome.NOT_A_FEED, "JSON without a list of items")
    title = plain_title(_words(found.get("title"))) if isinstance(found, dict) else ""
    entries = tuple(_entry(item, url, now, zone) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    if not entries:
        return FeedDocument(FetchOutcome.EMPTY, "the feed lists nothing", title=title)
    return FeedDocument(FetchOutcome.FETCHED, title=title, entries=entries)


def _items(found: Any, depth: int = 0) -> list[Any] | None:
    if isinstance(found, list):
        return found if all(isinstance(item, dict) for item in found) and (not found or _looks_like_item(found[0])) else None
    if not isinstance(found, dict):
        return None
    if isinstance(found.get("items"), list) and ("jsonfeed" in str(found.get("version", "")) or depth == 0):
        return list(found["items"])
    for name in LISTS:
        inner = found.get(name)
        items = _items(inner, depth + 1) if depth < 2 and isinstance(inner, list | dict) else None
        if items:
            return items
    return None


def _looks_like_item(item: dict[str, Any]) -> bool:
    return any(name in item for name in (*ADDRESSES, "slug")) and any(name in item for name in TITLES)


def _entry(item: dict[str, Any], url: str, now: datetime, zone: str) -> FeedEntry:
    address = next((found for name in ADDRESSES if (found := web_address(_words(item.get(name)), url))), "")
    identity = _words(item.get("id")) or _words(item.get("guid"))
    return FeedEntry(
        id=identity or address,
        url=address or web_address(identity),
        title=plain_title(next((words for name in TITLES if (words := _words(item.get(name)))), "")),
        published=_published(item, now, zone),
        authors=_authors(item),
        summary=plain_summary(next((words for name in TEXTS if (words := _words(item.get(name)))), "")),
        modified_at=modified.at if (modified := _in_utc(item, "modified_gmt", now)) else None,
    )


def _published(item: dict[str, Any], now: datetime, zone: str) -> Published | None:
    if found := _in_utc(item, "date_gmt", now):
        return found
    moments = (parse_moment(_words(item.get(name)), zone=zone, now=now) for name in DATES if name in item)
    return next((found for found in moments if found), None)


def _in_utc(item: dict[str, Any], name: str, now: datetime) -> Published | None:
    utc = _words(item.get(name))
    return parse_moment(f"{utc}Z", zone="UTC", now=now) if utc else None


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    listed = item.get("authors") or item.get("author") or []
    people: Iterable[Any] = listed if isinstance(listed, list) else (listed,)
    names = (person_name(_words(person.get("name") if isinstance(person, dict) else person)) for person in people)
    return tuple(name for name in names if name and not name.isdigit())


def _words(value: Any) -> str:
    """A value as text: WordPress wraps titles as {"rendered": ...}."""
    if isinstance(value, dict):
        value = value.get("rendered", "")
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    return str(value)
