"""Whose an address is, by the register: the outlet whose homepage or moved host it lies on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from tracker.model import Outlet
from tracker.urls.canonical import normalise


class HostOwners:
    """The outlets of a register by host. A host below an outlet's (`sport.example.al`) is its own too, where no other outlet has it.

    An outlet whose homepage is a part of a host (`example.org/balkan`) owns the addresses below that path only."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._homes: dict[str, list[tuple[str, str]]] = {}
        for outlet in outlets:
            for address in (outlet.homepage, *outlet.moved_hosts):
                host, path = _place(address if "://" in address else f"https://{address}")
                if host:
                    self._homes.setdefault(host, []).append((path, outlet.id))

    def of(self, url: str) -> frozenset[str]:
        """The ids of the outlets that an address belongs to; empty where the register has none."""
        host, path = _place(url)
        while host:
            if homes := self._homes.get(host):
                fitting = [(home, outlet) for home, outlet in homes if path == home or path.startswith(f"{home}/")]
                longest = max((len(home) for home, _ in fitting), default=0)
                return frozenset(outlet for home, outlet in fitting if len(home) == longest)
            host = host.partition(".")[2] if not host.replace(".", "").isdigit() else ""
        return frozenset()

    def owner_for(self, url: str, named_by: str) -> str:
        """The outlet that an address is of, when `named_by` has named it: itself unless the register gives it to others."""
        owners = self.of(url)
        return named_by if not owners or named_by in owners else min(owners)


@lru_cache(maxsize=65_536)
def _place(url: str) -> tuple[str, str]:
    """Host and path of an address, as they are known; ("", "") for what is no web address."""
    parts = urlsplit(normalise(url))
    return parts.hostname or "", parts.path.rstrip("/")
