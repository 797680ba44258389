"""A rendered digest as a mail message: text and HTML parts, attachments, headers that nothing from outside can break.

The same bytes for the same letter: a letter that is tried again is the one that was tried before.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from msgspec import Struct

from tracker.delivery.addresses import MailAddress, in_ascii, read_address
from tracker.digests.forms.pictures import content_id
from tracker.errors import ConfigError
from tracker.locale.wording import wording
from tracker.model import Document, RenderedDigest
from tracker.settings import OWN_MAILBOX

MAX_SUBJECT = 200
"""Characters, a choice: two lines of a mail program."""
MAX_NAME = 100
"""Characters, a choice: room for the full name of an organisation."""
_SMTP = SMTP.clone(refold_source="none")
"""What `_set_whole` folded stays so: the email package would encode an address that is longer than a line, and nobody could click it."""
_UTF8 = _SMTP.clone(utf8=True)


class Sender(Struct, frozen=True):
    """Who writes, where answers go and where somebody signs off: the settings `digest.sender`, `digest.reply_to` and `mail.unsubscribe_*`.

    `{recipient}` in `unsubscribe_url` becomes a word that is the same for the same address.
    """

    sender: str
    reply_to: str = ""
    unsubscribe_to: str = ""
    unsubscribe_url: str = ""


class Envelope(Struct, frozen=True):
    """To whom one letter goes, and its Message-ID. `stem` begins the attachments' names. `preferences`: the address of the reader's own
    page, which takes a sign-off with one click (RFC 8058); empty for none. `list_id`: what `list_id_of` gives for its series; empty: it
    belongs to none. `token`: known to nobody else, by which what comes back is known; empty: no mailbox is read."""

    to_name: str
    to: MailAddress
    message_id: str
    at: datetime
    language: str = "en"
    stem: str = "digest"
    is_proof: bool = False
    preferences: str = ""
    list_id: str = ""
    token: str = ""


def write_letter(
    rendered: RenderedDigest, documents: Sequence[Document], sender: Sender, envelope: Envelope, *, with_html: bool = True
) -> bytes:
    """The letter to one recipient, whom alone it names. Raises ConfigError when a setting is no address."""
    to = envelope.to
    message = _begun(sender.sender, to, envelope.language)
    message["To"] = Address(display_name=one_line(envelope.to_name, MAX_NAME), username=to.local, domain=to.domain)
    if sender.reply_to:
        message["Reply-To"] = _setting(sender.reply_to, "digest.reply_to")
    subject = f"[Proof] {rendered.subject}" if envelope.is_proof else rendered.subject
    _head(message, subject, envelope.message_id, envelope.at)
    if envelope.list_id:
        _set_whole(message, "List-Id", f"<{envelope.list_id}>")
    if envelope.token:
        message["X-Letter-Token"] = envelope.token
    _unsubscribing(message, sender, envelope)
    _body(message, rendered, with_html=with_html)
    for document in documents:
        maintype, _, subtype = document.media_type.partition("/")
        ending = f"{document.ending}.html" if document.ending == "report" else document.ending
        message.add_attachment(document.content, maintype=maintype, subtype=subtype, filename=f"{envelope.stem}.{ending}")
    contents = [rendered.text, rendered.html, *(hashlib.sha256(document.content).hexdigest() for document in documents)]
    message["Content-Language"] = envelope.language
    return _finished(message, envelope.message_id, contents)


def as_message(rendered: RenderedDigest, *, sender: str, reply_to: str, identity: str, made_at: datetime, language: str = "en") -> bytes:
    """The message as bytes, without a recipient: the same bytes for the same rendering.

    `identity` makes the Message-ID, so it should name the edition and the language.
    Raises ConfigError when `sender` or `reply_to` is no address.
    """
    message = EmailMessage(policy=_SMTP)
    message["From"] = _sender(sender, language)
    if reply_to:
        message["Reply-To"] = _setting(reply_to, "digest.reply_to")
    _head(message, rendered.subject, message_id(identity, sender), made_at)
    _body(message, rendered, with_html=True)
    message["Content-Language"] = language
    return _finished(message, identity, [rendered.text, rendered.html])


def write_note(
    sender: str, to: MailAddress, subject: str, text: str, identity: str, at: datetime, *, in_reply_to: str = "", language: str = "en"
) -> bytes:
    """A plain message to one address; with `in_reply_to`, a Message-ID, an answer to that mail by no person (RFC 3834). Raises
    ConfigError when `sender` is no address."""
    message = _begun(sender, to, language)
    message["To"] = Address(username=to.local, domain=to.domain)
    _head(message, subject, message_id(identity, sender), at)
    if in_reply_to:
        message.replace_header("Auto-Submitted", "auto-replied")
        for name in ("In-Reply-To", "References"):
            _set_whole(message, name, in_reply_to)
    message.set_content(_printable(text), cte="quoted-printable")
    return message.as_bytes()


def sender_address(text: str, setting: str = "digest.sender") -> MailAddress:
    """The bare address of a setting such as `Name <name@example.org>`. Raises ConfigError when it is none."""
    try:
        return read_address(parseaddr(text)[1])
    except ValueError as error:
        raise ConfigError(f'{setting} is no mail address: {text!r}; write it as "Name <name@example.org>"') from error


def message_id(identity: str, sender: str) -> str:
    """The Message-ID of the letter with this identity."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    try:
        domain = in_ascii(domain)
    except UnicodeError:
        domain = "localhost"
    return f"<{re.sub(r'[^A-Za-z0-9._-]', '-', identity)}@{domain}>"


