"""Which links are articles. The addresses are invented, in the styles of the register's outlets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sources.article_links import NO_SHAPES, PageLink, article_links, judge_link, learn_shapes, page_links, url_shape

HOME = "https://gazeta.example/"

ARTICLES = """
/2024/10/11/bashkia-hap-kopshtin-e-ri-te-lagjes/
/2024/10/uji-mungon-ne-tre-fshatra/
/lajme/kronike/304112/zjarr-ne-nje-depo-drush/
/aktualitet/banoret-kerkojne-rrugen-e-premtuar-i48213
/lajm/ura-e-vjeter-mbyllet-per-tri-jave
/news/the-old-bridge-closes-for-three-weeks
/sq/news-single.php?ID=90412
/a/33155021.html
/a/ura-e-vjeter-mbyllet/33155021.html
/shendet/mjeket-e-fshatit-kerkojne-ambulance/
/en/news/politics/the-council-votes-on-water-prices
/index.php/ekonomija/cenite-na-zhitoto-povtorno-rastat/
/ura-e-vjeter-mbyllet-per-tri-jave/
/vijesti/bih/most-se-zatvara-na-tri-sedmice/241011073
/1093412/most-se-zatvara-na-tri-sedmice
/vijesti/most-se-zatvara-na-tri-sedmice-771203
/clanak/483321/most-se-zatvara
/news/612344
/vest.php?id=51822
/20241011/most-se-zatvara-1178342210.html
/vesti/srbija/1204938/most-zatvara-tri-nedelje
/vesti/beograd/most-se-zatvara-na-tri-nedelje/9x2kl4e
/clanak/771203-most-se-zatvara-na-tri-sedmice
/Most-se-zatvara-na-tri-sedmice-11-10-2024
/drustvo/most_se_zatvara_na_tri_nedelje.2384.html
/svet/%D0%BC%D0%BE%D1%81%D1%82-%D1%81%D0%B5-%D0%B7%D0%B0%D1%82%D0%B2%D0%BE%D1%80%D0%B0-%D0%BD%D0%B0-%D1%82%D1%80%D0%B8-%D0%BD%D0%B5%D0%B4%D0%B5%D1%99%D0%B5/
/mostot-se-zatvora-na-tri-nedeli/
/makedonija/mostot-se-zatvora-na-tri-nedeli-a4512093/
/?p=77120
/hr/vijesti/2024-10-11/most-se-zatvara-na-tri-tjedna
/magazin/kultura/koncert-na-trgu-okupio-hiljade.html
/story/88123/most-se-zatvara
/kronika/crna-hronika/saobracajna-nesreca-kod-tunela-541209
/a/serbia-most-zatvaranje/30112945.html
/tv/emisije/dnevnik-u-pola-osam-11-10-2024
/teme/2024/10/11/most-se-zatvara-na-tri-sedmice
/politika/skupstina-usvojila-zakon-o-vodama/amp-98123
""".split()

OTHERS = """
/
/lajme/
/lajme/kronike/
/category/sport/
/category/vijesti/svijet/
/kategorija/ekonomija
/kategorii/makedonija/
/rubrika/drustvo
/tag/most/
/tags/ura-e-vjeter-e-qytetit/
/tema/most-se-zatvara-na-tri-sedmice
/author/ana-krasniqi/
/autor/marko-petrovic-novinar-redakcije
/kontakt/
/na-kontaktoni
/o-nama
/impressum.html
/marketing
/politika-privatnosti
/uslovi-koriscenja
/privacy-policy/
/page/2/
/vijesti/page/14/
/?s=most
/?share=facebook&id=123456
/lajme/?page=3
/feed/
/wp-content/uploads/2024/10/ura-e-vjeter-e-qytetit.jpg
/wp-json/wp/v2/posts/90412
/fajlla/raporti-vjetor-i-bashkise-2024.pdf
/wp-login.php
/sport
/sport/fudbal
/video/
/tv-program
/horoskop
/live
/en/
/lat/
/galerija/
/login?next=/vijesti/most-se-zatvara-na-tri-sedmice-771203
/e-paper
/pretraga?q=most-se-zatvara-na-tri-sedmice
/ekonomi/biznes
/region/kosova
mailto:redaksia@gazeta.example
javascript:void(0)
https://www.facebook.com/gazeta.example/posts/1029384756
https://tjeter.example/2024/10/11/bashkia-hap-kopshtin-e-ri-te-lagjes/
https://gazeta.example/#komentet
""".split()


@pytest.mark.parametrize("path", ARTICLES)
def test_an_article_is_known_by_its_address_and_headline_alone(path: str) -> None:
    link = PageLink(f"https://gazeta.example{path}", "Ura e vjetër mbyllet për tri javë")
    assert judge_link(link, HOME).article, judge_link(link, HOME)


@pytest.mark.parametrize("path", OTHERS)
def test_what_is_no_article_is_left(path: str) -> None:
    from tracker.urls.links import web_address

    link = PageLink(web_address(path, HOME), "Lajmet e fundit nga qyteti")
    assert not judge_link(link, HOME).article, judge_link(link, HOME)


@pytest.mark.parametrize("text", ["", "Sport", "Më shumë", "Lexo më tej »"])
def test_a_telling_address_needs_no_words(text: str) -> None:
    assert judge_link(PageLink(f"{HOME}lajme/kronike/304112/zjarr-ne-nje-depo-drush/", text), HOME).article


def test_a_short_word_is_an_article_only_where_the_outlet_writes_so() -> None:
    link = PageLink(f"{HOME}lajm/zgjedhjet-sot", "Si mund të votoni sot në qytet", heading=True)
    assert not judge_link(PageLink(f"{HOME}rajon/kosova", "Të gjitha lajmet nga Kosova sot", framed=True), HOME).article
    shapes = learn_shapes(
        f"{HOME}lajm/ura-{word}" for word in "mbyllet hapet bie ndertohet digjet pret lekundet shitet kthehet prishet rritet vonon".split()
    )
    assert judge_link(link, HOME, shapes).article
    assert not judge_link(PageLink(f"{HOME}reklama/zbritje-sot", link.text, heading=True), HOME, shapes).article


def test_known_articles_teach_the_shape_and_others_are_left() -> None:
    shapes = learn_shapes(f"{HOME}vijesti/{1000000 + n}/most-se-zatvara-{n}" for n in range(30))
    assert judge_link(PageLink(f"{HOME}vijesti/1204938/kisa"), HOME, shapes).article
    assert not judge_link(PageLink(f"{HOME}kako-da-se-oglasite-kod-nas", "Kako da se oglasite kod nas"), HOME, shapes).article


def test_the_subdomain_of_an_outlet_is_the_outlet_and_a_moved_host_too() -> None:
    path = "vijesti/most-se-zatvara-na-tri-sedmice-771203"
    assert judge_link(PageLink(f"https://sport.gazeta.al/{path}"), "https://www.gazeta.al/").article
    assert judge_link(PageLink(f"https://tjeter.example/{path}"), HOME, NO_SHAPES, ("tjeter.example",)).article


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/vijesti/2024/10/opasan-put-ka-starom-gradu.html", "/word/year/day/slug.html"),
        ("/vijesti/bih/241011073", "/word/word/number"),
        ("/vest.php?id=51822&lang=sr", "/word.php?id"),
        ("/", ""),
        ("/a/b1c2d3e4f", "/word/code"),
        ("/ura-e-vjeter-mbyllet-i48213", "/number-slug"),
    ],
)
def test_an_address_without_its_content_is_its_shape(path: str, shape: str) -> None:
    assert url_shape(f"https://gazeta.example{path}") == shape


PAGE = """<html><head><title>Gazeta</title></head><body>
<nav><a href="/lajme/">Lajme</a> <a href="/lajm/si-te-reklamoni-tek-gazeta-jone">Reklamo</a></nav>
<main>
 <article><a href="/lajm/ura-e-vjeter-mbyllet-per-tri-jave"><img src="/a.jpg"></a><h2><a href="/lajm/ura-e-vjeter-mbyllet-per-tri-jave?utm_source=front">Ura e vjetër mbyllet për tri javë</a></h2>
 <a href="/autor/ana">Ana</a></article>
 <div><a href="lajm/uji-mungon-ne-tre-fshatra#komente"><h3>Uji mungon në tre fshatra</h3></a></div>
 <a href="https://tjeter.example/lajm/ura-e-vjeter-mbyllet-per-tri-jave">Partneri</a>
 <a href="javascript:alert(1)">x</a><a href="file:///etc/passwd">y</a><a href="//[broken">z</a>
