"""The desk of the sheet's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsdesk import Addresses, Newsdesk
from tests.review.verdict_sheet.reviewing import REVIEWED_CAMPAIGN


@pytest.fixture(scope="session")
def night_to_review(ordinary_night: tuple[Path, Addresses], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two items of the campaign, one that is held, one for staff; nobody has decided. Tests take copies."""
    folder = tmp_path_factory.mktemp("to-review") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    desk = Newsdesk(folder, REVIEWED_CAMPAIGN)
    desk.night("match", "group")
    desk.close()
    return folder


@pytest.fixture
def review(night_to_review: Path, tmp_path: Path) -> Iterator[Newsdesk]:
    """The night to review, for this test alone."""
    shutil.copytree(night_to_review, tmp_path / "desk")
    opened = Newsdesk(tmp_path / "desk", REVIEWED_CAMPAIGN)
    yield opened
    opened.close()
