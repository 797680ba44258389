"""One worker at a domain: before a host is asked, its domain's turn is taken in the store, and held no longer than it is needed.

A process that was stopped or cut off from the database stops asking before its turns run out elsewhere: `Turns` counts from the moment
at which the last renewal was sent, by a clock that goes on while the process does not.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from tracker.errors import StoreError
from tracker.urls.domains import domain_of_host

if TYPE_CHECKING:
    from tracker.store.work.turns import GivenBack, Turn

HELD_SECONDS = 60.0
"""A turn runs out so long after its last renewal: what another worker waits for after a kill."""
SAFE_SECONDS = 40.0
"""Nothing is asked later than this after a renewal was sent: a request that has just gone out then ends in the time between."""
RENEW_SECONDS = 10.0
LOOK_SECONDS = 0.5
IDLE_SECONDS = 5.0
"""Without a request open or waiting, a domain is given back: its other hosts may be another worker's to ask."""
PATIENCE_SECONDS = 150.0
"""What waits for another worker's domain for longer goes back to the store: longer than a killed worker's turn lasts."""
AT_ONCE = 500
"""Domains taken in one statement."""

logger = logging.getLogger(__name__)


class NotOurTurn(Exception):
    """The domain is another worker's, or can no longer be known to be ours. It says nothing of the outlet or its robots.txt."""


class TurnStore(Protocol):
    """Where turns are kept. Each raises StoreError while it cannot be reached."""

    def take(self, domains: Collection[str]) -> list[Turn]:
        """Those that nobody else has."""

    def renew(self) -> frozenset[str]:
        """Those still held."""

    def give_back(self, turns: Sequence[GivenBack]) -> None:
        """Done with these."""


class Turns:
    """The domains of one crawl. All methods but `keep`'s calls of the store belong to the event loop's thread."""

    def __init__(self, store: TurnStore, *, now: Callable[[], float] = monotonic, delay_seconds: float = 0.0) -> None:
        self._store, self._now, self._delay = store, now, delay_seconds
        self._held: dict[str, float] = {}
        self._safe_until = 0.0
        self._wanted: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._delays: dict[str, float] = {}
        self._open: Counter[str] = Counter()
        self._used: dict[str, float] = {}
        self._renewed = 0.0
        self._changed = asyncio.Event()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="turns")
        self.on_turn: Callable[[], None] = lambda: None
        self.on_refused: Callable[[str], None] = lambda domain: None
        self.waiting: Callable[[], Collection[str]] = tuple

    def may_ask(self, host: str) -> bool:
        """Whether a host may be asked now; else its domain's turn is taken as soon as it can be, and `on_turn` called."""
        domain = domain_of_host(host)
        if self.is_ours(domain):
            return self._held[domain] <= self._now()
        self._wanted.setdefault(domain, self._now())
        self._changed.set()
        return False

    def is_ours(self, domain: str) -> bool:
        """Whether nobody else asks this domain now, for certain."""
        return domain in self._held and self._now() < self._safe_until

    async def until_ours(self, host: str) -> None:
        """Waits for the domain's turn. Raises NotOurTurn when another worker keeps it."""
        began = self._now()
        while not self.may_ask(host):
            if self._now() - began > PATIENCE_SECONDS:
                raise NotOurTurn(f"another worker is at {domain_of_host(host)}")
            await asyncio.sleep(LOOK_SECONDS / 5)

    def began(self, host: str) -> None:
        """A request is on its way to the downloader."""
        self._open[domain_of_host(host)] += 1

    def ended(self, host: str) -> None:
        """The downloader is done with it."""
        domain = domain_of_host(host)
        self._open[domain] -= 1
        self._used[domain] = self._now()

    def check(self, host: str) -> None:
        """Called when a request goes out. Raises NotOurTurn where it must not."""
        domain = domain_of_host(host)
        if not self.is_ours(domain):
            raise NotOurTurn(f"the turn at {domain} has run out")
        self._asked[domain] = self._now()

    def owes(self, host: str, delay_seconds: float) -> None:
        """The pause that a host's domain is owed, the longest of its hosts."""
        domain = domain_of_host(host)
        self._delays[domain] = max(self._delays.get(domain, 0.0), delay_seconds)

    async def keep(self) -> None:
        """Takes, renews and gives back until cancelled. A store out of reach is asked again and again."""
        while True:
            try:
                await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
            except TimeoutError:
                pass
            else:
                await asyncio.sleep(0.02)  # requests come many at a time
            self._changed.clear()
            try:
                await self._look()
            except StoreError as error:
                logger.warning("turns: %s", error)
                await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Gives everything back; a store out of reach has it run out."""
        try:
            await self._give_back([*self._held])
        except StoreError as error:
            logger.warning("turns could not be given back: %s", error)
        self._executor.shutdown(wait=False)

    async def _look(self) -> None:
        loop, now = asyncio.get_running_loop(), self._now()
        if self._held and now - self._renewed >= RENEW_SECONDS:
            still = await loop.run_in_executor(self._executor, self._store.renew)
            for lost in self._held.keys() - still:
                del self._held[lost]
            self._renewed, self._safe_until = now, now + SAFE_SECONDS
            self.on_turn()
        waiting = self.waiting()
        await self._give_back(self._idle(waiting))
        wanted = [domain for domain in self._wanted if domain not in self._held][:AT_ONCE]
        if wanted:
            sent = self._now()
            taken = await loop.run_in_executor(self._executor, self._store.take, wanted)
            self._note(taken, sent)
        for domain, since in [*self._wanted.items()]:
            if domain in self._held:
                del self._wanted[domain]
            elif self._now() - since > PATIENCE_SECONDS:
                del self._wanted[domain]
                self.on_refused(domain)

    def _note(self, taken: Sequence[Turn], sent: float) -> None:
        if not taken:
            return
        if not self._held:
            self._renewed, self._safe_until = sent, sent + SAFE_SECONDS
        for turn in taken:
            self._held[turn.domain] = self._now() + turn.wait_seconds
            self._used[turn.domain] = self._held[turn.domain]
            self._delays.setdefault(turn.domain, self._delay)
            if turn.wait_seconds:
                asyncio.get_running_loop().call_later(turn.wait_seconds + 0.01, self.on_turn)
        self.on_turn()

    def _idle(self, waiting: Collection[str]) -> list[str]:
        past = self._now() - IDLE_SECONDS
        return [domain for domain in self._held if not self._open[domain] and self._used[domain] < past and domain not in waiting]

    def give_back_at_once(self) -> None:
        """The same as `close` for a process that ends now, outside of the event loop."""
        try:
            self._store.give_back(self._returned([*self._held]))
        except StoreError as error:
            logger.warning("turns could not be given back: %s", error)

    async def _give_back(self, domains: Sequence[str]) -> None:
        if domains:
            returned = self._returned(domains)
            await asyncio.get_running_loop().run_in_executor(self._executor, self._store.give_back, returned)

    def _returned(self, domains: Sequence[str]) -> list[GivenBack]:
        from tracker.store.work.turns import GivenBack  # the driver of the server is an extra; only workers come here

        now, turns = self._now(), []
        for domain in domains:
            self._held.pop(domain, None)
            asked = self._asked.pop(domain, None)
            delay = max(self._delays.pop(domain, 0.0), self._delay)
            turns.append(GivenBack(domain, None if asked is None else now - asked, delay))
        return turns
