"""Failed logins slow down whoever makes them: by name and address together, and by address; nobody can lock out somebody else."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 5
"""Failures of one name from one address before the first wait."""
FREE_OF_ADDRESS = 25
"""Failures of all names from one address: an office shares one."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_KEPT = 10_000
"""Names and addresses remembered; the oldest go first, so that no flood takes the memory."""

Key = tuple[str, str]


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last_at: datetime | None = None


def network_of(address: str) -> str:
    """By what an address is remembered: of IPv6 the 64 bits that one subscriber has, else each try would come from a new one."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if number.version == 4:
        return str(number)
    if mapped := ipaddress.IPv6Address(number).ipv4_mapped:
        return str(mapped)
    return str(ipaddress.ip_network((number, 64), strict=False))


class LoginThrottle:
    """Remembers failures while the server runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Key, _Failures] = OrderedDict()

    def wait(self, name: str, address: str, now: datetime) -> timedelta:
        """How long this name must wait at this address; zero: it may try."""
        with self._lock:
            network = network_of(address)
            return max(self._wait((name, network), FREE, now), self._wait(("", network), FREE_OF_ADDRESS, now))

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Notes a failed login."""
        network = network_of(address)
        with self._lock:
            for key in ((name, network), ("", network)):
                known = self._known.pop(key, _Failures())
                if known.last_at is not None and now - known.last_at > FORGOTTEN_AFTER:
                    known = _Failures()
                known.count, known.last_at = known.count + 1, now
                self._known[key] = known
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forgets this name's failures; those of its address stay."""
        with self._lock:
            self._known.pop((name, network_of(address)), None)

    def _wait(self, key: Key, free: int, now: datetime) -> timedelta:
        known = self._known.get(key)
        if known is None or known.last_at is None or known.count < free:
            return timedelta()
        asked = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(known.count - free, 10))
        left: timedelta = known.last_at + asked - now
        return max(timedelta(), left)
