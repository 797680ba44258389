"""How much coverage of a period was missed, told from which nets saw which articles. The counting is the store's, the judging `estimate`'s."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.digests.selection import select_entries
from tracker.model import Audience, Basis, Campaign, Caught, Estimate, Net, NoEstimate, Outlet, Window
from tracker.monitoring.reach import is_outage
from tracker.store import entries, registers, sightings
from tracker.store.database import Database

if TYPE_CHECKING:
    from tracker.estimate.total import Total
    from tracker.model import Reach
    from tracker.store.registers import SourceState

LEAST_DAYS = timedelta(days=7)
"""Of articles by which nets are judged: a day has too few of tier 3."""
MOST_DAYS = timedelta(days=28)
"""And at most: nets change, and four weeks hold 300,000 articles."""
ENOUGH_ITEMS = 100
"""Items of a campaign that are judged by themselves; with fewer the interval of simulated weeks is twice as wide as one carried over."""
OWN_NETS = frozenset({Net.FEED, Net.SITEMAP, Net.SECTION, Net.WORDPRESS})
"""Nets of an outlet's own: which of them it has makes it alike others."""
LEADING_TIER = 1
NOT_A_NET = frozenset({Net.LOOK_BACK, Net.SEARCH})
"""Asked for some outlets and days only: what they catch says nothing of the rest."""


def estimate_missed(
    database: Database, campaign: Campaign, window: Window, reach: Reach | None = None, *, days: int = 0, articles: Articles | None = None
) -> Estimate:
    """The estimate of the campaign's items that appeared in the window, as staff count them. `days` notes that the window is the last
    days and not an edition's own. `articles`: what was judged of all articles of this window before, for another campaign."""
    from tracker.estimate.carrying import carry_over
    from tracker.estimate.total import estimate_total

    with database.reading() as conn:
        standing = entries.standings(conn, campaign.id, appeared_from=window.start_at, appeared_before=window.end_at)
        items = select_entries(campaign, standing, audience=Audience.STAFF).counted
        nets = sightings.of_articles(conn, [item.article.id for item in items], campaign.id)
        states = registers.states(conn)
    bare = Estimate(len(items), unreadable=unreadable(states, campaign, window), days=days)
    if not items:
        return _refused(bare, NoEstimate.NOTHING_FOUND)
    if is_outage(reach, campaign.countries):
        return _refused(bare, NoEstimate.OUTAGE)
    if len(items) >= ENOUGH_ITEMS:
        direct = estimate_total({"items": cells_of(nets.values())})
        if not isinstance(direct, NoEstimate):
            return _told(bare, direct, direct.low, direct.high, direct.unseen.count, Basis.ITEMS)
    whole = (articles or Articles(database)).judge(window, campaign.countries)
    if isinstance(whole.total, NoEstimate):
        return _refused(bare, whole.total)
    unseen = carry_over(whole.total, Counter(whole.stratum.get(item.outlet.id, "") for item in items))
    low, high = unseen.interval()
    return _told(bare, whole.total, bare.found + math.floor(low), bare.found + math.ceil(high), unseen.count, Basis.ARTICLES)


class Articles:
    """What is judged of all articles of the watched outlets; read once for each period, judged once for each choice of countries."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._caught: dict[Window, tuple[list[Caught], dict[str, Outlet]]] = {}
        self._judged: dict[tuple[Window, tuple[str, ...]], Whole] = {}

    def judge(self, window: Window, countries: Sequence[str]) -> Whole:
        """The total of a week to four weeks before the window's end, of outlets of these countries and of regional ones."""
        start_at = max(min(window.start_at, window.end_at - LEAST_DAYS), window.end_at - MOST_DAYS)
        key = (Window(start_at, window.end_at), tuple(countries))
        if key not in self._judged:
            caught, outlets = self._read(key[0])
            wanted = {*countries, "XB"}
            tiers = {one.id: one.tier for one in outlets.values() if not countries or one.country in wanted}
            self._judged[key] = judge_articles([one for one in caught if one.outlet_id in tiers], tiers)
        return self._judged[key]

    def _read(self, window: Window) -> tuple[list[Caught], dict[str, Outlet]]:
        if window not in self._caught:
            with self._database.reading() as conn:
                self._caught[window] = sightings.of_period(conn, window.start_at, window.end_at), registers.outlets(conn)
        return self._caught[window]


class Whole:
    """What was judged of all articles, and in which stratum each outlet is."""

    def __init__(self, total: Total | NoEstimate, stratum: Mapping[str, str]) -> None:
        self.total, self.stratum = total, stratum


def judge_articles(caught: Sequence[Caught], tiers: Mapping[str, int]) -> Whole:
    """All articles by strata of outlets of one tier that have the same nets of their own."""
    from tracker.estimate.total import estimate_total

    own: dict[str, set[Net]] = defaultdict(set)
    for one in caught:
        own[one.outlet_id] |= one.nets & OWN_NETS
    stratum = {outlet: f"{tiers.get(outlet, 3)}:{'+'.join(sorted(nets))}" for outlet, nets in own.items()}
    tables: dict[str, dict[frozenset[str], int]] = defaultdict(lambda: defaultdict(int))
    for one in caught:
        if nets := _names(one.nets):
            tables[stratum[one.outlet_id]][nets] += one.articles
    return Whole(estimate_total(tables), stratum)


def cells_of(each: Iterable[frozenset[Net]]) -> dict[frozenset[str], int]:
    """Items counted by the nets that named them."""
    return dict(Counter(nets for nets in map(_names, each) if nets))


def unreadable(states: Sequence[SourceState], campaign: Campaign, window: Window) -> tuple[str, ...]:
    """Leading outlets of the campaign's countries that were asked since the period began, and of which no source gave a result."""
    asked: dict[str, bool] = {}
    for state in states:
        outlet = state.outlet
        leads = outlet.tier == LEADING_TIER and (not campaign.countries or outlet.country in campaign.countries)
        if leads and state.watched and state.last_polled_at is not None and state.last_polled_at >= window.start_at:
            read = state.last_succeeded_at is not None and state.last_succeeded_at >= window.start_at
            asked[outlet.id] = asked.get(outlet.id, False) or read
    return tuple(sorted(outlet for outlet, read in asked.items() if not read))


def _names(nets: frozenset[Net]) -> frozenset[str]:
    return frozenset(str(net) for net in nets - NOT_A_NET)


def _refused(bare: Estimate, reason: NoEstimate) -> Estimate:
    return Estimate(bare.found, reason=str(reason), unreadable=bare.unreadable, days=bare.days)


def _told(bare: Estimate, total: Total, low: int, high: int, unseen: float, basis: Basis) -> Estimate:
    naive = None
    if basis is Basis.ITEMS and total.naive is not None:
        naive = bare.found + round(total.naive.count)
    elif total.naive is not None and total.found:
        naive = bare.found + round(bare.found * total.naive.count / total.found)
    return Estimate(bare.found, bare.found + round(unseen), low, high, total.nets, "", str(basis), naive, bare.unreadable, bare.days)
