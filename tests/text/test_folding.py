"""Folding: what becomes equal, what stays, and the way back to every original character."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.text.folding import FOLDING_VERSION, encode, fold, fold_with_offsets, is_plain, latin

REGION = st.text(alphabet="abcdjkxTikToK ëçšžčćđłŠĐабвджљњџћђѓќѕЉЊЏЌкТ#-’“”\u00ad\u200b\u0301\u030c\u0308\u00a0ﬁß1_?İı", max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ђорђе Љубљана Његош Џеп", "djordje ljubljana njegos dzep"),
        ("Đorđe Niš Čačak Žabljak", "djordje nis cacak zabljak"),
        ("Ќосев Ѓорѓи Ѕвезда", "kjosev gjorgji dzvezda"),
        ("Shqipëria Çlirimi", "shqiperia clirimi"),
        ("Łukasz", "lukasz"),
        ("s\u030c e\u0308 c\u0327", "s e c"),
        ("so\u00adft\u200bhy\u2060phen", "softhyphen"),
        ("ﬁnanca", "financa"),
        ("a\u00a0b", "a b"),
        ("„Тест“ – a’b", '"test" - a\'b'),
        ("ТикТoк", "tiktok"),
        ("СRCA", "crca"),
        ("Shqipёria", "shqiperia"),
        ("#SiguriDixhitale", "#siguri dixhitale"),
        ("İstanbul ılık straße", "istanbul ilik strasse"),
        ("ΑΘΗΝΑ", "αθηνα"),
    ],
)
def test_spellings_of_one_word_fold_to_one(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold_with_offsets(text).text == folded


@given(st.one_of(st.text(max_size=80), REGION))
@example("ẞ\u0345ǰ")
@example("#a🅰B")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.one_of(st.text(max_size=80), REGION))
def test_both_ways_of_folding_agree(text: str) -> None:
    assert fold(text) == fold_with_offsets(text).text


@given(st.one_of(st.text(max_size=80), REGION))
def test_every_folded_character_leads_back_to_the_one_it_came_from(text: str) -> None:
    folded = fold_with_offsets(text)
    origins = [folded.origin(index) for index in range(len(folded.text))]
    assert origins == sorted(origins)
    for index, origin in enumerate(origins):
        assert 0 <= origin < len(text)
        start, end = folded.span(index, index + 1)
        assert start == origin < end <= len(text)


@given(before=REGION, after=REGION)
def test_a_word_found_in_folded_text_is_cut_out_of_the_original_as_it_stands(before: str, after: str) -> None:
    original = f"{before} Ha\u00adzí\u0301zaj {after}"
    folded = fold_with_offsets(original)
    at = folded.text.index("hazizaj")
    start, end = folded.span(at, at + len("hazizaj"))
    assert fold(original[start:end]) == "hazizaj"


def test_an_accent_that_stands_apart_belongs_to_the_letter_before_it() -> None:
    folded = fold_with_offsets("Nis\u030c je")
    start, end = folded.span(0, 3)
    assert "Nis\u030c je"[start:end] == "Nis\u030c"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("НИШ", "niš"),
        ("Љубљана", "ljubljana"),
        ("Shqipëri", "shqipëri"),
        ("Nis\u030c", "niš"),
        ("TikTok", "tiktok"),
        ("Ћуприја", "ćuprija"),
    ],
)
def test_in_latin_letters_diacritics_stay(text: str, spelled: str) -> None:
    assert latin(text) == spelled


@given(st.text(max_size=60))
def test_encoding_gives_one_byte_a_character(text: str) -> None:
    assert len(encode(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Šta je TikTok?", True),
        ("ТикТок и TikTok", True),
        ("TikTок", False),
        ("so\u00adft", False),
        ("#SiguriDixhitale", False),
        ("😀 ok", True),
    ],
)
def test_only_texts_with_odd_characters_take_the_slow_way(text: str, plain: bool) -> None:
    assert is_plain(text, encode(text)) is plain


@given(st.text(max_size=40))
def test_composed_and_decomposed_text_fold_alike_where_scripts_have_marks(text: str) -> None:
    composed = "".join(letter for letter in text if letter.isascii() or "\u00c0" <= letter <= "\u017f")
    assert (
        fold(unicodedata.normalize("NFD", composed)).replace(" ", "") == fold(composed).replace(" ", "")
        or "đ" in composed.lower()
        or "ł" in composed.lower()
    )


def test_what_folding_gives_changes_only_together_with_its_version() -> None:
    """Search indexes hold folded text: raise FOLDING_VERSION with any change, and note the new digest here."""
    letters = [chr(code) for code in (*range(0x20, 0x600), *range(0x1E00, 0x2000)) if unicodedata.category(chr(code)) != "Cn"]
    words = ("Вучић i Vučić", "Cepбиja", "#SiguriDixhitale", "lu-\nmi", "Ĳssel", "straße")
    digest = hashlib.sha256("\n".join(map(fold, (*letters, *words))).encode()).hexdigest()[:16]
    assert (FOLDING_VERSION, digest) == (2, "76a3674d132f4ee9")
