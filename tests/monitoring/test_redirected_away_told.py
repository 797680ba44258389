"""An outlet whose article pages all lead to its front page is named, on its first night and after good ones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.monitoring.test_silence_told import FIRST, Press
from tests.newsroom.press import Newsroom, answer


@pytest.mark.parametrize("good_nights", [0, 1, 4])
def test_a_night_whose_pages_all_lead_to_the_front_page_needs_a_person(tmp_path: Path, good_nights: int) -> None:
    with Newsroom() as newsroom:
        press = Press(newsroom, tmp_path)
        press.found("Drina", "Sava")
        for night in range(good_nights):
            for name in ("Drina", "Sava"):
                press.publish(name, 12, FIRST + timedelta(days=night))
            assert press.night(night).needs_a_person == ()
        at = FIRST + timedelta(days=good_nights)
        press.publish("Sava", 12, at)
        press.publish("Drina", 12, at, lambda _: answer("302 Found", Location="/"))
        report = press.night(good_nights)
        assert report.exit_code == 1
        assert report.needs_a_person == ("articles are missing, or what is in them: Drina",)
