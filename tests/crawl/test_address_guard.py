"""Which addresses may be connected to, and that the answer holds where names become addresses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer  # type: ignore[import-untyped]

from tracker.crawl.address_guard import GuardedResolver, allowed, networks

PUBLIC = ["1.1.1.1", "93.184.216.34", "195.26.128.1", "2a02:27aa::1", "2606:4700::6810:84e5"]
REFUSED = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "3fff::1",
    "100::1",
    "5f00::1",
    "no address",
    "",
    "example.al",
    "2130706433",
    "0x7f.1",
]
PERMITTED = [
    ("127.0.0.2", ["127.0.0.2/32"], True),
    ("127.0.0.3", ["127.0.0.2/32"], False),
    ("127.0.0.3", ["127.0.0.0/8"], True),
    ("10.0.0.1", ["127.0.0.0/8", "10.0.0.0/8"], True),
    ("::1", ["::1/128"], True),
    ("::1", ["127.0.0.0/8"], False),
    ("::ffff:127.0.0.1", ["127.0.0.0/8"], False),
    ("1.1.1.1", ["127.0.0.0/8"], True),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert allowed(address)


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_of_somebodys_own_network_may_not(address: str) -> None:
    assert not allowed(address)


@pytest.mark.parametrize(("address", "names", "may"), PERMITTED)
def test_a_setting_can_permit_a_network(address: str, names: list[str], may: bool) -> None:
    assert allowed(address, networks(names)) is may


@given(st.ip_addresses())
def test_nothing_is_public_that_the_standard_library_calls_private(address: object) -> None:
    if getattr(address, "is_private", False) or getattr(address, "is_multicast", False) or getattr(address, "is_reserved", False):
        assert not allowed(str(address))


class Receiver:
    """Takes what a resolver finds."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:
        """Nothing is to be prepared."""

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:
        self.got.append(str(address.host))

    def resolutionComplete(self) -> None:
        self.complete = True


@implementer(IHostnameResolver)
class Names:
    """A resolver to which every name has these addresses."""

    def __init__(self, found: list[str]) -> None:
        self.found = found

    def resolveHostName(self, receiver: Any, host: str, *_: object) -> None:
        receiver.resolutionBegan(None)
        for one in self.found:
            receiver.addressResolved(IPv6Address("TCP", one, 80) if ":" in one else IPv4Address("TCP", one, 80))
        receiver.resolutionComplete()


@pytest.mark.parametrize(
    ("found", "passed", "refused"),
    [
        (["93.184.216.34"], ["93.184.216.34"], None),
        (["10.0.0.1"], [], "10.0.0.1"),
        (["::1", "127.0.0.1"], [], "::1"),
        (["10.0.0.1", "93.184.216.34", "fe80::1"], ["93.184.216.34"], None),
        ([], [], None),
    ],
)
def test_a_name_is_only_as_good_as_its_addresses(found: list[str], passed: list[str], refused: str | None) -> None:
    host = f"{'-'.join(found).replace('.', '-').replace(':', 'x') or 'nothing'}.example"
    guard = GuardedResolver(SimpleNamespace(nameResolver=Names(found)), cache_size=9)  # type: ignore[arg-type]
    guard.refused[host] = "an older answer"
    for _ in range(2):  # the second answer is the cache's
        receiver = Receiver()
        guard.resolveHostName(receiver, host)  # type: ignore[arg-type]
        assert receiver.got == passed
        assert receiver.complete
        assert guard.refused.get(host) == refused
