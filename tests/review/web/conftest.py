"""The review desk over the ordinary night, matched and grouped, with one person of each role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import NOW
from tests.newsdesk import Newsdesk
from tests.review.web.visiting import Staff, open_desk
from tracker.model import Role


@pytest.fixture
def staff(desk: Newsdesk) -> Iterator[Staff]:
    desk.night("match", "group")
    opened = open_desk(desk, NOW)
    for role in Role:
        opened.add(str(role), role)
    yield opened
    opened.parts.close()
