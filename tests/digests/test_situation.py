"""The list of the last hours: every item once, by the hour, the newest first; it waits for nobody's approval."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.conftest import ROOT
from tests.digests import samples
from tracker.digests.forms.html import render_digest
from tracker.digests.forms.view import read_digest
from tracker.model import Audience


@pytest.mark.parametrize("language", ["en", "mk"])
def test_every_item_stands_once_under_its_hour_the_newest_first(language: str) -> None:
    reading = read_digest(samples.a_week("situation", Audience.STAFF), language)
    listed = [clip for _, clips in reading.hours for clip in clips]
    assert sorted(clip.id for clip in listed) == sorted(clip.id for clip in reading.clips)
    timed = [clips[0].published_at for _, clips in reading.hours if clips[0].has_time]
    assert timed == sorted(timed, reverse=True)  # type: ignore[type-var]
    for hour, clips in reading.hours:
        for clip in clips:
            assert clip.has_time is (":00 " in hour)


def test_a_situation_waits_for_no_approval() -> None:
    digest = replace(samples.a_week("situation", Audience.STAFF), edition_id=7, approved_at=None)
    rendered = render_digest(digest, ROOT / "templates")
    assert "waits for your approval" not in rendered.text
    assert "Edition 7 waits for your approval" in render_digest(replace(digest, kind="weekly"), ROOT / "templates").text
    for hour, _ in read_digest(digest).hours:
        assert hour.upper() in rendered.text
        assert hour.split(" (")[0] in rendered.html
