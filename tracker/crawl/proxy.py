"""`fetch.proxy`: an HTTP proxy, with or without a login. https goes through it by CONNECT."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tracker.settings import Settings

if TYPE_CHECKING:
    from scrapy import Request


@dataclass(frozen=True, slots=True)
class Proxy:
    """`address` without the login, which travels in a header and is in no log: Scrapy logs addresses, and this value's text."""

    address: str
    host: str
    authorization: bytes = field(default=b"", repr=False)

    def set_on(self, request: Request) -> None:
        """Has a request go through the proxy; a proxy that an earlier hop set is replaced."""
        request.meta["proxy"] = self.address
        if self.authorization:
            request.headers[b"Proxy-Authorization"] = self.authorization


def read_proxy(settings: Settings) -> Proxy | None:
    """The proxy of the settings, which are checked; None without one."""
    if not settings.fetch.proxy:
        return None
    parts = urlsplit(settings.fetch.proxy)
    host = parts.hostname or ""
    named = f"[{host}]" if ":" in host else host
    login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
    authorization = b"Basic " + b64encode(login) if parts.username is not None else b""
    return Proxy(f"http://{named}:{parts.port or 80}", host, authorization)
