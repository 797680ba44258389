from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.peers import times_of
from tracker.model import FetchOutcome
from tracker.sources.feeds.feed import read_feed
from tracker.sources.feeds.records import FeedDocument

zipped = partial(gzip.compress, mtime=0)
"""The same bytes whenever they are made: tests are named by them."""

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
URL = "https://gazeta.example/feed/"


def read(body: bytes | str, **given_: str) -> FeedDocument:
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(raw, **{"url": URL, "now": NOW, "zone": "Europe/Tirane"} | given_)  # type: ignore[arg-type]


def rss(items: str, head: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Gazeta</title>{head}{items}</channel></rss>'


ITEM = "<item><title>Lajmi</title><link>https://gazeta.example/1</link><pubDate>Mon, 23 Nov 2026 08:00:00 +0100</pubDate></item>"


FORMS = {
    "rss": "<rss><channel><item><title>{title}</title><link>https://gazeta.example/1</link></item></channel></rss>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>{title}</title><link href="https://gazeta.example/1"/></entry></feed>',
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item><title>{title}</title>'
    "<link>https://gazeta.example/1</link></item></rdf:RDF>",
}


def test_an_rss_item_is_read_with_all_it_says() -> None:
    found = read(
        rss(
            "<item><title>Fëmijët &amp;amp; &lt;b&gt;rrjeti&lt;/b&gt;</title><link>/lajme/1?a=1&amp;b=2</link><guid isPermaLink='false'>77</guid>"
            "<dc:creator>Ana Shehu</dc:creator><pubDate>e hënë, 23 Nëntor 2026 - 08:05</pubDate>"
            "<description><![CDATA[<p>Një</p><p>dy<script>x()</script></p>]]></description></item>",
            "<ttl>30</ttl><skipHours><hour>1</hour><hour>2</hour></skipHours>",
        )
    )
    entry = found.entries[0]
    assert (found.outcome, found.title, found.ttl_minutes, found.skip_hours) == (FetchOutcome.FETCHED, "Gazeta", 30, (1, 2))
    assert (entry.id, entry.url, entry.title) == ("77", "https://gazeta.example/lajme/1?a=1&b=2", "Fëmijët & rrjeti")
    assert (entry.authors, entry.summary) == (("Ana Shehu",), "Një dy")
    assert entry.published is not None
    assert entry.published.iso() == "2026-11-23T08:05:00+01:00"


@pytest.mark.parametrize(
    "body",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>G</title><entry><id>1</id><title>Lajmi</title><link href="/1"/><updated>2026-11-23T08:00:00+01:00</updated></entry></feed>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>G</title></channel><item rdf:about="1"><title>Lajmi</title><link>https://gazeta.example/1</link><dc:date>2026-11-23T08:00:00+01:00</dc:date></item></rdf:RDF>',
        '<rss version="0.91"><channel><item><title>Lajmi</title><link>https://gazeta.example/1</link><pubDate>23.11.2026 08:00</pubDate></item></channel></rss>',
        '{"version":"https://jsonfeed.org/version/1.1","title":"G","items":[{"id":"1","url":"/1","title":"Lajmi","date_published":"2026-11-23T08:00:00+01:00"}]}',
        '[{"id":5,"date":"2026-11-23T08:00:00","link":"https://gazeta.example/1","title":{"rendered":"Lajmi"},"excerpt":{"rendered":"<p>x</p>"}}]',
        '{"data":{"articles":[{"slug":"1","url":"https://gazeta.example/1","title":"Lajmi","published_at":"2026-11-23 08:00"}]}}',
        rss("<item><title>Lajmi</title><guid>https://gazeta.example/1</guid><pubDate>23 Nëntor 2026, 08:00</pubDate></item>"),
        rss(
            "<item><title>Lajmi</title><guid isPermaLink='false'>https://gazeta.example/1</guid><pubDate>Pon, 23 Stu 2026 08:00</pubDate></item>"
        ),
        rss(
            "<item><title>Lajmi</title><link>https://gazeta.example/</link><guid>https://gazeta.example/1</guid><pubDate>2026-11-23 08:00</pubDate></item>"
        ),
        "<br />\n<b>Warning</b>: include() in <b>/srv/x.php</b>\n" + rss(ITEM),
    ],
    ids=[
        "atom",
        "rdf",
        "rss 0.91",
        "json feed",
        "wordpress posts",
        "json list",
        "guid as link",
        "opaque guid as link",
        "front page as link",
        "warning before",
    ],
)
def test_every_kind_of_feed_gives_the_same_entry(body: str) -> None:
    found = read(body)
    assert [(entry.url, entry.title, entry.published and entry.published.iso()) for entry in found.entries] == [
        ("https://gazeta.example/1", "Lajmi", "2026-11-23T08:00:00+01:00")
    ]


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("body", [rss(ITEM).encode(), FORMS["atom"].format(title="Lajmi").encode(), b'[{"title":"Lajmi","url":"/1"}]'])
def test_a_feed_is_unpacked_by_what_its_bytes_are(body: bytes, layers: int) -> None:
    for _ in range(layers):
        body = zipped(body)
    assert [entry.title for entry in read(body).entries] == ["Lajmi"]


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_a_feed_in_zlib_is_unpacked_too(level: int) -> None:
    assert [entry.title for entry in read(zlib.compress(rss(ITEM).encode(), level)).entries] == ["Lajmi"]


