"""Failed logins slow down whoever makes them: by name and address together, and by address; nobody can lock out somebody else."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta

from tracker.store import login_failures
from tracker.workspace import Parts

FREE = 5
"""Failures of one name from one address before the first wait."""
FREE_OF_ADDRESS = 25
"""Failures of all names from one address: an office shares one."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


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
    """Remembers failures in the database, so that a new start of the desk frees nobody. `key`: with what names and addresses are hashed,
    as a password may be typed into the field of the name."""

    def __init__(self, parts: Parts, key: bytes) -> None:
        self._parts, self._key = parts, hashlib.sha256(b"login failures " + key).digest()

    def wait(self, name: str, address: str, now: datetime) -> timedelta:
        """How long this name must wait at this address; zero: it may try. Raises StoreError."""
        named, network = self._digests(name, address)
        with self._parts.database.reading() as conn:
            known = login_failures.known(conn, (named, network))
        return max(_wait(known.get(named), FREE, now), _wait(known.get(network), FREE_OF_ADDRESS, now))

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Notes a failed login. Raises StoreError."""
        with self._parts.database.writing() as conn:
            login_failures.note(conn, self._digests(name, address), now, now - FORGOTTEN_AFTER)

    def succeeded(self, name: str, address: str) -> None:
        """Forgets this name's failures; those of its address stay. Raises StoreError."""
        named, _ = self._digests(name, address)
        with self._parts.database.reading() as conn:
            if not login_failures.known(conn, (named,)):
                return
        with self._parts.database.writing() as conn:
            login_failures.forget(conn, named)

    def _digests(self, name: str, address: str) -> tuple[bytes, bytes]:
        network = network_of(address)
        made = [
            hashlib.blake2b(f"{who}\0{network}".encode("utf-8", "replace"), key=self._key, digest_size=32).digest() for who in (name, "")
        ]
        return made[0], made[1]


def _wait(known: tuple[int, datetime] | None, free: int, now: datetime) -> timedelta:
    if known is None or known[0] < free or now - known[1] > FORGOTTEN_AFTER:
        return timedelta()
    asked = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(known[0] - free, 10))
    left: timedelta = known[1] + asked - now
    return max(timedelta(), left)
