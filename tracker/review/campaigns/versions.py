"""A campaign's file written by people from the desk: never over another's change, whole or not at all, and with a way back.

The file stays the truth. Beside it, in `campaigns/history/ID`, lies every text it had, with who saved it and when. A text that was
changed by other means (an editor, a restored backup) is noted when the next one is saved.
"""

from __future__ import annotations

import difflib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from tracker.config.toml_text import MAX_BYTES, read_toml_text
from tracker.errors import ConfigError, StoreError, TrackerError, UsageError
from tracker.matching.cache import MemoryCache
from tracker.matching.campaigns import parse_campaign, read_campaign
from tracker.model import Campaign
from tracker.workspace import CAMPAIGNS, campaign_files, shipped_folder

_READ = MemoryCache()
"""Campaigns by the text of their file: most pages of a campaign ask for it."""
HISTORY = "history"
_LOCK = ".lock"
_NAME = re.compile(r"\d{6}-[0-9a-f]{16}\Z")


class CampaignText(Struct, frozen=True):
    """A campaign file as it is: `version` is what a later change must name."""

    campaign: Campaign
    path: Path
    text: str

    @property
    def version(self) -> str:
        """Of the text."""
        return self.campaign.version


class Version(Struct, frozen=True):
    """A text that the file had. `by` is empty where it was changed by other means than the desk."""

    number: int
    version: str
    saved_at: datetime
    by: str = ""
    note: str = ""


class ChangedMeanwhile(TrackerError):
    """Somebody changed the file since it was read: both texts, nothing was written."""

    def __init__(self, theirs: CampaignText, mine: str) -> None:
        super().__init__(f"{theirs.path.name} was changed meanwhile; look at both versions and save again")
        self.theirs, self.mine = theirs, mine

    @property
    def difference(self) -> tuple[str, ...]:
        """From their text to mine, line by line."""
        return difference(self.theirs.text, self.mine)


def open_text(workspace: Path, campaign_id: str) -> CampaignText:
    """The file of a campaign. Raises ConfigError where it cannot be read, UsageError for an unknown campaign."""
    wrong: ConfigError | None = None
    for path in campaign_files(workspace):
        try:
            campaign = read_campaign(path, _READ)
        except ConfigError as error:  # of another campaign, unless none is found
            wrong = wrong or error
            continue
        if campaign.id == campaign_id:
            return CampaignText(campaign, path, read_toml_text(path))
    if wrong is not None:
        raise wrong
    raise UsageError(f"no campaign {campaign_id!r}")


def checked(before: CampaignText, text: str) -> Campaign:
    """The campaign that the text would make. Raises ConfigError with line and column, and for a text of another campaign."""
    campaign = parse_campaign(storable(text, before.path), before.path)
    if campaign.id != before.campaign.id:
        raise ConfigError(f"has id {campaign.id!r}; a campaign keeps the id {before.campaign.id!r}", place=before.path)
    return campaign


def save(workspace: Path, campaign_id: str, text: str, *, version: str, by: str, now: datetime, note: str = "") -> CampaignText:
    """Makes the text the campaign's file. Raises ConfigError for a text that is no campaign, ChangedMeanwhile where the file is not
    the one called `version` any more, StoreError where it cannot be written. Nothing is half-written."""
    text = plain(text)
    with only_one(workspace) as folder:
        before = open_text(workspace, campaign_id)
        campaign = checked(before, text)
        if before.version != version:
            raise ChangedMeanwhile(before, text)
        if text == before.text:
            return before
        path = before.path if before.path.parent == folder else _own_copy(before.path, folder)
        past = History(folder, campaign_id)
        if past.newest() != before.version:
            past.note(before.text, Version(0, before.version, changed_at(before.path), note="changed by other means"))
        past.note(text, Version(0, campaign.version, now, by, note))
        write_whole(path, text)
        return open_text(workspace, campaign_id)


def versions(workspace: Path, campaign_id: str) -> tuple[Version, ...]:
    """The texts that the file had, the newest first; empty where the desk never changed it."""
    return History(workspace / CAMPAIGNS, campaign_id).versions()