def test_of_a_gzipped_feed_that_breaks_off_the_entries_that_are_there_are_read() -> None:
    items = "".join(ITEM.replace("/1<", f"/{n}-{n * 7919 % 1009}<") for n in range(200))
    packed = zipped(rss(items).encode())
    assert len(read(packed[: len(packed) // 2]).entries) > 20


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("gazeta.example/lajme/1", "https://gazeta.example/lajme/1"),
        ("www.gazeta.example/lajme/1", "https://www.gazeta.example/lajme/1"),
        ("https:/tjeter.al/1", "https://tjeter.al/1"),
        ("https://gazeta.example/1 https://gazeta.example/2", "https://gazeta.example/1"),
        ("https://gazeta.example/https://gazeta.example/1", "https://gazeta.example/1"),
        ("#", ""),
        ("?", ""),
        ("https://", ""),
    ],
)
@pytest.mark.parametrize("form", [*FORMS, "json"])
def test_slips_in_links_are_put_right_in_every_kind_of_feed(form: str, link: str, expected: str) -> None:
    text = FORMS[form].format(title="T") if form != "json" else '{"items":[{"title":"T","url":"https://gazeta.example/1"}]}'
    assert read(text.replace("https://gazeta.example/1", link)).entries[0].url == expected


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mira@vest.media (Mira Kola)", "Mira Kola"),
        ("noreply@blogger.com (Ана Петровска)", "Ана Петровска"),
        ("Mira Kola &lt;mira@vest.media&gt;", "Mira Kola"),
        ("Mira Kola (mira@vest.media)", "Mira Kola"),
        ("mira.kola@lajme.vest.media", "mira.kola@lajme.vest.media"),
        ("Mira Kola (foto)", "Mira Kola (foto)"),
        ("mailto:mira@vest.media (Mira)", "Mira"),
        ("(Mira Kola) mira@vest.media", "Mira Kola"),
        ("@mira", "@mira"),
        ("mailto:mira@vest.media", "mira@vest.media"),
        ("Piše: Mira Kola", "Mira Kola"),
        ("PIŠE Mira Kola", "Mira Kola"),
        ("Пише: Ана Петровска", "Ана Петровска"),
        ("Пишува Ана Петровска", "Ана Петровска"),
        ("Shkruan: Mira Kola", "Mira Kola"),
        ("Nga Mira Kola", "Mira Kola"),
        ("Nga: Mira Kola", "Mira Kola"),
        ("By Mira Kola", "Mira Kola"),
        ("Autor: Mira Kola", "Mira Kola"),
        ("Аутор : Мира Кола", "Мира Кола"),
        ("redakcija@vest.media (Piše: Mira Kola)", "Mira Kola"),
        ("Ngadhnjim Berisha", "Ngadhnjim Berisha"),
        ("Byron Kola", "Byron Kola"),
        ("Text Redaktion", "Text Redaktion"),
        ("Nga", "Nga"),
    ],
)
@pytest.mark.parametrize("tag", ["author", "dc:creator", "json"])
def test_an_author_is_the_name_beside_an_address(tag: str, written: str, name: str) -> None:
    if tag == "json":
        text = '{"items":[{"title":"T","url":"/1","author":"' + written.replace("&lt;", "<").replace("&gt;", ">") + '"}]}'
    else:
        text = rss(f"<item><title>T</title><{tag}>{written}</{tag}></item>")
    assert read(text).entries[0].authors == (name,)


