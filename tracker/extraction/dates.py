"""When the outlet says it published: JSON-LD, then htmldate with the page's meta fields as tie-break, then dates in the text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from htmldate import find_date

from tracker.extraction.document import PageDocument
from tracker.model import Outlet, Precision, Published
from tracker.moments import parse_moment, zone_of

META_NAMES = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "date", "dc.date.issued",
    "dcterms.created", "dc.date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "publishdate", "pubdate",
    "publish-date", "og:published_time",
)  # fmt: skip


def article_published(document: PageDocument, outlet: Outlet) -> Published | None:
    """The moment of publication in the outlet's own offset, or the day where only that is known; None where nothing credible stands."""
    zone = outlet.time_zone or zone_of(outlet.country)
    now = document.page.fetched_at
    for text in document.structured.published:
        if found := parse_moment(text, zone=zone, now=now):
            return found
    stated = [found for name in META_NAMES for text in document.metas.get(name, ()) if (found := parse_moment(text, zone=zone, now=now))]
    day = _day_by_markup(document, now)
    if day is None:
        return stated[0] if stated else document.page.hint_published
    same_day = next((found for found in stated if found.at.date() == day), None)
    return same_day or Published(datetime.combine(day, time(), ZoneInfo(zone)), Precision.DAY)


def _day_by_markup(document: PageDocument, now: datetime) -> date | None:
    try:
        found = find_date(
            document.tree, original_date=True, extensive_search=True, url=document.page.final_url,
            min_date=datetime(1990, 1, 1), max_date=(now + timedelta(days=1)).replace(tzinfo=None),  # noqa: DTZ001 - htmldate compares naive ones
        )  # fmt: skip
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError):
        return None
    return date.fromisoformat(found) if found else None
