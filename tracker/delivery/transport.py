"""The way out that the settings ask for: a mail server, or files in the outbox where none is set. Also for plain notes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol

from tracker.delivery.addresses import MailAddress, read_address
from tracker.delivery.message import sender_address, write_note
from tracker.delivery.planning import OUTDATED, Attempt, Result
from tracker.delivery.smtp import MailServer, SmtpMailer, always
from tracker.errors import ConfigError
from tracker.settings import Digest, Mail, Settings
from tracker.spreadsheets.files import write_files
from tracker.workspace import wall_clock

NOT_MAILED = "no mail server is set (mail.host)"


def was_filed(words: str) -> bool:
    """Whether these words of an attempt say that the letter is a file in the outbox and went nowhere."""
    return words.endswith(NOT_MAILED)


class Mailer(Protocol):
    """What letters are handed to. `send` never raises for what becomes of a letter; `name` is its file's, where files are written."""

    def __enter__(self) -> Mailer: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def open(self) -> Attempt | None:
        """None when letters can go now, else what stands in the way."""

    def ready(self) -> Attempt | None:
        """Waits for the pace, then does what `open` does. Letters are composed after it, so that none grows old in the waiting."""

    def send(
        self,
        letter: bytes,
        sender: MailAddress,
        to: MailAddress,
        before_end: Callable[[], None],
        name: str,
        is_current: Callable[[], bool] = always,
    ) -> Attempt:
        """One letter to one recipient. `before_end` runs before it can arrive; before that `is_current` may stop it (`OUTDATED`)."""


class OutboxMailer:
    """Writes letters as `.eml` files, which any mail program opens and sends. The same letter is the same file, so none is there twice."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def __enter__(self) -> OutboxMailer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def open(self) -> Attempt | None:
        """Files can always be tried."""
        return None

    def ready(self) -> Attempt | None:
        """Files have no pace."""
        return None

    def send(
        self,
        letter: bytes,
        sender: MailAddress,
        to: MailAddress,
        before_end: Callable[[], None],
        name: str,
        is_current: Callable[[], bool] = always,
    ) -> Attempt:
        """The file, whole or not at all."""
        if not is_current():
            return OUTDATED
        try:
            (path,) = write_files(self._outbox, name, {".eml": letter})
        except OSError as error:
            told = f"{self._outbox / name}.eml cannot be written: {error.strerror}"
            return Attempt(Result.TRY_LATER, told, whole_server=True)
        return Attempt(Result.SENT, f"written to {self._outbox.name}/{path.name}: {NOT_MAILED}")


def mailer_for(settings: Settings, outbox: Path, clock: Callable[[], datetime] = wall_clock) -> Mailer:
    """The mailer that the settings name. Raises ConfigError when a server is set and the sender is not."""
    return smtp_mailer(settings, outbox, clock) if settings.mail.host else OutboxMailer(outbox)


def smtp_mailer(settings: Settings, outbox: Path, clock: Callable[[], datetime] = wall_clock) -> SmtpMailer:
    """The mail server of the settings; its token is kept beside the outbox. Raises ConfigError like `mailer_for`."""
    mail = settings.mail
    if settings.digest.sender == Digest().sender:
        raise ConfigError("mail.host is set, digest.sender is not; a server takes mail from an address of yours only")
    sender = sender_address(settings.digest.sender)
    tokens = None
    if mail.auth == "xoauth2":
        from tracker.oauth.source import token_source  # signing and certificates, which a password does not need

        tokens = token_source(settings, outbox.parent, clock)
    if not mail.dkim.key_file:
        return SmtpMailer(mail_server(mail), sender.domain, tokens=tokens)
    from tracker.delivery.signing import signer

    return SmtpMailer(mail_server(mail), sender.domain, tokens=tokens, sign=signer(mail.dkim, sender.domain))


def mail_server(mail: Mail) -> MailServer:
    """The server of the settings."""
    return MailServer(
        mail.host, mail.port, mail.security, mail.username, mail.password, mail.timeout_seconds, mail.per_minute, mail.ca_file, mail.auth
    )


def server_trouble(settings: Settings, outbox: Path) -> str:
    """Whether letters could go now: connects and logs in, sends nothing. Empty when all is well, else the reason in words.

    Raises ConfigError like `mailer_for`.
    """
    with mailer_for(settings, outbox) as mailer:
        trouble = mailer.open()
    return trouble.words if trouble else ""


def send_note(settings: Settings, outbox: Path, to: str, subject: str, text: str, at: datetime) -> Attempt:
    """A plain message to one address, at once; a file in the outbox where no server is set. The same note at the same moment has the
    same Message-ID. The caller keeps the ledger: UNKNOWN may have arrived. Raises ConfigError for an address that is none."""
    try:
        address = read_address(to)
    except ValueError as error:
        raise ConfigError(f"{to!r} is no mail address: {error}") from error
    told = "\0".join([address.key, subject, text, at.isoformat()])
    identity = "note-" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]
    sender = settings.digest.sender
    letter = write_note(sender, address, subject, text, identity, at)
    name = f"note-{at:%Y%m%d-%H%M%S}.{slug(address)}"
    with mailer_for(settings, outbox) as mailer:
        return mailer.send(letter, sender_address(sender), address, lambda: None, name)


def slug(address: MailAddress) -> str:
    """The address as a part of a file's name, another one for every address."""
    plain = unicodedata.normalize("NFKD", address.key).encode("ascii", "ignore").decode()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    return f"{readable}-{hashlib.sha256(address.key.encode()).hexdigest()[:6]}"