def test_a_role_without_a_name_names_nobody() -> None:
    assert read(rss("<item><title>T</title><author>Piše:</author></item>")).entries[0].authors == ()


def test_several_authors_with_addresses_are_several_names() -> None:
    text = rss("<item><title>T</title><author>mira@vest.media (Mira Kola)</author><author>b@x.al (Beni)</author></item>")
    assert read(text).entries[0].authors == ("Mira Kola", "Beni")


def test_links_are_resolved_against_xml_base() -> None:
    body = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://tjeter.example/a/"><entry><id>1</id><title>T</title><link href="b"/></entry></feed>'
    assert read(body).entries[0].url == "https://tjeter.example/a/b"


@pytest.mark.parametrize(
    "link",
    ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/x", "https://user:pw@a.example/", "http://[bad", "data:text/html,x"],
)
def test_a_link_that_is_no_web_address_is_left_empty(link: str) -> None:
    assert read(rss(f"<item><title>T</title><link>{link}</link></item>")).entries[0].url == ""


def test_a_content_element_of_no_standard_is_read_as_summary() -> None:
    assert read(rss("<item><title>T</title><content>&lt;p&gt;Teksti&lt;/p&gt;</content></item>")).entries[0].summary == "Teksti"


@pytest.mark.parametrize(
    ("charset", "title"), [("cp1250", "Šest đaka želi čistiju školu i ćošak"), ("cp1251", "Владата објави новости за децата")]
)
def test_an_undeclared_windows_charset_is_read_right(charset: str, title: str) -> None:
    assert read(rss(f"<item><title>{title}</title></item>").encode(charset)).entries[0].title == title


def test_a_title_encoded_twice_is_put_right() -> None:
    assert read(rss("<item><title>FÃ«mijÃ«t nÃ« internet</title></item>")).entries[0].title == "Fëmijët në internet"


def test_control_characters_do_not_reach_a_title() -> None:
    assert read(rss("<item><title>A\0b\x1b&amp;#8203;c&#8238;d</title></item>").encode()).entries[0].title == "Abcd"


