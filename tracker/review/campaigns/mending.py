"""A campaign file that cannot be read, mended from the desk: its text with the place of the fault, and the way back to an earlier text.

What replaces it is checked like any change: a campaign, with an id that no other file has, and over nobody else's mending.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tracker.config.toml_text import MAX_BYTES
from tracker.errors import ConfigError, StoreError, TrackerError
from tracker.matching.campaigns import parse_campaign, version_of
from tracker.review.campaigns.versions import History, Version, changed_at, only_one, storable, write_whole
from tracker.workspace import CAMPAIGNS

LINES_AROUND = 3
_ID = re.compile(r"""^\s*id\s*=\s*["']([a-z0-9][a-z0-9-]{0,63})["']""", re.MULTILINE)


class MendedMeanwhile(TrackerError):
    """Somebody changed the file since it was shown; nothing was written."""


class Broken(Struct, frozen=True):
    """A file that cannot be read. `digest`: what a later change must name. `campaign_id`: as far as the text names one. `around`: the
    lines by the fault with their numbers; empty where its line is not known."""

    path: Path
    text: str
    digest: str
    fault: ConfigError
    campaign_id: str
    versions: tuple[Version, ...] = ()

    @property
    def around(self) -> tuple[tuple[int, str], ...]:
        """(line, text)."""
        if not self.fault.line:
            return ()
        lines = self.text.split("\n")
        first = max(self.fault.line - LINES_AROUND, 1)
        return tuple((number, lines[number - 1]) for number in range(first, min(self.fault.line + LINES_AROUND, len(lines)) + 1))


def broken(workspace: Path, name: str, faults: Iterable[ConfigError]) -> Broken | None:
    """The file of this name among those with a fault; None where there is none. Only files of the workspace can be mended here."""
    folder = workspace / CAMPAIGNS
    fault = next((one for one in faults if one.place and Path(one.place).name == name), None)
    path = folder / name
    if fault is None or not path.is_file() or path.resolve().parent != folder.resolve():
        return None
    try:
        content = path.read_bytes()[: MAX_BYTES + 1]
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
    text = content.decode("utf-8-sig", "replace")
    named = _ID.search(text)
    campaign_id = named[1] if named else ""
    past = History(folder, campaign_id).versions() if campaign_id else ()
    return Broken(path, text, hashlib.sha256(content).hexdigest(), fault, campaign_id, past)


def earlier_text(workspace: Path, found: Broken, number: int) -> str:
    """A text that the campaign's file had. Raises UsageError where there is none."""
    return History(workspace / CAMPAIGNS, found.campaign_id).text(number)


def mend(workspace: Path, found: Broken, text: str, *, others: Collection[str], by: str, now: datetime) -> str:
    """Makes the text the file; returns the campaign's id. Raises ConfigError, with the place, for a text that is no campaign or has the
    id of another (`others`), MendedMeanwhile where the file is not the one shown, StoreError where it cannot be written. The text that
    it replaces stays in the history."""
    text = storable(text, found.path)
    with only_one(workspace) as folder:
        if hashlib.sha256(found.path.read_bytes()[: MAX_BYTES + 1]).hexdigest() != found.digest:
            raise MendedMeanwhile(f"{found.path.name} was changed meanwhile; look at it again")
        campaign = parse_campaign(text, found.path)
        if campaign.id in others:
            raise ConfigError(f"campaign id {campaign.id!r} is already used; give each file its own id", place=found.path)
        past = History(folder, campaign.id)
        past.note(found.text, Version(0, version_of(found.text), changed_at(found.path), note="a text that is no campaign"))
        past.note(text, Version(0, campaign.version, now, by, "mended"))
        write_whole(found.path, text)
    return campaign.id
