from __future__ import annotations

import builtins
import json
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extraction.pages import PARAGRAPHS, SENTENCES, URL, a_news_page, a_page, an_outlet
from tests.peers import times_of
from tracker.extraction.article import extract_article, screened_article
from tracker.extraction.screen import visible_text
from tracker.model import Article, Depth, Skipped

STRUCTURED = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Hapet kanali i ri",
    "datePublished": "2026-03-10T08:30:00+01:00",
    "author": {"@type": "Person", "name": "Ana Leka"},
    "description": SENTENCES[0],
    "image": {"@type": "ImageObject", "url": "/foto/kanali.jpg"},
}


def article_of(html: str | bytes, **fields: Any) -> Article:
    found = extract_article(a_page(html, **fields), an_outlet())
    assert isinstance(found, Article), found
    return found


def test_every_field_of_a_full_page_is_read() -> None:
    head = f'<script type="application/ld+json">{json.dumps(STRUCTURED)}</script><link rel="canonical" href="/lajme/kanali-i-ri-1234?utm_source=x">'
    found = article_of(a_news_page(head=head))
    assert (found.title, found.authors, found.language, found.depth) == ("Hapet kanali i ri", ("Ana Leka",), "sq", Depth.EXTRACTED)
    assert found.body == "\n".join(SENTENCES)
    assert found.published is not None
    assert found.published.iso() == "2026-03-10T08:30:00+01:00"
    assert found.image == "https://zeri-i-lumit.example/foto/kanali.jpg"
    assert found.canonical_url.startswith(URL)
    assert (found.id, found.page_id, found.outlet_id, found.lead) == (0, 7, "zeri-i-lumit", SENTENCES[0])


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "http://[", "//"])
def test_an_image_is_an_absolute_web_address_or_nothing(address: str) -> None:
    assert article_of(a_news_page(head=f'<meta property="og:image" content="{address}">')).image == ""


def test_another_sites_canonical_address_is_not_believed() -> None:
    assert article_of(a_news_page(head='<link rel="canonical" href="https://evil.example/a">')).canonical_url == URL


def test_a_page_in_windows_1250_is_read_as_what_it_is() -> None:
    html = (
        a_news_page("Općina otvara šetalište uz rijeku", body=PARAGRAPHS)
        .replace('<meta charset="utf-8">', "")
        .replace("ë", "e")
        .replace("ç", "c")
    )
    assert article_of(html.encode("cp1250"), content_type="text/html").title == "Općina otvara šetalište uz rijeku"


def test_the_screened_article_keeps_all_text_and_what_the_source_said() -> None:
    html = a_news_page().encode()
    page = a_page(html, hint_title="Nga burimi", hint_authors=("Ana Leka",))
    found = screened_article(page, visible_text(html, page.content_type, page.hint_title, page.hint_summary))
    assert isinstance(found, Article)
    assert (found.depth, found.authors, found.language) == (Depth.SCREENED, ("Ana Leka",), "sq")
    assert all(sentence in found.body for sentence in (*SENTENCES, "Nga burimi", "Kulturë"))


@pytest.mark.parametrize(
    "body",
    [
        b"/etc/passwd",
        b"http://127.0.0.1:9/a.html",
        b"https://zeri-i-lumit.example/",
        b"file:///etc/passwd",
        b"//127.0.0.1/a",
        b"../../tracker.toml",
    ],
)
def test_a_body_that_is_a_path_or_an_address_is_neither_opened_nor_fetched(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    extract_article(a_page(a_news_page()), an_outlet())  # loads what is loaded late, which reads files of its own
    opened: list[object] = []
    real = builtins.open
    monkeypatch.setattr(builtins, "open", lambda file, *args, **kw: (opened.append(file), real(file, *args, **kw))[1])
    monkeypatch.setattr(socket.socket, "connect", lambda *args: opened.append(args))
    for page in (a_page(body), a_page(b"<h1>a</h1><p>" + body + b"</p>"), a_page(b"<title>" + body + b"</title><p>" + body * 40)):
        extract_article(page, an_outlet())
        visible_text(page.body)
    assert opened == []


def test_entities_from_outside_and_includes_are_not_read() -> None:
    html = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + a_news_page(
        body=PARAGRAPHS + "<p>&x;</p>"
    )
    assert "root:" not in article_of(html).body


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<h1>",
            "</h1>",
            "<table>",
            "<tr>",
            "<td>",
            "<ul><li><a href=x>",
            "<br>",
            "<article>",
            "</article>",
            "<title>",
            "</title>",
            "<meta property='og:title' content='",
            "'>",
            '<script type="application/ld+json">',
            '{"@type":"NewsArticle","headline":',
            '"author":[{"name":',
            "</script>",
            "Ana Leka ",
            "10.03.2026 ",
            "\x00",
            "&euml;",
            "<!--",
            "-->",
            "<time datetime='2026",
            "<svg>",
            "<select><option>",
            "Nga ",
            "]]>",
            "<?xml",
            "<html xmlns='a:b' ",
        ]
    )
    | st.text(max_size=20),
    max_size=60,
).map("".join)


@given(MARKUP.map(lambda text: text.encode("utf-8", "ignore")) | st.binary(max_size=500))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_page_gives_an_article_or_a_reason(body: bytes) -> None:
    found = extract_article(a_page(body, content_type="text/html"), an_outlet())
    assert isinstance(found, Article | Skipped)
    if isinstance(found, Article):
        assert found.title
        assert found.body
        assert "\n" not in found.title
        assert not any(ord(char) < 32 and char != "\n" for char in found.title + found.body + "".join(found.authors))


BOMBS = {
    "eight megabytes of paragraphs": f"<h1>T</h1>{PARAGRAPHS * 14000}",
    "line breaks": "<h1>T</h1><p>x" + "<br>" * 1_000_000,
    "headings": "<h1>T</h1><div>" * 5000 + PARAGRAPHS,
    "bylines": "<h1>T</h1>" + "<span class=author>Ana Leka</span>" * 50_000,
    "dates": "<h1>T</h1>" + "<time>2020-01-01</time>" * 50_000,
    "nested blocks": "<div>" * 20_000 + PARAGRAPHS,
    "an endless title": "<title>" + "a - " * 100_000 + "</title>" + PARAGRAPHS,
}


ORDINARY = "<h1>T</h1>" + "".join(f"<p>Paragraph {number} has a sentence that is long enough for a body.</p>" for number in range(3000))
"""A page of 200 kB with nothing special in it."""
MOST_TIMES = 100
"""Times that page; eight megabytes of paragraphs took 14 when this was written, a quadratic reader takes thousands."""


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_take_a_bounded_number_of_times_an_ordinary_page(name: str) -> None:
    def read(body: str) -> object:
        return extract_article(a_page(body), an_outlet())

    assert times_of(lambda: read(BOMBS[name]), lambda: read(ORDINARY)) < MOST_TIMES
