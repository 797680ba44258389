"""When channels of a platform fail together, one fault is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.model import Source, SourceKind, SourceTrouble
from tracker.monitoring.platforms import as_one_fault, faults, platforms_of
from tracker.monitoring.source_health import Finding, Health

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def trouble(number: int, outcome: str = "blocked") -> SourceTrouble:
    return SourceTrouble(f"o{number}:channel:1", f"Outlet {number}", "AL", outcome, "refuses", NOW - timedelta(hours=number))


def channels(count: int) -> dict[str, str]:
    return {f"o{number}:channel:1": "youtube.com" for number in range(count)}


def test_many_channels_that_fail_together_are_one_fault_of_their_platform() -> None:
    other = SourceTrouble("x:feed:1", "X", "RS", "blocked")
    told = as_one_fault([other, *(trouble(number) for number in range(4))], channels(6))
    assert [one.source_id for one in told] == ["x:feed:1", "platform:youtube.com"]
    assert told[1].detail == "4 of 6 channels fail together: refuses"
    assert told[1].since_at == NOW - timedelta(hours=3)
    assert platforms_of(told) == ["youtube.com"]


def test_two_channels_or_few_of_many_or_silent_ones_stay_their_own() -> None:
    for listed, watched in (
        ([trouble(0), trouble(1)], 2),
        ([trouble(n) for n in range(3)], 9),
        ([trouble(n, "silent") for n in range(5)], 5),
    ):
        assert as_one_fault(listed, channels(watched)) == tuple(listed)


def test_a_fault_of_a_platform_names_its_channels_and_leaves_feeds_and_paused_ones_out() -> None:
    bad, works = Finding(Health.FAILING, "HTTP 500", NOW), Finding(Health.WORKS)
    of = "https://www.youtube.com/feeds/videos.xml?channel_id={}"
    listed = [(Source(f"o{n}:channel:1", f"o{n}", SourceKind.CHANNEL, of.format(n)), bad if n < 4 else works) for n in range(6)]
    listed += [(Source("x:feed:1", "x", SourceKind.FEED, "https://www.youtube.com/feed"), bad)]
    listed += [(Source("p:channel:1", "p", SourceKind.CHANNEL, of.format("p")), Finding(Health.PAUSED))]
    (fault,) = faults(listed)
    assert (fault.platform, fault.failing, fault.watched, fault.detail, fault.since_at) == ("youtube.com", 4, 6, "HTTP 500", NOW)
    assert fault.source_ids == {f"o{n}:channel:1" for n in range(4)}
    assert faults(listed[:2] + listed[4:]) == ()
    silent = [(source, Finding(Health.SILENT, "", NOW)) for source, _ in listed]
    assert faults(silent) == ()
