"""Whose an address is, by the register."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Outlet
from tracker.urls.owners import HostOwners


def outlet(name: str, homepage: str, *moved: str) -> Outlet:
    return Outlet(name, name, homepage, "BA", ("bs",), moved_hosts=moved)


OWNERS = HostOwners(
    [
        outlet("lum", "https://www.lum.example/", "stari-lum.example"),
        outlet("sport", "https://sport.lum.example/"),
        outlet("rijeka", "http://rijeka.example"),
        outlet("balkan", "https://world.example/balkan/"),
        outlet("twin-a", "https://twins.example/"),
        outlet("twin-b", "https://twins.example"),
    ]
)


@pytest.mark.parametrize(
    ("address", "of"),
    [
        ("https://lum.example/a", {"lum"}),
        ("http://m.lum.example/a?utm_source=x", {"lum"}),
        ("https://kultura.lum.example/a", {"lum"}),
        ("https://stari-lum.example/a", {"lum"}),
        ("https://sport.lum.example/a", {"sport"}),
        ("https://world.example/balkan/a", {"balkan"}),
        ("https://world.example/balkanika", set()),
        ("https://world.example/asia/a", set()),
        ("https://twins.example/a", {"twin-a", "twin-b"}),
        ("https://lum-example.cdn.ampproject.org/c/s/lum.example/a", {"lum"}),
        ("https://rijeka.example/amp/s/lum.example/a", {"rijeka"}),
        ("https://google.com.evil.example/amp/s/lum.example/a", set()),
        ("https://notlum.example/a", set()),
        ("https://lum.example.evil.example/a", set()),
        ("https://10.0.0.1/a", set()),
        ("ftp://lum.example/a", set()),
        ("https://user:word@lum.example/a", set()),
        ("", set()),
    ],
)
def test_an_address_is_of_the_outlets_of_its_host(address: str, of: set[str]) -> None:
    assert OWNERS.of(address) == of


def test_who_names_an_address_of_a_shared_or_unknown_host_owns_it() -> None:
    assert OWNERS.owner_for("https://twins.example/a", "twin-b") == "twin-b"
    assert OWNERS.owner_for("https://unknown.example/a", "lum") == "lum"
    assert OWNERS.owner_for("https://rijeka.example/a", "lum") == "rijeka"


@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    assert OWNERS.of(text) <= {"lum", "sport", "rijeka", "balkan", "twin-a", "twin-b"}
