from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, a_story_text
from tests.peers import times_of
from tracker.model import StoryText
from tracker.stories.fingerprint import candidate_pairs
from tracker.stories.grouping import group_texts
from tracker.stories.shingles import folded_words, shingles_of

LETTERS = "bdfgklmnprstvz"


def invented(seed: int, words: int) -> str:
    """Prose of invented words; another seed gives another text."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choice(LETTERS) + chance.choice("aeiou") for _ in range(chance.randint(1, 4))) for _ in range(words))


def groups(*texts: StoryText) -> set[tuple[int, ...]]:
    return {story.article_ids for story in group_texts(texts)}


def test_no_texts_give_no_stories() -> None:
    assert group_texts([]) == ()


@pytest.mark.parametrize("body", ["", "uji", invented(1, 200)])
def test_one_text_is_a_story_of_its_own(body: str) -> None:
    (story,) = group_texts([a_story_text(7, body)])
    assert (story.article_ids, story.key) == ((7,), "story-7")


def test_a_copy_with_another_headline_and_a_sentence_more_is_the_same_story() -> None:
    body = invented(1, 150)
    texts = a_story_text(1, body, title="A"), a_story_text(2, invented(2, 12) + " " + body, title="B"), a_story_text(3, invented(3, 150))
    assert groups(*texts) == {(1, 2), (3,)}


def test_a_copy_in_cyrillic_without_accents_or_case_is_the_same_story() -> None:
    latin = "Rijeka je ponovo čista i djeca se kupaju svakog dana od jutra do večeri uz obalu " * 2 + invented(4, 30)
    cyrillic = "Ријека је поново чиста и дјеца се купају сваког дана од јутра до вечери уз обалу " * 2 + invented(4, 30)
    assert groups(a_story_text(1, latin), a_story_text(2, cyrillic), a_story_text(3, latin.upper())) == {(1, 2, 3)}


def test_half_of_a_text_in_common_is_not_enough() -> None:
    shared = invented(1, 100)
    assert groups(a_story_text(1, shared + " " + invented(2, 100)), a_story_text(2, shared + " " + invented(3, 100))) == {(1,), (2,)}


def test_the_first_paragraphs_of_a_text_are_the_same_story() -> None:
    body = invented(1, 400)
    lead = " ".join(body.split()[:80])
    assert groups(a_story_text(1, body), a_story_text(2, lead)) == {(1, 2)}


def test_a_round_up_of_several_stories_joins_none_of_them() -> None:
    bodies = [invented(seed, 80) for seed in range(4)]
    assert groups(*(a_story_text(number, body) for number, body in enumerate(bodies, 1)), a_story_text(9, " ".join(bodies))) == {
        (1,),
        (2,),
        (3,),
        (4,),
        (9,),
    }


def test_what_an_outlet_prints_under_every_article_does_not_glue_them() -> None:
    footer = invented(99, 120)
    texts = [a_story_text(number, invented(number, 60) + " " + footer, outlet_id="same") for number in range(1, 6)]
    assert groups(*texts) == {(number,) for number in range(1, 6)}


def test_an_outlets_footer_does_not_keep_its_copy_from_the_original() -> None:
    footer, copied = invented(99, 200), invented(1, 100)
    own = [a_story_text(number, invented(number, 100) + " " + footer, outlet_id="same") for number in range(2, 6)]
    assert groups(a_story_text(1, copied), a_story_text(9, copied + " " + footer, outlet_id="same"), *own) == {
        (1, 9),
        (2,),
        (3,),
        (4,),
        (5,),
    }


def test_an_article_published_again_and_again_by_one_outlet_is_no_template() -> None:
    body = invented(1, 120)
    texts = [a_story_text(number, body + f" version{number}", outlet_id="same") for number in range(1, 5)]
    assert groups(*texts, a_story_text(9, body, outlet_id="other")) == {(1, 2, 3, 4, 9)}


def test_a_story_copied_by_thirty_outlets_is_one() -> None:
    body = invented(1, 150)
    assert groups(*(a_story_text(number, f"{body} {invented(number, 20)}") for number in range(30))) == {tuple(range(30))}


@pytest.mark.parametrize(
    ("title", "days", "bodies", "same"),
    [
        ("Lumi doli nga shtrati mbrëmë", 0, ("", ""), True),
        ("Lumi doli nga shtrati mbrëmë", 2, (invented(1, 30), invented(2, 30)), True),
        ("Lumi doli nga shtrati mbrëmë", 30, (invented(1, 30), invented(2, 30)), False),
        ("Lumi doli nga shtrati mbrëmë", 0, (invented(1, 30), invented(2, 300)), True),
        ("Lumi doli nga shtrati mbrëmë", 0, (invented(1, 300), invented(2, 300)), False),
        ("Moti sot", 0, (invented(1, 10), invented(2, 10)), False),
        ("Moti sot", 0, ("Me diell në gjithë vendin", "Me diell në gjithë vendin"), True),
        ("", 0, ("", ""), False),
    ],
)
def test_short_texts_go_by_their_headline(title: str, days: int, bodies: tuple[str, str], same: bool) -> None:
    one = a_story_text(1, bodies[0], title=title, published_at=NOW)
    other = a_story_text(2, bodies[1], title=title.upper(), published_at=NOW + timedelta(days=days))
    assert groups(one, other) == ({(1, 2)} if same else {(1,), (2,)})


def test_an_outlets_column_of_one_headline_is_not_one_story() -> None:
    title = "Pyetje dhe përgjigje nga lexuesit"
    texts = [a_story_text(number, invented(number, 30), title=title, outlet_id="same", published_at=NOW) for number in range(1, 5)]
    assert groups(*texts) == {(1,), (2,), (3,), (4,)}


def bulletin(day: int, *, cases: int) -> str:
    """A day's figures in the words of every day."""
    form = invented(50, 60).split()
    figures = (cases, cases + 13, 29_000 + 37 * cases, 5_000 + cases, 100 + cases, 2_500 + 11 * cases, 2_700 + cases, day)
    return " ".join(f"{word} {figures[number // 7]}" if number % 7 == 0 and number < 56 else word for number, word in enumerate(form))


