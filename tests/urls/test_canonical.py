"""Two addresses being one page; never two pages being one address."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.register.catalog import shipped
from tracker.urls import canonical as urls
from tracker.urls.rulebook import rules_of

RULES = rules_of(shipped().outlets)

PASTED = [
    ("https://example.al/a?utm_source=fb&utm_medium=social&fbclid=Iw", "https://example.al/a"),
    ("https://example.al/a?id=7&utm_source=x&p=2", "https://example.al/a?id=7&p=2"),
    ("https://example.al/a?fbclid=1#komentet", "https://example.al/a#komentet"),
    ("https://example.al/a?id=7&amp;utm_medium=rss", "https://example.al/a?id=7"),
    ("https://example.al/a?ref=facebook&src=12", "https://example.al/a?src=12"),
    ("https://example.al/a#:~:text=lum%C3%AB", "https://example.al/a"),
    ("https://example.al/a?print=1", "https://example.al/a?print=1"),
    ("https://example.al/a?Name=%D0%B0&x", "https://example.al/a?Name=%D0%B0&x"),
    ("", ""),
]
SAME_PAGE = [
    ("http://Example.AL:80/Lajme/Titulli/", "https://www.example.al/Lajme/Titulli"),
    ("https://example.al/a?utm_source=x&utm_medium=rss", "https://example.al/a"),
    ("https://example.al/a?fbclid=1&p=7&gclid=2", "https://example.al/a?p=7"),
    ("https://example.al/?b=2&a=1", "https://example.al/?a=1&b=2"),
    ("https://example.al/?a=1&amp;b=2", "https://example.al/?a=1&b=2"),
    ("https://example.al/a#komentet", "https://example.al/a"),
    ("https://m.example.al/a", "https://example.al/a"),
    ("https://mobile.example.al/a", "https://amp.example.al/a"),
    ("https://example.al/a/amp/", "https://example.al/a"),
    ("https://example.al/amp/a", "https://example.al/a"),
    ("https://example.al/a.amp.html", "https://example.al/a.html"),
    ("https://example.al/a-1/print", "https://example.al/a-1"),
    ("https://example.al/lajme/titulli-i-ri/print/", "https://example.al/lajme/titulli-i-ri"),
    ("https://example.al/a?print=1", "https://example.al/a"),
    ("https://example.al/a?id=7&tmpl=component&print=1", "https://example.al/a?id=7"),
    ("https://example.al/a/comment-page-2#komentet", "https://example.al/a/"),
    ("https://example.al/a?cpage=3", "https://example.al/a"),
    ("https://example.al/a?srsltid=Af&gad_source=1&gad_campaignid=7", "https://example.al/a"),
    ("https://mobi.example.al/a", "https://wap.example.al/a"),
    ("https://example.al/lajme/s\u00ebrish", "https://example.al/lajme/se\u0308rish"),
    ("https://example.al/s%C3%ABrish", "https://example.al/se%CC%88rish"),
    ("https://example.rs/vesti/\u0439од", "https://example.rs/vesti/\u0438\u0306од"),
    ("https://example.al/a?amp=1", "https://example.al/a?outputType=amp"),
    ("https://example.al/a?mode=amp&output=amp", "https://example.al/a?layout=amp"),
    ("https://example.al/a?_amp=1", "https://example.al/a?is_amp=1"),
    ("https://example-al.cdn.ampproject.org/c/s/example.al/a?id=7", "https://example.al/a?id=7"),
    ("https://cdn.ampproject.org/v/example.al/a?amp_js_v=0.1", "http://example.al/a"),
    ("https://example-al.bing-amp.com/c/s/amp.example.al/a", "https://example.al/a"),
    ("https://www.google.com/amp/s/www.example.al/a/amp/", "https://example.al/a"),
    ("https://google.co.uk/amp/s/example.al/a", "https://example.al/a"),
    ("https://example.al/index.php", "https://example.al"),
    ("https://example.al/index.php?id=4", "https://example.al/?id=4"),
    ("https://example.al/a//b/./c/../d", "https://example.al/a/b/d"),
    ("https://example.mk/вести/наслов", "https://example.mk/%d0%b2%d0%b5%d1%81%d1%82%d0%b8/%D0%BD%D0%B0%D1%81%D0%BB%D0%BE%D0%B2"),
    ("https://example.al/%7Ea%2db", "https://example.al/~a-b"),
    ("https://пример.срб/a", "https://xn--e1afmkfd.xn--90a3ac/a"),
    ("https://example.al./a", "https://example.al/a"),
    ("https://example.al/a;jsessionid=FF00", "https://example.al/a"),
    ("https://example.al/a?q=1+2", "https://example.al/a?q=1%202"),
    ("https://poskok.info/a?no_cache=1", "https://poskok.info/a"),
    ("https://example.al/a?ref=rss", "https://example.al/a"),
    ("https://www.politika.rs/sr/clanak/1/naslov", "https://www.politika.rs/scc/clanak/1/naslov"),
    ("https://www.novosti.rs/c/vesti/1", "https://www.novosti.rs/vesti/1"),
    ("https://www.rts.rs/lat/vesti/1.html", "https://www.rts.rs/vesti/1.html"),
    ("https://www.rts.rs/page/stories/ci/story/9/a.html", "https://www.rts.rs/page/stories/sr/story/9/a.html"),
    ("https://rtv.rs/sr_lat/a", "https://rtv.rs/sr_ci/a"),
    ("https://www.glassrpske.com/lat/a", "https://www.glassrpske.com/cir/a"),
    ("https://lat.rtrs.tv/vijesti/vijest.php?id=5", "https://www.rtrs.tv/vijesti/vijest.php?id=5"),
    ("https://www.rtvbn.com/cirilica/4/a", "https://www.rtvbn.com/4/a"),
    ("https://lat.sputnikportal.rs/20241011/a-1.html", "https://sputnikportal.rs/20241011/a-1.html"),
    ("https://lat.rt.rs/a", "https://rt.rs/a"),
    ("https://www.bbc.com/serbian/articles/c123/lat", "https://www.bbc.com/serbian/articles/c123/cyr"),
    ("https://www.bbc.com/serbian/lat/svet-1", "https://www.bbc.com/serbian/cyr/svet-1"),
    ("http://www.nspm.rs/a?alphabet=l", "http://www.nspm.rs/a?alphabet=c"),
    ("https://www.pravda.rs/lat/2024/a", "https://www.pravda.rs/2024/a"),
    ("https://example.rs/a?lang=lat", "https://example.rs/a?script=cir"),
    ("https://ba.n1info.com/vijesti/a", "https://n1info.ba/vijesti/a"),
    ("https://srbijadanas.com/a", "https://www.sd.rs/a"),
    ("https://www.espreso.rs/a", "https://espreso.co.rs/a"),
    ("https://radar.rs/a", "https://radar.nova.rs/a"),
    ("https://atvbl.com/a", "https://www.atvbl.rs/a"),
    ("https://source.ba/clanak/1/fb", "https://source.ba/clanak/1"),
    ("https://m.novi.ba/clanak/1/a?url=x", "https://novi.ba/clanak/1/a"),
    ("https://www.evropaelire.org/a/siguria-ne-internet/33150000.html", "https://www.evropaelire.org/a/33150000.html"),
    ("https://www.klix.ba/vijesti/bih/naslov/241011042", "https://www.klix.ba/sport/drugi-naslov/241011042"),
    ("https://www.klix.ba/vijesti/bih/naslov/241011042", "https://m.klix.ba/241011042/amp"),
    ("https://ba.voanews.com/a/naslov/7812345.html", "https://ba.voanews.com/a/7812345.html"),
    ("https://www.slobodnaevropa.org/content/article/2204512.html", "https://www.slobodnaevropa.org/a/naslov/2204512.html"),
    ("https://example.al/a-1/shtyp/", "https://example.al/a-1?print=1"),
    ("https://example.al/a/comment-page-2/", "https://example.al/a"),
    ("https://mobi.example.al/a", "https://wap.example.al/a"),
    ("https://example.al/a?srsltid=x&gad_source=1", "https://example.al/a"),
    ("https://example.al/t\u00ebrmet", "https://example.al/te\u0308rmet"),
    ("https://zurnal.rs/fudbal/a", "https://zurnal.politika.rs/fudbal/a"),
]

OTHER_PAGES = [
    ("https://example.al/a?id=1", "https://example.al/a?id=2"),
    ("https://example.al/?p=1", "https://example.al/?p=2"),
    ("https://rtklive.com/sq/news-single.php?ID=1", "https://rtklive.com/sq/news-single.php?ID=2"),
    ("https://example.al/A", "https://example.al/a"),
    ("https://sport.avaz.ba/a", "https://avaz.ba/a"),
    ("https://example.al/a%2Fb", "https://example.al/a/b"),
    ("https://example.al:8080/a", "https://example.al/a"),
    ("https://sdk.mk/index.php/makedonija/a/", "https://sdk.mk/index.php/makedonija/b/"),
    ("https://example.rs/lat/a", "https://example.rs/a"),
    ("https://example.al/a?lang=sq", "https://example.al/a?lang=en"),
    ("https://example.al/campus", "https://example.al/us"),
    ("https://example.al/print", "https://example.al/stampa-e-lire"),
    ("https://example.al/a?print=2", "https://example.al/a"),
    ("https://www.klix.ba/vijesti/naslov/241011042", "https://klix.ba/?url_key=241011042"),
    ("https://www.klix.ba/vijesti/naslov/241011042", "https://klix.ba/?article=241011042"),
    ("https://www.klix.ba/vijesti/naslov/241011042", "https://example.ba/241011042"),
    ("https://zurnal.politika.rs/sr/a", "https://zurnal.politika.rs/a"),  # an outlet of its own, below a host that has a rule
    ("https://forbes.n1info.rs/a", "https://n1info.rs/a"),
    ("https://hr.n1info.com/a", "https://n1info.com/a"),
    ("https://ba.n1info.com/a", "https://n1info.com/a"),
    ("https://mk.voanews.com/a/7812345.html", "https://ba.voanews.com/a/7812345.html"),
]

NO_ADDRESS = [
    "",
    "   ",
    "mailto:a@b.al",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "ftp://example.al/",
    "s3://bucket/key",
    "//example.al/a",
    "/a",
    "http://",
    "http:///a",
    "http://user@example.al/",
    "http://user:secret@example.al/",
    "http://exa mple.al/",
    "http://[::1",
    "http://example.al:99999/",
    "http://example..al/",
    "http://example.al../",
    f"http://{'a' * 64}.al/",
    "http://" + "a" * 5000,
    "article:",
    "article:klix.ba/",
    "article:klix.ba/1?x",
    "article:a b/1",
]


@pytest.mark.parametrize(("one", "other"), SAME_PAGE)
def test_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert urls.normalise(one, RULES) == urls.normalise(other, RULES) != ""


@pytest.mark.parametrize(("one", "other"), OTHER_PAGES)
def test_addresses_of_two_pages_keep_two_keys(one: str, other: str) -> None:
    assert urls.normalise(one, RULES) != urls.normalise(other, RULES)
    assert urls.normalise(one, RULES)


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_web_address_has_no_key(address: str) -> None:
    assert urls.normalise(address, RULES) == ""


_SEGMENTS = st.sampled_from(
    [
        "",
        "a",
        "amp",
        "index.php",
        "lat",
        "cyr",
        "c",
        "sr",
        "scc",
        "fb",
        "..",
        ".",
        "%2F",
        "%2541",
        "%4%31",
        "вест",
        "123456789",
        "55555.html",
        "ci",
        "serbian",
    ]
)
_HOSTS = st.sampled_from(
    [
        "www.politika.rs",
        "m.novosti.rs",
        "rts.rs",
        "www.bbc.com",
        "klix.ba",
        "www.klix.ba",
        "source.ba",
        "evropaelire.org",
        "amp.m.www.example.al",
        "lat.rtrs.tv",
        "[::1]",
        "127.0.0.2:81",
        "пример.срб",
    ]
)
_QUERIES = st.lists(
    st.sampled_from(["a=1", "utm_x=1", "=b", "amp;amp;c=2", "lang=lat", "x=%41", "y=?", "z=a+b", "", "q", "&", "%"]), max_size=4
)
_ADDRESSES = st.builds(
    lambda scheme, host, segments, query: f"{scheme}://{host}/{'/'.join(segments)}?{'&'.join(query)}",
    st.sampled_from(["http", "https", "HTTP"]),
    _HOSTS,
    st.lists(_SEGMENTS, max_size=6),
    _QUERIES,
)


@given(
    _ADDRESSES
    | st.text(max_size=80)
    | st.text(max_size=60).map("http://example.al/".__add__)
    | st.text(max_size=20).map("https://".__add__)
)
@example("http://example.al/\ud800?\udfff")
@example("http://a.b/" + "ж" * 2000)
def test_normalising_twice_changes_nothing_and_never_raises(address: str) -> None:
    key = urls.normalise(address, RULES)
    assert urls.normalise(key, RULES) == key
    assert key.isascii()


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://sport.avaz.ba/a", "avaz.ba"),
        ("https://www.panorama.com.al/", "panorama.com.al"),
        ("https://a.blogspot.com/x", "a.blogspot.com"),
        ("http://127.0.0.5:8080/a", "127.0.0.5"),
        ("http://[::1]/a", "[::1]"),
        ("http://localhost/a", "localhost"),
        ("mailto:x", ""),
    ],
)
def test_the_registrable_domain_is_what_somebody_registered(address: str, domain: str) -> None:
    assert urls.registrable_domain(address) == domain


PAGE = "https://www.example.al/lajme/titulli-1?x=a"


@pytest.mark.parametrize(
    ("canonical", "page", "trusted"),
    [
        ("https://example.al/lajme/titulli-1", PAGE, True),
        ("/lajme/titulli-1", PAGE, True),
        ("https://sport.example.al/titulli-1", PAGE, True),
        ("https://new.example/titulli-1", PAGE, True),
        ("https://example.al/", PAGE, False),
        ("https://example.al/index.html?utm_source=x", PAGE, False),
        ("https://other.al/lajme/titulli-1", PAGE, False),
        ("https://example.al/lajme", PAGE, False),
        ("", PAGE, False),
        ("javascript:void(0)", PAGE, False),
        ("http://[::1", PAGE, False),
        ("https://example.al/vest.php", "https://example.al/vest.php?id=5", False),
        ("https://www.politika.rs/sr", "https://www.politika.rs/sr/clanak/1/naslov", False),
        ("https://example.al/sq/", "https://example.al/sq/hapet-kanali-i-ri", False),
        ("https://example.al/en", "https://example.al/2026/03/hapet-kanali-i-ri", False),
        ("https://example.al/404", "https://example.al/hapet-kanali-i-ri", False),
        ("https://example.al/politika", "https://example.al/2026/03/10/hapet-kanali-i-ri", False),
        ("https://example.al/najnovije-vijesti", "https://example.al/vijesti/otvoren-novi-kanal-8841", False),
        ("https://example.al/vijesti?page=1", "https://example.al/vijesti/otvoren-novi-kanal-8841", False),
        ("https://example.al/2026/03/10", "https://example.al/2026/03/10/hapet-kanali-i-ri", False),
        ("https://example.al/lajme/999", "https://example.al/lajme/1234", False),
        ("https://example.al/clanak/89/otvoren-novi-kanal", "https://example.al/clanak/88/otvoren-novi-kanal", False),
        ("https://example.al/otvoren-novi-kanal-8842", "https://example.al/otvoren-novi-kanal-8841", False),
        ("https://example.al/article?id=9", "https://example.al/article?id=5", False),
        ("https://example.al/article", "https://example.al/article?sid=5&id=7", False),
        ("https://example.al/lajme/hapet-kanali-i-ri", "https://example.al/lajme/hapet-kanali-i-ri?v=2", True),
        ("https://example.al/lajme/hapet-kanali-i-ri", "https://example.al/rajoni/hapet-kanali-i-ri-1234", True),
        ("https://example.al/lajme/hapet-sot-kanali-i-ri", "https://example.al/lajme/hapet-kanali-i-ri", True),
        ("https://example.al/a/1234567.html", "https://example.al/a/hapet-kanali/1234567.html", True),
        ("https://example.al/hapet-kanali-i-ri/", "https://example.al/?p=8841", True),
        ("https://example.al/lajme/", "https://example.al/?p=8841", False),
        (
            "https://example.mk/%D0%BE%D1%82%D0%B2%D0%BE%D1%80%D0%B5%D0%BD-%D0%BA%D0%B0%D0%BD%D0%B0%D0%BB",
            "https://example.mk/отворен-канал?x=1",
            True,
        ),
    ],
)
def test_a_canonical_link_is_trusted_within_reason(canonical: str, page: str, trusted: bool) -> None:
    found = urls.trusted_canonical(canonical, page, ("new.example",))
    assert (found != page) is trusted


@pytest.mark.parametrize(("pasted", "shown"), PASTED)
def test_a_pasted_address_is_shown_without_what_tells_who_sent_it(pasted: str, shown: str) -> None:
    assert urls.without_tracking(pasted) == shown


@given(st.text(alphabet="https://exmpl.a?&=#;utm_1é "))
def test_an_address_without_its_tracking_is_the_same_page_and_stays_so(url: str) -> None:
    shown = urls.without_tracking(url)
    assert urls.without_tracking(shown) == shown
    assert urls.normalise(shown) == urls.normalise(url)


@given(st.from_regex(urls._WRITTEN_ONCE, fullmatch=True))
def test_what_stands_in_one_spelling_as_it_is_has_the_spelling_that_escapes_are_brought_to(text: str) -> None:
    for safe in (urls._PATH_SAFE, urls._QUERY_SAFE):
        assert urls._escaped("%41" + text, safe) == "A" + text == urls._escaped("A" + text, safe)
