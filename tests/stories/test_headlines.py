from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_story_text
from tracker.stories.headlines import Agreed, Headlines

SUBJECTS = ("Rijeka poplavila", "Škola obnovljena", "Most zatvoren", "Vlada zasjeda", "Cijene rastu", "Požar ugašen")


def titled(*titles: str, outlet_id: str = "one") -> Headlines:
    return Headlines([a_story_text(number, title=title, outlet_id=outlet_id) for number, title in enumerate(titles)])


def test_what_an_outlet_prints_in_all_its_headlines_is_left_out() -> None:
    behind = titled(*(f"{subject} jutros - BL Portal" for subject in SUBJECTS))
    before = titled(*(f"Source.ba:{subject} danas" for subject in SUBJECTS))
    assert behind.words[0] == ("rijeka", "poplavila") or behind.words[0] == ("rijeka", "poplavila", "jutros")
    assert before.words[1][:2] == ("skola", "obnovljena")


def test_few_headlines_are_left_as_they_are() -> None:
    assert titled("Most zatvoren | BN", "Vlada zasjeda | BN").words[0] == ("most", "zatvoren", "bn")


def test_a_headline_that_is_the_signature_alone_stays() -> None:
    assert titled(*["Vijesti dana"] * 6).words[0] == ("vijesti", "dana")


def test_headlines_agree_on_nothing_a_word_a_subject_or_most() -> None:
    found = titled(
        "Ministar najavio gradnju mosta preko rijeke Drine kod Zvornika",
        "Ministrica otputovala",
        "Zatvoren most preko Drine",
        "Gradnja mosta kod Zvornika počinje, ministar najavio",
        "Horoskop",
    )
    assert [found.agreed(0, other) for other in (4, 1)] == [Agreed.ON_NOTHING, Agreed.ON_A_WORD]
    assert found.agreed(0, 3) is Agreed.ON_MOST


@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from("ab")), max_size=14))
def test_any_headlines_can_be_read(given_titles: list[tuple[str, str]]) -> None:
    found = Headlines([a_story_text(number, title=title, outlet_id=outlet) for number, (title, outlet) in enumerate(given_titles)])
    assert len(found.words) == len(given_titles)
    for one in range(len(given_titles)):
        for other in range(one):
            assert found.agreed(one, other) is found.agreed(other, one)
