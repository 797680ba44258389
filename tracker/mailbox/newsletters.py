"""Whose newsletter a mail is, and whether our own mail server vouches for its sender (RFC 8601). Pure.

A sender's name proves nothing. Our server writes what it has checked into `Authentication-Results`, uppermost, under its own name
(`mailbox.authserv_id`); the same header by anybody else is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.mailbox.mail import Mail
from tracker.urls.canonical import registrable_domain


class Proof(StrEnum):
    """Whether the domain of a sender is proven."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"  # our server says nothing of it, or its name is not set


@dataclass(frozen=True, slots=True)
class SenderRule:
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
    said = next((value for value in mail.all_of("authentication-results") if _server(value) == authserv_id.lower()), "")
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


def _server(value: str) -> str:
    return value.partition(";")[0].strip().lower().partition(" ")[0]


def _is_aligned(domain: str, signed: str) -> bool:
    """Whether the domain that is proven is the sender's, or of the same owner (RFC 7489, 3.1)."""
    return domain == signed or domain.endswith(f".{signed}") or _organisation(domain) == _organisation(signed)


def _organisation(domain: str) -> str:
    return registrable_domain(f"https://{domain.strip('.')}/")
