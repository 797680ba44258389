"""Whose article it is: nodes, titles and texts of other articles on the page never become ours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.extraction.pages import PARAGRAPHS, SENTENCES, URL, a_news_page, a_page, an_outlet
from tracker.extraction.article import extract_article
from tracker.extraction.screen import visible_text
from tracker.model import Article

OTHER_URL = "https://zeri-i-lumit.example/lajme/ura-e-vjeter-77"
OWN: dict[str, Any] = {
    "@type": "NewsArticle",
    "headline": "Hapet kanali i ri",
    "datePublished": "2026-03-10T08:30:00+01:00",
    "author": {"@type": "Person", "name": "Ana Leka"},
}
OTHER: dict[str, Any] = {
    "@type": "NewsArticle",
    "headline": "Mbyllet ura e vjetër",
    "datePublished": "2019-01-05T08:30:00+01:00",
    "author": {"@type": "Person", "name": "Bora Hoxha"},
    "url": OTHER_URL,
}
OWN_BY_URL = {**OWN, "headline": "Kanali", "url": URL}
OTHER_TEXT = "".join(
    f"<p>Ura e vjetër mbi lumë mbyllet për punime që zgjasin gjashtë muaj, njoftoi ndërmarrja e rrugëve {n}.</p>" for n in range(9)
)


def article_of(html: str, **fields: Any) -> Article:
    found = extract_article(a_page(html, **fields), an_outlet())
    assert isinstance(found, Article), found
    return found


def ld(*data: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in data)


@pytest.mark.parametrize(
    "head",
    [
        ld(OTHER, OWN_BY_URL),
        ld(OTHER, OWN),
        ld([OTHER, OTHER | {"headline": "Tjetër lajm krejt", "url": OTHER_URL + "8"}, OWN]),
        ld({"@graph": [OTHER, {**OWN, "@id": URL + "#article"}]}),
        ld({"@graph": [OTHER, {**OWN, "headline": "Sot", "mainEntityOfPage": {"@type": "WebPage", "@id": URL}}]}),
        ld({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {**OTHER, "headline": "Hapet kanali i ri"}}]}, OWN),
        ld({"@type": "WebPage", "hasPart": [OTHER], "mainEntity": OWN}),
        ld({**OWN, "hasPart": OTHER, "mentions": [OTHER]}),
        ld({"@type": "Blog", "blogPost": [OTHER, OTHER]}, OWN),
        ld({"@graph": [{"@type": "ItemList", "itemListElement": [{"@id": "#r1"}]}, {**OTHER, "@id": "#r1", "url": ""}, OWN]}),
        ld({**OWN, "video": {"@type": "VideoObject", "uploadDate": "2018-01-01", "datePublished": "2018-01-01"}}),
        ld({**OWN, "comment": [{"@type": "Comment", "datePublished": "2026-03-13", "text": "Bravo"}]}),
        ld({"@type": "Organization", "foundingDate": "1997"}, {"@type": "Event", "startDate": "2026-05-01"}, OWN),
        f'<script type="application/ld+json">[{json.dumps(OTHER)},{json.dumps(OWN_BY_URL)},]</script>',
        f'<script type="application/ld+json">{json.dumps(OTHER)} {json.dumps(OWN_BY_URL)} {{broken</script>',
    ],
)
def test_the_pages_own_node_gives_headline_date_and_author(head: str) -> None:
    found = article_of(a_news_page(head=head))
    assert found.title == "Hapet kanali i ri" or head.count("Kanali") or "Sot" in found.title
    assert found.published is not None
    assert found.published.iso() == "2026-03-10T08:30:00+01:00"
    assert found.authors in (("Ana Leka",), ()) if "broken" in head else found.authors == ("Ana Leka",)


@pytest.mark.parametrize(
    "head",
    [
        ld(OTHER),
        ld({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER}]}),
        ld({"@graph": [{"@type": "Organization", "name": "x"}, OTHER]}),
    ],
)
def test_a_node_of_another_article_alone_gives_nothing(head: str) -> None:
    found = article_of(a_news_page(head=head))
    assert (found.title, found.published, found.authors) == ("Hapet kanali i ri", None, ())


@pytest.mark.parametrize(
    "name", ["Lajmet e fundit", "Ballina", "Početna", "Lajme", "Sport", "Kulturë", "Најнови вести", "Vijesti", "Zëri i Lumit"]
)
@pytest.mark.parametrize("where", ['<meta property="og:title" content="{}">', '<meta name="twitter:title" content="{}">'])
def test_a_sections_name_loses_against_the_main_heading(name: str, where: str) -> None:
    page = a_news_page(head=where.format(name)).replace("<title>Hapet kanali i ri - Zëri i Lumit</title>", f"<title>{name}</title>")
    assert article_of(page).title == "Hapet kanali i ri"


def test_a_sections_name_loses_against_the_feeds_title_where_no_heading_stands() -> None:
    page = a_news_page(head='<meta property="og:title" content="Lajmet e fundit">').replace("<h1>Hapet kanali i ri</h1>", "<h1>Lajme</h1>")
    assert article_of(page, hint_title="Hapet kanali i ri").title == "Hapet kanali i ri"


def test_a_slogan_in_all_titles_loses_against_a_heading_that_the_address_confirms() -> None:
    page = a_news_page(head='<meta property="og:title" content="Portali numër një për informim të shpejtë">')
    assert article_of(page, final_url="https://zeri-i-lumit.example/2026/hapet-kanali-i-ri").title == "Hapet kanali i ri"


def test_a_headline_of_its_own_wording_for_sharing_stays() -> None:
    page = a_news_page(head='<meta property="og:title" content="Kanali i ri lidh dy brigjet">')
    assert article_of(page).title == "Kanali i ri lidh dy brigjet"


@pytest.mark.parametrize("tag", ["article", 'div class="post"', "section"])
def test_a_page_that_scrolls_on_gives_its_first_article_only(tag: str) -> None:
    name = tag.split(" ", 1)[0]
    first = f"<{tag}><h1>Hapet kanali i ri</h1><p>10.03.2026 08:30</p>{PARAGRAPHS}</{name}>"
    second = f'<{tag}><h1>Mbyllet ura e vjetër</h1><div class="author">Nga Bora Hoxha</div><p>05.01.2019</p>{OTHER_TEXT}</{name}>'
    found = article_of(f"<html><head><title>Hapet kanali i ri</title></head><body><main>{first}{second}{second}</main></body></html>")
    assert "Ura e vjetër" not in found.body
    assert SENTENCES[2] in found.body
    assert (found.title, found.authors) == ("Hapet kanali i ri", ())
    assert found.published is not None
    assert found.published.iso() == "2026-03-10T08:30:00+01:00"


@pytest.mark.parametrize(
    "unseen", ["<template>{}</template>", "<div hidden>{}</div>", '<div style="display: none">{}</div>', '<section hidden="">{}</section>']
)
def test_what_is_hidden_is_no_text_and_no_headline(unseen: str) -> None:
    page = a_news_page(
        above=unseen.format(
            "<h1>Titull i fshehur</h1><time datetime='2019-01-05'>5.1.2019</time><p>Fshehtësi e madhe e redaksisë sonë.</p>"
        )
    )
    found = article_of(page)
    assert "Fshehtësi" not in found.body
    assert (found.title, found.published) == ("Hapet kanali i ri", None)


def test_a_page_that_is_hidden_as_a_whole_until_its_script_ran_is_read() -> None:
    page = a_news_page().replace("<main>", "<main hidden>")
    assert SENTENCES[1] in article_of(page).body
    assert SENTENCES[1] in visible_text(page.encode(), "text/html; charset=utf-8").text


def test_the_screen_leaves_out_hidden_parts() -> None:
    page = a_news_page(above="<div hidden><p>Fshehtësi</p></div><template><p>Fshehtësi</p></template>")
    assert "Fshehtësi" not in visible_text(page.encode(), "text/html; charset=utf-8").text


COMMENT = "<p>Shumë bukur, por kush e pagoi këtë vepër kaq të shtrenjtë dhe sa zgjati puna në të vërtetë?</p>"


@pytest.mark.parametrize(
    "below",
    [
        f'<div id="comments"><h3>2 komente</h3><ol class="commentlist"><li class="comment">{COMMENT}</li><li class="comment">{COMMENT}</li></ol></div>',
        f'<section class="komentet"><h3>Komente</h3><div>{COMMENT}</div></section>',
        f'<div class="komentari"><div class="komentar">{COMMENT}</div></div>',
        f'<div class="article-comments"><div>{COMMENT}</div></div>',
        f'<div id="disqus_thread">{COMMENT}</div>',
        f'<div class="коментари">{COMMENT}</div>',
        f'<div itemscope itemprop="comment" itemtype="https://schema.org/Comment"><div itemprop="text">{COMMENT}</div></div>',
    ],
)
def test_comments_stay_out(below: str) -> None:
    assert "pagoi" not in article_of(a_news_page(below=below)).body
    assert "pagoi" not in article_of(a_news_page(body=PARAGRAPHS + below)).body


@pytest.mark.parametrize(
    "inside",
    [
        '<figure><img src="a.jpg"><figcaption>Kanali në mbrëmje, pamje nga ajri mbi qytet</figcaption></figure>',
        '<div class="wp-caption"><img src="a.jpg"><p class="wp-caption-text">Kanali në mbrëmje, pamje nga ajri mbi qytet</p></div>',
        '<div class="image-caption">Kanali në mbrëmje, pamje nga ajri mbi qytet</div>',
        '<p class="photo-caption">Kanali në mbrëmje, pamje nga ajri mbi qytet</p>',
        f'<p><strong>Lexo edhe:</strong> <a href="{OTHER_URL}">Kanali në mbrëmje, pamje nga ajri mbi qytet</a></p>',
        f'<p>Pročitajte još: <a href="{OTHER_URL}">Kanali në mbrëmje, pamje nga ajri mbi qytet</a></p>',
        f'<div class="read-also"><a href="{OTHER_URL}">Kanali në mbrëmje, pamje nga ajri mbi qytet</a></div>',
        f'<blockquote class="lexo-edhe"><a href="{OTHER_URL}">Kanali në mbrëmje, pamje nga ajri mbi qytet</a></blockquote>',
        f'<div class="povezane-vesti"><h4>Povezane vesti</h4><ul><li><a href="{OTHER_URL}">Kanali në mbrëmje, pamje nga ajri mbi qytet</a></li></ul></div>',
    ],
)
def test_captions_and_links_to_other_articles_stay_out(inside: str) -> None:
    body = PARAGRAPHS.replace("</p>", "</p>" + inside, 1)
    found = article_of(a_news_page(body=body)).body
    assert "pamje nga ajri" not in found
    assert all(sentence in found for sentence in SENTENCES)


def test_steps_of_a_gallery_hidden_one_by_one_are_the_article() -> None:
    steps = "".join(f'<div style="display:none"><h2>{number}</h2><p>{sentence}</p></div>' for number, sentence in enumerate(SENTENCES * 3))
    found = article_of(
        f"<html><head><title>Hapet kanali i ri</title></head><body><h1>Hapet kanali i ri</h1><div>{steps}</div></body></html>"
    )
    assert SENTENCES[3] in found.body


def test_sections_under_main_headings_are_no_articles_of_their_own() -> None:
    sections = "".join(f"<div class=part><h1>{title}</h1>{PARAGRAPHS}</div>" for title in ("Hapet kanali i ri", "Çfarë vjen pas"))
    found = article_of(f"<html><head><title>Hapet kanali i ri</title></head><body><main>{sections}</main></body></html>")
    assert "Çfarë vjen pas" in found.body


def test_a_title_that_is_the_last_part_of_its_address_is_no_section() -> None:
    page = a_news_page(title="Kanali i ri", head='<meta property="og:title" content="Kanali i ri">').replace(
        "<h1>", "<h1>Zëri i Lumit</h1><h1>", 1
    )
    assert article_of(page, final_url="https://zeri-i-lumit.example/2026/kanali-i-ri/").title == "Kanali i ri"


def test_a_box_of_another_article_is_no_text() -> None:
    box = "<div class='relation-box'><a href='/a'>Ura e vjetër mbyllet në qershor</a><p>Këmbësorët do të kalojnë nga shtegu i ri, thanë inxhinierët.</p></div>"
    assert "Ura e vjetër" not in article_of(a_news_page(body=PARAGRAPHS + box)).body


@pytest.mark.parametrize(
    ("classes", "is_sure"),
    [("entry-date updated", True), ("entry-date published updated", True), ("updated", False), ("last-modified", False)],
)
def test_a_date_that_is_that_of_publication_and_update_is_sure(classes: str, is_sure: bool) -> None:
    found = article_of(a_news_page(above=f'<time class="{classes}" datetime="2026-03-10T08:30:00+01:00">10 mars</time>'))
    assert found.published is not None
    assert found.published.iso() == "2026-03-10T08:30:00+01:00"
    assert (found.date_readings == ()) is is_sure