def list_id_of(campaign_id: str, kind: str, sender: str) -> str:
    """What mail programs sort a campaign's letters of one kind by (RFC 2919): always the same, below the sender's domain."""
    domain = sender_address(sender).domain
    plain = re.sub(r"[^a-z0-9-]+", "-", unicodedata.normalize("NFKD", campaign_id.lower()).encode("ascii", "ignore").decode()).strip("-")
    if plain != campaign_id.lower():
        plain = f"{plain[:40]}-{hashlib.sha256(campaign_id.encode()).hexdigest()[:8]}".strip("-")
    return f"{plain}.{kind}.coverage.{domain}"


def one_line(text: str, longest: int) -> str:
    """Text for a header: one line, nothing unseen in it, not longer than that."""
    unseen = ("Cc", "Cf", "Cs", "Zl", "Zp")
    line = " ".join("".join(" " if unicodedata.category(letter) in unseen else letter for letter in text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _begun(sender: str, to: MailAddress, language: str = "en") -> EmailMessage:
    """A message with its sender, in the alphabet that its addresses need."""
    message = EmailMessage(policy=_UTF8 if to.needs_utf8 or sender_address(sender).needs_utf8 else _SMTP)
    message["From"] = _sender(sender, language)
    return message


def _sender(text: str, language: str) -> Address:
    """Who writes. An organisation's own name stays; the name that the setting has without one comes in the reader's language."""
    given = _setting(text, "digest.sender")
    if given.display_name not in ("", parseaddr(OWN_MAILBOX)[0]):
        return given
    return Address(display_name=wording(language).say("press_coverage"), username=given.username, domain=given.domain)


def _head(message: EmailMessage, subject: str, identity: str, at: datetime) -> None:
    _set_subject(message, one_line(subject, MAX_SUBJECT))
    message["Date"] = format_datetime(at)
    message["Message-ID"] = identity
    message["Auto-Submitted"] = "auto-generated"


def _set_subject(message: EmailMessage, line: str) -> None:
    """One encoded whole where a letter needs it: the email package would mix plain words with encoded ones, and fold a second blank
    or an empty encoded word between them (RFC 2047, 5 and 6.2)."""
    line = _printable(line)
    if line.isascii() or message.policy.utf8:  # type: ignore[attr-defined]
        message["Subject"] = line
    else:
        message.set_raw("Subject", Header(line, "utf-8", header_name="Subject").encode(linesep="\r\n"))


def _set_whole(message: EmailMessage, name: str, value: str) -> None:
    """A header whose addresses stay as they are, however long; folded as given."""
    message.set_raw(name, value)


def _unsubscribing(message: EmailMessage, sender: Sender, envelope: Envelope) -> None:
    to = envelope.to
    mailbox = sender_address(sender.unsubscribe_to or sender.reply_to or sender.sender)
    subject = " ".join(filter(None, ("unsubscribe", str(to), envelope.token)))
    ways = [f"<mailto:{quote(str(mailbox), safe='@')}?subject={quote(subject, safe='')}>"]
    if envelope.preferences:
        ways.insert(0, f"<{envelope.preferences}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    elif sender.unsubscribe_url:
        word = hashlib.sha256(to.key.encode()).hexdigest()[:32]
        ways.insert(0, f"<{sender.unsubscribe_url.replace('{recipient}', word)}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _set_whole(message, "List-Unsubscribe", ",\r\n ".join(ways))


def _body(message: EmailMessage, rendered: RenderedDigest, *, with_html: bool) -> None:
    message.set_content(_printable(rendered.text), cte="quoted-printable")
    if not with_html:
        return
    message.add_alternative(_printable(rendered.html), subtype="html", cte="quoted-printable")
    page = message.get_payload()[-1]  # type: ignore[index]
    for number, picture in enumerate(rendered.pictures, 1):
        cid, name = f"<{content_id(picture)}>", f"picture-{number}.jpg"
        page.add_related(picture.content, "image", "jpeg", cid=cid, filename=name, disposition="inline")  # type: ignore[union-attr]


def _printable(text: str) -> str:
    """Without lone surrogates, which no charset has."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _finished(message: EmailMessage, identity: str, contents: Sequence[str]) -> bytes:
    """The bytes, with boundaries that are the same every time."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        told = "\0".join([identity, str(number), *contents])
        part.set_boundary("part-" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:40])
    return message.as_bytes()


def _setting(text: str, setting: str) -> Address:
    name, address = parseaddr(text)
    try:
        if len(text.splitlines()) > 1:
            raise ValueError("more than one line")
        if address.isascii():
            return Address(display_name=name, addr_spec=address)
        found = read_address(address)
        return Address(display_name=name, username=found.local, domain=found.domain)
    except (ValueError, IndexError, MessageError) as error:
        raise ConfigError(f'{setting} is no mail address: {text!r}; write it as "Name <name@example.org>"') from error
