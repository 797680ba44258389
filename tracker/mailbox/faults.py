"""Why a mailbox could not be read, in words for staff."""

from __future__ import annotations

from tracker.errors import TrackerError
from tracker.locale.said import Said
from tracker.model.mailbox import MailboxFault


class MailboxTrouble(TrackerError):
    """The mailbox could not be read to the end. `words` are the server's: staff see them in the log alone. `whole`: before they are cut."""

    def __init__(self, fault: MailboxFault, words: str = "") -> None:
        self.fault, self.whole = fault, words
        self.words = " ".join(words.split())[:300]
        super().__init__(f"{said_of(fault)}{f' ({self.words})' if self.words else ''}")


def said_of(fault: MailboxFault) -> Said:
    """The fault as a sentence."""
    return Said(f"mailbox_{fault}", tls="TLS", imap="IMAP")


def advice_for(fault: MailboxFault) -> Said:
    """What to do about it."""
    return Said(_ADVICE[fault], command="`tracker mailbox --once`", settings="mailbox.*", file="tracker.toml")


_ADVICE = {
    MailboxFault.NOT_REACHED: "do_mailbox_server",
    MailboxFault.TLS: "do_mailbox_tls",
    MailboxFault.LOGIN_REFUSED: "do_mailbox_login",
    MailboxFault.NO_TOKEN: "do_mailbox_login",
    MailboxFault.FOLDER_GONE: "do_mailbox_folder",
    MailboxFault.HANGS: "do_mailbox_server",
    MailboxFault.BROKEN_OFF: "do_mailbox_server",
    MailboxFault.WRONG_WORDS: "do_mailbox_server",
}
