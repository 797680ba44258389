"""From an answer's facts to what is stored: the link's outcome, or the poll with the links worth queueing. Pure but for the counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.crawl.job import CrawlJob
from tracker.crawl.middlewares.conditional import validators
from tracker.crawl.writer import PollJob
from tracker.extraction.pictures import PictureReading
from tracker.model import (
    FetchedPage,
    FetchFacts,
    FetchOutcome,
    FoundLink,
    FrontierLink,
    PictureResult,
    PollResult,
    RevisitResult,
    SourceKind,
    WantedPicture,
    WantedRevisit,
    Watched,
)
from tracker.sources.polling.due import TEMPORARY, retry_at
from tracker.store.fetch_results import FetchResult
from tracker.store.frontier import BACKFILL
from tracker.urls.canonical import normalise

if TYPE_CHECKING:
    from scrapy.http import Response

LONGEST_HOLD = timedelta(days=1)
"""Of what Retry-After may ask for a whole outlet: a night's articles are no news after two."""


def page_result(
    job: CrawlJob, link: FrontierLink, facts: FetchFacts, page: FetchedPage | None, retry_after_seconds: float | None, now: datetime
) -> FetchResult:
    """A link's outcome. A page is of the outlet whose host answered, by the register, whoever named the link."""
    if page is None:
        again = retry_at(facts.outcome, link.attempts + 1, now, retry_after_seconds)
        return FetchResult(link, facts, retry_at=again, outlet_until=_outlet_until(facts.outcome, retry_after_seconds, now))
    owner = job.owners.owner_for(facts.final_url, link.outlet_id)
    return FetchResult(replace(link, outlet_id=owner), facts, page.body, page.content_type)


def picture_result(wanted: WantedPicture, facts: FetchFacts, reading: PictureReading | None, digest: str) -> PictureResult:
    """How asking for a picture ended: as what came was judged, else why nothing came."""
    if reading is not None:
        return PictureResult(wanted, str(reading.outcome), facts.fetched_at, reading.detail, digest, reading.picture)
    outcome = FetchOutcome.FAILED if facts.outcome is FetchOutcome.UNCHANGED else facts.outcome
    return PictureResult(wanted, str(outcome), facts.fetched_at, facts.detail)


def revisit_result(wanted: WantedRevisit, facts: FetchFacts, response: Response | None) -> RevisitResult:
    """How a visit was answered; the page's bytes where one came."""
    if response is None or facts.outcome is not FetchOutcome.FETCHED:
        return RevisitResult(wanted, facts)
    etag, last_modified = validators(response)
    content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    return RevisitResult(wanted, facts, response.body, content_type, etag or "", last_modified or "")


def _outlet_until(outcome: FetchOutcome, retry_after_seconds: float | None, now: datetime) -> datetime | None:
    """Until when a server that answered 429 wants to be left alone, as far as its Retry-After says so."""
    if outcome is not FetchOutcome.RATE_LIMITED or not retry_after_seconds:
        return None
    return now + min(timedelta(seconds=retry_after_seconds), LONGEST_HOLD)


def poll_result(job: CrawlJob, watched: Watched, poll: PollResult, retry_after_seconds: float | None) -> PollJob:
    """A poll, or a page of older articles, with the links that are worth queueing."""
    outlet, old_keys = watched.outlet, list[str]()
    links = tuple(_worth_queueing(job, poll, watched, old_keys))
    if watched.lookback is not None:
        older = tuple((key, replace(link, found_by=BACKFILL)) for key, link in links)
        return PollJob(poll, outlet.id, older, watched.lookback, again=poll.facts.outcome in TEMPORARY)
    channel = outlet if watched.source.kind is SourceKind.CHANNEL else None
    timed = replace(poll, retry_after_seconds=retry_after_seconds)
    return PollJob(timed, outlet.id, links, old_keys=tuple(old_keys), channel=channel)


def _worth_queueing(job: CrawlJob, poll: PollResult, watched: Watched, old_keys: list[str]) -> Iterator[tuple[str, FoundLink]]:
    """Keys and links that are not too old; the keys of those that are, into `old_keys`."""
    progress = job.progress
    progress.links_listed += len(poll.links)
    for found in poll.links:
        link = _with_owner(job, found, watched)
        key = normalise(link.url, job.rules)
        if watched.since is not None and link.published is not None and link.published.at.date() < watched.since:
            progress.links_too_old += 1
            old_keys += [key] if key else []
        elif key:
            yield key, link
        else:
            progress.links_refused += 1


def _with_owner(job: CrawlJob, link: FoundLink, watched: Watched) -> FoundLink:
    """The link with the outlet that the register gives its address to. A channel's items lie on the platform's host."""
    owner = watched.outlet.id if watched.source.kind is SourceKind.CHANNEL else job.owners.owner_for(link.url, watched.outlet.id)
    if owner == watched.outlet.id:
        return link
    return replace(link, outlet_id=owner, named_by_owner=False)
