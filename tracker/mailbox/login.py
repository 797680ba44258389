"""The server and the login that the settings name: a password, or a token of the same app that sends (`mail.oauth`)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tracker.errors import ConfigError
from tracker.mailbox.faults import MailboxTrouble
from tracker.mailbox.imap import Server
from tracker.model.mailbox import MailboxFault
from tracker.workspace import Parts


def server_of(parts: Parts) -> Server:
    """The server of the settings. Raises ConfigError where no user is named."""
    given = parts.settings.mailbox
    username = given.username or parts.settings.mail.username
    if not username:
        raise ConfigError("mailbox.host is set, mailbox.username is not; see docs/mail.md")
    return Server(
        given.host,
        given.port,
        given.security,
        username,
        given.password,
        given.folder,
        given.timeout_seconds,
        given.ca_file,
        _tokens(parts, username) if given.auth == "xoauth2" else None,
    )


def _tokens(parts: Parts, username: str) -> Callable[[str], str]:
    """Tokens as for sending, for this mailbox: where it is the one that sends, the same token serves both."""

    def token(refused: str) -> str:
        from tracker.oauth.faults import TokenTrouble
        from tracker.oauth.source import token_source

        settings = parts.settings
        same = username == settings.mail.username
        mail = msgspec.structs.replace(settings.mail, username=username, host=settings.mail.host or settings.mailbox.host)
        folder = parts.workspace if same else parts.workspace / ".mailbox"
        if not same:
            folder.mkdir(mode=0o700, exist_ok=True)
        try:
            return token_source(msgspec.structs.replace(settings, mail=mail), folder, parts.clock).token(refused)
        except (TokenTrouble, ConfigError) as error:
            raise MailboxTrouble(MailboxFault.NO_TOKEN, str(error)) from error

    return token
