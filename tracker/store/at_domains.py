"""The articles that stand at given domains, without a look at any other: the index of addresses is read one host at a time."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

from sqlalchemy import Connection, text

_REST = "substr(hosts.url, instr(hosts.url, '://') + 3)"
_LENGTH = f"instr(hosts.url, '://') + 2 + instr(replace(replace({_REST}, '?', '/'), '#', '/') || '/', '/')"
"""Of the beginning of an address up to the end of its host and the sign after it; one more than all of it where nothing follows."""
_BEYOND = f"substr(hosts.url, 1, {_LENGTH}) || CASE WHEN length(hosts.url) < {_LENGTH} THEN '' ELSE char(1114111) END"
_FIRST_OF_EACH_HOST = text(f"""
WITH RECURSIVE hosts(url) AS (
  SELECT min(canonical_url) FROM articles
  UNION ALL
  SELECT (SELECT min(canonical_url) FROM articles WHERE canonical_url > {_BEYOND}) FROM hosts WHERE hosts.url IS NOT NULL
)
SELECT url FROM hosts WHERE url IS NOT NULL
""")  # noqa: S608 (nothing of it comes from elsewhere)
_BEGINNING_SO = text("""
SELECT articles.id, articles.canonical_url FROM json_each(:beginnings) AS beginnings
CROSS JOIN articles ON articles.canonical_url >= beginnings.value AND articles.canonical_url < beginnings.value || char(1114111)
""")


def articles_at(conn: Connection, domains: Collection[str]) -> frozenset[int]:
    """Ids of all articles whose address has one of these hosts, or one below it. Takes as long as there are hosts and such articles."""
    if not domains:
        return frozenset()
    firsts = conn.execute(_FIRST_OF_EACH_HOST).scalars()
    beginnings = [_up_to_host(url) for url in firsts if is_at(url, domains)]
    if not beginnings:
        return frozenset()
    rows = conn.execute(_BEGINNING_SO, {"beginnings": json.dumps(beginnings)})
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
