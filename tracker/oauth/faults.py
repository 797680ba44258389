"""Why there is no token, each cause in a sentence of its own with what to do. Pure.

A cause is known by the provider's own number (Microsoft's AADSTS...), else by its words, else by the error code of RFC 6749 and 8628.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

from msgspec import Struct

from tracker.errors import TrackerError


class Fault(Enum):
    """What is wrong, and what to do about it."""

    SLOW = ("the token address did not answer in time", "letters go when it answers again")
    UNREACHABLE = ("the token address cannot be reached", "check mail.oauth.token_url and this machine's connection")
    DOWN = ("the token service has trouble of its own", "letters go when it is over")
    NOT_JSON = ("the token address answered with something that is no token", "check mail.oauth.token_url: it should end in /token")
    NO_SUCH_ADDRESS = ("there is no token service at the token address", "check mail.oauth.token_url")
    ANOTHER_AUDIENCE = (
        "the token is for another service than mail",
        "set mail.oauth.scope to the one in docs/mail.md, and give the app its right",
    )
    EXPIRED_ALREADY = ("the token had expired when it came", "set this machine's clock; if it is right, ask the provider")
    CLOCK = ("the clock of this machine is wrong", "set it (timedatectl set-ntp true); tokens are signed with the time")
    WRONG_TENANT = (
        "the tenant does not know this app, or does not exist",
        "check mail.oauth.tenant and mail.oauth.client_id: Overview page of the app",
    )
    UNKNOWN_CLIENT = ("the provider does not know this client id", "check mail.oauth.client_id; was the app deleted?")
    WRONG_SECRET = ("the client secret is wrong", "set mail.oauth.client_secret to the secret's value, not its id")
    SECRET_EXPIRED = ("the client secret or certificate has expired", "make a new one in the app's Certificates & secrets")
    WRONG_KEY = (
        "the provider does not know this key or certificate",
        "upload the certificate of mail.oauth.key_file, or take the newest key file",
    )
    NO_CONSENT = ("the consent of an administrator is missing", "have the app's rights granted in the admin centre; see docs/mail.md")
    REVOKED = ("the sign-in has expired or was revoked", "sign in again: tracker mail sign-in")
    NOT_SIGNED_IN = ("nobody has signed in yet", "run: tracker mail sign-in")
    NEEDS_A_PERSON = ("the provider wants a person to sign in, perhaps with a second factor", "run: tracker mail sign-in")
    POLICY = ("a rule of your organisation forbids this sign-in", "ask the administrator about conditional access for this app")
    UNKNOWN_USER = ("the provider does not know this mailbox", "check mail.username")
    PUBLIC_CLIENT = ("the app may not sign people in this way", "switch on Allow public client flows in the app's Authentication page")
    WRONG_GRANT = ("the app may not ask for tokens in this way", "check mail.oauth.grant, and the app's kind")
    WRONG_SCOPE = ("the provider does not know this scope", "check mail.oauth.scope; empty takes the usual one")
    DENIED = ("the sign-in was declined", "run tracker mail sign-in again and agree")
    CODE_EXPIRED = ("nobody entered the code in time", "run tracker mail sign-in again")
    REFUSED = ("the provider refused the request", "see what it says, and docs/mail.md")
    BUSY = ("another process has been fetching a token for long", "try again; if it lasts, end that process")
    FILE = ("the kept token cannot be read or written", "make the workspace writable for this user")
    NO_REFRESH_TOKEN = ("the provider gave no refresh token", "remove the app's access in the account and sign in again")

    @property
    def passes(self) -> bool:
        """Whether it ends by itself."""
        return self in (Fault.SLOW, Fault.UNREACHABLE, Fault.DOWN, Fault.BUSY)


class TokenTrouble(TrackerError):
    """There is no token. `fault` says why; the text is one line with what to do."""

    def __init__(self, fault: Fault, said: str = "") -> None:
        self.fault = fault
        what, advice = fault.value
        super().__init__(f"{what}{f' ({said})' if said else ''}: {advice}")


class Refusal(Struct, frozen=True):
    """What a token address said in place of a token. `skew`: how far its clock is ahead of ours, where it said."""

    status: int
    error: str = ""
    description: str = ""
    skew: timedelta | None = None


MOST_SKEW = timedelta(minutes=5)
"""What Microsoft and Google allow between their clock and a signed request."""
_NUMBERS: Mapping[int, Fault] = {
    7000215: Fault.WRONG_SECRET,
    7000216: Fault.WRONG_SECRET,
    7000218: Fault.PUBLIC_CLIENT,
    7000222: Fault.SECRET_EXPIRED,
    700016: Fault.WRONG_TENANT,
    700024: Fault.CLOCK,
    700027: Fault.WRONG_KEY,
    700030: Fault.WRONG_KEY,
    700082: Fault.REVOKED,
    700084: Fault.REVOKED,
    70000: Fault.REVOKED,
    70008: Fault.REVOKED,
    70043: Fault.REVOKED,
    50173: Fault.REVOKED,
    50089: Fault.REVOKED,
    54005: Fault.REVOKED,
    90002: Fault.WRONG_TENANT,
    900023: Fault.WRONG_TENANT,
    50020: Fault.WRONG_TENANT,
    50194: Fault.WRONG_TENANT,
    90019: Fault.WRONG_TENANT,
    9002346: Fault.WRONG_TENANT,
    65001: Fault.NO_CONSENT,
    65004: Fault.DENIED,
    90094: Fault.NO_CONSENT,
    50105: Fault.NO_CONSENT,
    500113: Fault.REFUSED,
    500011: Fault.WRONG_SCOPE,
    70011: Fault.WRONG_SCOPE,
    28000: Fault.WRONG_SCOPE,
    1002012: Fault.WRONG_SCOPE,
    50034: Fault.UNKNOWN_USER,
    50057: Fault.UNKNOWN_USER,
    50076: Fault.NEEDS_A_PERSON,
    50079: Fault.NEEDS_A_PERSON,
    50055: Fault.NEEDS_A_PERSON,
    50158: Fault.NEEDS_A_PERSON,
    50126: Fault.NEEDS_A_PERSON,
    53000: Fault.POLICY,
    53001: Fault.POLICY,
    53003: Fault.POLICY,
    530034: Fault.POLICY,
    50053: Fault.POLICY,
    70003: Fault.WRONG_GRANT,
    700009: Fault.WRONG_GRANT,
    70001: Fault.UNKNOWN_CLIENT,
    70016: Fault.NOT_SIGNED_IN,
    70018: Fault.REFUSED,
    70019: Fault.CODE_EXPIRED,
    70020: Fault.CODE_EXPIRED,
    90033: Fault.DOWN,
    90006: Fault.DOWN,
    90055: Fault.DOWN,
}
_WORDS: tuple[tuple[str, Fault], ...] = (
    (r"reasonable timeframe|short-lived token|\biat\b|\bexp\b claim|not yet valid|outside.*valid.* time|clock", Fault.CLOCK),
    (r"expired or revoked|has been (revoked|expired)|(?<!secret )(?<!secret has )\brevoked", Fault.REVOKED),
    (r"secret.*expired|certificate.*expired", Fault.SECRET_EXPIRED),
    (r"invalid jwt signature|unknown key|signature.*(invalid|failed)|no matching key", Fault.WRONG_KEY),
    (r"consent|not authorized for any of the scopes|client is unauthorized to retrieve access tokens", Fault.NO_CONSENT),
    (r"tenant.*not found|not found in the (directory|tenant)", Fault.WRONG_TENANT),
    (r"invalid email or user id|account not found|not a valid email", Fault.UNKNOWN_USER),
    (r"secret", Fault.WRONG_SECRET),
    (r"(client|application|app|project).*(not found|deleted|disabled)", Fault.UNKNOWN_CLIENT),
    (r"multi-?factor|interaction", Fault.NEEDS_A_PERSON),
    (r"audience|\baud\b", Fault.ANOTHER_AUDIENCE),
)
_CODES: Mapping[str, Fault] = {
    "invalid_client": Fault.WRONG_SECRET,
    "invalid_grant": Fault.REVOKED,
    "unauthorized_client": Fault.NO_CONSENT,
    "unsupported_grant_type": Fault.WRONG_GRANT,
    "invalid_scope": Fault.WRONG_SCOPE,
    "invalid_target": Fault.WRONG_SCOPE,
    "invalid_resource": Fault.WRONG_SCOPE,
    "access_denied": Fault.DENIED,
    "authorization_declined": Fault.DENIED,
    "expired_token": Fault.CODE_EXPIRED,
    "consent_required": Fault.NO_CONSENT,
    "interaction_required": Fault.NEEDS_A_PERSON,
    "login_required": Fault.NEEDS_A_PERSON,
    "deleted_client": Fault.UNKNOWN_CLIENT,
    "disabled_client": Fault.UNKNOWN_CLIENT,
    "org_internal": Fault.POLICY,
    "admin_policy_enforced": Fault.POLICY,
    "rate_limit_exceeded": Fault.DOWN,
    "slow_down": Fault.DOWN,
    "temporarily_unavailable": Fault.DOWN,
    "server_error": Fault.DOWN,
    "internal_failure": Fault.DOWN,
}


def fault_of(refusal: Refusal) -> Fault:
    """The cause of a refusal. A clock that is off by more than providers allow is named before anything that it may cause."""
    if refusal.status >= 500 or refusal.status in (408, 425, 429):
        return Fault.DOWN
    off = refusal.skew is not None and abs(refusal.skew) > MOST_SKEW
    if number := re.search(r"AADSTS(\d{4,8})", refusal.description):
        found = _NUMBERS.get(int(number[1]))
        if found is not None:
            return found
    if off and refusal.error in ("invalid_grant", "invalid_client", "invalid_request"):
        return Fault.CLOCK
    if refusal.status == 404 and not refusal.error:
        return Fault.NO_SUCH_ADDRESS
    told = refusal.description.lower()
    for words, fault in _WORDS:
        if refusal.error in ("invalid_grant", "invalid_client", "unauthorized_client", "invalid_request") and re.search(words, told):
            return fault
    return _CODES.get(refusal.error, Fault.REFUSED if refusal.error else Fault.NOT_JSON)
