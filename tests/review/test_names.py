"""Names of people at the desk: one alphabet, and none that passes for somebody else's."""

from __future__ import annotations

import pytest

from tracker.review.names import is_plain, shape


@pytest.mark.parametrize(
    "name", ["Arta", "Čedomir Đukić", "Ђорђе Ћирић", "Ѓорѓи", "Njomza Ëmbëlsira", "jo@ngo.example", "O’Neil", "Ana-2 B.", "Șerban", "7"]
)
def test_a_name_in_one_of_the_alphabets_is_plain(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize(
    "name",
    [
        "Аrta",  # a Cyrillic first letter
        "Сара K",
        "administrаtor",
        "Αrta",  # a Greek one
        "Ａrta",  # full width
        "𝐀rta",  # mathematical
        "ɑrta",
        "Arta\u0335",
        "Ar\u200bta",
        "Arta\u202etra",
        "Arta‐B",  # another hyphen
        "Аrtа٣",
        "Arta/B",
        "<b>",
    ],
)
def test_a_name_of_mixed_or_foreign_letters_is_not(name: str) -> None:
    assert not is_plain(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Capa", "Сара"),
        ("administrator", "adm1nistrator"),
        ("Milan", "MiIan"),
        ("Milan", "rnilan"),
        ("Sofa", "S0fa"),
        ("Ana B", "AnaB"),
        ("Aca", "Аса"),
    ],
)
def test_names_that_pass_for_each_other_have_one_shape(one: str, other: str) -> None:
    assert shape(one) == shape(other)


@pytest.mark.parametrize(("one", "other"), [("Ana", "Anna"), ("Besa", "Beso"), ("Ana 2", "Ana 3"), ("Arta", "Арта"), ("Сара", "Sara")])
def test_names_that_can_be_told_apart_have_two(one: str, other: str) -> None:
    assert shape(one) != shape(other)
