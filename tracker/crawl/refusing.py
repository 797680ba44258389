"""Outlets that refuse us, as their sources fared: what a crawl leaves alone, but for one probe a week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tracker.sources.polling.refusals import Asked, lasting, refusing, spared
from tracker.store.registers import SourceState


def refusing_outlets(states: Iterable[SourceState], now: datetime) -> frozenset[str]:
    """The outlets that refuse us now, by how their sources answered last and by what the register says."""
    return refusing(_asked(states := [*states]), now, _marked(states))


def spared_sources(states: Iterable[SourceState], now: datetime) -> dict[str, datetime]:
    """Their sources that are not to be asked now, and from when on one may be."""
    states = [*states]
    asked = _asked(states)
    return spared(asked, lasting(asked, now, _marked(states)), now)


def _marked(states: Iterable[SourceState]) -> set[str]:
    return {state.outlet.id for state in states if state.outlet.refuses}


def _asked(states: Iterable[SourceState]) -> list[Asked]:
    return [
        Asked(
            state.source.id,
            state.outlet.id,
            state.last_outcome,
            state.last_polled_at,
            state.last_succeeded_at,
            state.last_status,
            state.failing_since_at,
        )
        for state in states
        if state.watched and state.enabled
    ]
