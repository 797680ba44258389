"""XML feeds: checked and mended before feedparser reads them, because its second, tolerant parser is slow on hostile text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from tracker.model import FetchOutcome, Published
from tracker.sources.feeds import xml_repair
from tracker.sources.feeds.persons import mended_name, person_name
from tracker.sources.feeds.records import FeedDocument, FeedEntry
from tracker.sources.plain_text import plain_summary, plain_title
from tracker.text.dates import parse_moment
from tracker.urls.links import is_front_page, web_address

HEADERS = {"content-type": "application/xml; charset=utf-8"}
ROOTS = frozenset({"rss", "feed", "rdf", "channel", "rss1", "rss2"})
DATES = ("published", "created", "updated", "date", "issued", "modified", "pubdate", "expired")
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}


class _Reading(Struct, frozen=True):
    url: str
    now: datetime
    zone: str


def read_xml(text: str, *, url: str, now: datetime, zone: str) -> FeedDocument:
    """An XML document as a feed."""
    root = xml_repair.root_name(text)
    if root not in ROOTS:
        text = xml_repair.from_feed_root(text)
        if not text:
            return FeedDocument(FetchOutcome.NOT_A_FEED, _what_instead(root))
        root = xml_repair.root_name(text)
    prepared = xml_repair.prepare(text)
    if prepared.refused:
        return FeedDocument(FetchOutcome.PARSE_FAILED, prepared.refused)
    import feedparser  # 0.1 s, which a crawl that finds nothing changed need not spend

    try:
        parsed = feedparser.parse(
            io.BytesIO(prepared.text.encode("utf-8", "replace")),
            response_headers=HEADERS,  # no base: links are resolved here, after slips in them were put right
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # noqa: BLE001 - the parser raises anything on hostile input; the feed is then unreadable, no more
        return FeedDocument(FetchOutcome.PARSE_FAILED, f"cannot be read as a feed ({type(error).__name__})")
    return _document(parsed, prepared, _Reading(url, now, zone))


def _what_instead(root: str) -> str:
    if root == "html":
        return "a web page (HTML) instead of a feed"
    if root in ("urlset", "sitemapindex"):
        return "a sitemap instead of a feed"
    return f"XML of another kind (<{root}>) instead of a feed" if root else "neither XML nor JSON"


def _document(parsed: Any, prepared: xml_repair.Prepared, reading: _Reading) -> FeedDocument:
    entries = tuple(_entries(parsed, reading))
    feed = parsed.feed
    title = plain_title(_field(feed, "title"))
    if not entries:
        return FeedDocument(FetchOutcome.EMPTY, prepared.remark or "the feed lists nothing", title=title)
    return FeedDocument(
        FetchOutcome.FETCHED,
        prepared.remark,
        title,
        entries,
        ttl_minutes=_ttl(feed),
        skip_hours=_skip_hours(prepared.text),
        language=_field(feed, "language")[:20].lower(),
    )


def _entries(parsed: Any, reading: _Reading) -> Iterator[FeedEntry]:
    for entry in parsed.entries:
        identity = _field(entry, "id").strip()
        yield FeedEntry(
            id=identity[:2048] or _address(entry, identity, reading),
            url=_address(entry, identity, reading),
            title=plain_title(_field(entry, "title") or _field(entry, "media_title")),
            published=_published(entry, reading),
            authors=_authors(entry),
            summary=plain_summary(_text(entry)),
        )


def _field(entry: Any, name: str) -> str:
    """A field as it stands: feedparser's own look-up replaces missing fields by others, with warnings."""
    value = dict.get(entry, name)
    return value if isinstance(value, str) else ""


def _address(entry: Any, identity: str, reading: _Reading) -> str:
    candidates = [_field(entry, "feedburner_origlink"), _field(entry, "link")]
    listed = dict.get(entry, "links") or []
    candidates += [str(link.get("href", "")) for link in listed if isinstance(link, dict) and link.get("rel") == "alternate"]
    candidates.append(identity if re.match(r"\s*(?:https?:)?//", identity, re.I) or (identity and entry.get("guidislink")) else "")
    found = [address for candidate in candidates if candidate and (address := web_address(candidate, reading.url))]
    return next((address for address in found if not is_front_page(address)), found[0] if found else "")


def _published(entry: Any, reading: _Reading) -> Published | None:
    for name in DATES:
        text = _field(entry, name)
        if text and (found := parse_moment(text, zone=reading.zone, now=reading.now)):
            return found
    return None


def _authors(entry: Any) -> tuple[str, ...]:
    listed = [person for person in dict.get(entry, "authors") or [] if isinstance(person, dict)]
    names = [mended_name(str(person.get("name") or person.get("email") or "")) for person in listed]
    written = _field(entry, "author")
    if len(names) < 2 and (not names or "@" in written):
        names = [written]  # as it stands: feedparser takes the fourth letter of `.media` for the end of an email address
    return tuple(dict.fromkeys(name for raw in names if (name := person_name(raw))))


def _text(entry: Any) -> str:
    if summary := _field(entry, "summary"):
        return summary
    for content in dict.get(entry, "content") or []:
        if isinstance(content, dict) and isinstance(value := content.get("value"), str) and value:
            return value
    return _field(entry, "media_description")


def _ttl(feed: Any) -> int | None:
    """Minutes between changes by the feed's own word: `ttl`, or `updatePeriod` divided by `updateFrequency`."""
    ttl = _field(feed, "ttl").strip()
    if ttl.isdecimal() and 0 < int(ttl[:9]) < 1_000_000:
        return int(ttl)
    period = PERIODS.get(_field(feed, "sy_updateperiod").strip().lower())
    frequency = _field(feed, "sy_updatefrequency").strip()
    return period and max(1, period // (int(frequency[:6]) if frequency.isdecimal() and int(frequency[:6]) else 1))


def _skip_hours(text: str) -> tuple[int, ...]:
    start = text.find("<skipHours")
    block = text[start : text.find("</skipHours>", start)][:2000] if start >= 0 else ""
    return tuple(sorted({int(hour) % 24 for hour in re.findall(r"<hour>\s*(\d{1,2})\s*</hour>", block)}))
