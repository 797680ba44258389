"""The review desk over the ordinary night, matched and grouped, with one person of each role."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.digests.test_editions import campaign_of, make, say
from tests.newsdesk import CAMPAIGN, RIVER, Newsdesk
from tests.review.web.visiting import Staff, open_desk
from tracker.model import Decision, Role


@pytest.fixture(scope="session")
def staffed_night(grouped_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The grouped night with one person of each role. Tests take copies."""
    folder = tmp_path_factory.mktemp("staffed") / "desk"
    shutil.copytree(grouped_night, folder)
    desk = Newsdesk(folder)
    opened = open_desk(desk, NOW)
    for role in Role:
        opened.add(str(role), role)
    desk.close()
    return folder


@pytest.fixture
def desk(request: pytest.FixtureRequest, grouped_night: Path, tmp_path: Path) -> Iterator[Newsdesk]:
    """The grouped night for this test alone; with `staff`, its people are in it."""
    night = request.getfixturevalue("staffed_night") if "staff" in request.fixturenames else grouped_night
    shutil.copytree(night, tmp_path / "desk")
    opened = Newsdesk(tmp_path / "desk")
    yield opened
    opened.close()


@pytest.fixture
def staff(desk: Newsdesk) -> Iterator[Staff]:
    opened = open_desk(desk, NOW)
    yield opened
    opened.parts.close()


RECIPIENTS = """
[[recipients]]
name = "Arta"
email = "arta@staff.example"
role = "staff"
language = "sq"
edition = "weekly"
send_on = "monday 09:00"

[[recipients]]
name = "Partner"
email = "partner@partner.example"
role = "partner"
language = "en"
edition = "weekly"
send_on = "monday 09:00"
"""


@pytest.fixture
def office(desk: Newsdesk) -> Staff:
    """One week's edition that waits, the river's item accepted."""
    desk.write_campaign(CAMPAIGN.replace('review = "optional"', 'review = "required"'))
    desk.night("match", "group")
    (desk.folder / "recipients.toml").write_text(RECIPIENTS, "utf-8")
    make(desk, campaign_of(desk))
    say(desk, RIVER, Decision.ACCEPT, timedelta(hours=1))
    staff = open_desk(desk, NOW + timedelta(hours=2))
    for role in Role:
        staff.add(str(role), role)
    return staff
