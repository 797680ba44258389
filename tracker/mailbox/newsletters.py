"""Whose newsletter a mail is, and whether our own mail server vouches for its sender (RFC 8601). Pure.

A sender's name proves nothing. Our server writes what it has checked into `Authentication-Results`, uppermost, under its own name
(`mailbox.authserv_id`); the same header by anybody else is not believed, nor one under our name that came with the mail (RFC 8601, 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from ipaddress import ip_address, ip_network

from msgspec import Struct

from tracker.mailbox.mail import Mail
from tracker.urls.canonical import registrable_domain

_BY = re.compile(r"(?:^|\s)by\s+(\[?[A-Za-z0-9_.:-]+\]?)")
_HOST = re.compile(r"(?<![\w@.-])(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9_-]+|\[[0-9A-Fa-fIPv:.]+\]")

_INSIDE = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"))
)
"""Addresses within a house (RFC 1918, RFC 4193, RFC 3927)."""


class Proof(StrEnum):
    """Whether the domain of a sender is proven."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"  # our server says nothing of it, or its name is not set


class SenderRule(Struct, frozen=True):
    """Mails from these domains or addresses are an outlet's newsletters."""

    outlet: str
    senders: tuple[str, ...]


def rule_for(mail: Mail, rules: Iterable[SenderRule]) -> SenderRule | None:
    """The rule that the sender falls under; of an address, or of a domain and those below it."""
    domain = mail.sender.rpartition("@")[2]
    for rule in rules:
        for one in map(str.lower, rule.senders):
            if one == mail.sender or ("@" not in one and (domain == one or domain.endswith(f".{one}"))):
                return rule
    return None


def proof_of(mail: Mail, authserv_id: str) -> Proof:
    """Whether our own server has found the sender's domain proven: by DMARC, or by a DKIM signature of the domain itself."""
    if not authserv_id or not mail.sender:
        return Proof.UNKNOWN
    said = next((value for value in _written_here(mail, authserv_id) if _server(value) == authserv_id.lower()), "")
    if not said:
        return Proof.UNKNOWN
    domain = mail.sender.rpartition("@")[2]
    results = [one.strip().lower() for one in re.sub(r"\([^()]*\)", " ", said).split(";")[1:]]
    for one in results:
        signed = re.search(r"header\.(?:d|i|from)=@?([^\s;]+)", one)
        if one.startswith(("dmarc=pass", "dkim=pass")) and signed and _is_aligned(domain, signed[1].rpartition("@")[2]):
            return Proof.PASSED
    failed = any(one.startswith(("dmarc=fail", "dmarc=permerror")) for one in results)
    none_passes = bool(results) and not any(re.match(r"(?:dkim|spf)=pass", one) for one in results)
    broken = none_passes and any(re.match(r"(?:dkim|spf)=(?:fail|softfail|policy)", one) for one in results)
    return Proof.FAILED if failed or broken else Proof.UNKNOWN


def _written_here(mail: Mail, authserv_id: str) -> Iterator[str]:
    """`Authentication-Results` that our own servers may have written: those above the first `Received` of anybody else, and those between
    the one in which our server takes the mail from a stranger and the next. What stands below came with the mail."""
    own, is_last = _organisation(authserv_id), False
    for name, value in mail.headers:
        if name == "received":
            if is_last:
                return
            writer = _BY.search(value)
            sender = value[: writer.start()] if writer else value
            if writer is None or not (_is_inside(writer[1]) or _organisation(writer[1]) == own):
                return
            is_last = any(not _is_inside(one) and _organisation(one) != own for one in _HOST.findall(sender))
        elif name == "authentication-results":
            yield value


def _is_inside(host: str) -> bool:
    """Whether a name or number in a `Received` is of a machine inside a house: no domain, or an address of a private network."""
    bare = host.strip("[]").removeprefix("IPv6:")
    try:
        return any(ip_address(bare) in network for network in _INSIDE)
    except ValueError:
        return bare.lower() in ("localhost", "localhost.localdomain") or "." not in bare


def _server(value: str) -> str:
    return value.partition(";")[0].strip().lower().partition(" ")[0]


def _is_aligned(domain: str, signed: str) -> bool:
    """Whether the domain that is proven is the sender's, or of the same owner (RFC 7489, 3.1)."""
    return domain == signed or domain.endswith(f".{signed}") or _organisation(domain) == _organisation(signed)


def _organisation(domain: str) -> str:
    return registrable_domain(f"https://{domain.strip('.')}/")
