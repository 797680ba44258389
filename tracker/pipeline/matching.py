"""Article -> Mention, for all campaigns in one pass: each article is fetched from the store, unpacked and laid out for searching once,
however many campaigns look at it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.matching.cache import NO_CACHE, Cache
from tracker.model import Article, Campaign, Depth, HandItem, Mention, StepReport
from tracker.pipeline.readings import save_readings
from tracker.store import articles, manual_items, mentions, page_files, pages, search_index
from tracker.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.matching.matcher import Matcher, Reading
    from tracker.pipeline.page_pool import PagePool, PageReading

NO_MENTION = "no mention"
"""The outcome of an article that the campaign is not in."""
MATCH_BATCH = 100
"""Articles a transaction, a choice: others can write between. To measure: tests/benchmarks/bench_matching.py."""


@dataclass
class _Looking:
    """One campaign's look at what it has not seen: `candidates` are named by the index, entered by a person, or had a mention."""

    campaign: Campaign
    inputs: int
    through: int
    entered: Mapping[int, HandItem]
    candidates: set[int]
    matcher: Matcher = field(init=False)
    """Given where there is something to look at: most polls of a day bring nothing."""
    outcomes: Counter[str] = field(default_factory=Counter)
    gone: int = 0
    remarks: tuple[str, ...] = ()

    def find(self, reading: Reading) -> Mention | None:
        from tracker.matching.matcher import find_entered, find_mention

        if item := self.entered.get(reading.article.id):
            return find_entered(reading.article, self.matcher, item.circle, reading.text)
        return find_mention(reading.article, self.matcher, reading.text)

    def report(self, seconds: float) -> StepReport:
        self.outcomes[NO_MENTION] += self.inputs - self.outcomes.total()
        gone = (f"{self.gone} mentions of an older version no longer match",) if self.gone else ()
        outcomes = tuple(sorted((name, count) for name, count in self.outcomes.items() if count))
        return StepReport(f"match {self.campaign.id}", self.inputs, outcomes, seconds, (*self.remarks, *gone))


