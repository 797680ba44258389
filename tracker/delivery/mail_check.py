"""What `tracker mail check` finds, step by step: settings, token, server, login, sender. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tracker.delivery.message import sender_address
from tracker.delivery.planning import Result
from tracker.delivery.transport import smtp_mailer
from tracker.errors import TrackerError
from tracker.settings import Settings

FEATURES = ("SIZE", "SMTPUTF8", "8BITMIME", "STARTTLS", "PIPELINING", "CHUNKING", "DSN", "LIMITS", "REQUIRETLS")
"""Of what a server offers, what somebody may want to know."""


class Step(Struct, frozen=True):
    """One step, and whether it went well."""

    name: str
    well: bool
    finding: str


def check_mail(settings: Settings, workspace: Path, clock: Callable[[], datetime]) -> Iterator[Step]:
    """The steps as they are made; the first that fails is the last."""
    mail = settings.mail
    if not mail.host:
        yield Step("settings", False, "mail.host is not set: letters are written to outbox/; see docs/mail.md")
        return
    try:
        mailer = smtp_mailer(settings, workspace / "outbox", clock)
        sender = sender_address(settings.digest.sender)
    except TrackerError as error:
        yield Step("settings", False, str(error))
        return
    way = f"as {mail.username} by {'token (XOAUTH2)' if mail.auth == 'xoauth2' else 'password'}" if mail.username else "without a login"
    yield Step("settings", True, f"{mail.host}, {mail.security}, {way}")
    if mail.auth == "xoauth2" and not (token := _token(settings, workspace, clock)).well:
        yield token
        return
    if mail.auth == "xoauth2":
        yield token
    with mailer:
        trouble = mailer.open()
        if trouble is not None:
            yield Step("server", False, trouble.words)
            return
        offers = mailer.offers
        known = [name for name in offers if name in FEATURES or name.startswith("AUTH ")]
        yield Step("server", True, f"lets us in; it offers {', '.join(known) or 'nothing beyond the basics'}")
        tried = mailer.probe(sender)
    if tried.result is not Result.SENT:
        yield Step("sender", False, tried.words)
        return
    yield Step("sender", True, f"{sender} may begin a letter; Microsoft 365 decides only after one, so send a proof too")


def _token(settings: Settings, workspace: Path, clock: Callable[[], datetime]) -> Step:
    from tracker.oauth.answers import claims_of
    from tracker.oauth.source import token_source

    try:
        source = token_source(settings, workspace, clock)
        claims = claims_of(source.token())
    except TrackerError as error:
        return Step("token", False, str(error))
    kept = source.kept
    told = [f"from {source.plan.provider}" if source.plan.provider != "another" else ""]
    told += [f"until {kept.expires_at:%Y-%m-%d %H:%M} UTC" if kept else ""]
    told += [f"for {claims['aud']}" if isinstance(claims.get("aud"), str) else ""]
    rights = claims.get("roles") or claims.get("scp")
    told += [f"with {' '.join(map(str, rights)) if isinstance(rights, list) else rights}" if rights else ""]
    return Step("token", True, settings.masked(" ".join(filter(None, ["a token", *told]))))
