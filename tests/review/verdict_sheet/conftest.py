"""The desk of the sheet's tests."""

from __future__ import annotations

import pytest

from tests.newsdesk import Newsdesk
from tests.review.verdict_sheet.reviewing import REVIEWED_CAMPAIGN


@pytest.fixture
def review(desk: Newsdesk) -> Newsdesk:
    """Two items of the campaign, one that is held, one for staff; nobody has decided."""
    desk.write_campaign(REVIEWED_CAMPAIGN)
    desk.night("match", "group")
    return desk
