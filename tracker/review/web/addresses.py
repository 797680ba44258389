"""Which names of the desk are its own, and which addresses a page may send the browser to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
"""No login before it, no path behind it: addresses are made from it."""


def is_own_host(host: str, names: Collection[str]) -> bool:
    """Whether a Host header names the desk: by number, as localhost, or by one of `names`. A page elsewhere that had its own name point
    here (DNS rebinding) would come with that name."""
    if not _HOST.fullmatch(host):
        return False
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if not name:
        return False
    if name == "localhost" or name in {one.casefold() for one in names}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def own_path(target: str, default: str = "/") -> str:
    """The target where it is a path of the desk itself; else the default. No scheme, no host, nothing a browser may read as one."""
    if not target.startswith("/") or target[1:2] in ("/", "\\") or not target.isprintable() or "\\" in target:
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target


def web_link(address: str) -> str:
    """The address where it is one of the web, to be linked; empty for javascript:, data: and all else."""
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname and address.isprintable() else ""


def page_above(app: Flask, path: str) -> str:
    """The nearest page above an address that only takes forms: where a reload, a bookmark or a change of language leads. Empty without one."""
    pages = app.url_map.bind("")
    above = path.rstrip("/")
    while above := above.rpartition("/")[0]:
        try:
            pages.match(above, method="GET")
        except HTTPException:
            continue
        return above
    return ""