def test_a_bulletin_of_one_day_at_two_outlets_is_one_story_though_one_prints_its_words_every_day() -> None:
    daily = [
        a_story_text(day, bulletin(day, cases=100 + 7 * day), outlet_id="daily", published_at=NOW + timedelta(days=day))
        for day in range(1, 7)
    ]
    copy = a_story_text(9, bulletin(4, cases=128), title="Sot", outlet_id="other", published_at=NOW + timedelta(days=4, hours=20))
    assert groups(*daily, copy) == {(1,), (2,), (3,), (4, 9), (5,), (6,)}


def test_two_articles_of_one_outlet_under_one_headline_stay_apart() -> None:
    title = "Marrëveshja që do të bëhet sot"
    texts = [a_story_text(number, invented(number, 30), title=title, outlet_id="same", published_at=NOW) for number in (1, 2)]
    assert groups(*texts) == {(1,), (2,)}


@pytest.mark.parametrize(("days", "same"), [(0, True), (3, False)])
def test_a_brief_headline_counts_where_texts_of_one_day_tell_of_it(days: int, same: bool) -> None:
    one = a_story_text(1, "Kompozitor Kornelije Kovač preminuo je danas.", title="Preminuo Kornelije Kovač", published_at=NOW)
    other = a_story_text(
        2,
        "Rođen u Nišu, Kornelije Kovač osnovao je Korni grupu.",
        title="PREMINUO KORNELIJE KOVAČ",
        published_at=NOW + timedelta(days=days, hours=1),
    )
    assert groups(one, other) == ({(1, 2)} if same else {(1,), (2,)})


def test_what_an_outlet_prints_under_other_headlines_day_after_day_is_no_story() -> None:
    printed = invented(70, 40)
    titles = ("Amra piše knjigu o moru", "Lejla trenira plivanje", "Sanja otvara radionicu", "Jasna svira u orkestru")
    texts = [
        a_story_text(number, printed, title=title, outlet_id="same", published_at=NOW + timedelta(days=3 * number))
        for number, title in enumerate(titles)
    ]
    assert groups(*texts) == {(0,), (1,), (2,), (3,)}


def test_an_article_given_twice_is_one_text() -> None:
    assert groups(a_story_text(1, invented(1, 50)), a_story_text(1, invented(1, 50))) == {(1,)}


def test_a_storys_key_stays_when_copies_join() -> None:
    body = invented(1, 100)
    few = group_texts([a_story_text(4, body), a_story_text(5, body)])
    more = group_texts([a_story_text(9, body), a_story_text(5, body), a_story_text(4, body)])
    assert [story.key for story in few] == [story.key for story in more] == ["story-4"]


_bodies = st.lists(st.sampled_from([invented(seed, 40) for seed in range(6)]), min_size=0, max_size=6).map(" ".join)
_texts = st.lists(
    st.tuples(
        _bodies, st.sampled_from(["", "Moti sot", "Lumi doli nga shtrati mbrëmë"]), st.sampled_from("abc"), st.integers(0, 9) | st.none()
    ),
    max_size=14,
)


@given(_texts, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_show(given_texts: list[tuple[str, str, str, int | None]], chance: random.Random) -> None:
    texts = [
        a_story_text(number, body, title=title, outlet_id=outlet, published_at=None if day is None else NOW + timedelta(days=day))
        for number, (body, title, outlet, day) in enumerate(given_texts, 1)
    ]
    shuffled = texts[:]
    chance.shuffle(shuffled)
    stories = group_texts(texts)
    assert group_texts(shuffled) == stories
    assert sorted(article_id for story in stories for article_id in story.article_ids) == [text.article_id for text in texts]


@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_can_be_grouped(bodies: list[str]) -> None:
    stories = group_texts([a_story_text(number, body, title=body[:40]) for number, body in enumerate(bodies)])
    assert sum(len(story.article_ids) for story in stories) == len(bodies)


def test_pairs_that_share_a_third_become_candidates() -> None:
    texts = []
    for pair in range(200):
        shared = invented(pair, 100)
        texts += [folded_words(f"{shared} {invented(1000 + pair, 100)}"), folded_words(f"{shared} {invented(5000 + pair, 100)}")]
    found = set(candidate_pairs(shingles_of(texts)))
    assert sum((first, second) in found for first, second in pairwise(range(400)) if first % 2 == 0) >= 198
    assert len(found) < 200 + 400


def test_four_times_as_many_texts_take_about_four_times_as_long() -> None:
    """Comparing all pairs would take sixteen times as long."""

    def some(count: int) -> list[StoryText]:
        return [a_story_text(number, invented(number % (count * 3 // 4), 250)) for number in range(count)]

    few, many = some(500), some(2000)
    assert len(group_texts(many)) == 1500
    assert times_of(lambda: group_texts(many), lambda: group_texts(few)) < 10


def test_thousands_of_texts_that_are_alike_are_one_story_without_looking_at_all_pairs() -> None:
    body = " ".join(f"fjala{number} e gjatë" for number in range(60))
    texts = [a_story_text(number, f"{body} mbarimi numër {number}") for number in range(1, 3001)]
    (story,) = group_texts(texts)
    assert len(story.article_ids) == 3000
