"""A sign of life after each night, for a service that raises the alarm when it stays away: nobody else notices a machine that is off."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from enum import StrEnum
from typing import Any

from tracker.settings import Settings

PATIENCE_SECONDS = 20.0
"""In all, also for a server that answers a byte at a time; such services answer within a second."""
OUTCOME = "{outcome}"
"""Stands in the address where the service is to be told how the night ended; then it is asked after a failed night as well."""


class NightOutcome(StrEnum):
    """How a night ended."""

    DONE = "done"
    NEEDS_PERSON = "needs_person"
    FAILED = "failed"

    @classmethod
    def of(cls, exit_code: int) -> NightOutcome:
        """By the exit code of `tracker nightly`."""
        return {0: cls.DONE, 1: cls.NEEDS_PERSON}.get(exit_code, cls.FAILED)


def ping(settings: Settings, outcome: NightOutcome, patience_seconds: float = PATIENCE_SECONDS) -> str:
    """Asks `schedule.ping_url`, where it is set and the night was good or the address bears OUTCOME. Empty when all is well or nothing
    was to be asked, else what went wrong, without the address, which is a secret. Never raises and never takes longer than its patience."""
    address = settings.schedule.ping_url
    if not address or (outcome is NightOutcome.FAILED and OUTCOME not in address):
        return ""
    trouble = ["no answer in time"]
    asking = threading.Thread(target=_ask, args=(address.replace(OUTCOME, outcome), settings, patience_seconds, trouble), daemon=True)
    asking.start()
    asking.join(patience_seconds)
    return settings.masked(f"schedule.ping_url could not be asked: {trouble[0]}") if trouble[0] else ""


class _WebRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only; urllib's own follows ftp too."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> urllib.request.Request | None:
        if not newurl.lower().startswith(("http://", "https://")):
            raise urllib.error.HTTPError(req.full_url, code, "redirects to no web address", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _ask(address: str, settings: Settings, patience_seconds: float, trouble: list[str]) -> None:
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
    except Exception as error:  # noqa: BLE001 - whatever a server does, the night is over and its report stands
        trouble[0] = f"{type(error).__name__}: {getattr(error, 'reason', error)}"
