"""What a person may ask for by country, language and outlet; and what is answered to what nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quarter import OUTLETS
from tracker.digests.scopes import read_scope
from tracker.errors import UsageError
from tracker.model import Outlet, Scope

KNOWN = {outlet.id: outlet for outlet in OUTLETS}


@pytest.mark.parametrize(
    ("countries", "languages", "outlets", "expected"),
    [
        ((), (), (), Scope()),
        (("XK",), (), (), Scope(("XK",))),
        (("xk", "Kosovo", " AL "), (), (), Scope(("XK", "AL"))),
        (("north macedonia", "XB"), (), (), Scope(("MK", "XB"))),
        ((), ("sq", "SR-Latn", "sr-Cyrl"), (), Scope((), ("sq", "sr"))),
        ((), ("Albanian", "macedonian"), (), Scope((), ("sq", "mk"))),
        ((), (), ("nov-den", "НОВ ДЕН"), Scope((), (), (("nov-den", "Нов ден"),))),
        ((), (), ("koha e lumit",), Scope((), (), (("koha-e-lumit", "Koha e Lumit"),))),
        (("MK",), ("sq",), ("nov-den",), Scope(("MK",), ("sq",), (("nov-den", "Нов ден"),))),
    ],
)
def test_codes_and_names_are_taken_as_people_write_them(
    countries: tuple[str, ...], languages: tuple[str, ...], outlets: tuple[str, ...], expected: Scope
) -> None:
    assert read_scope(countries, languages, outlets, KNOWN) == expected


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"countries": ("KS",)}, r"no country 'KS'; known are AL \(Albania\).*XK \(Kosovo\)"),
        ({"countries": ("",)}, "no country ''; known are"),
        ({"languages": ("xx",)}, r"no language of articles 'xx'; known are sq \(Albanian\)"),
        ({"outlets": ("koha",)}, r"no outlet 'koha'; the nearest are koha-e-lumit \(Koha e Lumit\).*`tracker sources list` shows all 11"),
        ({"outlets": ("Tara infos",)}, r"the nearest are tara-info \(Tara info\)"),
        ({"outlets": ("",)}, "no outlet ''; `tracker sources list`"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(asked: dict[str, tuple[str, ...]], told: str) -> None:
    given_words = {"countries": (), "languages": (), "outlets": (), **asked}
    with pytest.raises(UsageError, match=told):
        read_scope(**given_words, known=KNOWN)


def test_two_outlets_of_one_name_are_both_meant() -> None:
    twin = Outlet("nov-den-2", "Нов ден", "https://two.example/", "RS", ("mk",))
    assert read_scope((), (), ("Нов ден",), {**KNOWN, twin.id: twin}).outlet_ids == {"nov-den", "nov-den-2"}


@given(st.lists(st.text(max_size=30), max_size=3), st.lists(st.text(max_size=30), max_size=3), st.lists(st.text(max_size=30), max_size=3))
def test_any_words_are_a_scope_or_an_error_in_words(countries: list[str], languages: list[str], outlets: list[str]) -> None:
    told, scope = "", Scope()
    try:
        scope = read_scope(countries, languages, outlets, KNOWN)
    except UsageError as error:
        told = str(error)
    assert ("known are" in told or "sources list" in told) if told else bool(scope) == bool(countries or languages or outlets)
