"""The partners' files of an edition that a person approved on the desk: made by a process of their own, as PDFs in eight languages take
half a minute of a processor.

What is to be made is noted in the outbox before the approval, a file an edition, and struck off when all its files are there. Whoever
dies on the way leaves the note: the next process takes it up. Only one works at a time.

    python -m tracker.pipeline.edition_files WORKSPACE
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from tracker.delivery import publish
from tracker.errors import RunLocked, TrackerError
from tracker.model import Audience, Campaign
from tracker.pipeline.partners_files import remove_partners_files
from tracker.store import digests
from tracker.store.digests import Edition
from tracker.store.lock import EditionFilesLock
from tracker.text.log_lines import log_beside_others
from tracker.workspace import Parts, open_parts, readable_campaigns

NOTE = ".to-make-"
FAILED = "failed"
MOST_ATTEMPTS = 3
"""After which nobody tries again unasked: what killed three processes kills the fourth."""
NEVER_APPROVED_AFTER = timedelta(minutes=10)
"""A note without an approval is left by whoever was killed in between."""
_log = logging.getLogger(__name__)


class Making(StrEnum):
    """How the partners' files of an edition stand."""

    DONE = "done"
    UNDER_WAY = "under_way"
    INTERRUPTED = "interrupted"  # noted, but nobody is at work
    FAILED = "failed"


def ask_for(outbox: Path, edition_id: int) -> None:
    """Notes that the edition's files are to be made once it is approved. Asked for again, one that failed is tried again."""
    note = _note(outbox, edition_id)
    note.parent.mkdir(parents=True, exist_ok=True)
    _write(note, "0")


def forget(outbox: Path, edition_id: int) -> None:
    """Strikes the edition off."""
    _note(outbox, edition_id).unlink(missing_ok=True)


def standing(outbox: Path, edition_id: int) -> Making:
    """How the edition's files stand. One that nobody asked for is done."""
    said = _said(_note(outbox, edition_id))
    if said is None:
        return Making.DONE
    if said == FAILED:
        return Making.FAILED
    return Making.UNDER_WAY if EditionFilesLock(outbox).is_held() else Making.INTERRUPTED


def is_asked_for(outbox: Path) -> bool:
    """Whether the files of any edition wait to be made."""
    return bool(_waiting(outbox))


def make_all(parts: Parts) -> None:
    """Makes the files of all editions that were asked for and approved. Another process at work makes them too: it looks once more after
    it has let go, so that nothing noted meanwhile waits for a third."""
    outbox = parts.workspace / "outbox"
    tried: set[int] = set()
    while fresh := [edition_id for edition_id in _waiting(outbox) if edition_id not in tried]:
        try:
            with EditionFilesLock(outbox).acquire():
                for edition_id in fresh:
                    if not _is_still_to_come(parts, outbox, edition_id):
                        tried.add(edition_id)
                        _make(parts, outbox, edition_id)
        except RunLocked:
            return
        if not tried.intersection(fresh):
            return


def _make(parts: Parts, outbox: Path, edition_id: int) -> None:
    note = _note(outbox, edition_id)
    said = _said(note)
    if said is None or said == FAILED:
        return
    edition = _approved(parts, edition_id)
    if edition is None:
        return forget(outbox, edition_id)
    attempts = int(said) + 1
    _write(note, str(attempts) if attempts <= MOST_ATTEMPTS else FAILED)
    if attempts > MOST_ATTEMPTS:
        return
    try:
        campaign = next(one for one in readable_campaigns(parts.workspace)[0] if one.id == edition.campaign_id)
        _publish(parts, campaign, edition, outbox)
    except (TrackerError, OSError, StopIteration) as error:
        _log.error("the files of edition %d could not be made: %s", edition_id, parts.settings.masked(str(error)))
        _write(note, FAILED)
    else:
        forget(outbox, edition_id)


def _publish(parts: Parts, campaign: Campaign, edition: Edition, outbox: Path) -> None:
    formats = parts.settings.digest.formats
    publish.publish(parts.database, edition, campaign.time_zone, parts.settings, outbox, audience=Audience.PARTNERS, formats=formats)
    if _approved(parts, edition.id) is None:  # taken back meanwhile: whoever did so could not remove what was not there yet
        remove_partners_files(outbox, edition, campaign)


def _approved(parts: Parts, edition_id: int) -> Edition | None:
    with parts.database.reading() as conn:
        edition = digests.get(conn, edition_id)
    return edition if edition is not None and edition.approved_at is not None else None


def _is_still_to_come(parts: Parts, outbox: Path, edition_id: int) -> bool:
    """Whether the approval may be being written this moment."""
    if _approved(parts, edition_id) is not None:
        return False
    try:
        noted_at = datetime.fromtimestamp(_note(outbox, edition_id).stat().st_mtime, UTC)
    except FileNotFoundError:
        return False
    return parts.clock() - noted_at < NEVER_APPROVED_AFTER


def _waiting(outbox: Path) -> list[int]:
    """Editions that are noted and did not fail, in order."""
    found = [int(number) for note in outbox.glob(f"{NOTE}*") if (number := note.name.removeprefix(NOTE)).isdecimal()]
    return sorted(edition_id for edition_id in found if _said(_note(outbox, edition_id)) not in (None, FAILED))


def _note(outbox: Path, edition_id: int) -> Path:
    return outbox / f"{NOTE}{edition_id}"


def _said(note: Path) -> str | None:
    """How often it was tried, FAILED, or None where there is no note. One that nobody can read was never tried."""
    try:
        said = note.read_text("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    return said if said == FAILED or (said.isdecimal() and len(said) < 5) else "0"


def _write(note: Path, said: str) -> None:
    unfinished = note.with_name(f"{note.name}.part")
    unfinished.write_text(said, "ascii")
    unfinished.replace(note)


def main(arguments: Sequence[str]) -> int:
    """What the process does. People at the desk come first."""
    log_beside_others()
    with open_parts(Path(arguments[0]), must_exist=True) as parts:
        make_all(parts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
