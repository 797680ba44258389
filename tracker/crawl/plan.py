"""What the parent asks of a crawl, and what the child tells while it runs; both cross a pipe as JSON lines."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class CrawlPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sources` empty: every enabled source. `lock_fd`: a descriptor the child keeps open while it lives (the run lock).

    `links`: of the frontier, only these are fetched. `by_outlet`: an outlet's own `lookback_days` stands in place of `since`.
    `look_back`: the job whose waiting pages are asked, but for those asked since `started_at`, for the days `since` to `until` and the
    `terms` (language, text); `backfill`:
    of the frontier, only links found by looking back are fetched (else only the others). `discover`: a site to look over; what is
    found there is written to the file `into`.
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


class CrawlProgress(msgspec.Struct, forbid_unknown_fields=True):
    """Counts so far. `polls`, `looked_back` and `pages` are outcomes; each adds up to what was asked and answered.

    `put_off` links stay in the frontier: their host had stopped answering. `lost` counts what could not be stored.
    """

    sources: int = 0
    polls: dict[str, int] = msgspec.field(default_factory=dict)
    looked_back: dict[str, int] = msgspec.field(default_factory=dict)
    looking_back: int = 0
    pages: dict[str, int] = msgspec.field(default_factory=dict)
    pages_open: int = 0
    links_listed: int = 0
    links_new: int = 0
    links_too_old: int = 0
    links_refused: int = 0
    put_off: int = 0
    lost: int = 0
    ended: str = ""
    remarks: list[str] = msgspec.field(default_factory=list)

    @property
    def polled(self) -> int:
        return sum(self.polls.values())

    @property
    def fetched(self) -> int:
        return self.pages.get("fetched", 0)
