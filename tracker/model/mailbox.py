"""What a mailbox brings: how each mail ends, what waits for a person, what is answered, and why it could not be read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class MailOutcome(StrEnum):
    """What became of a mail that came in: exactly one of these."""

    BOUNCE_HARD = "bounce_hard"  # the address is none: its recipient is paused
    BOUNCE_SOFT = "bounce_soft"
    BOUNCE_DELAYED = "bounce_delayed"
    BOUNCE_UNPROVEN = "bounce_unproven"  # about a letter of ours, and without its token: nobody is paused for it
    BOUNCE_OF_OTHERS = "bounce_of_others"  # about no letter that we know
    RECEIPT = "receipt"
    AUTOMATIC = "automatic"  # an absent person, a challenge, a ticket system
    LIST_MAIL = "list_mail"
    OWN_LETTER = "own_letter"
    SIGNED_OFF = "signed_off"
    SIGN_OFF_QUEUED = "sign_off_queued"
    MISSED_LINK = "missed_link"
    MISSED_LINK_UNKNOWN = "missed_link_unknown"  # by somebody who is no recipient
    OVER_LIMIT = "over_limit"  # links beyond what a day takes
    NEWSLETTER = "newsletter"
    NEWSLETTER_EMPTY = "newsletter_empty"
    NEWSLETTER_UNPROVEN = "newsletter_unproven"  # its sender is not proven by our mail server
    FOR_PEOPLE = "for_people"  # a letter to people: none of ours to do
    UNREADABLE = "unreadable"
    SEEN_BEFORE = "seen_before"


class MailTaskKind(StrEnum):
    """What a mail asks of a person."""

    MISSED_LINK = "missed_link"
    SIGN_OFF = "sign_off"


class MailAnswerKind(StrEnum):
    """What is answered to a person, once a mail."""

    THANKS = "thanks"
    SIGNED_OFF = "signed_off"


class MailboxFault(StrEnum):
    """Why a mailbox could not be read to the end."""

    NOT_REACHED = "not_reached"
    TLS = "tls"
    LOGIN_REFUSED = "login_refused"
    NO_TOKEN = "no_token"  # noqa: S105 (the name of a fault)
    FOLDER_GONE = "folder_gone"
    HANGS = "hangs"
    BROKEN_OFF = "broken_off"
    WRONG_WORDS = "wrong_words"  # it does not speak IMAP, or not well


class MailTask(Struct, frozen=True):
    """What a mail asks of a person. `settled_at` None: it waits. `is_known`: the sender is in recipients.toml."""

    digest: str
    kind: MailTaskKind
    sender: str
    is_known: bool
    url: str
    words: str
    received_at: datetime
    id: int = 0
    settled_at: datetime | None = None
    settled_by: str = ""


class LetterBounce(Struct, frozen=True):
    """A report about a letter. `recipient`: the key of an address."""

    digest: str
    recipient: str
    message_id: str
    failure: str
    code: str
    is_proven: bool
    reported_at: datetime


class MailboxState(Struct, frozen=True):
    """How far a folder is read. `fault` None: the last reading went well."""

    folder: str
    uid_validity: int
    last_uid: int
    read_at: datetime | None = None
    fault: MailboxFault | None = None
    fault_at: datetime | None = None
