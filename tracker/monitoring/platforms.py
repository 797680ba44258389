"""Channels of one platform that fail together: one fault of the platform, not a dozen of outlets. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from tracker.model import Source, SourceKind, SourceTrouble
from tracker.monitoring.source_health import Finding, Health
from tracker.urls.domains import domain_of

FEWEST = 3
"""Channels that fail at once: two may be chance."""
SHARE = 0.5
"""Of a platform's watched channels: below that it is the channels' own trouble."""
PREFIX = "platform:"
"""Before the platform's domain, in place of a source's id."""


def as_one_fault(troubles: Sequence[SourceTrouble], channels: Mapping[str, str]) -> tuple[SourceTrouble, ...]:
    """The troubles, those of channels of one platform put together where many of it fail. `channels`: the platform's domain by the id of
    each watched channel. Silence is a channel's own and stays."""
    failing: defaultdict[str, list[SourceTrouble]] = defaultdict(list)
    for one in troubles:
        if one.source_id in channels and one.outcome != str(Health.SILENT):
            failing[channels[one.source_id]].append(one)
    watched = Counter(channels.values())
    together = {name: listed for name, listed in failing.items() if len(listed) >= max(FEWEST, SHARE * watched[name])}
    merged = {one.source_id for listed in together.values() for one in listed}
    kept = [one for one in troubles if one.source_id not in merged]
    return (*kept, *(_fault(name, listed, watched[name]) for name, listed in sorted(together.items())))


class PlatformFault(Struct, frozen=True):
    """Channels of one platform that fail together. `failing` of its `watched` ones are `source_ids`; `detail` as most of them answer."""

    platform: str
    failing: int
    watched: int
    detail: str
    since_at: datetime | None
    source_ids: frozenset[str]


def faults(fares: Iterable[tuple[Source, Finding]]) -> tuple[PlatformFault, ...]:
    """The faults of platforms among sources that are switched on, with how each fares; by the platform's name."""
    watched: defaultdict[str, list[tuple[str, Finding]]] = defaultdict(list)
    for source, finding in fares:
        if source.kind is SourceKind.CHANNEL and finding.health is not Health.PAUSED:
            watched[domain_of(source.address)].append((source.id, finding))
    found = []
    for platform, channels in sorted(watched.items()):
        failing = [(name, one) for name, one in channels if one.needs_telling and one.health is not Health.SILENT]
        if platform and len(failing) >= max(FEWEST, SHARE * len(channels)):
            most = Counter(one.detail for _, one in failing).most_common(1)[0][0]
            since = [one.since_at for _, one in failing if one.since_at is not None]
            named = frozenset(name for name, _ in failing)
            found.append(PlatformFault(platform, len(failing), len(channels), most, min(since, default=None), named))
    return tuple(found)


def platforms_of(troubles: Sequence[SourceTrouble]) -> list[str]:
    """The platforms that are told of as one fault."""
    return [one.outlet_name for one in troubles if one.source_id.startswith(PREFIX)]


def _fault(platform: str, listed: Sequence[SourceTrouble], watched: int) -> SourceTrouble:
    outcome = Counter(one.outcome for one in listed).most_common(1)[0][0]
    first = next(one for one in listed if one.outcome == outcome)
    since = [one.since_at for one in listed if one.since_at is not None]
    return replace(
        first,
        source_id=f"{PREFIX}{platform}",
        outlet_name=platform,
        country="XB",
        detail=f"{len(listed)} of {watched} channels fail together: {first.detail}",
        since_at=min(since, default=None),
        languages=(),
    )
