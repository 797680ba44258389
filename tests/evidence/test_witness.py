"""The line at an edition's foot, as it comes back from mail, paper and telephone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.evidence.witness import Witness, read_witness, witness_line
from tracker.locale.wording import wording
from tracker.model import LANGUAGES

LINK = bytes(range(32))
LINE = witness_line("2026-03-14", LINK)


@given(st.binary(min_size=32, max_size=32), st.dates().map(str))
def test_what_is_printed_is_read_again(link: bytes, day: str) -> None:
    line = witness_line(day, link)
    assert len(line) == 75
    assert read_witness(line) == Witness(day, link)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_sentence_of_an_edition_is_read_in_every_language(language: str) -> None:
    assert read_witness(wording(language).say("witness", line=LINE)) == Witness("2026-03-14", LINK)


@pytest.mark.parametrize(
    "broken",
    [
        LINE.lower(),
        LINE[:11] + LINE[11:].replace("-", " - "),
        LINE[:11] + LINE[11:].replace("-", ""),
        LINE[:11] + LINE[11:].replace("-", "‑"),
        LINE[:11] + "\r\n> " + LINE[11:40] + "\n> > " + LINE[40:],
        LINE[:30] + "=\n" + LINE[30:],
        f"*{LINE}*.",
        f"Evidence line ({LINE}), kept",
        LINE[:11] + LINE[11:].translate({79: 48, 73: 49, 66: 56}),
    ],
    ids=["small", "spaced", "without dashes", "other dashes", "quoted", "soft break", "starred", "in words", "digits for letters"],
)
def test_a_line_survives_what_mail_and_people_do_to_it(broken: str) -> None:
    assert read_witness(broken) == Witness("2026-03-14", LINK)


@pytest.mark.parametrize(
    "text", ["", "2026-03-14", LINE[:-2], "2026-13-14" + LINE[10:], LINE[:-1] + "9", LINE + "ABCD", "x" * 100_000, LINE[:-1] + "B"]
)
def test_what_is_no_line_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError):
        read_witness(text)
