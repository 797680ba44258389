"""The workspace's campaigns, read again only when a file has changed: every page asks for them."""

from __future__ import annotations

import threading
from pathlib import Path

from tracker.model import Campaign
from tracker.workspace import campaign_files, read_campaigns

_State = tuple[tuple[str, int, int], ...]


class CampaignShelf:
    """Campaigns by id. Raises what `read_campaigns` raises while a file is wrong."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._state: _State = ()
        self._campaigns: dict[str, Campaign] = {}

    def every(self) -> dict[str, Campaign]:
        """All campaigns, in the order of their files."""
        with self._lock:
            state = tuple(
                (str(path), found.st_mtime_ns, found.st_size) for path in campaign_files(self._workspace) if (found := path.stat())
            )
            if state != self._state:
                self._campaigns = {campaign.id: campaign for campaign in read_campaigns(self._workspace)}
                self._state = state
            return self._campaigns