</main><footer><a href="/kontakt">Kontakt</a></footer></body></html>"""


def test_a_front_page_gives_its_articles_once_with_their_headlines() -> None:
    links = article_links(PAGE.encode(), url=HOME)
    assert [(link.url, link.text) for link in links] == [
        ("https://gazeta.example/lajm/ura-e-vjeter-mbyllet-per-tri-jave", "Ura e vjetër mbyllet për tri javë"),
        ("https://gazeta.example/lajm/uji-mungon-ne-tre-fshatra", "Uji mungon në tre fshatra"),
    ]


def test_a_base_address_counts_and_menus_are_seen() -> None:
    page = b'<base href="https://gazeta.example/arkivi/"><ul class="main-menu"><li><a href="a">A</a></ul><a href="b">B</a>'
    assert [(link.url, link.framed) for link in page_links(page, url=HOME)] == [
        ("https://gazeta.example/arkivi/a", True),
        ("https://gazeta.example/arkivi/b", False),
    ]


@given(st.binary(max_size=400))
def test_any_bytes_give_links_or_none(body: bytes) -> None:
    assert isinstance(article_links(b"<a href=" + body + b">x</a>", url=HOME), tuple)


@given(st.lists(st.text(max_size=60) | st.sampled_from(["//[", "https://[::1", "http://a:b/"]), max_size=30))
def test_any_addresses_can_be_learnt_from(addresses: list[str]) -> None:
    shapes = learn_shapes(addresses)
    assert shapes.known == len({*addresses})
    assert all(0 < share <= 1 for _, share in shapes.shares)
