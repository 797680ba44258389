"""A match is dropped for its age only by a date that is sure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders import an_article
from tests.matching.test_matcher import TIKTOK, campaign
from tracker.matching.matcher import Matcher, find_mention
from tracker.model import DATE_UNCERTAIN, DateReading, DateSource, Precision, Published

OLD, NEW = (Published(datetime(year, 3, 10, 8, tzinfo=UTC), Precision.MINUTE) for year in (2019, 2026))


@pytest.mark.parametrize(
    ("published", "readings", "labels"),
    [
        (None, (), ()),
        (NEW, (), ()),
        (OLD, (), None),
        (OLD, (DateReading(DateSource.JSON_LD, OLD), DateReading(DateSource.LISTING, NEW)), (DATE_UNCERTAIN,)),
        (OLD, (DateReading(DateSource.TEXT, OLD),), (DATE_UNCERTAIN,)),
        (OLD, (DateReading(DateSource.JSON_LD, OLD), DateReading(DateSource.BYLINE, Published(datetime(2020, 1, 1, tzinfo=UTC)))), None),
        (NEW, (DateReading(DateSource.JSON_LD, NEW), DateReading(DateSource.LISTING, OLD)), ()),
    ],
)
def test_only_a_sure_date_drops_a_match(
    published: Published | None, readings: tuple[DateReading, ...], labels: tuple[str, ...] | None
) -> None:
    matcher = Matcher(campaign(TIKTOK))
    assert matcher.campaign.since == date(2024, 10, 1)
    mention = find_mention(an_article(body="Mbyllet TikTok.", published=published, date_readings=readings), matcher)
    assert (mention.labels if mention else None) == labels
