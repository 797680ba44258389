"""The registrable domain of a host: what politeness is owed to, whatever its hosts are called. Pure."""

from __future__ import annotations

from functools import lru_cache

from tracker.urls.canonical import registrable_domain
from tracker.urls.hosts import host_key, host_of


@lru_cache(maxsize=65536)
def domain_of_host(host: str) -> str:
    """`press.example.co.uk` -> `example.co.uk`; a number or a name without a public suffix is its own domain."""
    key = host_key(host) or host.lower()
    return registrable_domain(f"http://{key}/") or key


def domain_of(url: str) -> str:
    """The domain of an address's host; "" when it has none."""
    host = host_of(url)
    return domain_of_host(host) if host else ""
