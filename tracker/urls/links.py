"""Addresses as sources print them, made absolute and safe to ask for."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

MAX_CHARS = 2048  # browsers and servers cut longer ones

_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\u2060\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_BLANK = re.compile(r"[ \u00a0]")
_NO_HOST = re.compile(r"https?:/*", re.I)


def web_address(printed: str, base: str = "") -> str:
    """An absolute http(s) address without userinfo, or "" when `printed` is none. Relative ones are resolved against `base`."""
    printed = _CONTROLS.sub("", _trimmed(printed))
    if not printed or len(printed) > MAX_CHARS or _NO_HOST.fullmatch(printed):
        return ""
    try:
        joined = _trimmed(urljoin(base, printed) if base else printed)
        parts = urlsplit(joined)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.port == 0:
            return ""
    except ValueError:
        return ""
    if _UNSEEN.search(parts.netloc) or "\\" in parts.netloc or "%" in parts.netloc:
        return ""
    return parts.scheme + _BLANK.sub("%20", joined[len(parts.scheme) :])


def is_front_page(address: str) -> bool:
    """Whether an address names a host's start page and so cannot be an article."""
    parts = urlsplit(address)
    return parts.path.strip("/") == "" and not parts.query


def _trimmed(printed: str) -> str:
    start, end = 0, len(printed)
    while start < end and _UNSEEN.match(printed[start]):
        start += 1
    while end > start and _UNSEEN.match(printed[end - 1]):
        end -= 1
    return printed[start:end]