def text_of(workspace: Path, campaign_id: str, number: int) -> str:
    """The text of a version. Raises UsageError where there is none."""
    return History(workspace / CAMPAIGNS, campaign_id).text(number)


def go_back(workspace: Path, campaign_id: str, number: int, *, version: str, by: str, now: datetime) -> CampaignText:
    """Makes an earlier text the file again, as a new version: what was in between stays in the history. Raises as `save` does."""
    text = text_of(workspace, campaign_id, number)
    return save(workspace, campaign_id, text, version=version, by=by, now=now, note=f"back to version {number}")


def difference(before: str, after: str) -> tuple[str, ...]:
    """What changed, as lines that begin with -, + or a space; a line of @@ parts two places."""
    return tuple(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]


class History:
    """The texts of one campaign, each in a file named by its number and version, with a record beside it."""

    def __init__(self, folder: Path, campaign_id: str) -> None:
        self._folder = folder / HISTORY / campaign_id

    def _names(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted(path.stem for path in self._folder.glob("*.json") if _NAME.match(path.stem))

    def newest(self) -> str:
        """The version of the last text; empty where there is none."""
        names = self._names()
        return names[-1].split("-")[1] if names else ""

    def versions(self) -> tuple[Version, ...]:
        """The texts that the file had, the newest first."""
        found = []
        for name in reversed(self._names()):
            try:
                found.append(msgspec.json.decode((self._folder / f"{name}.json").read_bytes(), type=Version))
            except (OSError, msgspec.MsgspecError):
                number, version = name.split("-")
                found.append(Version(int(number), version, changed_at(self._folder / f"{name}.json"), note="its record cannot be read"))
        return tuple(found)

    def text(self, number: int) -> str:
        """The text of a version. Raises UsageError where there is none."""
        name = next((name for name in self._names() if int(name.split("-")[0]) == number), None)
        if name is None:
            raise UsageError(f"no version {number} of this campaign")
        return read_toml_text(self._folder / f"{name}.txt")

    def note(self, text: str, version: Version) -> None:
        """The text first: a record without one would lead nowhere."""
        names = self._names()
        number = int(names[-1].split("-")[0]) + 1 if names else 1
        name = f"{number:06}-{version.version}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be made: {error.strerror}") from error
        write_whole(self._folder / f"{name}.txt", text)
        write_whole(self._folder / f"{name}.json", msgspec.json.encode(asdict(version) | {"number": number}).decode())


@contextmanager
def only_one(workspace: Path) -> Iterator[Path]:
    """One save at a time, in whichever process; gives the folder of campaign files."""
    folder = workspace / CAMPAIGNS
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / _LOCK).open("w")
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}; check its permissions") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _own_copy(shipped: Path, folder: Path) -> Path:
    """A workspace without campaign files works with the shipped ones: a changed one becomes its own, and the others stay beside it."""
    try:
        shutil.copytree(shipped_folder(CAMPAIGNS), folder, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise StoreError(f"the shipped campaign cannot be copied to {folder}: {error}") from error
    return folder / shipped.name


def write_whole(path: Path, text: str) -> None:
    """The whole text or the file of before: written beside it, brought to the disk, then put in its place."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    unfinished = ""
    try:
        with tempfile.NamedTemporaryFile("wb", prefix=f".{path.name}.", dir=path.parent, delete=False) as file:
            unfinished = file.name
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(path)
    except OSError as error:
        Path(unfinished or path.with_suffix(".unwritten")).unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written: {error.strerror}; the file is as it was") from error


def plain(text: str) -> str:
    """The text with the line ends that files have, not those of forms, and one at the end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


def storable(text: str, path: Path) -> str:
    """The text as the file would hold it. Raises ConfigError for one that no file can hold or that is too large."""
    text = plain(text)
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise ConfigError("holds half a character", place=path, line=text.count("\n", 0, error.start) + 1) from error
    if size > MAX_BYTES:
        raise ConfigError(f"is larger than {MAX_BYTES // 2**20} MiB", place=path)
    return text


def changed_at(path: Path) -> datetime:
    """When the file was changed, in UTC."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
