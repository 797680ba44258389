"""The articles that stand at given domains, without a look at any other: the index of addresses is read one host at a time."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

from sqlalchemy import Connection, TextClause, text

from tracker.store import backend

_LAST = chr(0x10FFFF)
"""A letter behind all others: `x || _LAST` is behind every address that begins with x."""


@lru_cache(maxsize=2)
def _first_of_each_host(dialect: str) -> TextClause:
    here = backend.named(dialect)
    scheme = here.position("hosts.url", "'://'")
    rest = f"substr(hosts.url, {scheme} + 3)"
    host = here.position(f"replace(replace({rest}, '?', '/'), '#', '/') || '/'", "'/'")
    length = f"{scheme} + 2 + {host}"  # up to the host's end and the sign after it; one more than all of it where nothing follows
    beyond = f"substr(hosts.url, 1, {length}) || CASE WHEN length(hosts.url) < {length} THEN '' ELSE :last END"
    return text(f"""
WITH RECURSIVE hosts(url) AS (
  SELECT min(canonical_url) FROM articles
  UNION ALL
  SELECT (SELECT min(canonical_url) FROM articles WHERE canonical_url > {beyond}) FROM hosts WHERE hosts.url IS NOT NULL
)
SELECT url FROM hosts WHERE url IS NOT NULL
""")  # noqa: S608 (nothing of it comes from elsewhere)


@lru_cache(maxsize=2)
def _beginning_so(dialect: str) -> TextClause:
    here = backend.named(dialect)
    return text(f"""
SELECT articles.id, articles.canonical_url FROM {here.listed(":beginnings", "beginnings")}
CROSS JOIN articles WHERE articles.canonical_url >= beginnings.value AND articles.canonical_url < beginnings.value || :last
""")  # noqa: S608 (nothing of it comes from elsewhere)


def articles_at(conn: Connection, domains: Collection[str]) -> frozenset[int]:
    """Ids of all articles whose address has one of these hosts, or one below it. Takes as long as there are hosts and such articles."""
    if not domains:
        return frozenset()
    firsts = conn.execute(_first_of_each_host(conn.dialect.name), {"last": _LAST}).scalars()
    beginnings = [_up_to_host(url) for url in firsts if is_at(url, domains)]
    if not beginnings:
        return frozenset()
    rows = conn.execute(_beginning_so(conn.dialect.name), {"beginnings": json.dumps(beginnings), "last": _LAST})
    return frozenset(row.id for row in rows if is_at(row.canonical_url, domains))


def is_at(url: str, domains: Collection[str]) -> bool:
    """Whether the address has one of these hosts, or one below it."""
    host = f".{_host(url)}"
    return any(host.endswith(f".{domain}") for domain in domains)


@lru_cache(maxsize=4096)
def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _up_to_host(url: str) -> str:
    parts = urlsplit(url)
    return url[: len(parts.scheme) + 3 + len(parts.netloc) + 1]
