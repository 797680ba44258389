"""The turns of this crawl in the store's schema `work`."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tracker.crawl.turns import HELD_SECONDS
from tracker.store.work import schema, turns
from tracker.store.work.link import Link
from tracker.store.work.turns import GivenBack, Turn


@dataclass
class StoredTurns:
    """A `TurnStore` on PostgreSQL. The holder is this process, once."""

    url: str
    delay_seconds: float
    holder: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}")

    def __post_init__(self) -> None:
        self._link = Link(self.url)
        schema.prepare(self._link)

    def take(self, domains: Collection[str]) -> list[Turn]:
        """See `TurnStore`."""
        return turns.take(self._link, self.holder, domains, seconds=HELD_SECONDS, delay_seconds=self.delay_seconds)

    def renew(self) -> frozenset[str]:
        """See `TurnStore`."""
        return turns.renew(self._link, self.holder, seconds=HELD_SECONDS)

    def give_back(self, given: Sequence[GivenBack]) -> None:
        """See `TurnStore`."""
        turns.give_back(self._link, self.holder, given)
