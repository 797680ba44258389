"""The workspace's campaigns, read again only when a file has changed: every page asks for them."""

from __future__ import annotations

import threading
from pathlib import Path

from tracker.errors import ConfigError
from tracker.model import Campaign
from tracker.workspace import campaign_files, readable_campaigns

_State = tuple[tuple[str, int, int], ...]


class CampaignShelf:
    """Campaigns by id. One whose file is wrong is not there, and stands in no other's way."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._campaigns: dict[str, Campaign] = {}
        self._faults: tuple[ConfigError, ...] = ()

    def every(self) -> dict[str, Campaign]:
        """All campaigns that can be read, in the order of their files."""
        with self._lock:
            self._look()
            return self._campaigns

    def faults(self) -> tuple[ConfigError, ...]:
        """What is wrong with each file that cannot be read."""
        with self._lock:
            self._look()
            return self._faults

    def _look(self) -> None:
        state = tuple(_state_of(path) for path in campaign_files(self._workspace))
        if state != self._state or self._faults:  # a fault may lie beside the file: a picture that is put back, a right that is given
            found, self._faults = readable_campaigns(self._workspace)
            self._campaigns = {campaign.id: campaign for campaign in found}
            self._state = state


def _state_of(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:  # gone since the folder was listed, or a link to nothing: reading it says so
        return str(path), 0, -1
    return str(path), found.st_mtime_ns, found.st_size