ENTITY = '<!DOCTYPE rss [<!ENTITY a "b">]>'
LAUGHS = "<!DOCTYPE x [" + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9)) + "]>"
PROLOGS = {
    "none": "",
    "a literal": ENTITY,
    "nested": LAUGHS,
    "behind a comment": "<!-- <x> -->" + ENTITY,
    "a parameter": ENTITY.replace("ENTITY", "ENTITY %"),
    "external": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">',
    "a file": '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "of Drupal": """<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN"
        "http://www.w3.org/TR/xhtml1/DTD/xhtml-lat1.ent">\n%HTMLlat1;]>""",
    "a bracket in quotes": '<!DOCTYPE rss [<!ENTITY a "]>"><!-- ]> -->]>',
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"])
@pytest.mark.parametrize("prolog", PROLOGS)
def test_a_doctype_takes_nothing_from_a_feed_and_adds_nothing(prolog: str, encoding: str) -> None:
    found = read(f'<?xml version="1.0" encoding="{encoding}"?>{PROLOGS[prolog]}{rss(ITEM)[21:]}'.encode(encoding))
    assert (found.outcome, [entry.title for entry in found.entries]) == (FetchOutcome.FETCHED, ["Lajmi"])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("prolog", "written", "title"),
    [
        ("external", "F&euml;mij&euml;t n&euml; &Ccedil;ershiz", "Fëmijët në Çershiz"),
        ("of Drupal", "Deca &ndash; &scaron;kola &amp; dom", "Deca – škola & dom"),
        ("<!DOCTYPE x [<!ENTITY nbsp \"&#160;\"><!ENTITY vest 'Vesti'>]>", "&vest;&nbsp;dana", "Vesti dana"),
        ('<!DOCTYPE x [<!ENTITY a "një"><!ENTITY a "dy">]>', "&a; lajm", "një lajm"),
        ("nested", "Lajm &l9; fund", "Lajm &l9; fund"),
        ("a file", "Lajm &a; fund", "Lajm &a; fund"),
        ("a parameter", "Lajm &a; fund", "Lajm &a; fund"),
    ],
)
def test_entities_of_html_and_simple_ones_of_a_feed_are_read_and_no_others(form: str, prolog: str, written: str, title: str) -> None:
    found = read(PROLOGS.get(prolog, prolog) + FORMS[form].format(title=written))
    assert [entry.title for entry in found.entries] == [title]


def test_entities_do_not_make_a_small_feed_large() -> None:
    prolog = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 190}">]>'
    found = read(prolog + rss(f"<item><title>T</title><description>{'&a;' * 200_000}</description></item>{ITEM}"))
    assert [entry.title for entry in found.entries] == ["T", "Lajmi"]
    assert len(found.entries[0].summary) <= 20_000


def test_an_article_about_entities_is_no_entity_declaration() -> None:
    assert read(rss("<item><title><![CDATA[What <!ENTITY does]]></title></item>")).outcome is FetchOutcome.FETCHED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", FetchOutcome.EMPTY),
        (b"\0" * 5000, FetchOutcome.EMPTY),
        (rss("").encode(), FetchOutcome.EMPTY),
        (b"<!DOCTYPE html><html><head><title>x</title></head><body><rss/></body></html>", FetchOutcome.NOT_A_FEED),
        (b'<?xml version="1.0"?><!-- x --><html xmlns="http://www.w3.org/1999/xhtml"/>', FetchOutcome.NOT_A_FEED),
        (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", FetchOutcome.NOT_A_FEED),
        (b"/etc/passwd", FetchOutcome.NOT_A_FEED),
        (b"http://127.0.0.1:1/feed", FetchOutcome.NOT_A_FEED),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), FetchOutcome.NOT_A_FEED),
        (b"\x1f\x8b\x08" + b"\xff" * 100, FetchOutcome.PARSE_FAILED),
        (zipped(b"x" * 9_000_000), FetchOutcome.TOO_LARGE),
        (zipped(b""), FetchOutcome.EMPTY),
        (b'{"error": "no"}', FetchOutcome.NOT_A_FEED),
        (b"{nothing", FetchOutcome.PARSE_FAILED),
        (b'{"items": []}', FetchOutcome.EMPTY),
        (b"x" * 9_000_000, FetchOutcome.TOO_LARGE),
    ],
)
def test_what_is_no_feed_is_an_outcome_with_a_reason(body: bytes, outcome: FetchOutcome) -> None:
    found = read(body)
    assert (found.outcome, found.entries) == (outcome, ())
    assert found.detail


def test_a_body_that_is_a_path_of_a_real_feed_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(rss(ITEM))
    assert read(str(tmp_path / "feed.xml")).entries == ()


def test_a_truncated_feed_gives_the_entries_that_are_there() -> None:
    whole = rss(ITEM * 50)
    cut = whole[: whole.index("<item>") + int(len(ITEM) * 30.5)]
    assert len(read(cut).entries) in (30, 31)


@pytest.mark.parametrize(
    "damage",
    [
        "Ana & Beni",
        "Ana &nbsp; Beni",
        "Ana &#0; Beni",
        "Ana &foo; Beni",
        "<b>Ana Beni",
        "<media:x>Ana</media:x> Beni",
        "Ana </p> Beni",
        "&#xFFFFFFFFFF; Ana Beni",
    ],
)
def test_a_feed_that_is_not_well_formed_keeps_its_entries(damage: str) -> None:
    found = read(rss(f"<item><title>Para</title><description>{damage}</description></item>{ITEM}"))
    assert found.outcome is FetchOutcome.FETCHED
    assert found.entries[0].title == "Para"
    assert "mended" in found.detail


def test_a_bare_angle_loses_no_text() -> None:
    assert read(rss("<item><title>Më pak se 3 < 5, <3</title></item>")).entries[0].title == "Më pak se 3 < 5, <3"


def test_a_bare_ampersand_loses_no_text() -> None:
    assert read(rss("<item><title>Rock & roll &copy; 2026 &scaron;kola</title></item>")).entries[0].title == "Rock & roll © 2026 škola"


MEGABYTE = 1_000_000
HOSTILE = {
    "10,000 deep": rss("<a>" * 10_000 + "</a>" * 10_000),
    "10,000 open items": "<rss><channel>" + "<item>" * 10_000,
    "open angles": "<rss><channel><item><title>" + "<" * MEGABYTE,
    "ampersands": "<rss><channel><item><title>" + "&" * 2 * MEGABYTE,
    "open tags": "<rss><channel><item><title>" + "<a " * 300_000,
    "open attributes": "<rss><channel><item><title>" + '<a b="' * 150_000,
    "open CDATA": "<rss><channel>" + "<![CDATA[" * 100_000,
    "open comments": "<rss><channel>" + "<!--" * 250_000,
    "comments in front": "<!--" * 250_000,
    "doctypes": "\n<!DOCTYPE " * 100_000 + rss(ITEM),
    "tiny items": rss("<item/>" * 500_000),
    "tiny elements": rss("<item>" + "<x/>" * 500_000 + "</item>"),
    "many attributes": rss("<item " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
    "many namespaces": "<rss " + " ".join(f'xmlns:a{n}="http://{n}"' for n in range(50_000)) + "><channel/></rss>",
    "long author": rss("<item><author>" + "a." * MEGABYTE + "</author></item>"),
    "many long authors": rss(("<item><author>" + "a." * 1000 + "</author></item>") * 1000),
    "long date": rss("<item><pubDate>" + "1 " * MEGABYTE + "</pubDate></item>"),
    "open styles": rss("<item><title><![CDATA[" + "<style>" * 150_000 + "]]></title></item>"),
    "many links": '<feed xmlns="http://www.w3.org/2005/Atom"><entry>' + '<link href="x"/>' * 100_000 + "</entry></feed>",
    "deep JSON": "[" * MEGABYTE,
    "deep JSON objects": '{"items":' * 100_000,
}


ORDINARY = rss("".join(f"<item><title>News {number}</title><description>{'words ' * 60}</description></item>" for number in range(2000)))
"""A feed of 900 kB with nothing special in it."""
MOST_TIMES = 20
"""Times that feed; the worst took 3 when this was written."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_feed_ends_in_an_outcome_as_soon_as_an_ordinary_one(name: str) -> None:
    assert read(HOSTILE[name]).outcome in FetchOutcome
    assert times_of(lambda: read(HOSTILE[name]), lambda: read(ORDINARY)) < MOST_TIMES


def test_of_a_feed_without_end_the_first_entries_are_read() -> None:
    found = read(rss(ITEM * 6000))
    assert len(found.entries) == 5000
    assert "5000" in found.detail


@given(st.binary(max_size=300))
def test_any_bytes_end_in_an_outcome(body: bytes) -> None:
    assert read(body).outcome in FetchOutcome


@given(st.integers(0, 600), st.binary(max_size=12))
def test_any_damage_to_a_feed_ends_in_an_outcome(at: int, noise: bytes) -> None:
    whole = rss(ITEM * 3).encode()
    assert read(whole[:at] + noise + whole[at + len(noise) :]).outcome in FetchOutcome
