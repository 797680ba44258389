"""The registrable domain of a host: what politeness is owed to, whatever its hosts are called. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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


def domains_of(homepages: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The outlets by the registrable domain of their front page: a domain's outlets are visited together."""
    found: dict[str, list[str]] = {}
    for outlet_id, address in sorted(homepages.items()):
        found.setdefault(domain_of(address) or outlet_id, []).append(outlet_id)
    return {domain: tuple(outlets) for domain, outlets in found.items()}
