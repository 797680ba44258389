from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, a_story_text
from tests.stories.test_grouping import groups, invented
from tracker.model import StoryText
from tracker.stories.columns import column_day

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "title",
    [
        "Vlada usvojila budžet za narednu godinu",
        "Ministarstvo otvorilo novu školu u Travniku",
        "Qeveria miraton ligjin për arsimin",
        "Владата го усвои буџетот",
        "Parliament adopts the law on media",
        "Sindikat najavio štrajk u rudnicima",
        "Policia arreston tre persona në Durrës",
        "Зголемени платите на наставниците",
    ],
)
def test_news_is_no_column(title: str) -> None:
    assert column_day(a_story_text(1, title=title, published_at=NOW)) is None


def daily(titles: list[str], bodies: list[str]) -> list[StoryText]:
    return [
        a_story_text(number, body, title=title, outlet_id="one", published_at=NOW + number * DAY)
        for number, (title, body) in enumerate(zip(titles, bodies, strict=True))
    ]


def test_a_headline_that_comes_back_day_after_day_with_other_numbers_heads_a_column() -> None:
    form = invented(1, 60)
    texts = daily([f"U porodilištu danas {number} prinova" for number in (7, 9, 4)], [f"{form} {number}" for number in (7, 9, 4)])
    assert groups(*texts) == {(0,), (1,), (2,)}


def test_a_headline_without_a_text_that_comes_back_heads_a_column() -> None:
    assert groups(*daily(["S Vama smo od pola osam"] * 4, [""] * 4)) == {(0,), (1,), (2,), (3,)}


def test_an_article_shown_again_on_three_days_is_one_story() -> None:
    assert groups(*daily(["Ovako se čuva voda u kući"] * 3, [invented(1, 120)] * 3)) == {(0, 1, 2)}


def test_a_column_of_one_day_at_two_outlets_is_one_story() -> None:
    body = invented(1, 80)
    one, other = (a_story_text(number, body, title="Vremenska prognoza za sutra", published_at=NOW) for number in (1, 2))
    assert groups(one, other) == {(1, 2)}
