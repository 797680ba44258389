"""A page's source holds nothing that a tree cannot hold, whatever its bytes are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_page
from tracker.extraction.document import _CONTROL, MAX_TAGS, open_document
from tracker.text.charsets import decode

ODD = st.text(alphabet="a<ž€\t\n\r\0\x08\x0b\x1f\x7f\x85\ufeff\ufffd\ufffe\uffff한힣", max_size=12)


@pytest.mark.parametrize("charset", ["utf-8", "cp1250", "utf-16", "cp037"])
@given(ODD)
def test_signs_that_no_document_may_hold_are_spaces(charset: str, text: str) -> None:
    body, kind = f"<p>{text}</p>".encode(charset, "replace"), f"text/html; charset={charset}"
    assert open_document(a_page(body=body, content_type=kind)).source == _CONTROL.sub(" ", decode(body, kind).text)


@given(st.binary(max_size=40))
def test_any_bytes_are_cleaned(body: bytes) -> None:
    assert _CONTROL.search(open_document(a_page(body=body, content_type="text/html")).source) is None


def test_tags_are_counted_and_bounded() -> None:
    assert open_document(a_page(body=b"<p>a</p><p>b")).tags == 3
    long = open_document(a_page(body=b"<b>" * (MAX_TAGS + 5)))
    assert (long.tags, long.source.count("<")) == (MAX_TAGS, MAX_TAGS)
