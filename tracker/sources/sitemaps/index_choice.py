"""Which documents of a sitemap index are worth opening: those that can hold articles of the days wanted, newest first."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import unquote, urlsplit

from tracker.sources.sitemaps.sitemap import ChildSitemap

MAX_CHILDREN = 6
"""Documents of an index that one poll opens. News sitemaps have one to three that changed lately."""

_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_./]?(0[1-9]|1[0-2]|[1-9](?!\d))(?:[-_./]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d)))?)?(?!\d)")
_QUERY_DATE = re.compile(
    r"(?:^|&)(yyyy|year|y|godina|viti)=((?:19|20)\d\d)(?:&(?:mm|month|m|mjesec|muaji)=(\d{1,2}))?(?:&(?:dd|day|d)=(\d{1,2}))?"
)
_NO_ARTICLES = re.compile(
    r"(?:^|[-_/.])(?:categor(?:y|ies)|kategor\w*|rubrik\w*|post[-_]tags?|tags?|tagovi|authors?|autor\w*|users?|taxonom\w*|attachments?|images?|pages?|products?|static|sections?)"
    r"(?=[-_/.\d]|$)",
    re.I,
)
_NUMBER = re.compile(r"(\d{1,6})(?=\D*$)")


def newest_children(
    children: Sequence[ChildSitemap], since: date | None, until: date | None = None, limit: int = MAX_CHILDREN
) -> list[ChildSitemap]:
    """The documents one poll opens: those that changed since then, by their dates or the dates in their names; without any date
    the news document, else the last ones listed, which hold the newest articles in WordPress and most other systems."""
    children = _of_articles(children)
    if not any(map(_newest_day, children)):
        news = [child for child in children if "news" in child.url.lower()]
        return (news or list(reversed(children)))[:limit]
    return children_within(children, since, until)[:limit]


def children_within(children: Sequence[ChildSitemap], since: date | None, until: date | None = None) -> list[ChildSitemap]:
    """Every document that can hold articles of these days, newest first. A document changes when an article is added to it, so one
    that last changed before them holds none; nothing can be said of the first day from when it last changed."""
    children = _of_articles(children)
    kept = [(place, child) for place, child in enumerate(children) if _may_hold(child, since, until)]
    return [child for _, child in sorted(kept, key=lambda one: (_newest_day(one[1]) or date.min, one[0]), reverse=True)]


def days_in_name(address: str) -> tuple[date, date] | None:
    """The days an address names: `sitemap-2024-10.xml` -> October 2024; None when it names none."""
    parts = urlsplit(address)
    if found := _QUERY_DATE.search(parts.query):
        return _span(found[2], found[3], found[4])
    named = [found for found in _DATED.finditer(unquote(parts.path)) if found[2]] or list(_DATED.finditer(unquote(parts.path)))
    return _span(*named[-1].groups()) if named else None


def _span(year: str, month: str | None, day: str | None) -> tuple[date, date] | None:
    try:
        if not month:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        last = calendar.monthrange(int(year), int(month))[1]
        return date(int(year), int(month), int(day or 1)), date(int(year), int(month), int(day) if day else last)
    except ValueError:
        return None


def _of_articles(children: Sequence[ChildSitemap]) -> list[ChildSitemap]:
    """Without lists of categories, tags and authors, unless there is nothing else."""
    return [child for child in children if not _NO_ARTICLES.search(_name(child))] or list(children)


def _name(child: ChildSitemap) -> str:
    return unquote(urlsplit(child.url).path.rsplit("/", 1)[-1])


def _may_hold(child: ChildSitemap, since: date | None, until: date | None) -> bool:
    named = days_in_name(child.url)
    if named is not None:
        return (since is None or named[1] >= since) and (until is None or named[0] <= until)
    return since is None or child.lastmod is None or child.lastmod.at.date() >= since


def _newest_day(child: ChildSitemap) -> datetime | date | None:
    if child.lastmod is not None:
        return child.lastmod.at.astimezone(UTC).date()
    named = days_in_name(child.url)
    return named[1] if named else None
