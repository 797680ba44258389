from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.peers import seconds_of
from tracker.text.charsets import decode, repair_text

SQ = "Fëmijët dhe mësuesit në Tiranë kërkojnë çdo ditë më shumë siguri"
HBS = "Šest đaka i učiteljica žele čistiju školu i ćošak za čitanje"
MK = "Владата денеска објави новости за децата и училиштата"
SR = "Ђаци и учитељи желе чистију школу и ћошак за читање"

WORDS = st.sampled_from((SQ + " " + HBS + " " + MK + " " + SR).split())
LATIN = st.lists(st.sampled_from(HBS.split()), min_size=6, max_size=40).map(" ".join)
CYRILLIC = st.lists(st.sampled_from((MK + " " + SR).split()), min_size=3, max_size=40).map(" ".join)


@given(st.lists(WORDS, max_size=60).map(" ".join), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_any_text_of_the_region_in_unicode_comes_back_whatever_the_label_says(text: str, charset: str) -> None:
    assert decode(text.encode(charset), "text/xml; charset=iso-8859-1").text == text


@given(LATIN)
def test_undeclared_windows_1250_comes_back(words: str) -> None:
    text = f"{HBS} {words}"
    assert decode(text.encode("cp1250")).text == text


@given(CYRILLIC)
def test_undeclared_windows_1251_comes_back(words: str) -> None:
    text = f"{MK} {words}"
    assert decode(text.encode("cp1251")).text == text


@given(CYRILLIC | LATIN)
def test_a_declared_charset_is_obeyed_where_the_bytes_agree(text: str) -> None:
    charset = "windows-1251" if text[0] > "Ѐ" else "windows-1250"
    body = f"<?xml version='1.0' encoding='{charset}'?><t>{text}</t>".encode(charset)
    assert text in decode(body).text


@pytest.mark.parametrize(
    ("text", "charset", "content_type"),
    [
        (SQ, "cp1252", ""),
        (HBS, "iso8859-2", ""),
        ("Новости за децата", "koi8-r", "text/html; charset=koi8-r"),
        (MK, "iso8859-5", "text/html; charset=iso-8859-5"),
        (HBS, "cp1250", "text/html; charset=iso-8859-1"),
        (HBS, "cp1250", "text/html; charset=iso-8859-2"),
        (HBS, "cp1250", "text/html; charset=utf-8"),
        (HBS, "cp1250", "text/html; charset=windows-1251"),
        ("Večernji čas © ® već ćeš reći", "cp1250", ""),
        (MK, "cp1251", "text/html; charset=windows-1252"),
        (SR, "cp1251", "text/html; charset=utf-8"),
        (SQ, "utf-8", "text/html; charset=windows-1251"),
        (MK, "utf-8", "text/html; charset=windows-1250"),
        (HBS, "utf-8", "text/html; charset=no-such-charset"),
    ],
)
def test_a_wrong_or_missing_label_does_not_make_mojibake(text: str, charset: str, content_type: str) -> None:
    assert decode(text.encode(charset), content_type).text == text


def test_the_label_in_the_page_counts_where_the_header_has_none() -> None:
    page = f'<html><head><meta charset="windows-1250"></head><body>{HBS}</body></html>'
    found = decode(page.encode("cp1250"), "text/html")
    assert (found.text, found.charset, found.declared, found.repaired) == (page, "cp1250", "windows-1250", False)


def test_a_stray_windows_byte_does_not_spoil_a_utf8_page() -> None:
    assert decode(SQ.encode() + b" \x9e " + MK.encode()).text == f"{SQ} ž {MK}"


def test_a_page_cut_inside_a_letter_loses_that_letter_only() -> None:
    assert decode(f"{MK}ж".encode()[:-1]).text == MK


@pytest.mark.parametrize("name", ["rot13", "zlib", "utf-7", "unicode_escape", "idna", "undefined", "x" * 40, "\0", "utf-16"])
def test_an_odd_charset_name_is_no_error(name: str) -> None:
    assert "abc" in decode(b"abc \xe8", f"text/html; charset={name}").text


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=gbk", "charset=utf-16", "charset=shift_jis", "charset=cp037"]))
def test_any_bytes_give_a_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type).text, str)


@pytest.mark.parametrize("text", [SQ, HBS, MK, SR, "„Zdravo” – rekao je…", "E hënë – “Çdo”"])
@pytest.mark.parametrize("charset", ["latin-1", "cp1252", "cp1250", "cp1251"])
def test_doubly_encoded_text_is_put_right(text: str, charset: str) -> None:
    broken = "".join(bytes([byte]).decode(charset, "ignore") or chr(byte) for byte in text.encode())
    assert repair_text(broken) == text


@pytest.mark.parametrize("text", ["СРЈ и СРЈ", "САД И ЕУ: СРЈ", "Đoković je „naš“ šampion", "ГРАЂАНИ РЈЕШЕЊЕ", "Ä sa Å", "tekst"])
def test_correct_text_is_left_alone(text: str) -> None:
    assert repair_text(text) == text


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_repairing_changes_nothing_in_text_of_the_region(text: str) -> None:
    assert repair_text(text) == text


def test_a_usual_page_takes_a_few_times_what_decoding_alone_takes() -> None:
    page = f"<html><head><meta charset=utf-8></head>{HBS * 1000}</html>".encode()

    def read(decoder: Callable[[bytes], object]) -> None:
        for _ in range(50):
            decoder(page)

    assert seconds_of(lambda: read(decode), best_of=5) < 100 * max(seconds_of(lambda: read(bytes.decode), best_of=5), 0.002)


def misread(text: str, codec: str) -> str:
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "cp1250", "iso8859-2", "cp1251", "cp1254"])
@pytest.mark.parametrize(
    "text",
    [
        "Gradonačelnik: više od šezdeset žalbi, Đoković i ćevapi",
        "Kryeministri përshëndeti nismën e qytetit për fëmijët – «çmimi i vjetër»",
        "Најтврда е позицијата на мнозинството, велат ѓаци и ќерки",
        "Скупштина усвојила план стазе – „љубав и њива“",
        "Nec\u0301e biti kao prije, kaz\u030ce Ðere",
    ],
)
def test_text_misread_in_any_charset_of_the_region_is_put_right(text: str, codec: str) -> None:
    assert repair_text(misread(text, codec)) == text


def test_sound_text_of_the_corpus_stays_as_it_is(corpus: Path) -> None:
    with gzip.open(corpus / "news-sentences" / "dslcc.tsv.gz", "rt", encoding="utf-8") as file:
        texts = [line.rstrip("\n").split("\t")[1] for line in file]
    names = [name for line in (corpus / "names" / "iso-names.tsv").read_text("utf-8").splitlines() for name in line.split("\t")]
    changed = [text for text in (*texts, *names) if repair_text(text) != text or repair_text(text.upper()) != text.upper()]
    assert changed == []
