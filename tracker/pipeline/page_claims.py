"""Pages claimed for one reader in the schema `work`, where several machines read."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.store.work.link import Link

CLAIMED_SECONDS = 120.0
"""A batch of pages is read in a second or two; a page that hangs has 20 s, and after it its whole batch page by page."""


class StoredClaims:
    """`tracker.pipeline.steps.Claims` of the reader `holder`."""

    def __init__(self, link: Link, holder: str) -> None:
        self._link, self._holder = link, holder

    def take(self, page_ids: Collection[int]) -> frozenset[int]:
        """Those of the pages that nobody else reads."""
        from tracker.store.work import claims

        return claims.claim(self._link, self._holder, page_ids, seconds=CLAIMED_SECONDS)

    def end(self, page_ids: Collection[int]) -> None:
        """These are read."""
        from tracker.store.work import claims

        claims.end(self._link, self._holder, page_ids)

    def close(self) -> None:
        """Ends the connection."""
        self._link.close()


def open_claims(url: str) -> StoredClaims:
    """For this process alone. The connection is opened when first needed."""
    from tracker.store.work.link import Link

    return StoredClaims(Link(url), f"{socket.gethostname()}:{os.getpid()}")
