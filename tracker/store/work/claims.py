"""Which worker reads which page, so that each page is read once. A claim runs out by itself; who reads a page twice loses time alone."""

from __future__ import annotations

from collections.abc import Collection

from tracker.store.work.link import Link

_CLAIM = """
INSERT INTO page_claims AS c (page_id, holder, until_at)
SELECT wanted, %(holder)s, clock_timestamp() + make_interval(secs => %(seconds)s) FROM unnest(%(ids)s::bigint[]) AS wanted ORDER BY wanted
ON CONFLICT (page_id) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
WHERE c.holder = excluded.holder OR c.until_at < clock_timestamp()
RETURNING page_id
"""


def claim(link: Link, holder: str, page_ids: Collection[int], *, seconds: float) -> frozenset[int]:
    """Those of the pages that nobody else has claimed are the holder's now, for so long."""
    if not page_ids:
        return frozenset()
    return frozenset(row[0] for row in link.rows(_CLAIM, {"holder": holder, "ids": [*page_ids], "seconds": seconds}))


def end(link: Link, holder: str, page_ids: Collection[int]) -> None:
    """The pages are read."""
    if page_ids:
        link.rows("DELETE FROM page_claims WHERE holder = %s AND page_id = ANY(%s)", [holder, [*page_ids]])


def forget_old(link: Link) -> None:
    """Claims of readers that are gone."""
    link.rows("DELETE FROM page_claims WHERE until_at < clock_timestamp() - interval '1 hour'")
