"""What a shortened mail keeps: the highest ranked, and of every country something of every month."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.digests import samples
from tests.digests.forms.printed import Page
from tracker.digests.forms.html import MOST_MAIL_BYTES, render_digest
from tracker.digests.forms.shortening import ranked, shortened
from tracker.digests.forms.view import read_digest
from tracker.model import Digest, Precision, Published, Window
from tracker.workspace import shipped_folder

ZONE = ZoneInfo("Europe/Tirane")
QUARTER = Window(datetime(2026, 7, 1, tzinfo=ZONE), datetime(2026, 10, 1, tzinfo=ZONE))


def a_quarter(items: int = 300) -> Digest:
    """Items spread evenly over the quarter's days, each a story of its own."""
    huge = samples.huge(items, "quarterly")
    counted = []
    for place, one in enumerate(huge.selection.counted):
        at = QUARTER.start_at + timedelta(days=place * 37 % 92, hours=9)
        counted.append(replace(one, story_key=f"q{place}", article=replace(one.article, published=Published(at, Precision.MINUTE))))
    return replace(huge, window=QUARTER, selection=replace(huge.selection, counted=tuple(counted)))


@pytest.mark.parametrize("most", [1, 2, 3, 8])
def test_every_country_keeps_a_story_of_every_month(most: int) -> None:
    whole = read_digest(a_quarter())
    for before, after in zip(whole.countries, shortened(whole, most).countries, strict=True):
        months = [
            {story.first.published_at.astimezone(ZONE).month for story in one.stories if story.first.published_at}
            for one in (before, after)
        ]
        assert months[0] == months[1] == {7, 8, 9}
        assert len(after.stories) == max(most, 3)


def test_what_is_left_out_ranks_below_what_stays() -> None:
    whole = read_digest(samples.huge())
    short = shortened(whole, 5, every_month=False)
    for before, after in zip(whole.countries, short.countries, strict=True):
        assert {story.key for story in after.stories} == {story.key for story in ranked(before.stories)[:5]}
        order = [story.key for story in before.stories]
        assert [story.key for story in after.stories] == [key for key in order if key in {story.key for story in after.stories}]


def test_a_quarters_mail_has_items_of_its_last_month() -> None:
    mail = render_digest(a_quarter(), shipped_folder("templates"))
    assert len(mail.html.encode()) < MOST_MAIL_BYTES
    assert mail.shortened
    for month in ("July", "August", "September"):
        assert f" {month} 2026, 09:00" in Page(mail.html).text.replace("\u00a0", " ")


def test_years_in_seven_countries_fit_a_mail_all_the_same() -> None:
    digest = a_quarter(500)
    years = tuple(
        replace(
            one, article=replace(one.article, published=Published(QUARTER.start_at - timedelta(days=30 * (place % 60)), Precision.MINUTE))
        )
        for place, one in enumerate(digest.selection.counted)
    )
    lifetime = replace(digest, kind="lifetime", window=Window(QUARTER.start_at - timedelta(days=1800), QUARTER.end_at))
    mail = render_digest(replace(lifetime, selection=replace(lifetime.selection, counted=years)), shipped_folder("templates"))
    assert len(mail.html.encode()) < MOST_MAIL_BYTES
