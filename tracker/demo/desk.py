"""The review desk over the demo's night, as it was before anybody had reviewed it: a copy beside the demo, to try it out in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tracker.demo.run import CAMPAIGN_ID, MONDAY, UNREVIEWED, WEEKLY, enter_by_hand
from tracker.model import Grant, Role
from tracker.pipeline.issue_edition import issue
from tracker.review.accounts import add_user
from tracker.store import backup
from tracker.store.database import FILE_NAME
from tracker.workspace import open_parts, read_campaigns, wall_clock

FOLDER = "desk"
NAME = "demo"
MORNING = MONDAY + timedelta(hours=3)


def prepare_desk(demo: Path) -> Path:
    """A workspace in the demo's folder with the same night before its review, the coverage entered by hand, and the week's edition,
    which waits for approval. What an earlier one left goes first."""
    folder = demo / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in (*demo.glob("*.toml"), *demo.glob("*.csv")):
        shutil.copy2(path, folder)
    backup.copy(demo / UNREVIEWED, folder / FILE_NAME)
    with open_parts(folder, clock=lambda: MONDAY) as parts:
        (campaign,) = read_campaigns(folder, [CAMPAIGN_ID])
        enter_by_hand(parts, campaign)
        issue(parts, campaign, WEEKLY)
    return folder


def serve_desk(folder: Path, on_listening: Callable[[str, str, str], None]) -> None:
    """Serves it at a free port of this machine until it is stopped, on the morning after the demo's night: its clock goes on from there.
    `on_listening` gets the address, a name and a password."""
    from tracker.review.web.app import make_app
    from tracker.review.web.serving import serve

    began_at = wall_clock()
    with open_parts(folder, clock=lambda: MORNING + (wall_clock() - began_at)) as parts:
        _, password = add_user(parts.database, NAME, [Grant(Role.ADMINISTRATOR)], parts.clock(), must_change=False)
        serve(lambda: make_app(parts), "127.0.0.1", 0, lambda address: on_listening(address, NAME, password))
