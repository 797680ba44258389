"""Addresses at caches of AMP pages, which carry the address of the outlet's own page (AMP's "AMP Cache URL format"). Pure."""

from __future__ import annotations

import re

_CACHE = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?/amp/|(?:[\w-]{1,63}\.)?(?:cdn\.ampproject\.org|bing-amp\.com)/(?:wp/)?[cvr]/)(s/)?(?=[\w-]{1,63}\.)",
    re.IGNORECASE,
)


def own_address(url: str) -> str:
    """The outlet's own address of a page at a cache; any other address as it is."""
    if "amp" not in url[:100].lower() or (found := _CACHE.match(url)) is None:
        return url
    return f"{'https' if found[1] else 'http'}://{url[found.end() :]}"
