from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sources.plain_text import MAX_SUMMARY_CHARS, plain_summary, plain_title
from tracker.urls.links import is_front_page, web_address

BASE = "https://gazeta.example/a/feed.xml"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("b/1", "https://gazeta.example/a/b/1"),
        ("/1", "https://gazeta.example/1"),
        ("//tjeter.example/1", "https://tjeter.example/1"),
        ("\n\u200b https://tjeter.example/1 \u00a0", "https://tjeter.example/1"),
        ("https://tjeter.example/një lajm", "https://tjeter.example/një%20lajm"),
        ("HTTPS://tjeter.example/1", "https://tjeter.example/1"),
        ("", ""),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("https://", ""),
        ("https://user@tjeter.example/", ""),
        ("https://tjeter.example:0/", ""),
        ("https://tjeter.example:99999/", ""),
        ("https://tjeter.example\\@evil.example/", ""),
        ("https://tje%74er.example/", ""),
        ("https://[::1", ""),
        ("https://tjeter.example/" + "x" * 3000, ""),
    ],
)
def test_only_web_addresses_come_out_and_they_are_absolute(printed: str, expected: str) -> None:
    assert web_address(printed, BASE) == expected


@given(st.text(max_size=80))
def test_whatever_is_printed_gives_a_web_address_or_nothing(printed: str) -> None:
    found = web_address(printed, BASE)
    assert found == "" or urlsplit(found).scheme in ("http", "https")
    assert web_address(found) == found


def test_a_front_page_is_known() -> None:
    assert is_front_page("https://gazeta.example/")
    assert not is_front_page("https://gazeta.example/?p=1")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("AT&amp;amp;T &lt;3", "AT&T <3"),
        ("<p>Një</p><p>dy</p>", "Një dy"),
        ("<b>fj</b>alë", "fjalë"),
        ("a<!-- <b> -->b<style>p{}</style>c<SCRIPT>x</SCRIPT >d", "ab c d"),
        ("5 < 6 e 7 > 3", "5 < 6 e 7 > 3"),
        (" \t\n\u00a0 Titull\r\n i \u00a0 gjatë ", "Titull i gjatë"),
        ("<script>pa fund", ""),
    ],
)
def test_markup_becomes_plain_text(source: str, expected: str) -> None:
    assert plain_title(source) == expected


@given(st.text(max_size=200))
def test_plain_text_is_one_line_without_control_characters(source: str) -> None:
    found = plain_summary(source)
    assert found == " ".join(found.split())
    assert len(plain_summary(source * 1000)) <= MAX_SUMMARY_CHARS
