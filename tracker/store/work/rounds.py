"""Rounds of workers that have ended: what was done, how it ended, and for which order."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from msgspec import Struct

from tracker.store.work.link import Link

KEPT_DAYS = 7


class RoundEnd(Struct, frozen=True):
    """`outcome`: done, stopped or failed. `items`: domains visited or pages read. `progress`: the crawl's counts as plain values."""

    worker: str
    queue: str
    outcome: str
    items: int
    seconds: float
    detail: str = ""
    polls: int = 0
    pages: int = 0
    order_id: str = ""
    progress: dict[str, Any] | None = None


class Pace(Struct, frozen=True):
    """Of the last minutes, in all and a minute."""

    minutes: int
    rounds: int
    failed: int
    polls: int
    pages: int

    @property
    def pages_a_minute(self) -> float:
        """Pages fetched."""
        return self.pages / self.minutes


def note(link: Link, end: RoundEnd) -> None:
    """Stores how a round ended."""
    link.rows(
        """INSERT INTO rounds (order_id, worker, queue, outcome, detail, items, polls, pages, seconds, progress)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            end.order_id,
            end.worker,
            end.queue,
            end.outcome,
            end.detail[:500],
            end.items,
            end.polls,
            end.pages,
            end.seconds,
            json.dumps(end.progress) if end.progress is not None else None,
        ],
    )


def of_order(link: Link, order_id: str) -> list[RoundEnd]:
    """The rounds that worked on an order, oldest first."""
    asked = """SELECT worker, queue, outcome, items, seconds, detail, polls, pages, order_id, progress FROM rounds
        WHERE order_id = %s ORDER BY id"""
    return [RoundEnd(*row) for row in link.rows(asked, [order_id])]


def pace(link: Link, *, minutes: int = 10) -> Pace:
    """What rounds that ended in the last minutes did."""
    asked = """SELECT count(*), count(*) FILTER (WHERE outcome = 'failed'), coalesce(sum(polls), 0), coalesce(sum(pages), 0) FROM rounds
        WHERE ended_at > clock_timestamp() - make_interval(mins => %s)"""
    return Pace(minutes, *link.rows(asked, [minutes])[0])


def by_outcome(link: Link) -> list[tuple[str, str, int]]:
    """(queue, outcome, rounds) of all rounds that are kept."""
    return [(row[0], row[1], row[2]) for row in link.rows("SELECT queue, outcome, count(*) FROM rounds GROUP BY 1, 2 ORDER BY 1, 2")]


def last_ended_at(link: Link) -> datetime | None:
    """When the newest round ended; None where none did."""
    moment: datetime | None = link.rows("SELECT max(ended_at) FROM rounds")[0][0]
    return moment


def forget_old(link: Link) -> None:
    """Rounds that ended KEPT_DAYS ago."""
    link.rows("DELETE FROM rounds WHERE ended_at < clock_timestamp() - make_interval(days => %s)", [KEPT_DAYS])
