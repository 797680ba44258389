"""What asking for a file of an outlet's site came to, on its way to the writer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.crawl.middlewares.conditional import validators
from tracker.model import FetchFacts, FetchOutcome, Outlet, SiteFile, SiteFileOutcome, TermsSaid, TermsVia
from tracker.sources.site_files import FileSays, read_robots, read_tdmrep

if TYPE_CHECKING:
    from scrapy.http import Response

robots_read = object()
"""Scrapy's signal: a site's robots.txt was answered, with `site`, `response` and `agent`."""


class SiteFileJob(Struct, frozen=True):
    """A file of an outlet's site, to be noted. `fresh`: it was read; else only how asking ended is."""

    outlet_id: str
    file: SiteFile
    fresh: bool


def as_noted(job: SiteFileJob, before: SiteFile | None) -> SiteFile:
    """The file to store: what an answer said, or what was known before with how this request ended."""
    new = job.file
    if job.fresh or before is None:
        return new
    return replace(before, outcome=new.outcome, asked_at=new.asked_at, status=new.status)


def tdmrep_of(outlet_id: str, facts: FetchFacts, response: Response | None) -> SiteFileJob:
    """What a request for tdmrep.json came to. A server without the file implements no protocol, as the report has it."""
    if facts.outcome is FetchOutcome.FETCHED and response is not None:
        says = read_tdmrep(response.body)
        etag, last_modified = validators(response) if says.outcome is SiteFileOutcome.READ else (None, None)
        return SiteFileJob(outlet_id, _file(TermsVia.TDMREP, says, facts.fetched_at, facts.status, etag, last_modified), fresh=True)
    if facts.outcome in (FetchOutcome.NOT_FOUND, FetchOutcome.EMPTY):
        return SiteFileJob(outlet_id, _file(TermsVia.TDMREP, FileSays(SiteFileOutcome.MISSING), facts.fetched_at, facts.status), fresh=True)
    outcome = str(SiteFileOutcome.UNCHANGED if facts.outcome is FetchOutcome.UNCHANGED else facts.outcome)
    return SiteFileJob(outlet_id, SiteFile(TermsVia.TDMREP, outcome, facts.fetched_at, status=facts.status), fresh=False)


def robots_of(outlet: Outlet, status: int, body: bytes, agent: str, now: datetime) -> SiteFileJob:
    """What a robots.txt came to: without one everything may be asked, and of a server in trouble nothing is known (RFC 9309, 2.3.1)."""
    if status == 200:
        return SiteFileJob(outlet.id, _file(TermsVia.ROBOTS, read_robots(body, agent, outlet.homepage), now, status), fresh=True)
    if 400 <= status < 500 and status != 429:
        return SiteFileJob(outlet.id, _file(TermsVia.ROBOTS, FileSays(SiteFileOutcome.MISSING, TermsSaid.OPEN), now, status), fresh=True)
    outcome = str(FetchOutcome.RATE_LIMITED if status == 429 else FetchOutcome.SERVER_ERROR if status >= 500 else FetchOutcome.FAILED)
    return SiteFileJob(outlet.id, SiteFile(TermsVia.ROBOTS, outcome, now, status=status), fresh=False)


def _file(
    via: TermsVia, says: FileSays, now: datetime, status: int | None, etag: str | None = None, last_modified: str | None = None
) -> SiteFile:
    return SiteFile(via, str(says.outcome), now, says.said, says.rules, None, status, etag, last_modified, says.wrong)
