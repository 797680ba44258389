"""The review desk over the demo's night, as it was before anybody had reviewed it: a copy beside the demo, to try it out in."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tracker.demo.press.review import written_review
from tracker.demo.run import CAMPAIGN_ID, MONDAY
from tracker.model import EditionKind, Grant, Role
from tracker.pipeline.issue_edition import IssueOptions, issue
from tracker.review import decisions
from tracker.review.accounts import add_user
from tracker.review.decisions import NothingToTakeBack
from tracker.workspace import open_parts, read_campaigns, wall_clock

FOLDER = "desk"
NAME = "demo"
MORNING = MONDAY + timedelta(hours=3)
FIRST_ON, LAST_ON = date(2024, 10, 1), date(2024, 10, 20)
"""The days of the edition that waits for approval."""


def prepare_desk(demo: Path) -> Path:
    """A workspace in the demo's folder with the same night, every verdict taken back and an edition that waits. What an earlier one left
    goes first."""
    folder = demo / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in (*demo.glob("coverage.db*"), *demo.glob("*.toml"), *demo.glob("*.csv")):
        shutil.copy2(path, folder)
    with open_parts(folder, clock=lambda: MONDAY) as parts:
        with contextlib.suppress(NothingToTakeBack):
            while True:
                decisions.take_back_last(parts.database, by=written_review().by, now=MONDAY)
        (campaign,) = read_campaigns(folder, [CAMPAIGN_ID])
        issue(parts, campaign, IssueOptions(EditionKind.REPORT, as_of=MONDAY, first_on=FIRST_ON, last_on=LAST_ON))
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
