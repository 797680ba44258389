from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extraction.pages import SENTENCES, a_news_page
from tests.peers import times_of
from tracker.extraction.screen import DROPPED, INLINE, one_line, visible_text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Ura<br>e re</p>", "Ura\ne re"),
        ("<p><span class=drop>T</span>ikTok hap zyrë</p>", "TikTok hap zyrë"),
        ("<p>Alt<b>in</b> <i>Hazizaj</i></p>", "Altin Hazizaj"),
        ("<p>Alt<wbr>ina Haz<WBR>iz<wbr>aj</p>", "Altina Hazizaj"),
        ("<table><tr><td>një</td><td>dy</td></tr></table>", "një\ndy"),
        ("<script>var x = 'jo';</script><style>p{}</style><p>po", "po"),
        ("<p>a&nbsp;b&amp;c &euml;", "a b&c ë"),
        ("<p>dy\n   rreshta</p>", "dy rreshta"),
        ("<p>e fshe\u00adhur\u200b</p>", "e fshehur"),
        ("thjesht tekst", "thjesht tekst"),
    ],
)
def test_blocks_part_lines_and_inline_elements_do_not(html: str, expected: str) -> None:
    assert visible_text(html.encode(), "text/html; charset=utf-8").text == expected


@pytest.mark.parametrize("name", [name for name in INLINE if name != "wbr"])
@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_an_inline_element_may_stand_inside_a_word(name: str, written: Callable[[str], str]) -> None:
    element = written(name)
    assert visible_text(f"<p>Alt<{element}>in</{element}>a Hazizaj".encode()).text == "Altina Hazizaj"


@pytest.mark.parametrize("name", DROPPED)
def test_what_readers_do_not_see_as_text_is_left_out(name: str) -> None:
    inside = "" if name in ("link", "meta", "wbr") else f"jo</{name}>"
    assert visible_text(f"<body><p>po<{name}>{inside}<p>tani".encode()).text == "po\ntani"


@pytest.mark.parametrize("attribute", ["hidden", "HIDDEN", "Hidden=''"])
def test_what_a_page_hides_is_left_out(attribute: str) -> None:
    assert visible_text(f"<p>{'po ' * 9}<p {attribute}>jo".encode()).text == ("po " * 9).strip()


def test_a_text_that_is_marked_counts_among_the_articles() -> None:
    plain = "<article>një</article>" * 2
    assert visible_text(plain.encode()).articles == 2
    screened = visible_text(
        f"{plain}<div itemprop='text articleBody'>{'dy ' * 9}</div><article itemprop=articleBody>tre</article>".encode()
    )
    assert (screened.articles, screened.article_chars) == (5, 27)


def test_titles_descriptions_structured_strings_and_hints_are_part_of_the_text() -> None:
    structured = json.dumps(
        {"@type": "NewsArticle", "headline": "Titulli i ndërtuar", "articleBody": "Trupi <b>i</b> plotë &amp; i fshehur"}
    )
    html = (
        '<html><head><title>Titulli i dritares</title><meta name="description" content="Përshkrimi"><meta property="og:title" content="Titulli për rrjete">'
        f'<script type="application/ld+json">{structured}</script></head><body><p>Trupi</body></html>'
    )
    screened = visible_text(html.encode(), "", "Titulli i burimit", "Hyrja e burimit")
    for part in (
        "Titulli i dritares",
        "Përshkrimi",
        "Titulli për rrjete",
        "Titulli i ndërtuar",
        "Trupi i plotë & i fshehur",
        "Titulli i burimit",
        "Hyrja e burimit",
    ):
        assert part in screened.text
    assert screened.title == "Titulli për rrjete"
    assert screened.structured_types == ("newsarticle",)


def test_structured_data_that_is_no_json_still_gives_its_words() -> None:
    html = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ai tha "jo" sot", "articleBody": "Ujë i ft\\u00ebhtë",,}</script>'
    text = visible_text(html.encode()).text
    assert 'Ai tha "jo" sot' in text
    assert "Ujë i ftëhtë" in text


@pytest.mark.parametrize("body", [b"/etc/passwd", b"http://127.0.0.1:9/", b"file:///etc/passwd"])
def test_a_body_that_is_a_path_or_an_address_is_only_text(body: bytes) -> None:
    assert visible_text(body).text == body.decode()


BOMBS = {
    "empty": b"",
    "nul bytes": b"\0" * 1_000_000,
    "every byte": bytes(range(256)) * 4000,
    "nested blocks": b"<div>" * 100_000 + b"x",
    "nested formatting": b"<b>" * 50_000 + b"x",
    "formatting opened again in every block": b"<font>" * 3000 + b"x<p>" * 50_000,
    "nested tables": b"<table><tr><td>" * 50_000,
    "nested json": b'<script type="application/ld+json">' + b"[" * 1_000_000,
    "only brackets": b"<" * 1_000_000,
    "one endless tag": b"<p " + b"a=b " * 500_000,
    "many paragraphs": b"<p>x" * 200_000,
}


ORDINARY = (b"<p>" + b"word and words of a page " * 40 + b"</p>") * 1000
"""A page of a megabyte with nothing special in it."""
MOST_TIMES = 250
"""Times an ordinary page of a megabyte; the worst bomb took 35 when this was written, a quadratic reader takes thousands."""


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_take_a_bounded_number_of_times_an_ordinary_page(name: str) -> None:
    assert times_of(lambda: visible_text(BOMBS[name]), lambda: visible_text(ORDINARY)) < MOST_TIMES


@given(st.binary(max_size=3000) | st.text("<>/=\"'&;ab \x00\x1fëћ!-[]{}:,", max_size=600).map(str.encode))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_give_a_text_without_control_characters(body: bytes) -> None:
    screened = visible_text(body, "text/html")
    assert not any(ord(char) < 32 and char not in "\n\t" for char in screened.text)
    assert "\n" not in screened.title


def test_mojibake_in_a_title_is_repaired() -> None:
    assert one_line("SkupÅ¡tina") == "Skupština"


def test_the_text_holds_the_article_in_the_pages_order() -> None:
    text = visible_text(a_news_page().encode()).text
    places = [text.index(sentence) for sentence in SENTENCES]
    assert places == sorted(places)


def test_screening_loads_no_parser_of_the_full_ladder() -> None:
    code = (
        "import sys; from tracker.extraction.screen import visible_text; from tracker.extraction.article import screened_article; visible_text(b'<p>x');"
        "print([name for name in ('trafilatura', 'htmldate', 'lxml', 'bs4', 'lingua', 'dateparser') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
