"""Expressions over addresses, which anybody writes: time grows with the address only, and absurd ones have no key."""

from __future__ import annotations

import pytest

from tests.linear import grows_linearly
from tracker.register.catalog import shipped
from tracker.urls.canonical import normalise
from tracker.urls.rulebook import rules_of

RULES = rules_of(shipped().outlets)
PIECES = (
    "/amp",
    "/index.php",
    "/a",
    "a",
    "1",
    "-",
    ".",
    "%",
    "%41",
    "/..",
    "//",
    ";jsessionid=",
    "&a=1",
    "&",
    "amp;",
    "?",
    "=",
    "+",
    ":",
    "@",
    "/lat",
    "/print",
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("head", ["https://www.klix.ba/", "https://www.rts.rs/?", "https://politika.rs/a?x="])
def test_the_key_of_an_address_takes_time_that_grows_with_it_only(head: str, piece: str) -> None:
    def many(tail: str) -> None:
        for number in range(50):
            normalise(f"{head}{number}{tail}!", RULES)

    assert grows_linearly(many, lambda chars: piece * (chars // len(piece)), chars=3900)


@pytest.mark.parametrize("piece", ["a", "m.", "www.", "lat.", ".", "-", "\u0451"])
def test_the_key_of_a_host_takes_time_that_grows_with_it_only(piece: str) -> None:
    def many(name: str) -> None:
        for number in range(100):
            normalise(f"https://{name}{number}.rtrs.tv/", RULES)

    assert grows_linearly(many, lambda chars: piece * (chars // len(piece)), chars=3900)


@pytest.mark.parametrize("address", ["https://a.al" + "/amp/index.php" * 50, "https://a.al/?" + "&".join(f"a{n}=1" for n in range(200))])
def test_an_address_with_more_ornament_than_any_real_one_has_no_key(address: str) -> None:
    assert normalise(address) == ""
