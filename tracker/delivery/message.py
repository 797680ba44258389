"""A rendered digest as a mail message: text and HTML parts, headers that nothing from outside can break."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from tracker.errors import ConfigError
from tracker.model import RenderedDigest


def as_message(rendered: RenderedDigest, *, sender: str, reply_to: str, identity: str, made_at: datetime, language: str = "en") -> bytes:
    """The message as bytes, without a recipient: the same bytes for the same rendering.

    `identity` makes the Message-ID, so it should name the edition and the language.
    Raises ConfigError when `sender` or `reply_to` is no address.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender, "digest.sender")
    if reply_to:
        message["Reply-To"] = _address(reply_to, "digest.reply_to")
    message["Subject"] = " ".join(rendered.subject.split())
    message["Date"] = format_datetime(made_at)
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{identity}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language
    message.set_boundary("part-" + hashlib.sha256("\0".join([identity, rendered.text, rendered.html]).encode()).hexdigest()[:40])
    return message.as_bytes()


def _address(text: str, setting: str) -> Address:
    name, address = parseaddr(text)
    try:
        if len(text.splitlines()) > 1:
            raise ValueError("more than one line")
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise ConfigError(f'{setting} is no mail address: {text!r}; write it as "Name <name@example.org>"') from error
