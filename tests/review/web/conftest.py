"""The review desk over the ordinary night, matched and grouped, with one person of each role."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import Addresses, Newsdesk
from tests.review.web.visiting import Staff, open_desk
from tracker.model import Role


@pytest.fixture(scope="session")
def grouped_night(ordinary_night: tuple[Path, Addresses], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ordinary night, matched and grouped. Tests take copies."""
    folder = tmp_path_factory.mktemp("grouped") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    desk = Newsdesk(folder)
    desk.night("match", "group")
    desk.close()
    return folder


@pytest.fixture
def desk(grouped_night: Path, tmp_path: Path) -> Iterator[Newsdesk]:
    """The grouped night for this test alone."""
    shutil.copytree(grouped_night, tmp_path / "desk")
    opened = Newsdesk(tmp_path / "desk")
    yield opened
    opened.close()


@pytest.fixture
def staff(desk: Newsdesk) -> Iterator[Staff]:
    opened = open_desk(desk, NOW)
    for role in Role:
        opened.add(str(role), role)
    yield opened
    opened.parts.close()
