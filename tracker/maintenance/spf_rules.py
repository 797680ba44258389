"""What an SPF record says of a number that sends: `check_host` of RFC 7208, with its limits. Pure: look-ups are passed in.

Own code, as the one library that does it (pyspf) was last released in 2020 and no longer loads without warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Protocol

from msgspec import Struct, field

MOST_LOOKUPS = 10
"""RFC 7208 (4.6.4): a record that needs more is none. So many hosts of one `mx` or `ptr` are looked at, too."""
MOST_EMPTY = 2
"""Look-ups that find nothing, by the same section."""
RECORD = re.compile(r"v=spf1(\s|$)", re.IGNORECASE)
TERM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?::(?P<value>[^/\s]\S*?))?(?P<cidr>(?:/\d{1,3})?(?://\d{1,3})?)",
    re.IGNORECASE,
)
MODIFIER = re.compile(r"(?P<name>[a-z][\w.-]*)=(?P<value>\S*)", re.IGNORECASE)
_MACRO = re.compile(
    r"%(?:\{(?P<letter>[slodiphcrtv])(?P<digits>\d*)(?P<reverse>r?)(?P<signs>[.+,/_=-]*)\}|(?P<literal>[%_-]))", re.IGNORECASE
)
_LITERALS = {"%": "%", "_": " ", "-": "%20"}


class Answer(StrEnum):
    """What a record says of a number."""

    PASS = "pass"  # noqa: S105 - the RFC's word
    FAIL = "fail"
    SOFT_FAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    FAULTY = "permerror"


_SIGNS = {"": Answer.PASS, "+": Answer.PASS, "-": Answer.FAIL, "~": Answer.SOFT_FAIL, "?": Answer.NEUTRAL}


class Lookup(Protocol):
    """The records of a name: TXT with strings joined, A and AAAA as numbers, MX and PTR as names, the nearest first. `()`: there are
    none. Raises LookupFailed."""

    def __call__(self, name: str, kind: str = "TXT", /) -> tuple[str, ...]: ...


class Faulty(Exception):
    """The record counts as none (permerror); the text says why."""


class _Asking(Struct):
    """One question to a record, with what it has cost."""

    number: IPv4Address | IPv6Address
    sender: str
    lookup: Lookup
    lookups: int = 0
    empty: int = 0
    inside: list[str] = field(default_factory=list)


def answer_for(number: str, sender: str, lookup: Lookup) -> Answer:
    """What the record of the sender's domain says of a number. `sender`: a mail address. Raises LookupFailed, ValueError for no number."""
    try:
        return _of_domain(sender.rpartition("@")[2].lower().rstrip("."), _Asking(ip_address(number), sender, lookup))
    except Faulty:
        return Answer.FAULTY


def _of_domain(domain: str, asking: _Asking) -> Answer:
    records = [text for text in asking.lookup(domain) if RECORD.match(text)]
    if len(records) != 1:
        if records:
            raise Faulty(f"{domain} has {len(records)} records")
        return Answer.NONE
    if domain in asking.inside:
        raise Faulty(f"{domain} names itself")
    asking.inside.append(domain)
    try:
        return _of_record(records[0], domain, asking)
    finally:
        asking.inside.pop()


def _of_record(record: str, domain: str, asking: _Asking) -> Answer:
    redirect = ""
    for term in record.split()[1:]:
        if found := TERM.fullmatch(term):
            if _matches(found, domain, asking):
                return _SIGNS[found["sign"]]
        elif not (modifier := MODIFIER.fullmatch(term)):
            raise Faulty(f"{term[:60]!r} is no term")
        elif modifier["name"].lower() == "redirect":
            redirect = modifier["value"]
    if not redirect:
        return Answer.NEUTRAL
    _count(asking)
    if (answer := _of_domain(_expanded(redirect, domain, asking), asking)) is Answer.NONE:
        raise Faulty(f"{redirect} has no record")
    return answer


def _matches(term: re.Match[str], domain: str, asking: _Asking) -> bool:
    name, value = term["name"].lower(), term["value"] or ""
    if name == "all":
        return True
    if name in ("ip4", "ip6"):
        return _is_within(asking.number, value + term["cidr"], name)
    _count(asking)
    target = _expanded(value, domain, asking) if value else domain
    if name == "include":
        if (answer := _of_domain(target, asking)) is Answer.NONE:
            raise Faulty(f"{target} has no record")
        return answer is Answer.PASS
    if name == "exists":
        return bool(_asked(asking, target, "A"))
    if name == "ptr":
        return any(host == target or host.endswith(f".{target}") for host in _own_names(asking))
    hosts = _asked(asking, target, "MX") if name == "mx" else (target,)
    if len(hosts) > MOST_LOOKUPS:
        raise Faulty(f"{target} has more than {MOST_LOOKUPS} MX records")
    four, _, six = term["cidr"].partition("//")
    width = (six or "128") if asking.number.version == 6 else (four[1:] or "32")
    kind = "AAAA" if asking.number.version == 6 else "A"
    return any(_is_within(asking.number, f"{one}/{width}", kind) for host in hosts for one in _asked(asking, host, kind))


def _own_names(asking: _Asking) -> Iterator[str]:
    """Names of the number that lead back to it."""
    kind = "AAAA" if asking.number.version == 6 else "A"
    for host in _asked(asking, asking.number.reverse_pointer, "PTR")[:MOST_LOOKUPS]:
        if str(asking.number) in asking.lookup(host, kind):
            yield host.lower().rstrip(".")


def _asked(asking: _Asking, name: str, kind: str) -> tuple[str, ...]:
    found = asking.lookup(name, kind) if name else ()
    if not found:
        asking.empty += 1
        if asking.empty > MOST_EMPTY:
            raise Faulty(f"more than {MOST_EMPTY} look-ups find nothing")
    return found


def _count(asking: _Asking) -> None:
    asking.lookups += 1
    if asking.lookups > MOST_LOOKUPS:
        raise Faulty(f"more than {MOST_LOOKUPS} look-ups")


def _is_within(number: IPv4Address | IPv6Address, network: str, name: str) -> bool:
    try:
        return number in ip_network(network, strict=False)
    except ValueError as error:
        raise Faulty(f"{name}:{network[:60]} names no network") from error


def _expanded(text: str, domain: str, asking: _Asking) -> str:
    """A name with its macros (RFC 7208, 7) filled in. `p` is "unknown", as the RFC advises."""
    local, _, of_sender = asking.sender.rpartition("@")
    number = asking.number
    dotted = ".".join(number.exploded.replace(":", "")) if number.version == 6 else str(number)
    values = {"s": asking.sender, "l": local or "postmaster", "o": of_sender, "d": domain, "i": dotted, "p": "unknown", "h": of_sender}
    values |= {"v": "ip6" if number.version == 6 else "in-addr", "c": str(number), "r": "unknown", "t": "0"}

    def fill(found: re.Match[str]) -> str:
        if found["literal"]:
            return _LITERALS[found["literal"]]
        parts = re.split(f"[{re.escape(found['signs'] or '.')}]", values[found["letter"].lower()])
        if found["reverse"]:
            parts.reverse()
        if found["digits"] and int(found["digits"]):
            parts = parts[-int(found["digits"]) :]
        return ".".join(parts)

    filled = _MACRO.sub(fill, text).lower().rstrip(".")
    while len(filled) > 253:
        filled = filled.partition(".")[2]
    return filled
