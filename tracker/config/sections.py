"""What tables of `tracker.toml` share: their base, and the rules of hours, times, mailboxes and addresses."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from tracker.config.schema import Wrong

OWN_MAILBOX = "Press coverage <coverage@localhost>"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")

Seconds = Annotated[float, Meta(gt=0, le=3600)]
"""How long something may take: an hour at most, as nothing in a night is worth waiting longer for."""
Minutes = Annotated[float, Meta(ge=0.05, le=1440)]
"""How often something is done: every three seconds (in tests) to once a day."""
Hour = Annotated[str, Meta(pattern=r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\Z", description="an hour such as 02:00")]
WebAddress = Annotated[str, Meta(pattern=r"^(?:[!-~]*://[!-~]*)?\Z", description="empty or one address with ://")]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of `tracker.toml`. `table` is its name where that is not the class's. What it holds is in no traceback or log."""

    table: ClassVar[str] = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    def _must(self, name: str, holds: bool, wanted: str) -> None:
        if not holds:
            raise Wrong(f"{self.table or type(self).__name__.lower()}.{name} must be {wanted}", name)


def is_network(text: str) -> bool:
    """Whether it is a network such as 10.0.0.0/8."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def is_mailbox(text: str) -> bool:
    """Whether it is a mail address, with a name or without."""
    if text == OWN_MAILBOX:
        return True
    from email.errors import MessageError
    from email.headerregistry import Address
    from email.utils import parseaddr

    name, address = parseaddr(text)
    try:
        Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return False
    return text.isprintable() and "@" in address


def is_proxy(text: str) -> bool:
    """Whether it is empty or the address of an HTTP proxy."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    whole = parts.scheme == "http" and bool(parts.hostname) and parts.path in ("", "/") and not (parts.query or parts.fragment)
    return not text or (whole and port != 0 and text.isascii() and text.isprintable() and " " not in text)


def is_host(text: str) -> bool:
    """Whether it can be the name or number of a machine."""
    return bool(text) and len(text) <= 253 and all(letter.isalnum() or letter in "-.:_" for letter in text)


def is_secure_address(text: str) -> bool:
    """Whether it is empty or an https address; http only on this machine, as secrets go there."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not any(sign in text for sign in ' "<>\\')
    whole = bool(parts.hostname) and port != 0 and not parts.fragment and "@" not in parts.netloc
    return not text or (plain and whole and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)))


def flat(tables: dict[str, Any], before: str = "") -> dict[str, Any]:
    """`{"section.name": value}` in order, tables within tables too."""
    found: dict[str, Any] = {}
    for name, value in tables.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found
