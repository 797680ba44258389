"""Host names as part of an address's key: lower-case ASCII, without the prefixes that make no other site. Pure."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

HOST_PREFIXES = ("www.", "m.", "mobile.", "mobil.", "mobi.", "mob.", "wap.", "amp.")

MAX_HOST_CHARS = 253
"""RFC 1035 section 2.3.4: 255 octets on the wire are 253 characters."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


@lru_cache(maxsize=4096)
def host_key(name: str) -> str:
    """The host in lower-case ASCII without `www.`, `m.` and the like; "" if it can be none. Idempotent."""
    if ":" in name:
        try:
            return f"[{ipaddress.IPv6Address(name.split('%')[0]).compressed}]"
        except ValueError:
            return ""
    host = name.lower().removesuffix(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower().removesuffix(".") if len(host) <= MAX_HOST_CHARS else ""
        except UnicodeError:
            return ""
    if len(host) > MAX_HOST_CHARS or not _HOST.fullmatch(host):
        return ""
    while (simpler := _without_prefix(host)) != host:
        host = simpler
    return host


def host_of(url: str) -> str:
    """The key of an address's host; "" when it has none."""
    try:
        return host_key(urlsplit(url.strip()).hostname or "")
    except ValueError:
        return ""


def is_number(host: str) -> bool:
    """Whether a host is an IPv4 address."""
    return host.replace(".", "").isdigit()


def _without_prefix(host: str) -> str:
    for prefix in HOST_PREFIXES:
        rest = host.removeprefix(prefix)
        if rest != host and "." in rest and not is_number(rest):
            return rest
    return host
