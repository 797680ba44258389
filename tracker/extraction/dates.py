"""When the outlet says it published: JSON-LD, then htmldate with the page's meta fields as tie-break, then dates in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice

from htmldate import find_date
from lxml.html import HtmlElement

from tracker.extraction.document import PageDocument
from tracker.model import Outlet, Precision, Published
from tracker.text.dates import parse_moment, zone_of

META_NAMES = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "date", "dc.date.issued",
    "dcterms.created", "dc.date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "publishdate", "pubdate",
    "publish-date", "og:published_time",
)  # fmt: skip

SAME = timedelta(days=1)
"""An address or a page in another zone may name the neighbouring day."""

NEARBY_ELEMENTS = 60
_DATE_TOKEN = re.compile(
    r"(?:^|[\s_-])(?:date|datum|time|timestamp|published|datepublished|pubdate|posted|objavljeno|data|koha|vreme|vrijeme|meta)(?:$|[\s_-])|date|datum",
    re.I,
)
_OTHER_TOKEN = re.compile(
    r"updat|modif|izmen|izmjen|azurir|ažurir|perditesim|comment|card|teaser|related|sidebar|widget|recommend|latest|popular|list-?item|breaking|ticker",
    re.I,
)
_LABEL = re.compile(
    r"^\W*(?:objavljeno|datum|publikuar(?: më)?|postuar|објављено|објавено|published(?: on)?|posted(?: on)?|data|date|më|on)\W+", re.I
)


def article_published(document: PageDocument, outlet: Outlet) -> Published | None:
    """The moment of publication in the outlet's own offset, or the day where only that is known; None where nothing credible stands."""
    now = document.page.fetched_at

    def credible(texts: Iterable[str]) -> list[Published]:
        return [found for text in texts if (found := moment_of(text, outlet, now))]

    in_meta = credible(text for name in META_NAMES for text in document.metas.get(name, ()))
    if in_structured := credible(document.structured.published):
        return _with_time(in_structured[0], in_meta)
    shown = credible(_near_headline(document))
    day = _day_by_markup(document, now)
    if day is None:
        return next(iter([*in_meta, *shown]), document.page.hint_published)
    by_nearness = sorted(
        (found for found in (*in_meta, *shown) if abs(found.at.date() - day) <= SAME), key=lambda found: found.at.date() != day
    )
    timed = [found for found in by_nearness if found.precision is Precision.MINUTE]
    if timed or by_nearness:
        return (timed or by_nearness)[0]
    if shown and shown[0].precision is Precision.MINUTE:
        return shown[0]
    return moment_of(day.isoformat(), outlet, now)


def moment_of(text: str, outlet: Outlet, now: datetime) -> Published | None:
    """A moment as an outlet writes it: local time of the outlet where no zone is named; None where nothing credible stands."""
    return parse_moment(text, zone=_zone(outlet), now=now)


def _zone(outlet: Outlet) -> str:
    return outlet.time_zone or zone_of(outlet.country)


def _with_time(found: Published, others: list[Published]) -> Published:
    """A day with the clock time that another place of the page has for it."""
    if found.precision is Precision.MINUTE:
        return found
    return next((other for other in others if other.precision is Precision.MINUTE and other.at.date() == found.at.date()), found)


def _near_headline(document: PageDocument) -> list[str]:
    """Dates as the page shows them beside its headline, as text; those of updates left out."""
    heading = next((node for tag in ("h1", "h2") if (node := document.tree.find(f".//{tag}")) is not None), None)
    texts: list[str] = []
    if heading is None:
        return texts
    for node in islice(heading.xpath("following::*"), NEARBY_ELEMENTS):
        text = " ".join(node.text_content().split()) if node.tag in ("time", "small") or _DATE_TOKEN.search(_names_of(node)) else ""
        if node.tag == "time" and node.get("datetime"):
            text = node.get("datetime")
        if 5 < len(text) <= 80 and not _is_other(node):
            texts.append(_LABEL.sub("", text))
    return texts


def _names_of(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''}" if isinstance(node.tag, str) else ""


def _is_other(node: HtmlElement) -> bool:
    """Whether a date is that of an update, a comment or another article."""
    return any(
        _OTHER_TOKEN.search(_names_of(above)) or above.tag in ("aside", "footer", "nav", "li")
        for above in islice((node, *node.iterancestors()), 5)
    )


def _day_by_markup(document: PageDocument, now: datetime) -> date | None:
    try:
        found = find_date(
            document.tree, original_date=True, extensive_search=True, url=document.page.final_url,
            min_date=datetime(1990, 1, 1), max_date=(now + timedelta(days=1)).replace(tzinfo=None),  # noqa: DTZ001 - htmldate compares naive ones
        )  # fmt: skip
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError):
        return None
    return date.fromisoformat(found) if found else None
