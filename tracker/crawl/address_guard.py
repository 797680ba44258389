"""Which network addresses a crawl may connect to.

The guard stands where names become addresses, so it sees the address actually connected to: a name that answers
differently the second time, a redirect, a robots.txt and an address in numbers all pass it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
"""IPv6 is refused unless it is global unicast, and even then where it is documentation, a tunnel or IPv4 in disguise."""


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """`fetch.allow_networks` as networks."""
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def allowed(address: str, permitted: Sequence[Network] = ()) -> bool:
    """Whether this address may be connected to: public, or inside a permitted network. What is no address may not."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    if any(parsed.version == network.version and parsed in network for network in permitted):
        return True
    return _is_public(parsed)


def is_number(host: str) -> bool:
    """Whether a host is an address in numbers and no name."""
    try:
        ipaddress.ip_address(host.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    return True


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED)
    return address in _PUBLIC_V6 and not any(address in network for network in _REFUSED_V6)


@implementer(IResolutionReceiver)
class _Sieve:
    """Passes on permitted addresses only; remembers hosts of which none was."""

    def __init__(self, receiver: IResolutionReceiver, host: str, guard: GuardedResolver) -> None:
        self.receiver: Any = receiver  # zope's interfaces declare methods without self
        self.host = host
        self.guard = guard
        self.passed = 0
        self.stopped: list[str] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        host = str(getattr(address, "host", ""))
        if self.host in self.guard.exempt_hosts or allowed(host, self.guard.permitted):
            self.passed += 1
            self.receiver.addressResolved(address)
        else:
            self.stopped.append(host)

    def resolutionComplete(self) -> None:
        if self.stopped and not self.passed:
            self.guard.refused[self.host] = self.stopped[0]
        else:
            self.guard.refused.pop(self.host, None)
        self.receiver.resolutionComplete()


def refused_address(host: str) -> str:
    """The address for which the installed guard refused a host last; empty if it did not."""
    from twisted.internet import reactor

    resolver = getattr(reactor, "nameResolver", None)
    return resolver.refused.get(host, "") if isinstance(resolver, GuardedResolver) else ""


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """The caching IPv4 and IPv6 resolver, seen through the guard. Set as TWISTED_DNS_RESOLVER."""

    def __init__(self, reactor: ReactorBase, cache_size: int, permitted: Sequence[Network] = (), exempt_hosts: Iterable[str] = ()) -> None:
        super().__init__(reactor, cache_size)
        self.permitted = tuple(permitted)
        self.exempt_hosts = frozenset(exempt_hosts)
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        """With `fetch.allow_networks` and the proxy's host."""
        return cls(
            reactor,
            crawler.settings.getint("DNSCACHE_SIZE"),
            networks(crawler.settings.getlist("TRACKER_ALLOW_NETWORKS")),
            crawler.settings.getlist("TRACKER_PROXY_HOSTS"),
        )

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        sieve: Any = _Sieve(resolutionReceiver, hostName, self)
        return super().resolveHostName(sieve, hostName, portNumber, addressTypes, transportSemantics)
