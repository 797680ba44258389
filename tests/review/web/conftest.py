"""The review desk over the ordinary night, matched and grouped, with one person of each role."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import Newsdesk
from tests.review.web.visiting import Staff, open_desk
from tracker.model import Role


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
