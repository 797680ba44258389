"""Which text of a story is the original, and what the others carry. All texts are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.quality.chains import to_cyrillic
from tracker.model import Outlet, Part, Precision, Story, StoryRole, StoryText
from tracker.stories.newsrooms import Newsrooms
from tracker.stories.order import span_of, surely_later
from tracker.stories.roles import parts_of

NEWSROOMS = Newsrooms(
    [
        Outlet("fena", "FENA", "https://fena.ba/", "BA", ("bs",), kind="agency"),
        Outlet("klix", "Klix.ba", "https://www.klix.ba/", "BA", ("bs",)),
        Outlet("danas", "Danas", "https://www.danas.rs/", "RS", ("sr",)),
        Outlet("vijesti", "Vijesti", "https://www.vijesti.me/", "ME", ("cnr",)),
        Outlet("n1-ba", "N1 BiH", "https://n1info.ba/", "BA", ("bs",)),
        Outlet("n1-rs", "N1 Srbija", "https://n1info.rs/", "RS", ("sr",)),
    ]
)
BODY = (
    "Gradska biblioteka u Merturu skenirala je preko osam hiljada stranica starih listova i ponudila ih svim čitateljima. Najstariji primjerak je "
    "iz 1912. godine, a tu su i leci koji su se dosad čuvali isključivo u podrumu. Pet volontera radilo je četrnaest mjeseci na tom poslu."
)
LEAD = "Ko hoće pročitati kako se živjelo prije stotinu godina, ne mora više silaziti u podrum, javljaju iz grada na rijeci Vreli. "
OTHER = (
    "Most preko rijeke Vrele otvoren je za pješake devet mjeseci kasnije nego što je obećano, a obnova je koštala dva miliona eura, od čega je "
    "polovina stigla iz gradskog budžeta, dok će automobili prelaziti tek krajem mjeseca."
)
AT = datetime(2024, 10, 11, 9, 20, 5, tzinfo=UTC)


def _text(
    article_id: int, outlet: str, body: str = BODY, *, minutes: float | None = 0.0, title: str = "Stare novine na mreži"
) -> StoryText:
    return StoryText(article_id, outlet, title, body, None if minutes is None else AT + timedelta(minutes=minutes))


def _parts(*texts: StoryText) -> dict[int, Part]:
    story = Story("story-1", tuple(sorted(text.article_id for text in texts)))
    return {part.article_id: part for part in parts_of(story, {text.article_id: text for text in texts}, NEWSROOMS)}


def _original(*texts: StoryText) -> int:
    (only,) = (one for one, part in _parts(*texts).items() if part.role is StoryRole.ORIGINAL)
    return only


def test_an_article_on_its_own_is_the_original() -> None:
    assert _parts(_text(1, "klix")) == {1: Part(1, StoryRole.ORIGINAL)}


def test_the_earlier_of_two_equal_texts_is_the_original_and_the_later_carries_it() -> None:
    parts = _parts(_text(1, "klix", minutes=40), _text(2, "danas"))
    assert parts[2].role is StoryRole.ORIGINAL
    assert parts[1] == Part(1, StoryRole.CARRIED, 2, 1.0)


def test_a_credit_counts_for_more_than_a_clock() -> None:
    assert _original(_text(1, "klix", BODY + "\nIzvor: Danas", minutes=-50), _text(2, "danas")) == 2


def test_an_agency_is_the_original_of_texts_of_one_hour() -> None:
    assert _original(_text(1, "klix", minutes=-20), _text(2, "fena")) == 2


def test_a_text_that_says_it_is_an_agencys_is_not_the_original() -> None:
    parts = _parts(_text(1, "klix", BODY + " (FENA)"), _text(2, "danas", LEAD + BODY + "\nIzvor: Klix.ba", minutes=30))
    assert (parts[1].role, parts[1].carried_from, parts[1].credited, parts[1].credited_outlet) == (StoryRole.CARRIED, None, "FENA", "fena")
    assert (parts[2].carried_from, parts[2].gives_credit) == (1, True)


def test_a_copy_of_a_copy_names_the_one_it_was_taken_from() -> None:
    changed = LEAD + BODY.replace("osam hiljada", "8.000").replace("Pet volontera", "Petoro ljudi")
    parts = _parts(_text(1, "fena"), _text(2, "klix", changed, minutes=15), _text(3, "danas", changed, minutes=55))
    assert (parts[2].carried_from, parts[3].carried_from) == (1, 2)


def test_the_same_text_in_the_other_script_is_carried_whole() -> None:
    assert _parts(_text(1, "fena"), _text(2, "danas", to_cyrillic(BODY), minutes=9))[2].shared == 1.0


def test_a_report_in_its_own_words_carries_nothing() -> None:
    parts = _parts(_text(1, "klix"), _text(2, "danas", minutes=5), _text(3, "vijesti", OTHER, minutes=1))
    assert parts[3] == Part(3, StoryRole.OWN_WORDS)


def test_what_follows_a_report_in_its_own_words_carries_that() -> None:
    texts = [_text(number, outlet, minutes=number) for number, outlet in ((1, "fena"), (2, "klix"), (3, "n1-ba"))]
    parts = _parts(*texts, _text(4, "vijesti", OTHER, minutes=1), _text(5, "danas", OTHER, minutes=90))
    assert (parts[4].role, parts[5].carried_from) == (StoryRole.OWN_WORDS, 4)


def test_a_headline_alone_is_carried_from_whom_it_stands_with() -> None:
    parts = _parts(
        _text(1, "klix", title="Osam hiljada stranica starih listova na mreži"),
        _text(2, "danas", "", minutes=30, title="Osam hiljada stranica starih listova na mreži"),
    )
    assert (parts[2].role, parts[2].carried_from, parts[2].shared) == (StoryRole.CARRIED, 1, 1.0)


def test_outlets_of_one_name_may_each_be_credited() -> None:
    parts = _parts(_text(1, "n1-rs"), _text(2, "klix", BODY + " Izvor: N1", minutes=3), _text(3, "danas", BODY + "\nIzvor: N1", minutes=4))
    assert parts[2].carried_from == parts[3].carried_from == 1
    assert parts[2].gives_credit


def test_the_order_of_arrival_does_not_show() -> None:
    bodies = (BODY, LEAD + BODY, BODY + "\nIzvor: Klix.ba", OTHER)
    outlets = ("klix", "danas", "vijesti", "n1-ba")
    found = set()
    for order in permutations(range(4)):
        texts = [_text(number, outlets[at], bodies[at], minutes=at * 7) for number, at in enumerate(order, 1)]
        parts = _parts(*texts)
        at_of = dict(enumerate(order, 1))
        found.add(tuple(sorted((at_of[one], part.role, part.carried_from and at_of[part.carried_from]) for one, part in parts.items())))
    assert len(found) == 1


def test_what_an_outlet_prints_under_every_article_is_no_part_of_the_text() -> None:
    printed = " Pratite nas na društvenim mrežama i šaljite fotografije redakciji svakog dana od osam sati ujutro."
    texts = {1: _text(1, "klix", BODY + printed), 2: _text(2, "danas", minutes=10)}
    from tracker.stories.shingles import folded_words, shingles_of

    template = frozenset(shingles_of([folded_words(printed)])[0])
    story = Story("story-1", (1, 2))
    later = {**texts, 1: replace(texts[1], published_at=AT + timedelta(hours=5))}
    without, learned = (parts_of(story, later, NEWSROOMS, templates)[0].shared or 0 for templates in ({}, {"klix": template}))
    assert without < learned
    assert learned > 0.95


@pytest.mark.parametrize(
    ("published", "precision", "minutes"),
    [
        (datetime(2024, 10, 11, 9, 20, 5, tzinfo=UTC), Precision.MINUTE, 0),
        (datetime(2024, 10, 11, 9, 20, tzinfo=UTC), Precision.MINUTE, 1),
        (datetime(2024, 10, 11, 9, tzinfo=UTC), Precision.MINUTE, 60),
        (datetime(2024, 10, 11, tzinfo=UTC), Precision.MINUTE, 24 * 60),
        (datetime(2024, 10, 11, 17, 3, tzinfo=UTC), Precision.DAY, 24 * 60),
    ],
)
def test_a_time_is_as_exact_as_it_is_written(published: datetime, precision: Precision, minutes: int) -> None:
    span = span_of(StoryText(1, "klix", "", "", published, precision))
    assert span.last - span.first == timedelta(minutes=minutes)


def test_what_has_no_time_is_later_than_nothing() -> None:
    timed, untimed = (span_of(_text(1, "klix", minutes=minutes)) for minutes in (0, None))
    assert surely_later(timed, untimed) == surely_later(untimed, timed) == timedelta()


@given(
    st.lists(st.tuples(st.sampled_from(["klix", "fena", "danas", ""]), st.text(max_size=60), st.text(max_size=80)), min_size=1, max_size=5)
)
def test_every_article_of_a_story_has_one_part_and_no_ring_of_sources(drawn: list[tuple[str, str, str]]) -> None:
    parts = _parts(*(_text(number, outlet, body, title=title) for number, (outlet, title, body) in enumerate(drawn)))
    assert sorted(parts) == list(range(len(drawn)))
    for one in parts:
        way = [one]
        while (source := parts[way[-1]].carried_from) is not None:
            assert source not in way
            way.append(source)
