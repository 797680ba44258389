"""What second nets are asked when looking back: spans of days, domain by domain. Decides; fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.crawl.plan import WantedFile
from tracker.nets import gdelt_doc, wayback
from tracker.nets.answers import Answer
from tracker.nets.gdelt_list import Reading
from tracker.nets.listing import Net
from tracker.nets.minutes import TRIES_AFTER_FAILURE
from tracker.pipeline.net_questions import Questions, reading_of
from tracker.store.listings import NetFile

if TYPE_CHECKING:
    from tracker.net_settings import Nets

_MOMENT = "%Y%m%d%H%M%S"
MOST_PARTS = 20
"""Of an outlet's captures: 100,000 pages."""


def of_doc(nets: Nets, known: Mapping[str, NetFile], domains: Sequence[str], since: datetime, until: datetime, now: datetime) -> Questions:
    """GDELT DOC 2.0: the articles of each domain, a week at a time; a week whose answer was full is asked again in halves."""

    def asked(domain: str, start_at: datetime, end_at: datetime) -> WantedFile:
        name = f"{domain} {start_at:{_MOMENT}}-{end_at:{_MOMENT}}"
        return WantedFile(name, gdelt_doc.address(nets.gdelt_doc.base_url, domain, start_at, end_at), nets.gdelt_doc.delay_seconds)

    def further(file: WantedFile, answer: Answer) -> Sequence[WantedFile]:
        domain, _, span = file.name.partition(" ")
        start_at, end_at = (datetime.strptime(text, _MOMENT).replace(tzinfo=since.tzinfo) for text in span.split("-"))
        return tuple(asked(domain, *half) for half in gdelt_doc.halves(start_at, end_at)) if answer.is_full else ()

    spans = [*gdelt_doc.slices(since, until, now)]
    files = (asked(domain, *span) for domain in domains for span in spans)
    read = lambda body, status: reading_of(gdelt_doc.read_answer(body, status))  # noqa: E731
    return Questions(Net.GDELT_DOC, tuple(file for file in files if _is_open(known.get(file.name))), read, further)


def of_wayback(nets: Nets, known: Mapping[str, NetFile], domains: Sequence[str], since: datetime, until: datetime) -> Questions:
    """Wayback CDX: the pages of each domain that were captured in the days; those alone that have the shape of an article's address."""

    def read(body: bytes, status: int | None) -> Reading:
        answer = wayback.read_answer(body, status)
        kept = tuple(one for one in answer.listings if wayback.may_be_article(one.url))
        left = len(answer.listings) - len(kept)
        reading = reading_of(replace(answer, listings=kept))
        return replace(reading, lines=(*reading.lines, ("no article's address", left))) if left else reading

    days = f"{since:%Y-%m-%d}..{until:%Y-%m-%d}"

    def asked(domain: str, part: int = 1, token: str = "") -> WantedFile:
        address = wayback.address(nets.wayback.base_url, domain, since.date(), until.date(), token)
        return WantedFile(f"{domain} {days}{f' {part}' if part > 1 else ''}", address, nets.wayback.delay_seconds)

    def further(file: WantedFile, answer: Answer) -> Sequence[WantedFile]:
        domain, _, *part = file.name.split(" ")
        number = int(part[0]) if part else 1
        return (asked(domain, number + 1, answer.following),) if answer.following and number < MOST_PARTS else ()

    files = map(asked, domains)
    return Questions(Net.WAYBACK, tuple(file for file in files if _is_open(known.get(file.name))), read, further)


def _is_open(before: NetFile | None) -> bool:
    """Whether a question is still to be answered: one that was is not put again when the command goes on."""
    return before is None or (before.lines is None and before.tries < TRIES_AFTER_FAILURE)
