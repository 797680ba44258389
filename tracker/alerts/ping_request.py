"""The request of a sign of life: http and https only, through the proxy of the settings."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import Any

from tracker.settings import Settings


class _WebRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only; urllib's own follows ftp too."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> urllib.request.Request | None:
        if not newurl.lower().startswith(("http://", "https://")):
            raise urllib.error.HTTPError(req.full_url, code, "redirects to no web address", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def ask(address: str, settings: Settings, patience_seconds: float, trouble: list[str]) -> None:
    """Asks an address and puts into `trouble` what went wrong, nothing where all went well. Never raises."""
    proxy = settings.fetch.proxy
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {}),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        _WebRedirects(),
    ):
        opener.add_handler(handler)
    agent = settings.fetch.user_agent.encode("ascii", "replace").decode()
    request = urllib.request.Request(address, headers={"User-Agent": agent})  # noqa: S310 - http and https only, by its rule
    try:
        with opener.open(request, timeout=patience_seconds):
            trouble[0] = ""
    except urllib.error.HTTPError as error:
        trouble[0] = f"it answered with status {error.code}"
    except (ValueError, http.client.InvalidURL):  # its words repeat parts of the address
        trouble[0] = "it is no address that can be asked; see its host and port"
    except Exception as error:  # noqa: BLE001 - whatever a server does, the night is over and its report stands
        trouble[0] = f"{type(error).__name__}: {getattr(error, 'reason', error)}"
