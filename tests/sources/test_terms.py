from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Terms, TermsSaid, TermsVia
from tracker.sources.terms import terms_of

RESERVED = Terms(TermsVia.META, TermsSaid.RESERVED)


@pytest.mark.parametrize(
    ("headers", "page", "found"),
    [
        ([], b"<html><head></head>", ()),
        ([("TDM-Reservation", "1")], b"", (Terms(TermsVia.HEADER, TermsSaid.RESERVED),)),
        ([("tdm-reservation", " 0 ")], b"", (Terms(TermsVia.HEADER, TermsSaid.OPEN),)),
        ([("tdm-reservation", "yes")], b"", ()),
        ([], b'<meta name="tdm-reservation" content="1">', (RESERVED,)),
        ([], b"<META content=1 NAME=TDM-Reservation >", (RESERVED,)),
        (
            [],
            b"<meta name='tdm-reservation' content='1'><meta name=tdm-policy content='https://a.example/p'>",
            (Terms(TermsVia.META, TermsSaid.RESERVED, "https://a.example/p"),),
        ),
        ([], b'<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="javascript:alert(1)">', (RESERVED,)),
        ([], b" " * 70_000 + b'<meta name="tdm-reservation" content="1">', ()),
        ([], b"<meta name=tdm-reservation content=2>", ()),
    ],
)
def test_what_headers_and_elements_say(headers: list[tuple[str, str]], page: bytes, found: tuple[Terms, ...]) -> None:
    assert terms_of(headers, page) == found


@given(st.lists(st.tuples(st.text(), st.text())), st.binary())
def test_no_page_is_too_strange(headers: list[tuple[str, str]], page: bytes) -> None:
    terms_of(headers, b"<meta tdm-reservation " + page + b">")
