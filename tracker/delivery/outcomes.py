"""What a mailing reports: each letter with one outcome, and the letters that a mailing would send."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from tracker.delivery.planning import ReleasedEdition, Result
from tracker.delivery.recipients import Recipient
from tracker.model import StepReport
from tracker.store.deliveries import Delivery, DeliveryState


class LetterOutcome(StrEnum):
    """What became of a letter in a mailing, as reports count it."""

    SENT = str(Result.SENT)
    REFUSED = str(Result.REFUSED)
    UNKNOWN = str(Result.UNKNOWN)
    TRY_LATER = str(Result.TRY_LATER)
    WRITTEN_TO_A_FILE = "written to a file"
    WAITS_FOR_THE_SERVER = "waits for the mail server"
    WAITS_FOR_TOMORROW = "waits for tomorrow"
    WAITS_FOR_APPROVAL = "waits for approval"
    WAITS_FOR_THE_MORNING = "waits for the recipient's morning"
    TAKEN_OFF_THE_LIST = "taken off the list"
    WANTS_NO_LETTERS = "wants no letters"
    TAKEN_BY_ANOTHER = "taken by another"
    FAILED = "failed"


class LetterEnd(Struct, frozen=True):
    """What became of one letter in this mailing."""

    delivery_id: int
    edition_id: int
    recipient: str
    outcome: LetterOutcome
    words: str = ""


class SendReport(Struct, frozen=True):
    """A mailing. `needs_a_person` turns the exit code to 1."""

    step: StepReport
    letters: tuple[LetterEnd, ...] = ()
    needs_a_person: tuple[str, ...] = ()


class Preview(Struct, frozen=True):
    """A letter that is in the ledger or would be, as it stands."""

    edition_id: int
    campaign_id: str
    kind: str
    recipient: str
    name: str
    language: str
    formats: tuple[str, ...]
    due_at: datetime
    standing: str
    words: str = ""


def standing_of(row: Delivery, now: datetime) -> str:
    """How a letter of the ledger stands."""
    if row.state is not DeliveryState.DUE:
        return f"letter {row.id}: {row.state}"
    return "due" if row.due_at <= now else "later" if row.attempts else "planned"


def previewed(edition: ReleasedEdition, recipient: Recipient, due_at: datetime, standing: str, words: str = "") -> Preview:
    """A letter as a preview names it."""
    return Preview(
        edition.edition_id,
        edition.campaign_id,
        str(edition.kind),
        str(recipient.address),
        recipient.name,
        recipient.language,
        recipient.formats,
        due_at,
        standing,
        words,
    )
