"""What takes longer than a page may is made before anybody asks, and again before it is too old: while the desk is in use."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from flask import Flask, request
from msgspec import Struct

from tracker.errors import TrackerError
from tracker.matching.compiled import compiled_matcher
from tracker.matching.matcher import Matcher
from tracker.matching.suggest import Suggestion
from tracker.model import Campaign
from tracker.monitoring.source_listing import SourceRow, listing
from tracker.review.campaigns import terms
from tracker.review.web.campaigns import CampaignShelf
from tracker.review.web.estimates import JUDGED_WITHIN, judged_ahead
from tracker.review.web.remembered import EXTENSION, Key, Remembered, remembered
from tracker.workspace import Parts, campaign_cache

SEEN_WITHIN = timedelta(days=90)
"""Items whose texts are searched for other spellings."""
SOURCES_WITHIN, SPELLINGS_WITHIN = timedelta(minutes=3), timedelta(hours=2)
"""How old a page of sources and one of spellings may be."""
LOOKS_EVERY_SECONDS = 20.0
IN_USE = timedelta(minutes=30)
"""Since the last request: nobody is waited for longer."""
_log = logging.getLogger(__name__)


class Slow(Struct, frozen=True):
    """A value that is made ahead. `within` None: it depends on nothing but its key."""

    key: Key
    make: Callable[[], object]
    within: timedelta | None = None


def sources(parts: Parts, now: datetime) -> list[SourceRow]:
    """All watched sources and how they fare, as of SOURCES_WITHIN."""
    return remembered().lately(("sources",), lambda: listing(parts.database, now), now, SOURCES_WITHIN)


def matcher(parts: Parts, campaign: Campaign) -> Matcher:
    """The campaign's matcher."""
    return remembered().value(*_matcher(parts, campaign))


def spellings(parts: Parts, campaign: Campaign, now: datetime) -> tuple[Suggestion, ...]:
    """Spellings in the newest items that are none of the campaign's forms, as of SPELLINGS_WITHIN."""
    made = _spellings(parts, campaign, matcher(parts, campaign), now)
    return remembered().lately(made[0], made[1], now, SPELLINGS_WITHIN)


def _matcher(parts: Parts, campaign: Campaign) -> tuple[Key, Callable[[], Matcher]]:
    return ("matcher", campaign.id, campaign.version), lambda: compiled_matcher(campaign, campaign_cache(parts.workspace))


def _spellings(parts: Parts, campaign: Campaign, with_matcher: Matcher, now: datetime) -> tuple[Key, Callable[[], tuple[Suggestion, ...]]]:
    key = ("spellings", campaign.id, campaign.version)
    return key, lambda: terms.respellings_seen(parts.database, campaign, with_matcher, now - SEEN_WITHIN)


class Warmer:
    """Makes what is slow in a thread of its own, from the desk's start and while somebody uses it."""

    def __init__(self, app: Flask, parts: Parts, shelf: CampaignShelf) -> None:
        self._parts, self._shelf = parts, shelf
        self._memory: Remembered = app.extensions[EXTENSION]
        self._used_at = parts.clock()
        app.before_request(self._note_use)

    def start(self) -> None:
        """Begins; ends with the process."""
        threading.Thread(target=self._run, daemon=True, name="warmer").start()

    def look(self) -> int:
        """Makes what is missing or half as old as it may be. Returns how much that was."""
        made = 0
        for slow in self._slow():
            now = self._parts.clock()
            age = self._memory.age(slow.key, now)
            if slow.within is None:
                self._memory.value(slow.key, slow.make)
            elif age is None or age * 2 > slow.within:
                self._memory.renew(slow.key, slow.make, now)
                made += 1
        return made

    def begin(self) -> None:
        """The first look. What it made, and the program, is set aside for good: to look all of it over for garbage takes a tenth of a
        second, during which no page is answered."""
        self.look()
        gc.collect()
        gc.freeze()

    def _run(self) -> None:
        pause = threading.Event()
        look: Callable[[], object] = self.begin
        while True:
            if self._parts.clock() - self._used_at < IN_USE:
                try:
                    look()
                    look = self.look
                except TrackerError as error:  # the page that needs it says so to whoever opens it
                    _log.debug("nothing was made ahead: %s", error)
                except Exception:  # noqa: BLE001 - the next look, and the page itself, try again
                    _log.exception("nothing was made ahead")
            pause.wait(LOOKS_EVERY_SECONDS)

    def _slow(self) -> Iterator[Slow]:
        parts = self._parts
        yield Slow(("sources",), lambda: listing(parts.database, parts.clock()), SOURCES_WITHIN)
        for campaign in self._shelf.every().values():
            key, make = _matcher(parts, campaign)
            yield Slow(key, make)
            for judged in judged_ahead(parts.database, campaign, parts.clock()):
                yield Slow(*judged, JUDGED_WITHIN)
            yield Slow(*_spellings(parts, campaign, self._memory.value(key, make), parts.clock()), SPELLINGS_WITHIN)

    def _note_use(self) -> None:
        if request.endpoint not in ("static", "health.alive", "health.ready"):
            self._used_at = self._parts.clock()
