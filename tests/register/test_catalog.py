from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.linear import grows_linearly
from tracker.errors import ConfigError
from tracker.model import Outlet, Source, SourceKind
from tracker.register.catalog import Catalogue, read_catalogue, read_catalogues, shipped, source_id, write_catalogue
from tracker.register.opml import read_opml, write_opml

HEAD = "id,name,homepage,country,languages,scripts,kind,tier,feeds,feed_evidence,sitemap,platform,notes\n"
ROW = "lumi,Zëri i Lumit,https://lumi.example/,AL,sq|en,Latn,daily,2,https://lumi.example/feed/ https://lumi.example/en/feed/,seen,https://lumi.example/news.xml,wordpress,\n"


def written(folder: Path, text: str | bytes, name: str = "c.csv") -> Path:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder / name


def test_a_row_becomes_an_outlet_and_its_sources(tmp_path: Path) -> None:
    found = read_catalogue(written(tmp_path, HEAD + ROW))
    assert found.outlets[0] == Outlet(
        "lumi", "Zëri i Lumit", "https://lumi.example/", "AL", ("sq", "en"), ("Latn",), "daily", 2, "wordpress"
    )
    assert [(source.id, source.kind, source.address, source.enabled) for source in found.sources] == [
        ("lumi:feed:1", SourceKind.FEED, "https://lumi.example/feed/", True),
        ("lumi:feed:2", SourceKind.FEED, "https://lumi.example/en/feed/", True),
        ("lumi:sitemap:1", SourceKind.SITEMAP, "https://lumi.example/news.xml", True),
    ]


def test_the_shipped_register_is_whole_and_comes_back_the_same(tmp_path: Path) -> None:
    register = shipped()
    assert len(register.outlets) == 576
    assert {outlet.country for outlet in register.outlets} == {"AL", "BA", "XK", "ME", "MK", "RS", "XB"}
    assert read_catalogue(written(tmp_path, write_catalogue(register))) == register


def test_a_feed_that_others_report_as_failing_is_listed_and_not_watched(tmp_path: Path) -> None:
    found = read_catalogue(written(tmp_path, HEAD + ROW.replace(",\n", ",feed=reported-failing; 404\n")))
    assert [source.enabled for source in found.sources] == [False, False, True]


def test_a_spreadsheet_of_the_region_separates_by_semicolon(tmp_path: Path) -> None:
    text = "\ufeffid;name;homepage;country\r\nlumi;Lumi, lajme;https://lumi.example/;AL\r\n"
    assert read_catalogue(written(tmp_path, text)).outlets[0].name == "Lumi, lajme"


