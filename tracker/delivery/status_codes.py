"""What mail servers mean beyond yes and no: enhanced status codes (RFC 3463) and what the services make of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENHANCED = re.compile(r"^\W*([245])\.(\d{1,3})\.(\d{1,3})(?!\d)")
_DAY_IS_FULL = frozenset({"5.4.5", "5.7.30", "5.1.90", "5.7.232", "5.7.233", "5.7.705"})
"""Google: 5.4.5; Microsoft: 5.1.90 recipients a day, 5.7.232 and 5.7.233 a trial's day, 5.7.705 a tenant's. 5.7.30 is Microsoft's end of
passwords: on logging in it is advice, elsewhere no more mail goes today."""
_QUOTA = re.compile(r"\b(quotas?|limit(s|ed)?|exceed(s|ed)?|too many|maximum|reached|allowance|throttl\w*)\b", re.IGNORECASE)
_DAY = re.compile(r"\b(daily|today|per day|a day|each day|this day|tomorrow|24[ -]?h(ours?|rs?)?|day's)\b", re.IGNORECASE)
"""Amazon and smaller relays say it in words alone: "454 Throttling failure: Daily message quota exceeded"."""
_NO_PASSWORDS = re.compile(r"basic authentication|less secure|web browser|application-specific password", re.IGNORECASE)

_LOGIN: Mapping[str, str] = {
    "7.30": 'this service takes no passwords any more: set mail.auth = "xoauth2", see docs/mail.md',
    "7.139": "switch on Authenticated SMTP for this mailbox in the Microsoft 365 admin centre (Users, Mail, Email apps)",
    "7.3": "the app has no right to this mailbox, or mail.username is not its address; see docs/mail.md",
    "7.9": 'this service wants an app password or mail.auth = "xoauth2"',
    "7.14": 'this service wants an app password or mail.auth = "xoauth2"',
    "7.11": 'the server wants encryption: mail.security "starttls" or "tls"',
    "7.8": "the user name, password or token is not the server's",
}
_SENDER: Mapping[str, str] = {
    "7.60": "mail.username may not send as digest.sender: give it Send As in the admin centre, or make them the same",
    "2.252": "mail.username may not send as digest.sender: give it Send As in the admin centre, or make them the same",
    "7.57": "the server wants a login: set mail.username",
    "7.0": "",
}


def enhanced(words: str) -> str:
    """The code at the beginning of a reply, such as 5.7.30; empty where there is none."""
    found = _ENHANCED.match(words)
    return ".".join(found.groups()) if found else ""


def is_day_full(code: int, words: str) -> bool:
    """Whether a refusal means that no more mail goes today, though the same letter may go tomorrow."""
    if not 400 <= code <= 599:
        return False
    if enhanced(words) in _DAY_IS_FULL and not _NO_PASSWORDS.search(words):
        return True
    return bool(_QUOTA.search(words) and _DAY.search(words))


def is_of_recipient(words: str) -> bool:
    """Whether it is the recipient's mailbox that is full for today (X.2.x), not what we may send."""
    return enhanced(words)[2:].startswith("2.") and enhanced(words)[2:] != "2.252"


def takes_no_passwords(words: str) -> bool:
    """Whether the server refuses every password, whatever the letter."""
    return bool(_NO_PASSWORDS.search(words))


def login_advice(code: int, words: str, *, token: bool) -> str:
    """What to do about a refused login; empty where the server's words must do."""
    found = _LOGIN.get(enhanced(words)[2:], "")
    if takes_no_passwords(words) and not token:
        return _LOGIN["7.30"]
    if token and code in (500, 501, 502, 503, 504):
        return 'the server does not know XOAUTH2: set mail.auth = "password", or another mail.host'
    if token and code == 535:
        return found if enhanced(words)[2:] in ("7.139",) else f"a new token did not help; {_LOGIN['7.3']}"
    return found


def sender_advice(words: str) -> str:
    """What to do where the sender is what is wrong; empty elsewhere."""
    return _SENDER.get(enhanced(words)[2:], "") or (_SENDER["7.60"] if "SendAsDenied" in words else "")
