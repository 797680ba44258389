"""Records through a DNS server that can be set. One that is silent is not waited for again and again."""

from __future__ import annotations

import dns.exception
import dns.name
import dns.resolver

from tracker.mail_settings import read_resolver
from tracker.maintenance.mail_domain import LookupFailed

PATIENCE_SECONDS = 5.0
"""For one record; a person waits for the doctor."""


class DnsLookup:
    """A `Lookup` over the network. `server`: `mail.resolver`; empty: the system's."""

    def __init__(self, server: str = "", patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._silent, self._patience = "", patience_seconds
        try:
            self._resolver = dns.resolver.Resolver(configure=not server)
        except dns.exception.DNSException:
            self._resolver, self._silent = dns.resolver.Resolver(configure=False), "this machine knows no DNS server"
        if server and (place := read_resolver(server)):
            self._resolver.nameservers, self._resolver.port = [place[0]], place[1]
        self._resolver.timeout = patience_seconds / 2

    def __call__(self, name: str, kind: str = "TXT", /) -> tuple[str, ...]:
        """The records of a kind, as `Lookup` says. Raises LookupFailed."""
        if self._silent:
            raise LookupFailed(self._silent)
        try:
            answer = self._resolver.resolve(dns.name.from_text(name), kind, lifetime=self._patience, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.resolver.LifetimeTimeout as error:
            self._silent = "the DNS server does not answer in time"
            raise LookupFailed(self._silent) from error
        except dns.resolver.NoNameservers as error:
            raise LookupFailed("the DNS server could not find out (SERVFAIL)") from error
        except (dns.exception.DNSException, UnicodeError) as error:
            raise LookupFailed(f"{name[:80]} is no name that can be looked up") from error
        except OSError as error:
            raise LookupFailed(f"the DNS server is out of reach: {error.strerror or 'no connection'}") from error
        if kind == "TXT":
            return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
        if kind == "MX":
            return tuple(record.exchange.to_text(omit_final_dot=True) for record in sorted(answer, key=lambda one: one.preference))
        return tuple(record.to_text().rstrip(".") for record in answer)
