"""A token address's answer understood: a token with its life, or the cause why there is none. Pure."""

from __future__ import annotations

import json
import math
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tracker.config.secrets import masked
from tracker.oauth.endpoint import Answer
from tracker.oauth.faults import MOST_SKEW, Fault, Refusal, TokenTrouble, fault_of
from tracker.oauth.plan import OAuthPlan
from tracker.text.others_words import clean_words

USUAL_LIFE = timedelta(hours=1)
"""Where the provider does not say how long: what all of them give."""
LONGEST_LIFE = timedelta(days=1)
MAX_TOKEN_CHARS = 12_000
"""An AUTH line may have 12288 bytes (RFC 4954, 4)."""
MAX_SAID_CHARS = 160
"""Of a provider's own words: two lines of a terminal."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, when it ends, and what gets the next one (empty: nothing new)."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(default="", repr=False)


def read_token(answer: Answer, plan: OAuthPlan, now: datetime, secrets: Iterable[str] = ()) -> Granted:
    """The token. Raises TokenTrouble with the one cause."""
    if answer.status != 200 or "access_token" not in answer.told:
        raise refused(answer, now, secrets)
    token = answer.told["access_token"]
    if not isinstance(token, str) or not _is_token(token) or str(answer.told.get("token_type", "Bearer")).lower() != "bearer":
        raise TokenTrouble(Fault.NOT_JSON)
    claims = claims_of(token)
    expires_at = now + _life(answer.told.get("expires_in"))
    ends = claims.get("exp")
    is_over = isinstance(ends, int | float) and not isinstance(ends, bool) and ends <= now.timestamp()
    if expires_at <= now or is_over:
        skew = _skew(answer, now)
        raise TokenTrouble(Fault.CLOCK if skew is not None and abs(skew) > MOST_SKEW else Fault.EXPIRED_ALREADY)
    audience = claims.get("aud")
    if isinstance(audience, str) and not plan.is_for_mail(audience):
        raise TokenTrouble(Fault.ANOTHER_AUDIENCE, _said(audience, secrets))
    refresh = answer.told.get("refresh_token")
    return Granted(token, expires_at, refresh if isinstance(refresh, str) and _is_token(refresh) else "")


def refused(answer: Answer, now: datetime, secrets: Iterable[str] = ()) -> TokenTrouble:
    """Why there is no token, with the provider's words where it has any; secrets that they repeat are masked."""
    error, description = (str(answer.told.get(name) or "") for name in ("error", "error_description"))
    if isinstance(nested := answer.told.get("error"), dict):  # Google's other form
        error, description = str(nested.get("status") or ""), str(nested.get("message") or "")
    fault = fault_of(Refusal(answer.status, error, description, _skew(answer, now)))
    said = ": ".join(filter(None, [error, description]))
    return TokenTrouble(fault, _said(said, secrets) if said else f"status {answer.status}")


def claims_of(token: str) -> dict[str, Any]:
    """What a token says of itself, where it says it openly; empty where it does not. Nothing rests on it but an explanation."""
    try:
        middle = token.split(".")[1]
        told = json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (ValueError, IndexError, RecursionError):
        return {}
    return told if isinstance(told, dict) and len(token.split(".")) == 3 else {}


def _is_token(text: str) -> bool:
    return 0 < len(text) <= MAX_TOKEN_CHARS and all("!" <= letter <= "~" for letter in text)


def _life(told: object) -> timedelta:
    try:
        seconds = float(told)  # type: ignore[arg-type]  # Microsoft has sent it as text
    except (TypeError, ValueError, OverflowError):
        return USUAL_LIFE
    return timedelta(seconds=min(max(seconds, -1.0), LONGEST_LIFE.total_seconds())) if math.isfinite(seconds) else USUAL_LIFE


def _skew(answer: Answer, now: datetime) -> timedelta | None:
    return None if answer.said_at is None else answer.said_at - now


def _said(words: str, secrets: Iterable[str]) -> str:
    return clean_words(masked(words, secrets).partition(" Trace ID:")[0].rstrip(". "), longest=MAX_SAID_CHARS)
