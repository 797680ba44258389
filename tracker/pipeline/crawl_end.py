"""How a crawl ended: what the step fetch reports, and what a person must know of it. Deciding only."""

from __future__ import annotations

from msgspec import Struct

from tracker.crawl.plan import FINISHED, CrawlProgress
from tracker.locale.said import Said
from tracker.model import StepReport


class CrawlEnd(Struct, frozen=True):
    """How a crawl ended. `exit_code`: 0 done, 75 ended early (`seen.ended` says why), anything else is a failure, of which the last line
    of the process's errors may tell (`words`)."""

    seen: CrawlProgress
    exit_code: int
    seconds: float
    words: str = ""

    @property
    def fetched(self) -> StepReport:
        """The article pages, each with its outcome."""
        pages = self.seen.pages
        over = self.seen.over_budget
        put_off = (f"{self.seen.put_off} put off to the next run: their host answered no more, refused more or had its time",)
        named = (f"time over for {', '.join(f'{host} ({count} left)' for host, count in sorted(over.items()))}",) if over else ()
        remarks = (*put_off, *named) if self.seen.put_off else ()
        return StepReport("fetch", sum(pages.values()), tuple(sorted(pages.items())), self.seconds, remarks)

    def troubles(self, continuation: Said) -> list[str]:
        """What a person must know; `continuation` says how the rest is fetched."""
        lost, came_to_its_end = self.seen.lost, self.seen.ended == FINISHED
        if lost and came_to_its_end:
            return [Said("need_not_all_stored", lost, more=continuation)]
        found: list[str] = []
        if self.exit_code:
            found.append(Said("need_crawl_ended", words=self._why(), more=continuation))
        if lost:
            found.append(Said("need_not_stored", lost, log="crawl.log"))
        return found

    def _why(self) -> str:
        if self.seen.ended == FINISHED:
            return self.seen.shortfall
        return self.seen.ended or " ".join(filter(None, (f"code {self.exit_code}", self.words)))
