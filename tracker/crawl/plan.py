"""What the parent asks of a crawl, and what the child tells while it runs; both cross a pipe as JSON lines."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from tracker.model import WantedPicture

FINISHED = "finished"
"""Scrapy's own reason for closing a spider that has nothing left to do."""

LACKING = 71
"""Exit code of a crawl that ends because this machine lacks threads, files or memory: EX_OSERR of sysexits.h."""

HOST_MINUTES = 30.0
"""1,800 links at `fetch.delay_seconds` 1: a week of the register's busiest outlet, which publishes 260 pages a day. A host that asks
for 120 s between requests gets 15."""

POLL_STAGE_MINUTES, POLL_HOST_MINUTES = 30.0, 8.0
"""A poll comes every 10 minutes and its job is ended after an hour (`scheduler.jobs`): half of that leaves time to find and alert."""


class WantedFile(msgspec.Struct, frozen=True):
    """A file to fetch for the run: `delay_seconds` between two of its host, `max_bytes` in place of `fetch.max_bytes` (0: as that says).
    `follow`: where it sends on, that is fetched; else the address alone is wanted."""

    name: str
    url: str
    delay_seconds: float | None = None
    max_bytes: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    follow: bool = True


class FileFacts(msgspec.Struct, frozen=True):
    """How fetching a file ended: a FetchOutcome, or that it was not asked for. `location`: where an answer that was not followed sends on."""

    name: str
    outcome: str
    status: int | None = None
    detail: str = ""
    retry_after_seconds: float | None = None
    location: str = ""


class CrawlPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sources` empty: every enabled source. `lock_fd`: a descriptor the child keeps open while it lives (the run lock).

    `links`: of the frontier, only these are fetched. `by_outlet`: an outlet's own `lookback_days` stands in place of `since`.
    `look_back`: the job whose waiting pages are asked, but for those asked since `started_at`, for the days `since` to `until` and the
    `terms` (language, text); `backfill`:
    of the frontier, only links found by looking back are fetched (else only the others). `discover`: a site to look over; what is
    found there is written to the file `into`. `stage_minutes`: at most so long in place of `fetch.stage_minutes`; 0: as that says.
    `pictures`: asked for beside everything else. `host_minutes`: pages of one host are fetched for so long, the rest stays in the frontier for the next run; 0: no bound.
    `outlets`: of the frontier, only links of these are fetched; empty: of the outlets of `sources`. `shared`: the work of several machines:
    what the crawl does not come to goes back to the store without an outcome, and is somebody's next round.
    `files`: fetched into the folder `into`, see `crawl.files`. `spare_refusing`: outlets that refuse us get one probe a week (False: a person asks).
    `revisit`: items visited again, after all else of their host: "due" or "all" that are watched; empty: none.
    """

    workspace: str
    run_id: int
    as_of: datetime
    since: date | None = None
    sources: tuple[str, ...] = ()
    poll: bool = True
    articles: bool = True
    lock_fd: int | None = None
    look_back: str = ""
    started_at: datetime | None = None
    until: date | None = None
    terms: tuple[tuple[str, str], ...] = ()
    backfill: bool = False
    discover: str = ""
    into: str = ""
    links: tuple[int, ...] = ()
    by_outlet: bool = False
    stage_minutes: float = 0.0
    host_minutes: float = HOST_MINUTES
    pictures: tuple[WantedPicture, ...] = ()
    outlets: tuple[str, ...] = ()
    shared: bool = False
    files: tuple[WantedFile, ...] = ()
    spare_refusing: bool = True
    revisit: str = ""


class CrawlProgress(msgspec.Struct, forbid_unknown_fields=True):
    """Counts so far. `polls`, `looked_back`, `pages`, `pictures` and `revisits` are outcomes; each adds up to what was asked and answered.

    `put_off` links stay in the frontier: their host had stopped answering, asked us to come less often, or its time was over;
    of the last `over_budget` says how many by host. `returned` sources were not asked and are as due as before. `lost` counts what could not be stored.
    `site_files`: how asking outlets for tdmrep.json ended.
    """

    sources: int = 0
    polls: dict[str, int] = msgspec.field(default_factory=dict)
    looked_back: dict[str, int] = msgspec.field(default_factory=dict)
    looking_back: int = 0
    pages: dict[str, int] = msgspec.field(default_factory=dict)
    pages_open: int = 0
    pictures: dict[str, int] = msgspec.field(default_factory=dict)
    revisits: dict[str, int] = msgspec.field(default_factory=dict)
    links_listed: int = 0
    links_new: int = 0
    links_too_old: int = 0
    links_refused: int = 0
    put_off: int = 0
    returned: int = 0
    over_budget: dict[str, int] = msgspec.field(default_factory=dict)
    site_files: dict[str, int] = msgspec.field(default_factory=dict)
    lost: int = 0
    ended: str = ""
    remarks: list[str] = msgspec.field(default_factory=list)

    @property
    def polled(self) -> int:
        """Sources that have an outcome."""
        return sum(self.polls.values())

    @property
    def shortfall(self) -> str:
        """What a crawl that came to its end did not store or ask, for people; empty: nothing."""
        unasked = self.sources - self.polled - self.returned
        lost = f"{self.lost} of its records could not be stored" if self.lost else ""
        return ", ".join(filter(None, (lost, f"{unasked} of {self.sources} sources have no outcome" if unasked else "")))

    @property
    def fetched(self) -> int:
        """Article pages that came."""
        return self.pages.get("fetched", 0)
