"""Everybody who gets editions, as the file names them and as they want it themselves, and the address of each one's own page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tracker.delivery.choices import ChoiceRecord, wishes_of, with_wishes
from tracker.delivery.letter_tokens import letter_tokens
from tracker.delivery.person_key import person_key
from tracker.delivery.recipients import FILE_NAME, Recipient, read_recipients
from tracker.settings import Settings

OUTBOX = "outbox"
PAGES = "letters"
"""Begins the path of the recipients' own pages; a proxy needs to let nothing else of the desk through."""


def read_audience(workspace: Path) -> tuple[Recipient, ...]:
    """The recipients of the file, with what they said themselves since. Raises ConfigError and StoreError: nobody gets a letter then."""
    return with_wishes(read_recipients(workspace / FILE_NAME), wishes_of(ChoiceRecord(workspace / OUTBOX).every()))


def own_pages(workspace: Path, settings: Settings) -> Callable[[str], str]:
    """Gives the address of a recipient's own page by the key of the mail address; an empty one where `review.public_url` is not set.

    Raises ConfigError and StoreError where the key that signs it cannot be used.
    """
    base = settings.review.public_url.rstrip("/")
    if not base:
        return lambda address_key: ""
    key = person_key(workspace)
    return lambda address_key: f"{base}/{PAGES}/{key.token(address_key)}"


def addressing(workspace: Path, settings: Settings) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """What makes a letter its reader's own: `own_pages`, and `letter_tokens`. Raises as they do."""
    return own_pages(workspace, settings), letter_tokens(workspace, settings)
