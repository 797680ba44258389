"""Paths and the patterns of robots.txt and tdmrep.json: `*` is anything, `$` the end, all else the beginning of a path.

After RFC 9309, 2.2.2 and 2.2.3, which the TDM Reservation Protocol takes over: case counts, percent-encoding of what needs none does not.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "/?#[]@!&'()+,;=:%-._~"


def path_of(url: str) -> str:
    """Path and query of an address as patterns are compared with it; `/` for what is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return _plain(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}".replace("*", "%2A").replace("$", "%24"))


def matches(pattern: str, path: str) -> bool:
    """Whether a path of `path_of` fits a pattern. Each part of a pattern is sought once, so that none takes long."""
    ends = pattern.endswith("$")
    first, *others = (_plain(part) for part in pattern.removesuffix("$").replace("$", "%24").split("*"))
    if not path.startswith(first):
        return False
    if not others:
        return not ends or path == first
    place = len(first)
    *middle, last = others
    for part in middle:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    if ends:
        return path.endswith(last) and len(path) - len(last) >= place
    return path.find(last, place) >= 0


def _plain(text: str) -> str:
    """Letters that need no encoding without it, all others with it and in capitals."""
    return _ENCODED.sub(_decoded, quote(text.encode("utf-8", "replace"), safe=_KEPT))


def _decoded(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter in _UNRESERVED else found[0].upper()
