"""From what is due in the store to jobs: which domains are to be visited now, the longest overdue first. Deciding only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from tracker.queue.jobs import Reading, Visit, size_of_round
from tracker.urls.domains import domains_of

PAGES_A_READING = 200
"""Pages that wait before another worker is asked to read too: some seconds of work."""
NEVER = datetime(1, 1, 1, tzinfo=UTC)


def visits_due(
    homepages: Mapping[str, str],
    due: Mapping[str, datetime | None],
    with_links: Collection[str],
    *,
    busy: Collection[str],
    failures: Mapping[str, int],
) -> tuple[Visit, ...]:
    """Rounds at domains with something to do, without the `busy` ones, the longest overdue first. `due`: outlets and since when (None:
    never polled); `failures`: how often a round with the domain broke off."""
    found: list[tuple[bool, datetime, Visit]] = []
    for domain, outlets in domains_of(homepages).items():
        polled = [due[outlet] or NEVER for outlet in outlets if outlet in due]
        if domain in busy or not (polled or any(outlet in with_links for outlet in outlets)):
            continue
        found.append(
            (not polled, min(polled, default=NEVER), Visit(domain, outlets, size_of_round(failures.get(domain, 0)), polls=bool(polled)))
        )
    return tuple(visit for _, _, visit in sorted(found, key=lambda one: one[:2]))


def readings_due(unread: int, readers: int, *, busy: Collection[str]) -> tuple[Reading, ...]:
    """As many readings as there are workers for them and pages worth it."""
    wanted = min(readers, -(-unread // PAGES_A_READING))
    return tuple(one for one in (Reading(number) for number in range(1, wanted + 1)) if one.lock not in busy)
