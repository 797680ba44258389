"""When the outlet says it published, how sure that is, and what else the page and its source say.

The order: an outlet's rule; JSON-LD of this article; a meta field of publication; what the feed or news sitemap says; the day in
the address; the dated byline beside the headline; a search of the text, last, which is never sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.extraction.document import PageDocument
from tracker.extraction.shown_dates import anywhere, beside_headline, day_in_address, marked_for_machines
from tracker.model import DateReading, DateSource, Outlet, Precision, Published
from tracker.text.dates import DateLabel, StatedDate, parse_moment, parse_stated, zone_of

META_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "sailthru.date",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "publishdate",
    "publish-date",
    "publication_date",
    "pubdate",
    "dcterms.created",
    "dc.date",
    "date",
)
"""Fields that name publication first, then those that name a date only."""

SAME = timedelta(days=1)
"""An address or a page in another zone may name the neighbouring day."""

AGREEING = timedelta(days=2)
"""Dates further apart than this contradict each other: announced a day ahead and printed a day later is still one article."""


class Dating(Struct, frozen=True):
    """The moment of publication, in the outlet's own offset or as a day, and, where it is unsure, all that was read."""

    published: Published | None
    readings: tuple[DateReading, ...] = ()


def article_dating(document: PageDocument, outlet: Outlet, ruled: str = "") -> Dating:
    """The date by the first source that has one, completed with a clock time that another has for that day."""
    return decided(_readings(document, outlet, ruled))


def decided(readings: Sequence[DateReading]) -> Dating:
    """What sources in order of trust make together. Unsure: by a search or an update alone, or contradicted by more than two days."""
    if not readings:
        return Dating(None)
    first = readings[0]
    published = _with_time(first.published, [reading.published for reading in readings[1:]], first.source)
    is_unsure = first.source in (DateSource.UPDATE, DateSource.TEXT) or any(
        _contradict(first.published, reading.published) for reading in readings if reading.source.is_of_publication
    )
    return Dating(published, tuple(readings) if is_unsure else ())


def _contradict(one: Published, other: Published) -> bool:
    """Whether two dates are more than two days apart. A year that had to be guessed and a day read as the month are no contradiction."""
    first, second = one.at.date(), other.at.date()
    same_parts = (second.month, second.day) in ((first.month, first.day), (first.day, first.month))
    return abs(first - second) > AGREEING and not same_parts


def moment_of(text: str, outlet: Outlet, now: datetime) -> Published | None:
    """A moment as an outlet writes it: local time of the outlet where no zone is named; None where nothing credible stands."""
    return parse_moment(text, zone=_zone(outlet), now=now)


def _readings(document: PageDocument, outlet: Outlet, ruled: str) -> list[DateReading]:
    """What each source says, in order of trust; the text is searched only where nothing else speaks."""
    now = document.page.fetched_at

    def read(text: str) -> StatedDate | None:
        return parse_stated(text, zone=_zone(outlet), now=now)

    def first_of(texts: Iterable[str]) -> Published | None:
        return next((stated.published for text in texts if (stated := read(text))), None)

    shown = beside_headline(document, read)
    marked = marked_for_machines(document, read)
    day = day_in_address(document.page.final_url)
    found = [
        (DateSource.RULE, first_of([ruled])),
        (DateSource.JSON_LD, first_of(document.structured.published)),
        (DateSource.META, first_of(text for name in META_NAMES for text in document.metas.get(name, ()))),
        (DateSource.META, marked[0].published if marked else None),
        (DateSource.LISTING, document.page.hint_published),
        (DateSource.ADDRESS, first_of([day.isoformat()] if day else [])),
        (DateSource.BYLINE, next((stated.published for stated in shown if stated.label is not DateLabel.UPDATE), None)),
    ]
    readings = [DateReading(source, published) for source, published in found if published]
    if not readings and shown:
        readings = [DateReading(DateSource.UPDATE, shown[0].published)]
    if not readings and (searched := anywhere(document, read)):
        readings = [DateReading(DateSource.TEXT, searched.published)]
    return readings


def _zone(outlet: Outlet) -> str:
    return outlet.time_zone or zone_of(outlet.country)


def _with_time(found: Published, others: Sequence[Published], source: DateSource) -> Published:
    """A day with the clock time that another source has for it; the day in an address may be the neighbouring one."""
    if found.precision is Precision.MINUTE:
        return found
    day = found.at.date()
    timed = [other for other in others if other.precision is Precision.MINUTE]
    same = next((other for other in timed if other.at.date() == day), None)
    if same is None and source is DateSource.ADDRESS:
        same = next((other for other in timed if abs(other.at.date() - day) <= SAME), None)
    return same or found
