"""The HTTP `Link` header, RFC 8288: what a page names without saying it in its text. Pure and linear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

MAX_CHARS = 16_384
"""Of one header: Twisted reads no longer line."""

_TARGET = re.compile(r"<([^<>]*)>")
_PARAMETER = re.compile(r"\s*;\s*([A-Za-z*-]{1,20})\s*(?:=\s*(?:\"([^\"]*)\"|([^\s,;\"]*)))?")


class HeaderLink(Struct, frozen=True):
    """A link as named: `address` as it stands, `rel` in small letters."""

    address: str
    rel: tuple[str, ...] = ()
    media: str = ""


def header_links(header: str) -> Iterator[HeaderLink]:
    """Every link of one header, in its order."""
    header, at = header[:MAX_CHARS], 0
    while target := _TARGET.search(header, at):
        at, given = target.end(), dict[str, str]()
        while parameter := _PARAMETER.match(header, at):
            at = parameter.end()
            given.setdefault(parameter[1].lower(), parameter[2] if parameter[2] is not None else parameter[3] or "")
        yield HeaderLink(target[1].strip(), tuple(given.get("rel", "").lower().split()), given.get("type", ""))