class MatchStep:
    """Articles -> mentions, for several campaigns. The search index names each campaign's candidates, its matcher decides; an article
    that has a mention is a candidate whatever the index says.

    A campaign that changed looks at the whole archive again this way, without fetching anything; verdicts are not touched.
    """

    def __init__(
        self, database: Database, campaigns: Sequence[Campaign], now: datetime, pool: Callable[[], PagePool], cache: Cache = NO_CACHE
    ) -> None:
        self._database, self._campaigns, self._now, self._pool, self._cache = database, campaigns, now, pool, cache

    def run(self, on_progress: Callable[[int, int], None] = lambda done, known: None) -> list[StepReport]:
        """Looks at every article that a campaign's version has not looked at; one report a campaign, in their order."""
        started = time.monotonic()
        remarks = self._fold_anew()
        with self._database.reading() as conn:
            newest = articles.newest_id(conn)
            looking = [self._open(conn, campaign) for campaign in self._campaigns]
        remarks += self._mend_index() if any(one.inputs and not one.through for one in looking) else ()
        self._find_candidates([one for one in looking if one.inputs], newest)
        self._look_at_all(looking, on_progress)
        with self._database.writing() as conn:
            for one in looking:
                mentions.mark_all_looked(conn, one.campaign.id, one.campaign.version, through_id=newest)
        for one in looking[:1]:
            one.remarks = remarks
        seconds = (time.monotonic() - started) / max(len(looking), 1)
        return [one.report(seconds) for one in looking]

    def _open(self, conn: Connection, campaign: Campaign) -> _Looking:
        inputs = mentions.count_unmatched(conn, campaign.id, campaign.version)
        through = mentions.looked_through(conn, campaign.id, campaign.version)
        entered = manual_items.for_campaign(conn, campaign.id) if inputs else {}
        unconfirmed = mentions.of_other_versions(conn, campaign.id, campaign.version) if inputs else []
        return _Looking(campaign, inputs, through, entered, {*entered, *unconfirmed})

    def _fold_anew(self) -> tuple[str, ...]:
        """Before anything is searched: what another version of the program folded is not found by this one's words."""
        count = search_index.fold_anew(self._database)
        return (f"the search index was made anew from {count} articles: letters are folded otherwise now",) if count else ()

    def _mend_index(self) -> tuple[str, ...]:
        """Before the whole archive is looked at by the word of the index: the index is held against it, and made anew when it is wrong."""
        if not (fault := search_index.fault(self._database)):
            return ()
        count = search_index.rebuild(self._database)
        return (f"{fault}; it was made anew from {count} articles",)

    def _find_candidates(self, looking: Sequence[_Looking], newest: int) -> None:
        """Asks the index for the campaigns together: a term of several is looked up once, for those that look at the same articles."""
        if not looking:
            return
        from tracker.matching.together import Together

        for one, matcher in zip(looking, Together([one.campaign for one in looking], self._cache).matchers, strict=True):
            one.matcher = matcher
        for through in sorted({one.through for one in looking}):
            several = [one for one in looking if one.through == through]
            for one, found in zip(several, self._search([one.matcher for one in several], through), strict=True):
                one.candidates |= {article_id for article_id in found if article_id <= newest}

    def _search(self, matchers: Sequence[Matcher], through: int) -> list[list[int]]:
        def ask() -> list[list[int]]:
            with self._database.reading() as conn:
                return articles.search_each(conn, [matcher.index_query() for matcher in matchers], after_id=through)

        return search_index.mended(self._database, ask)

    def _look_at_all(self, looking: Sequence[_Looking], on_progress: Callable[[int, int], None]) -> None:
        candidates = sorted(set[int]().union(*(one.candidates for one in looking)))
        for start in range(0, len(candidates), MATCH_BATCH):
            self._look_at(looking, candidates[start : start + MATCH_BATCH])
            on_progress(start, len(candidates))

    def _look_at(self, looking: Sequence[_Looking], article_ids: Sequence[int]) -> None:
        with self._database.reading() as conn:
            unseen = [
                {*mentions.not_looked_at(conn, one.campaign.id, one.campaign.version, wanted)} if wanted else set[int]()
                for one in looking
                for wanted in [one.candidates.intersection(article_ids)]
            ]
            readings = _readings(articles.get_many(conn, set[int]().union(*unseen)))
        self._read_in_full(looking, unseen, readings)
        screened = [reading.article.page_id for reading in readings.values() if reading.article.depth is Depth.SCREENED]
        with self._database.reading() as conn:
            repeated = pages.repetitions(conn, screened)
        for one, ids in zip(looking, unseen, strict=True):
            if ids:
                batch = [readings[article_id] for article_id in sorted(ids) if article_id in readings]
                found = [mention for each in batch if each.article.page_id not in repeated and (mention := one.find(each))]
                self._save(one, found, sorted(ids))

    def _read_in_full(self, looking: Sequence[_Looking], unseen: Sequence[set[int]], readings: dict[int, Reading]) -> None:
        """Candidates of which only the cheap text is known are extracted first, where their bytes are still kept."""
        screened = [reading for reading in readings.values() if reading.article.depth is Depth.SCREENED]
        wanted = [
            reading.article
            for reading in screened
            if any(reading.article.id in ids and one.find(reading) for one, ids in zip(looking, unseen, strict=True))
        ]
        if not wanted:
            return
        with self._database.reading() as conn:
            stored = pages.stored(conn, [article.page_id for article in wanted])
        pool = self._pool()
        pool.submit(stored, extract=True)
        read: list[PageReading] = []
        while pool.waiting:
            read += [reading for reading in pool.ready(0.5) if isinstance(reading.result, Article)]
        save_readings(self._database, sorted(read, key=lambda reading: reading.page.id), self._now)  # the first address stays
        with self._database.reading() as conn:
            now = _readings(articles.get_many(conn, [*readings]))
        before = dict(readings)
        readings.clear()
        readings |= {number: before[number] if before[number].article == one.article else one for number, one in now.items()}

    def _save(self, one: _Looking, found: Sequence[Mention], looked_at: Collection[int]) -> None:
        campaign = one.campaign
        gone = set(looked_at) - {mention.article_id for mention in found}
        home = self._brought_home([mention.article_id for mention in found])
        with self._database.writing() as conn:
            pages.bring_home(conn, home)
            mentions.save(conn, found, self._now)
            removed = mentions.remove(conn, campaign.id, gone)
            mentions.mark_looked(conn, campaign.id, campaign.version, looked_at)
        one.gone += removed
        page_files.remove([reference for reference, _ in home.values()])
        one.outcomes.update(mention.circle for mention in found)

    def _brought_home(self, article_ids: Sequence[int]) -> dict[int, tuple[bytes, bytes]]:
        """Bytes that lie outside of the database and are kept for ever from now on: (reference, packed bytes), by page."""
        if not article_ids:
            return {}
        with self._database.reading() as conn:
            elsewhere = pages.referring(conn, article_ids)
        read = page_files.read([*elsewhere.values()])
        return {number: (reference, packed) for (number, reference), packed in zip(elsewhere.items(), read, strict=True) if packed}


def _readings(found: Sequence[Article]) -> dict[int, Reading]:
    from tracker.matching.matcher import Reading

    return {article.id: Reading(article) for article in found}
