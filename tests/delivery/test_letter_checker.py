"""The checker finds what it is for, and nothing in letters that are well."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.delivery.letter_checker import faults
from tests.delivery.letters import RENDERED, SENDER, an_envelope
from tracker.delivery.message import list_id_of, write_letter
from tracker.model import Document

HTML = '<html><body><div class="preheader" style="display: none">Tre lajme sot në media</div><p>Tekst</p></body></html>'
GOOD = replace(RENDERED, text="Tri lajme sot.\nFund.", html=HTML)
LISTED = replace(an_envelope(), list_id="rivers.weekly.coverage.ngo.example")
LETTER = write_letter(GOOD, (Document("pdf", "application/pdf", b"%PDF"),), SENDER, LISTED)


def test_a_letter_that_is_well_has_no_fault() -> None:
    assert faults(LETTER) == []
    clicked = replace(SENDER, unsubscribe_url="https://ngo.example/out?who={recipient}")
    assert faults(write_letter(GOOD, (), clicked, LISTED)) == []
    assert faults(write_letter(GOOD, (), SENDER, LISTED, with_html=False)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"\r\nDate:", b"\nDate:", "CRLF"),
        (b"\r\nDate:", b"\r\nX: " + b"y" * 999 + b"\r\nDate:", "too long"),
        (b"Auto-Submitted: auto-generated\r\n", b"", "Auto-Submitted is missing"),
        (b"auto-generated", b"maybe", "RFC 3834"),
        (b"List-Id: <rivers.weekly.coverage.ngo.example>\r\n", b"", "List-Id is missing"),
        (b"<rivers.weekly.coverage.ngo.example>", b"rivers", "RFC 2919"),
        (b"\r\nTo: ", b"\r\nBcc: b@example.org\r\nTo: ", "Bcc names others"),
        (b"\r\nTo: ", b"\r\nTo: b@example.org\r\nTo: ", "To stands 2 times"),
        (b"Message-ID: <abc@ngo.example>", b"Message-ID: abc", "Message-ID"),
        (b"List-Unsubscribe: ", b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Unsubscribe: ", "RFC 8058"),
        (b"List-Unsubscribe: <mailto:", b"List-Unsubscribe: <http:", "RFC 2369"),
        (b"preheader", b"heading", ""),
        (b"display: none", b"color: red", ""),
        (b"Tri lajme sot.", b"", "plainest form"),
    ],
)
def test_a_letter_with_a_fault_is_told_it(old: bytes, new: bytes, told: str) -> None:
    assert old in LETTER
    found = faults(LETTER.replace(old, new, 1))
    assert any(told in fault for fault in found) if told else found == []


def test_addresses_longer_than_a_line_stay_whole() -> None:
    """Mail programs read them as they stand: encoded, one click would lead nowhere."""
    url = f"https://desk.an-organisation-with-a-long-name.example/letters/{'aB9_-' * 40}"
    listed = replace(an_envelope(f"{'long' * 15}@organisation.example"), list_id=f"{'r' * 60}.weekly.coverage.organisation.example")
    letter = write_letter(GOOD, (), replace(SENDER, unsubscribe_url=url), listed)
    assert faults(letter) == []
    assert url.encode() in letter
    assert faults(letter.replace(b"List-Id: <", b"List-Id: =?utf-8?q?=3C?= <"))


def test_a_page_that_begins_with_other_words_has_no_preheader() -> None:
    assert "no preheader" in str(
        faults(write_letter(replace(GOOD, html="<html><body><p>Logo of ours</p></body></html>"), (), SENDER, LISTED))
    )


def test_a_list_is_named_below_the_senders_domain_the_same_every_time() -> None:
    assert list_id_of("rivers", "weekly", "Press <p@ngo.example>") == "rivers.weekly.coverage.ngo.example"
    names = {list_id_of(name, "weekly", "p@ngo.example") for name in ("реке", "rijeke_2026", "rijeke-2026", "Rijeke-2026", "é")}
    assert len(names) == 4
    assert all(name.isascii() and name.endswith(".weekly.coverage.ngo.example") for name in names)
