"""Mail addresses, also those with letters beyond ASCII before or after the @."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from tracker.text.folding import mixed_words

MAX_LOCAL_BYTES = 64
"""RFC 5321, 4.5.3.1.1."""
MAX_DOMAIN_CHARS = 253
"""RFC 1035, 2.3.4: 255 bytes with the length of the first label and the root."""
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class MailAddress(Struct, frozen=True):
    """Where a letter goes. The domain is in ASCII, as servers look it up; `local` stays as it was written."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """The same for the same mailbox, however its capitals are written."""
        return f"{self.local.casefold()}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Only a server that speaks SMTPUTF8 can take it."""
        return not self.local.isascii()


def in_ascii(domain: str) -> str:
    """The domain in ASCII (IDNA 2003). Raises UnicodeError for one that cannot be written so."""
    if domain.isascii() and all(0 < len(label) < 64 for label in domain.split(".")):
        return domain  # as the codec answers, which takes a hundredth of a short command to load
    return domain.encode("idna").decode("ascii")


def read_address(text: str) -> MailAddress:
    """The address of `name@example.org`. Raises ValueError saying what is wrong with it; names, quotes and comments are not taken."""
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    if not at or not local or not domain:
        raise ValueError("write it as name@example.org")
    if mixed := next(mixed_words(f"{local}@{domain}"), None):
        raise ValueError(f"{mixed[1]!r} has Latin and Cyrillic letters, which look alike; type it again in one alphabet")
    if not _LOCAL.fullmatch(local) or len(local.encode("utf-8", "replace")) > MAX_LOCAL_BYTES:
        raise ValueError("what stands before the @ is no mailbox; write it as name@example.org")
    try:
        ascii_domain = in_ascii(domain).lower()
    except UnicodeError as error:
        raise ValueError("what stands after the @ is no domain") from error
    labels = ascii_domain.split(".")
    if len(ascii_domain) > MAX_DOMAIN_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("what stands after the @ is no domain")
    if (len(labels) < 2 or labels[-1].isdigit()) and ascii_domain != "localhost":
        raise ValueError("the domain after the @ has no ending such as .org")
    return MailAddress(local, ascii_domain)
