"""Whose turn a domain is. A turn is held for some seconds at a time and renewed; whoever cannot renew it loses it.

A turn that ran out was not given back: its holder may have asked until its very end. So the pause is counted from there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from tracker.store.work.link import Link


class Turn(Struct, frozen=True):
    """A domain that may be asked, after `wait_seconds`."""

    domain: str
    wait_seconds: float


class GivenBack(Struct, frozen=True):
    """A domain that is done with. `asked_seconds_ago`: None where nothing was asked. `delay_seconds`: the pause it is owed."""

    domain: str
    asked_seconds_ago: float | None
    delay_seconds: float


_TAKE = """
INSERT INTO turns AS t (domain, holder, until_at)
SELECT wanted, %(holder)s, clock_timestamp() + make_interval(secs => %(seconds)s) FROM unnest(%(domains)s::text[]) AS wanted ORDER BY wanted
ON CONFLICT (domain) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at,
    asked_at = CASE WHEN t.holder IS NULL OR t.holder = excluded.holder THEN t.asked_at ELSE t.until_at END
WHERE t.holder IS NULL OR t.holder = excluded.holder OR t.until_at < clock_timestamp()
RETURNING domain, greatest(0, coalesce(extract(epoch FROM asked_at - clock_timestamp()) + greatest(delay_seconds, %(delay)s), 0))::float8
"""
_RENEW = """
UPDATE turns SET until_at = clock_timestamp() + make_interval(secs => %(seconds)s) WHERE holder = %(holder)s RETURNING domain
"""
_GIVE_BACK = """
UPDATE turns SET holder = NULL, delay_seconds = given.delay,
    asked_at = CASE WHEN given.ago IS NULL THEN asked_at ELSE clock_timestamp() - make_interval(secs => given.ago) END
FROM unnest(%(domains)s::text[], %(ago)s::float8[], %(delays)s::float8[]) AS given (domain, ago, delay)
WHERE turns.domain = given.domain AND turns.holder = %(holder)s
"""


def take(link: Link, holder: str, domains: Collection[str], *, seconds: float, delay_seconds: float) -> list[Turn]:
    """Those of the domains that nobody else holds are the holder's now, for so long. `delay_seconds`: the least pause between two requests."""
    if not domains:
        return []
    values = {"holder": holder, "domains": [*domains], "seconds": seconds, "delay": delay_seconds}
    return [Turn(*row) for row in link.rows(_TAKE, values)]


def renew(link: Link, holder: str, *, seconds: float) -> frozenset[str]:
    """The domains that are still the holder's, for so long from now."""
    return frozenset(row[0] for row in link.rows(_RENEW, {"holder": holder, "seconds": seconds}))


def give_back(link: Link, holder: str, turns: Sequence[GivenBack]) -> None:
    """Others may take these from now on; what the holder has lost meanwhile stays as it is."""
    if turns:
        values = {
            "holder": holder,
            "domains": [one.domain for one in turns],
            "ago": [one.asked_seconds_ago for one in turns],
            "delays": [one.delay_seconds for one in turns],
        }
        link.rows(_GIVE_BACK, values)


def waits(link: Link, *, limit: int) -> list[tuple[str, str, float, float]]:
    """Held domains, longest pauses first: (domain, holder, seconds until the turn runs out, pause in seconds)."""
    asked = """SELECT domain, holder, extract(epoch FROM until_at - clock_timestamp())::float8, delay_seconds FROM turns
        WHERE holder IS NOT NULL AND until_at > clock_timestamp() ORDER BY delay_seconds DESC, domain LIMIT %s"""
    return [(row[0], row[1], row[2], row[3]) for row in link.rows(asked, [limit])]


def held(link: Link) -> int:
    """How many domains are held."""
    asked = "SELECT count(*) FROM turns WHERE holder IS NOT NULL AND until_at > clock_timestamp() AND domain NOT LIKE '(%'"
    return int(link.rows(asked)[0][0])


def forget_old(link: Link, *, days: int = 7) -> None:
    """Domains that nobody asked for so long owe no pause any more."""
    link.rows("DELETE FROM turns WHERE until_at < clock_timestamp() - make_interval(days => %s)", [days])
