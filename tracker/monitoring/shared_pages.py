"""Which pages came in the place of articles: one page for addresses of several outlets, as a network's login page answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from tracker.monitoring.reach import LEAST_ALIKE, site
from tracker.store.shared_pages import AnsweredPage


def shared_by_outlets(answered: Iterable[AnsweredPage]) -> frozenset[int]:
    """The pages that several sites sent, each for another path: the same bytes, or all from one place on a foreign host. Sister outlets
    that print an article alike do so under one path."""
    alike: dict[object, list[tuple[int, str, str]]] = {}
    for page in answered:
        own = site(page.requested_url)
        named = (page.page_id, own, _path(page.requested_url))
        alike.setdefault(page.mark, []).append(named)
        if page.final_url != page.requested_url and (final := site(page.final_url)) not in ("", own):
            alike.setdefault((final, _path(page.final_url)), []).append(named)
    found: set[int] = set()
    for group in alike.values():
        sites, paths = {own for _, own, _ in group}, {path for _, _, path in group}
        if len(sites) >= LEAST_ALIKE and len(paths) >= LEAST_ALIKE:
            found.update(page_id for page_id, _, _ in group)
    return frozenset(found)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url
