"""A token in every letter, by which what comes back is known to be about that letter: nobody can make one up.

It stands in a header of the letter, which reports of mail servers return, in the address for signing off, and, with
`mailbox.return_address`, in the address that reports go to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from tracker.delivery.addresses import MailAddress, read_address
from tracker.delivery.person_key import LETTER_TOKEN_CHARS, known_key, person_key
from tracker.settings import Settings

HEADER = "X-Letter-Token"
TOKEN = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{LETTER_TOKEN_CHARS}}}(?![a-z2-7])")
IN_HEADER = re.compile(rf"(?im)^[ \t>]*{HEADER}:\s*([a-z2-7]{{{LETTER_TOKEN_CHARS}}})\s*$")


def letter_tokens(workspace: Path, settings: Settings) -> Callable[[str], str]:
    """Gives a letter's token by its Message-ID; an empty one where no mailbox is read. Raises ConfigError and StoreError."""
    if not settings.mailbox.host:
        return lambda message_id: ""
    return person_key(workspace).letter_token


def return_address(settings: Settings, token: str) -> MailAddress | None:
    """Where a server reports to about a letter with this token; None: to the sender."""
    if not token or not settings.mailbox.return_address:
        return None
    base = read_address(settings.mailbox.return_address)
    return MailAddress(f"{base.local}+{token}", base.domain)


def letters_by_token(workspace: Path, letters: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """(Message-ID, recipient) of letters by their tokens; empty where no letter ever had one."""
    key = known_key(workspace)
    return {key.letter_token(message_id): (message_id, recipient) for message_id, recipient in letters} if key else {}
