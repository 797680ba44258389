from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import grows_linearly
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
        ("https:\\\\tjeter.example\\lajme\\1", "https://tjeter.example/lajme/1"),
        ("null", ""),
        ("undefined", ""),
        ("https://tje%74er.example/", ""),
        ("https://[::1", ""),
        ("https://tjeter.example/" + "x" * 3000, ""),
        ("#", ""),
        ("#komentet", ""),
        ("?", ""),
        ("https:", ""),
        ("http://#", ""),
        ("https://?", ""),
        ("?p=1", "https://gazeta.example/a/feed.xml?p=1"),
        ("gazeta.example/lajme/1", "https://gazeta.example/lajme/1"),
        ("www.gazeta.example/lajme/1", "https://www.gazeta.example/lajme/1"),
        ("www.tjeter.example/1", "https://www.tjeter.example/1"),
        ("tjeter.al/lajme/1?a=b", "https://tjeter.al/lajme/1?a=b"),
        ("вести.мкд/1", "https://вести.мкд/1"),
        ("tjeter.com.al", "https://tjeter.com.al"),
        ("lajme.html", "https://gazeta.example/a/lajme.html"),
        ("index.php/lajme/1", "https://gazeta.example/a/index.php/lajme/1"),
        ("vest.aspx?id=5", "https://gazeta.example/a/vest.aspx?id=5"),
        ("2026.11.23/titulli", "https://gazeta.example/a/2026.11.23/titulli"),
        ("https:/tjeter.al/1", "https://tjeter.al/1"),
        ("http:///tjeter.al/1", "http://tjeter.al/1"),
        ("https//tjeter.al/1", "https://tjeter.al/1"),
        ("hhttps://tjeter.al/1", "https://tjeter.al/1"),
        ("ttps://tjeter.al/1", "https://tjeter.al/1"),
        ("http:\\\\tjeter.al/1", "http://tjeter.al/1"),
        ("http:////tjeter.al/1", "http://tjeter.al/1"),
        ("https:/lajme/1", "https://gazeta.example/lajme/1"),
        ("feed://tjeter.example/rss", "http://tjeter.example/rss"),
        ("feed:https://tjeter.example/rss", "https://tjeter.example/rss"),
        ("FEED://https://tjeter.example/rss", "https://tjeter.example/rss"),
        ("https://tjeter.example/1 https://tjeter.example/2", "https://tjeter.example/1"),
        ("https://tjeter.example/1\nhttp://i-treti.example/2", "https://tjeter.example/1"),
        ("https://tjeter.example/?p=1, https://tjeter.example/?p=2", "https://tjeter.example/?p=1"),
        ("https://tjeter.example/1https://tjeter.example/1", "https://tjeter.example/1"),
        ("https://tjeter.example/1%20https://tjeter.example/2", "https://tjeter.example/1"),
        ("https://gazeta.example/https://gazeta.example/lajme/1", "https://gazeta.example/lajme/1"),
        ("https://gazeta.examplehttps://gazeta.example/lajme/1", "https://gazeta.example/lajme/1"),
        ("/https://gazeta.example/lajme/1", "https://gazeta.example/lajme/1"),
        ("https://arkiva.example/web/2020/https://tjeter.example/1", "https://arkiva.example/web/2020/https://tjeter.example/1"),
        ("https://tjeter.example/go?u=https://tjeter.example/1", "https://tjeter.example/go?u=https://tjeter.example/1"),
    ],
)
def test_only_web_addresses_come_out_and_they_are_absolute(printed: str, expected: str) -> None:
    assert web_address(printed, BASE) == expected


@given(st.text(max_size=80))
def test_whatever_is_printed_gives_a_web_address_or_nothing(printed: str) -> None:
    found = web_address(printed, BASE)
    assert found == "" or urlsplit(found).scheme in ("http", "https")
    assert web_address(found) == found


@pytest.mark.parametrize(
    "piece", ["https://a.al/", "http:/", ":", "/", "%20", " ", ",", ".", "a.", "feed:", "h", "t", "#", "?", "\\", "\u200b"]
)
def test_reading_an_address_takes_time_that_grows_with_it_only(piece: str) -> None:
    assert grows_linearly(lambda text: web_address(text, BASE), lambda chars: piece * (chars // len(piece)))
    assert grows_linearly(lambda text: [web_address(text[:2000], BASE) for _ in range(len(text) // 200)], lambda chars: piece * chars, 4000)


def test_a_front_page_is_known() -> None:
    assert is_front_page("https://gazeta.example/")
    assert not is_front_page("https://gazeta.example/?p=1")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("AT&amp;amp;T &lt;3", "AT&T <3"),
        ("&amp;lt;b&amp;gt;Fëmijët&amp;lt;/b&amp;gt; &amp;amp; rrjeti", "Fëmijët & rrjeti"),
        ("&amp;amp;quot;Most&amp;amp;quot; &amp;amp;#8211; put", '"Most" – put'),
        ("&amp;lt;p&amp;gt;Një&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;dy&amp;lt;/p&amp;gt;", "Një dy"),
        ('Ana: \\"Mos e hap\\", tha', 'Ana: "Mos e hap", tha'),
        ("Si të shkruash &lt;i&gt; &lt;3", "Si të shkruash <3"),
        ("a &lt; b &amp;lt; c", "a < b < c"),
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
