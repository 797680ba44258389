"""The files in the outbox that partners get of an edition."""

from __future__ import annotations

import shutil
from pathlib import Path

from tracker.delivery import publish
from tracker.model import Audience, Campaign
from tracker.store.digests import Edition


def partners_files(outbox: Path, edition: Edition, campaign: Campaign) -> list[Path]:
    """Files and folders of the edition in the partners' form."""
    stems = publish.stems_of(edition, campaign.time_zone, Audience.PARTNERS)
    begins = tuple(f"{stem}{mark}" for stem in stems for mark in ".-")
    found = outbox.iterdir() if outbox.is_dir() else ()
    return sorted(path for path in found if path.name in stems or path.name.startswith(begins))


def remove_partners_files(outbox: Path, edition: Edition, campaign: Campaign) -> None:
    """Removes them: nobody is to find what was taken back."""
    for path in partners_files(outbox, edition, campaign):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
