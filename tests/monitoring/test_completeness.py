from __future__ import annotations

import pytest

from tracker.monitoring.completeness import Attempts, Night, losses, lost_by_group, without_article


def usual(read: int = 20, full: int = 20, **fields: int) -> Night:
    return Night(**{"read": read, "empty": 1, "letters": 1500 * read, "full": full, "with_date": full, "with_author": full - 4} | fields)


def fields_lost(*nights: Night) -> list[str]:
    return [loss.field for loss in losses(nights)]


@pytest.mark.parametrize(
    ("last", "lost"),
    [
        (usual(), []),
        (usual(read=2, empty=19, letters=3000), ["text"]),
        (usual(letters=12_000), ["text"]),
        (usual(letters=20_000), []),
        (usual(with_author=0), ["author"]),
        (usual(with_date=1, with_author=1), ["date", "author"]),
        (usual(read=1, full=1, empty=0), [""]),
        (usual(read=9, full=9), []),
        (Night(), [""]),
        (usual(read=3, full=3, empty=0, with_date=0), [""]),
    ],
    ids=[
        "as usual",
        "pages without text",
        "shorter texts",
        "a little shorter",
        "no authors",
        "no dates and authors",
        "hardly any",
        "a slow day",
        "none at all",
        "too few to say what is in them",
    ],
)
def test_what_a_night_lacks_by_the_nights_before(last: Night, lost: list[str]) -> None:
    assert fields_lost(*[usual()] * 6, last) == lost


def test_too_little_past_says_nothing() -> None:
    assert fields_lost(usual(), usual(), usual(with_author=0)) == []


def test_what_an_outlet_never_had_it_cannot_lose() -> None:
    assert fields_lost(*[usual(with_author=2)] * 6, usual(with_author=0)) == []


def test_a_redesign_is_told_in_words_with_figures() -> None:
    (loss,) = losses([*[usual()] * 5, usual(with_author=1)])
    assert loss.detail == "5% of the articles have an author; 80% are usual"


def test_only_those_with_a_loss_are_named() -> None:
    nights = [usual()] * 5
    assert list(lost_by_group({"a": [*nights, usual()], "b": [*nights, usual(letters=0)]})) == ["b"]


def test_nights_without_any_pages_are_no_standard() -> None:
    assert fields_lost(usual(), Night(), usual(), Night(), usual(), usual()) == []


def test_a_weekday_is_held_against_its_own_kind() -> None:
    week = [usual()] * 5 + [Night(), usual(read=2, full=2)]  # Monday to Sunday
    assert fields_lost(*week * 3, *week[:5], Night()) == []
    assert fields_lost(*week * 3, *week[:2], Night()) == [""]


def test_no_nights_at_all() -> None:
    assert losses([]) == []


@pytest.mark.parametrize(
    ("past", "last", "told"),
    [
        ([Attempts(40, 2)] * 5, Attempts(40, 30), True),
        ([Attempts(40, 2)] * 5, Attempts(40, 4), False),
        ([Attempts(40, 0)] * 5, Attempts(12, 12), True),
        ([Attempts(40, 0)] * 5, Attempts(4, 4), False),
        ([Attempts(40, 20)] * 5, Attempts(40, 25), False),
        ([Attempts(40, 2)] * 2, Attempts(40, 39), False),
        ([Attempts()] * 5, Attempts(40, 39), False),
        ([Attempts(40, 2)] * 5, Attempts(), False),
    ],
    ids=["jumps", "as usual", "all of a few", "too few", "many are usual", "too little past", "nothing before", "nothing asked"],
)
def test_links_without_an_article_are_told_of_when_they_jump(past: list[Attempts], last: Attempts, told: bool) -> None:
    loss = without_article([*past, last])
    assert (loss is not None) is told
    if loss:
        assert loss.detail.startswith(f"{last.without} of {last.attempted} links brought no article; ")


@pytest.mark.parametrize(
    ("past", "last", "told"),
    [([], Attempts(20, 20), True), ([Attempts(20, 20)] * 2, Attempts(20, 20), True), ([], Attempts(9, 9), False), ([], Attempts(), False)],
    ids=["first night", "third night", "a few", "nothing asked"],
)
def test_an_outlet_without_a_past_is_told_of_when_none_of_its_links_brought_an_article(
    past: list[Attempts], last: Attempts, told: bool
) -> None:
    loss = without_article([*past, last])
    assert (loss.detail if loss else "") == ("none of 20 links brought an article" if told else "")