def row(**cells: str) -> str:
    values = dict(zip(HEAD.strip().split(","), ROW.strip().split(","), strict=True)) | cells
    return HEAD + ",".join(f'"{value}"' for value in values.values()) + "\n"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", ":1", "missing: id, name, homepage, country"),
        ("1,2,3\n", ":1", "missing"),
        (HEAD.replace("languages", "languges") + ROW, ":1:5", "unknown column 'languges'"),
        (HEAD.replace("notes", "name") + ROW, ":1:13", "twice"),
        (HEAD + ROW + ROW, ":3", "stands already at"),
        (HEAD + "\n" + ROW + "a,b\n", ":4", "2 cells"),
        (row(country="DE"), ":2:4", "country: 'DE' must be one of AL, BA, XK, ME, MK, RS, XB"),
        (row(country=""), ":2:4", "country"),
        (row(country="\u0425\u041a"), ":2:4", "XB; its letters are Cyrillic ones"),
        (row(homepage="ftp://lumi.example/"), ":2:3", "homepage"),
        (row(homepage="https://u:p@lumi.example/"), ":2:3", "homepage"),
        (row(feeds="/feed/"), ":2:9", "feeds"),
        (row(feeds="https://a.example/f https://a.example/f"), ":2:9", "twice"),
        (row(sitemap="file:///x"), ":2:11", "sitemap"),
        (row(tier="4"), ":2:8", "tier: '4' must be one of 1, 2, 3"),
        (row(feed_evidence="heard"), ":2:10", "feed_evidence"),
        (row(languages="Albanian"), ":2:5", "languages"),
        (row(scripts="Grek"), ":2:6", "scripts"),
        (row(kind="blog"), ":2:7", "kind"),
        (row(id="a b"), ":2:1", "id"),
        (row(id=""), ":2:1", "id"),
        (HEAD + ROW.replace("Zëri", '"Zëri'), ":2", "quote"),
        (HEAD + ROW.replace("Zëri", "Z\0ri"), ":2", "NUL"),
        ((HEAD + ROW).encode("cp1250"), ":2", "UTF-8"),
        ((HEAD + ROW).encode("utf-16"), "", "UTF-16"),
        (b"PK\x03\x04\x14\0", "", "is a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "", "is a workbook"),
        (row(homepage="http://lumi,example/"), ":2:3", "homepage"),
        (row(feeds="https://lumi,example/feed"), ":2:9", "feeds"),
        (HEAD + ROW.replace("Zëri", "Z" * 200_000), ":2", "field"),
        ("id,name,homepage,country,delay_seconds\na,b,https://a.example/,AL,fast\n", ":2:5", "seconds"),
        ("id,name,homepage,country,delay_seconds\na,b,https://a.example/,AL,nan\n", ":2:5", "seconds"),
        ("id,name,homepage,country,time_zone\na,b,https://a.example/,AL,Europe/Pristina\n", ":2:5", "IANA zone"),
        ("id,name,homepage,country,lenient_tls\na,b,https://a.example/,AL,maybe\n", ":2:5", "yes, no"),
        ("id,name,homepage,country,script_switch\na,b,https://a.example/,AL,latinica\n", ":2:5", "script_switch: 'latinica' must be marks"),
        ("id,name,homepage,country,url_key\na,b,https://a.example/,AL,(a+)+{n}\n", ":2:5", "url_key: '(a+)+{n}' must be a path with {n}"),
        ("id,name,homepage,country,lookback_days\na,b,https://a.example/,AL,0\n", ":2:5", "lookback_days: '0' must be days, 1 to 3660"),
        ("id,name,homepage,country,lookback_days\na,b,https://a.example/,AL,1.5\n", ":2:5", "days, 1 to 3660"),
        ("id,name,homepage,country,disabled\na,b,https://a.example/,AL,feed:1\n", ":2:5", "names no source"),
    ],
)
def test_a_wrong_catalogue_is_one_line_naming_the_place(tmp_path: Path, text: str | bytes, place: str, words: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_catalogue(path)
    assert str(caught.value).startswith(f"{path}{place}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("between", [" ", ", ", ",", "; ", ";", " | ", "|", ";\n"])
def test_several_addresses_may_be_joined_as_people_join_them(tmp_path: Path, between: str) -> None:
    feeds = ["https://a.example/f?a=1;b=2,3", "http://b.example/f"]
    found = read_catalogue(written(tmp_path, row(feeds=f"{between.join(feeds)}{between.strip()}")))
    assert [source.address for source in found.sources if source.kind is SourceKind.FEED] == feeds


@pytest.mark.parametrize("after", [",", ",,,", ", , "])
def test_columns_without_a_name_and_a_value_are_passed_over(tmp_path: Path, after: str) -> None:
    plain = read_catalogue(written(tmp_path, HEAD + ROW))
    lines = (HEAD + ROW).splitlines()
    assert read_catalogue(written(tmp_path, "".join(f"{line}{after}\n" for line in lines))) == plain
    with pytest.raises(ConfigError, match="cells where the header has"):
        read_catalogue(written(tmp_path, f"{lines[0]},,\n{lines[1]},,x\n"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.csv: cannot be read"):
        read_catalogue(tmp_path / "none.csv")


def test_an_outlet_in_two_files_is_refused_with_both_places(tmp_path: Path) -> None:
    paths = [written(tmp_path, HEAD + ROW, "a.csv"), written(tmp_path, HEAD + ROW, "b.csv")]
    with pytest.raises(ConfigError, match=r"b\.csv:2: id: 'lumi' stands already at .*a\.csv:2"):
        read_catalogues(paths)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=30).map(str.strip)
FORMULAS = st.sampled_from(["=1+1", "+1", "-1", "@x", "'=1", "''@", "'", "\u2212"])
HOSTS = st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    outlets, sources = [], []
    for identity in draw(st.lists(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,12}", fullmatch=True), unique=True, max_size=4)):
        outlets.append(
            Outlet(
                identity,
                draw(TEXT.filter(bool) | FORMULAS),
                f"https://{draw(HOSTS)}/",
                draw(st.sampled_from(["AL", "XB", "RS"])),
                tuple(draw(st.lists(st.sampled_from(["sq", "mk", "cnr"]), unique=True))),
                draw(st.sampled_from([("Latn",), ("Cyrl",), ("Cyrl", "Latn")])),
                tier=draw(st.integers(1, 3)),
                notes=draw(TEXT | FORMULAS),
                lenient_tls=draw(st.booleans()),
                delay_seconds=draw(st.none() | st.floats(0, 3600)),
                time_zone=draw(st.none() | st.just("Europe/Skopje")),
                moved_hosts=tuple(draw(st.lists(HOSTS, max_size=2))),
                script_switch=draw(st.none() | st.sampled_from(["/lat/|/cir/", "?alphabet=", "lat."])),
                url_key=draw(st.none() | st.sampled_from(["/a/{n}.html", "*-{n}", "?id={n:1}"])),
                lookback_days=draw(st.none() | st.integers(1, 3660)),
                refuses=draw(st.booleans()),
            )
        )
        evidence = draw(st.sampled_from(["seen", "convention"]))
        for kind in (SourceKind.FEED, SourceKind.SITEMAP):
            for number in range(1, draw(st.integers(0, 2)) + 1):
                graded = evidence if kind is SourceKind.FEED else "seen"
                name = source_id(identity, kind, number)
                sources.append(Source(name, identity, kind, f"https://{identity}.example/{kind}{number}", graded, draw(st.booleans())))
    return Catalogue(tuple(outlets), tuple(sources))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(catalogue=catalogues())
def test_any_catalogue_comes_back_the_same_and_holds_no_formula(tmp_path: Path, catalogue: Catalogue) -> None:
    import csv
    import io

    text = write_catalogue(catalogue)
    assert read_catalogue(written(tmp_path, text)) == catalogue
    assert not [
        cell for cells in csv.reader(io.StringIO(text, newline="")) for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))
    ]


def test_feeds_go_out_as_opml_and_come_back(tmp_path: Path) -> None:
    register = shipped()
    found = read_opml(written(tmp_path, write_opml(register), "r.opml"))
    feeds = {source.id: source.address for source in register.sources if source.kind is SourceKind.FEED}
    assert {source.id: source.address for source in found.sources} == feeds
    assert {(o.id, o.name, o.country, o.languages) for o in found.outlets} <= {
        (o.id, o.name, o.country, o.languages) for o in register.outlets
    }


def test_an_outlets_overrides_go_out_as_opml_and_come_back(tmp_path: Path) -> None:
    said = Outlet(
        "lumi",
        "Lumi",
        "https://lumi.example/",
        "AL",
        ("sq",),
        lenient_tls=True,
        delay_seconds=2.5,
        user_agent="A b/1",
        time_zone="Europe/Skopje",
        moved_hosts=("old.example", "older.example"),
        script_switch="/lat/|?pismo2=",
        url_key="*-{n:7}",
        lookback_days=30,
        refuses=True,
    )
    feeds = tuple(Source(f"lumi:feed:{n}", "lumi", SourceKind.FEED, f"https://lumi.example/{n}", "seen") for n in (1, 2))
    assert read_opml(written(tmp_path, write_opml(Catalogue((said,), feeds)), "r.opml")) == Catalogue((said,), feeds)


@pytest.mark.parametrize(
    "address", ["feed://tjeter.example/rss", "feed:http://tjeter.example/rss", "http:/tjeter.al/rss", "www.tjeter.al/rss"]
)
def test_the_ways_readers_write_a_feeds_address_in_opml_are_understood(tmp_path: Path, address: str) -> None:
    text = f'<opml><body><outline text="a" xmlUrl="{address}"/></body></opml>'
    (source,) = read_opml(written(tmp_path, text, "x.opml")).sources
    assert source.address.startswith("http")
    assert source.address.endswith("/rss")


@pytest.mark.parametrize(
    "text",
    [
        '<opml xmlns="http://opml.org/spec2" version="2.0"><body><outline text="AL"><outline xmlUrl="https://a.example/feed"/></outline></body></opml>',
        '<OPML><BODY><OUTLINE text="AL"><OUTLINE xmlUrl="https://a.example/feed"/></OUTLINE></BODY></OPML>',
    ],
    ids=["namespace", "capitals"],
)
def test_opml_is_read_whatever_its_namespace_and_case(tmp_path: Path, text: str) -> None:
    (tmp_path / "f.opml").write_text(text, "utf-8")
    found = read_opml(tmp_path / "f.opml")
    assert [(outlet.country, source.address) for outlet, source in zip(found.outlets, found.sources, strict=True)] == [
        ("AL", "https://a.example/feed")
    ]


def test_an_opmls_own_and_htmls_entities_are_read(tmp_path: Path) -> None:
    text = """<?xml version="1.0"?><!DOCTYPE opml SYSTEM "opml.dtd" [<!ENTITY gj "Gjirokastër">]>
    <opml><body><outline text="Z&euml;ri & &gj;" xmlUrl="https://zeri.example/feed?a=1&b=2"/></body></opml>"""
    found = read_opml(written(tmp_path, text, "x.opml"))
    assert (found.outlets[0].name, found.sources[0].address) == ("Zëri & Gjirokastër", "https://zeri.example/feed?a=1&b=2")


def test_reading_opml_takes_time_that_grows_with_it_only(tmp_path: Path) -> None:
    def outlines(count: int) -> str:
        feeds = "".join(f'<outline text="n{n}" xmlUrl="https://a{n % 7}.example/{n}"/>' for n in range(count))
        return f"<opml><body>{feeds}</body></opml>"

    assert grows_linearly(lambda text: read_opml(written(tmp_path, text, "x.opml")), outlines, 16_000)


@pytest.mark.parametrize(("attribute", "words"), [('urlKey="(a+)+"', "urlKey: '"), ('lookbackDays="many"', "lookbackDays: 'many' must be")])
def test_a_wrong_override_in_opml_names_its_line(tmp_path: Path, attribute: str, words: str) -> None:
    text = f'<opml><body>\n<outline text="a" xmlUrl="https://a.example/feed" {attribute}/></body></opml>'
    with pytest.raises(ConfigError, match=words) as caught:
        read_opml(written(tmp_path, text, "x.opml"))
    assert "x.opml:2: " in str(caught.value)


def test_a_feed_readers_opml_gives_outlets_by_host_and_countries_by_folder(tmp_path: Path) -> None:
    text = """<opml version="1.0"><body><outline text="MK"><outline text="Vesti &amp; co" xmlurl="https://www.vesti.example/rss" htmlUrl="https://www.vesti.example/"/>
    <outline text="Vesti sport" xmlUrl="https://www.vesti.example/sport/rss" htmlUrl="https://www.vesti.example/"/></outline>
    <outline title="Tjetër" xmlUrl="https://tjeter.example/feed/"/></body></opml>"""
    found = read_opml(written(tmp_path, text, "x.opml"), country="AL")
    assert [(o.id, o.name, o.country) for o in found.outlets] == [("vesti-example", "Vesti & co", "MK"), ("tjeter-example", "Tjetër", "AL")]
    assert [source.id for source in found.sources] == ["vesti-example:feed:1", "vesti-example:feed:2", "tjeter-example:feed:1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;"/></body></opml>', "no feed"),
        ('<opml><!ENTITY a "b"><body/></opml>', "refused as unsafe"),
        ("<opml><body>", "not valid XML"),
        ("<rss/>", "another kind"),
        ("<opml><body/></opml>", "no feed"),
        ('<opml><body><outline xmlUrl="file:///etc/passwd"/></body></opml>', "http"),
        ("<opml><body>" + "<outline>" * 200 + "</outline>" * 200 + "</body></opml>", "deep"),
        ("/etc/passwd", "not valid XML"),
    ],
)
def test_a_wrong_opml_is_one_line_naming_the_file(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        read_opml(written(tmp_path, text, "x.opml"))
    assert "x.opml" in str(caught.value)
