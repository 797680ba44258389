"""Which node of a page's JSON-LD describes this page's article, where several articles are described."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import IntEnum
from typing import Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from tracker.urls.canonical import is_front_page, normalise

AGREEING_SHARE = 0.6
"""Share of the shorter headline's words that the other must hold. Headlines of one article for readers, search and sharing share 0.7
and more of their words on the corpus, those of two articles under 0.4."""

MIN_AGREEING_WORDS = 3
"""Two headlines may share a name of two words by chance."""

_WORDS = re.compile(r"\w+")


class Claim(IntEnum):
    """How well a node is known to be the page's own, best first."""

    ADDRESS = 0
    HEADLINE = 1
    PAGE = 2
    SILENT = 3
    OTHER = 4


class OwnPage(Struct, frozen=True):
    """What tells a page's own node: its addresses as keys of `normalise`, its own address to resolve others by, its headlines."""

    url: str
    keys: frozenset[str]
    headlines: tuple[str, ...]

    @classmethod
    def of(cls, url: str, addresses: Iterable[str], headlines: Iterable[str]) -> OwnPage:
        """From addresses that are known to lead to this page, and its headings and titles."""
        keys = frozenset(key for address in (url, *addresses) if (key := normalise(address)))
        return cls(url, keys, tuple(dict.fromkeys(line for line in headlines if line)))


def own_nodes(nodes: Collection[dict[str, Any]], page: OwnPage) -> list[dict[str, Any]]:
    """The nodes of the page's own article, the best first; several where a page describes it more than once. [] when all are others'."""
    claims = [(claim_of(node, page), node) for node in nodes]
    best = min((claim for claim, _ in claims), default=Claim.OTHER)
    if best is Claim.OTHER:
        return []
    mine = [node for claim, node in claims if claim is best]
    if best in (Claim.SILENT, Claim.PAGE) and len({_key(_headline(node)) for node in mine}) > 1:
        return []
    return sorted(mine, key=lambda node: not any(agrees(_headline(node), line) for line in page.headlines))


def is_own_page(node: dict[str, Any], page: OwnPage) -> bool:
    """Whether a node names this page's address as its own."""
    return any(key in page.keys for key in _keys(node, page, "url", "@id"))


def claim_of(node: dict[str, Any], page: OwnPage) -> Claim:
    """How well one node is known to be the page's own."""
    stated = _keys(node, page, "url")
    of_page = _keys(node, page, "mainEntityOfPage")
    if any(key in page.keys for key in stated) or (not stated and any(key in page.keys for key in of_page or _keys(node, page, "@id"))):
        return Claim.ADDRESS
    if any(agrees(_headline(node), line) for line in page.headlines):
        return Claim.HEADLINE
    if any(key in page.keys for key in of_page):
        return Claim.PAGE
    return Claim.OTHER if stated or of_page or _keys(node, page, "@id") else Claim.SILENT


def agrees(one: str, other: str) -> bool:
    """Whether two headlines are of one article: one holds the other, or they share most words."""
    first, second = _key(one), _key(other)
    if not first or not second:
        return False
    if first == second or (min(len(first), len(second)) >= 12 and (first in second or second in first)):
        return True
    mine, theirs = set(_words(one)), set(_words(other))
    common = len(mine & theirs)
    return common >= MIN_AGREEING_WORDS and common >= AGREEING_SHARE * min(len(mine), len(theirs))


def _keys(node: dict[str, Any], page: OwnPage, name: str, *more: str) -> list[str]:
    """Keys of the addresses in some fields; fragments, front pages and what is no address say nothing."""
    keys: list[str] = []
    for field in (name, *more):
        value = node.get(field)
        values = value if isinstance(value, list) else [value]
        for one in values[:20]:
            address = (one.get("@id") or one.get("url")) if isinstance(one, dict) else one
            if isinstance(address, str) and (key := _key_of_address(address.strip(), page.url)):
                keys.append(key)
    return keys


def _key_of_address(address: str, base: str) -> str:
    if not address or address.startswith("#") or (":" in address and not address.lower().startswith(("http:", "https:"))):
        return ""
    try:
        whole = urljoin(base, address)
        key = normalise(whole)
        return "" if not key or is_front_page(key) or not urlsplit(whole).hostname else key
    except ValueError:
        return ""


def _headline(node: dict[str, Any]) -> str:
    value = node.get("headline") or node.get("name") or ""
    return value if isinstance(value, str) else ""


def _words(text: str) -> list[str]:
    return [word for word in _WORDS.findall(text.casefold()) if len(word) > 1]


def _key(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))
