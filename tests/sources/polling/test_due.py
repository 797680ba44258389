from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.model import FetchOutcome, Outlet, Source, SourceKind, Watched
from tracker.sources.polling.due import LONGEST_WAIT, TEMPORARY, due_sources, retry_at

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("outcome", sorted(TEMPORARY))
def test_what_may_pass_is_tried_again_with_growing_distance_and_then_given_up(outcome: FetchOutcome) -> None:
    moments = [retry_at(outcome, attempts, NOW, None) for attempts in range(1, 8)]
    waits = [at - NOW for at in moments if at is not None]
    assert waits == sorted(waits)
    assert timedelta(hours=1) <= waits[0] <= timedelta(hours=4)
    assert waits[-1] >= timedelta(days=3)
    assert moments[-1] is None


@pytest.mark.parametrize("outcome", sorted(set(FetchOutcome) - TEMPORARY))
def test_what_is_final_is_not_tried_again(outcome: FetchOutcome) -> None:
    assert retry_at(outcome, 1, NOW, 60) is None


def test_a_robots_txt_that_answers_with_an_error_is_a_passing_trouble() -> None:
    assert retry_at(FetchOutcome.ROBOTS_REFUSED, 1, NOW, status=503) is not None


def test_retry_after_is_obeyed_within_reason() -> None:
    assert retry_at(FetchOutcome.RATE_LIMITED, 1, NOW, 86_400) == NOW + timedelta(days=1)
    assert retry_at(FetchOutcome.RATE_LIMITED, 1, NOW, 1) == retry_at(FetchOutcome.RATE_LIMITED, 1, NOW, None)
    assert retry_at(FetchOutcome.RATE_LIMITED, 1, NOW, float("inf")) == NOW + LONGEST_WAIT


def test_the_round_takes_every_enabled_source_and_spreads_outlets() -> None:
    def watched(outlet: str, number: int, enabled: bool = True) -> Watched:
        source = Source(f"{outlet}:feed:{number}", outlet, SourceKind.FEED, f"https://{outlet}.example/{number}", enabled=enabled)
        return Watched(source, Outlet(outlet, outlet, f"https://{outlet}.example/", "AL", ("sq",)))

    listed = [watched("a", 1), watched("a", 2), watched("a", 3, enabled=False), watched("b", 1)]
    assert [one.source.id for one in due_sources(listed, NOW)] == ["a:feed:1", "b:feed:1", "a:feed:2"]


def test_a_round_of_what_is_due_leaves_out_whose_time_has_not_come() -> None:
    def watched(outlet: str, due_at: datetime | None) -> Watched:
        source = Source(f"{outlet}:feed:1", outlet, SourceKind.FEED, f"https://{outlet}.example/feed")
        return Watched(source, Outlet(outlet, outlet, f"https://{outlet}.example/", "AL", ("sq",)), next_due_at=due_at)

    listed = [watched("never-asked", None), watched("due", NOW), watched("later", NOW + timedelta(seconds=1))]
    assert [one.outlet.id for one in due_sources(listed, NOW, only_due=True)] == ["never-asked", "due"]
    assert len(due_sources(listed, NOW)) == 3
