"""Every spelling in which a library may write a secret, so that it can be taken out of what is stored, logged or shown."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from urllib.parse import quote, quote_plus, unquote

MIN_SECRET_CHARS = 4
"""A shorter password alone is not masked: it would be found in ordinary words. With its user name it is."""
HIDDEN = "(hidden)"


@lru_cache(maxsize=64)
def spellings(value: str) -> frozenset[str]:
    """The value, and of an address its login: as written, decoded, quoted and in Base64."""
    if not value:
        return frozenset()
    login = value.partition("://")[2].partition("/")[0].rpartition("@")[0] if "://" in value else ""
    written = {value, login, login.partition(":")[2]} | ({value.partition("://")[2]} if "://" in value else set())
    plain = written | {unquote(one) for one in written} | {quote(one, safe="") for one in written} | {quote_plus(one) for one in written}
    coded = {b64encode(unquote(one).encode()).decode() for one in (login, value) if one}
    printed = {escape(one) for one in plain} | {json.dumps(one)[1:-1] for one in plain}
    return frozenset(one for one in plain | coded | printed if len(one) >= MIN_SECRET_CHARS)


def spelled(secrets: Iterable[str]) -> tuple[str, ...]:
    """Every spelling of these secrets, the longest first."""
    forms: set[str] = set()
    for secret in secrets:
        forms |= spellings(secret)
    return tuple(sorted(forms, key=len, reverse=True))


def masked(text: str, secrets: Iterable[str], mask: str = HIDDEN) -> str:
    """The text without any spelling of these secrets."""
    for form in spelled(secrets):
        text = text.replace(form, mask)
    return text
