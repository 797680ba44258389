"""Pages claimed for one reader in the schema `work`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tracker.store.packing import StoredPage
from tracker.store.work import claims
from tracker.store.work.link import Link

CLAIMED_SECONDS = 120.0
"""A batch of pages is read in a second or two; a page that hangs has 20 s, and after it its whole batch page by page."""


class StoredClaims:
    """`tracker.pipeline.steps.Claims` of the reader `holder`."""

    def __init__(self, link: Link, holder: str) -> None:
        self._link, self._holder = link, holder

    def take(self, waiting: Sequence[StoredPage]) -> list[StoredPage]:
        """Those of the pages that nobody else reads."""
        ours = claims.claim(self._link, self._holder, [page.id for page in waiting], seconds=CLAIMED_SECONDS)
        return [page for page in waiting if page.id in ours]

    def end(self, page_ids: Collection[int]) -> None:
        """These are read."""
        claims.end(self._link, self._holder, page_ids)
