"""What the register says of one outlet's addresses: read or refused, applied to that outlet's hosts only, and idempotent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.linear import grows_linearly
from tests.urls.test_canonical import _QUERIES
from tracker.model import Outlet
from tracker.urls.canonical import is_front_page, keys_of, normalise
from tracker.urls.links import web_address
from tracker.urls.outlet_rules import MAX_CHARS, read_keys, read_switch
from tracker.urls.rulebook import rule_of, rules_of


def outlet(switch: str = "", key: str = "", home: str = "https://www.vesti.example/", moved: tuple[str, ...] = ()) -> Outlet:
    return Outlet("vesti", "Vesti", home, "RS", ("sr",), script_switch=switch or None, url_key=key or None, moved_hosts=moved)


@pytest.mark.parametrize(
    ("switch", "key", "one", "other"),
    [
        ("/lat/|/cir/", "", "https://vesti.example/lat/most-1", "https://www.vesti.example/cir/most-1/"),
        ("/lat/", "", "https://vesti.example/sport/lat/most-1?utm_source=x", "https://vesti.example/sport/most-1"),
        ("?azbuka=", "", "https://vesti.example/most?azbuka=cirilica&id=1", "https://vesti.example/most?id=1&azbuka=2"),
        ("?azbuka=2", "", "https://vesti.example/most?azbuka=2", "https://vesti.example/most"),
        ("lat.|cir.", "", "https://lat.vesti.example/most", "https://m.cir.vesti.example/most"),
        ("lat.|/cir/|?p=", "", "https://lat.vesti.example/most?p=1", "https://vesti.example/cir/most"),
        ("", "/a/*{n}.html", "https://vesti.example/a/most-na-reci/33150000.html", "https://vesti.example/a/33150000.html"),
        ("", "*-{n}", "https://vesti.example/sport/naslov-123456", "https://vesti.example/najnovije/nov-naslov-123456/amp"),
        ("", "*/{n:9}", "https://vesti.example/bih/naslov/241011042", "https://vesti.example/241011042"),
        ("", "/vest/{n:1}/*", "https://vesti.example/vest/42/naslov", "https://vesti.example/vest/42/drugi-naslov?a=1"),
        ("", "/vest/{n:1}/", "https://vesti.example/vest/42/", "https://m.vesti.example/vest/42?v=1"),
        ("", "/a/{n}.html|/b/*{n}", "https://vesti.example/a/123456.html", "https://vesti.example/b/naslov-123456"),
        ("", "?nav_id={n}", "https://vesti.example/index.php?nav_id=123456&yyyy=2024", "https://vesti.example/vest.php?nav_id=123456"),
        ("/lat/", "*-{n}", "https://vesti.example/lat/sport/naslov-123456", "https://vesti.example/naslov-123456?x=1"),
    ],
)
def test_addresses_that_a_rule_makes_one_have_one_key(switch: str, key: str, one: str, other: str) -> None:
    rule = rule_of(outlet(switch, key))
    assert normalise(one, rule) == normalise(other, rule) != ""
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("switch", "key", "one", "other"),
    [
        ("/lat/", "", "https://vesti.example/latinica/a", "https://vesti.example/inica/a"),
        ("?azbuka=2", "", "https://vesti.example/most?azbuka=3", "https://vesti.example/most"),
        ("lat.", "", "https://latvesti.example/a", "https://vesti.example/a"),
        ("/lat/", "", "https://other.example/lat/a", "https://other.example/a"),
        ("", "*-{n}", "https://vesti.example/kosarka-2024", "https://vesti.example/fudbal-2024"),  # a year is no article's number
        ("", "*-{n}", "https://other.example/a-123456", "https://other.example/b-123456"),
        ("", "*-{n}", "https://sport.vesti.example/a-123456", "https://vesti.example/a-123456"),
        ("", "*-{n}", "https://vesti.example/a-123456", "https://vesti.example/a-1234567"),
        ("", "/vest/{n}", "https://vesti.example/vest/123456/slike/1", "https://vesti.example/vest/123456/slike/2"),
        ("", "?id={n}", "https://vesti.example/a?cid=123456", "https://vesti.example/b?cid=123456"),
    ],
)
def test_a_rule_makes_no_two_pages_one(switch: str, key: str, one: str, other: str) -> None:
    rule = rule_of(outlet(switch, key))
    assert normalise(one, rule) != normalise(other, rule)


def test_a_rule_holds_on_moved_hosts_and_below_the_outlets_own() -> None:
    rule = rule_of(outlet(key="*-{n}", home="https://lat.vesti.example/", switch="lat.", moved=("stare.example",)))
    assert normalise("https://stare.example/x/a-123456", rule) == normalise("https://stare.example/b-123456", rule)
    assert normalise("https://sport.vesti.example/x/a-123456", rule) == "article:sport.vesti.example/123456"


def test_a_moved_host_stands_for_the_present_one() -> None:
    rules = rule_of(outlet(home="https://www.vesti.example/", moved=("stare.example", "www.starije.example")))
    keys = {normalise(f"https://{host}/a/most", rules) for host in ("vesti.example", "www.stare.example", "m.starije.example")}
    assert keys == {"https://vesti.example/a/most"}


def test_an_outlet_of_which_nothing_is_said_has_no_rule() -> None:
    rules = rule_of(outlet())
    assert normalise("https://vesti.example/lat/a-123456?azbuka=2", rules) == normalise("https://vesti.example/lat/a-123456?azbuka=2")


def other(identity: str, home: str, switch: str = "", key: str = "", moved: tuple[str, ...] = ()) -> Outlet:
    return replace(outlet(switch, key, home, moved), id=identity)


def test_the_rule_is_that_of_the_outlet_at_the_address_not_of_the_one_that_named_it() -> None:
    rules = rules_of([outlet(key="*-{n}"), other("drugi", "https://drugi.example/", "/lat/")])
    assert normalise("https://vesti.example/lat/most-123456", rules) == "article:vesti.example/123456"
    assert normalise("https://drugi.example/lat/most-123456", rules) == "https://drugi.example/most-123456"
    assert normalise("https://tuđi.example/lat/most-123456", rules) == normalise("https://tuđi.example/lat/most-123456")


def test_an_outlet_below_anothers_host_is_shielded_from_its_rule() -> None:
    rules = rules_of([outlet("/lat/"), other("sport", "https://sport.vesti.example/")])
    assert normalise("https://sport.vesti.example/lat/a", rules) == "https://sport.vesti.example/lat/a"
    assert normalise("https://kultura.vesti.example/lat/a", rules) == "https://kultura.vesti.example/a"


def test_of_two_outlets_on_one_host_the_one_whose_front_page_lies_above_the_address_has_the_rule() -> None:
    rules = rules_of(
        [
            other("sr", "https://dvojezicni.example/srpski/lat", "/lat/|/cyr/"),
            other("sq", "https://dvojezicni.example/shqip", key="*-{n}"),
        ]
    )
    assert normalise("https://dvojezicni.example/srpski/cyr/a-123456", rules) == "https://dvojezicni.example/srpski/a-123456"
    assert normalise("https://dvojezicni.example/shqip/cyr/a-123456", rules) == "article:dvojezicni.example/123456"
    assert normalise("https://dvojezicni.example/english/cyr/a-123456", rules) == "https://dvojezicni.example/english/cyr/a-123456"
    assert rules.owner("https://www.dvojezicni.example/srpski/lat/x") == "sr"
    assert rules.owner("https://dvojezicni.example/shqip") == "sq"
    assert rules.owner("https://dvojezicni.example/english") == ""


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("https://vesti.example/a", "vesti"),
        ("http://m.lat.vesti.example:8080/a", "vesti"),
        ("https://www.stare.example/a", "vesti"),
        ("https://sport.vesti.example/a", "vesti"),
        ("https://drugi.example/vesti.example/", "drugi"),
        ("https://vesti.example.zli.example/", ""),
        ("https://zlivesti.example/", ""),
        ("no address", ""),
    ],
)
def test_the_owner_of_an_address_is_the_outlet_at_its_host(address: str, owner: str) -> None:
    rules = rules_of([outlet("lat.", moved=("stare.example",)), other("drugi", "https://drugi.example/", moved=("vesti.example",))])
    assert rules.owner(address) == owner


def test_hosts_that_name_each_other_as_moved_end_somewhere() -> None:
    rules = rules_of([other("a", "https://a.example/", moved=("b.example",)), other("b", "https://b.example/", moved=("a.example",))])
    assert [rules.owner(f"https://{host}.example/") for host in "ab"] == ["a", "b"]


@pytest.mark.parametrize("literal", ["https://vesti.example/?url_key=123456", "https://vesti.example/?article=123456"])
def test_no_address_can_be_written_that_is_the_key_of_a_number(literal: str) -> None:
    rules = rule_of(outlet(key="*-{n}"))
    key = normalise("https://vesti.example/most-123456", rules)
    assert normalise(literal, rules) != key
    assert web_address(key) == web_address(f"//{key}") == ""


def test_a_front_page_in_the_other_script_is_a_front_page() -> None:
    rule = rule_of(outlet("/lat/|?pismo2="))
    assert is_front_page("https://vesti.example/lat/?pismo2=c", rule)
    assert not is_front_page("https://vesti.example/lat/a", rule)


def test_an_address_is_looked_up_by_the_rules_and_as_it_was_before_them() -> None:
    rules = rules_of([outlet("/lat/"), other("drugi", "https://drugi.example/", key="*-{n}")])
    assert keys_of("https://vesti.example/lat/a", rules) == ["https://vesti.example/lat/a", "https://vesti.example/a"]
    assert keys_of("https://treci.example/lat/a", rules) == ["https://treci.example/lat/a"]
    assert keys_of("no address", rules) == []


SWITCHES = ["", "/lat/|/cir/", "/amp/|/sr/", "?azbuka=|?a=1", "lat.|m.", "lat.|/lat/|?lang=|/a/", "/ci/|/sr/"]
KEYS = ["", "*-{n}", "*/{n:9}", "/a/*{n}.html", "/a/{n:1}/*", "*{n:1}*", "?a={n:1}", "?url_key={n:1}", "/{n:1}"]
HOSTS = [
    "vesti.example",
    "www.vesti.example",
    "lat.vesti.example",
    "lat.m.lat.vesti.example",
    "klix.ba",
    "rts.rs",
    "evropaelire.org",
    "127.0.0.2:81",
    "other.example",
]
PARTS = ["", "a", "lat", "cir", "amp", "index.php", "ci", "serbian", "a-123456", "241011042", "55555.html", "2024", "%6Cat", "..", "x.amp"]


@given(
    st.sampled_from(SWITCHES),
    st.sampled_from(KEYS),
    st.sampled_from(HOSTS),
    st.lists(st.sampled_from(PARTS), max_size=6),
    _QUERIES | st.just(["url_key=5", "azbuka=2"]),
)
def test_normalising_twice_by_a_rule_changes_nothing(switch: str, key: str, host: str, parts: list[str], query: list[str]) -> None:
    rule = rule_of(outlet(switch, key, home=f"http://{host}/" if host != "other.example" else "http://vesti.example/"))
    found = normalise(f"http://{host}/{'/'.join(parts)}?{'&'.join(query)}", rule)
    assert found
    assert normalise(found, rule) == found


@pytest.mark.parametrize(
    "text",
    [
        "lat",
        "/lat",
        "/a/b/",
        "//",
        "/../",
        "?=x",
        "?a",
        "lat|",
        "LAT.",
        "1.",
        "/lat/|(.*)",
        "/" + "a" * MAX_CHARS + "/",
        "|".join(["/a/"] * 9),
    ],
)
def test_a_mark_that_is_none_is_refused_with_what_would_be_right(text: str) -> None:
    if text == "/lat":
        assert read_switch(text) == read_switch("/lat/")
        return
    with pytest.raises(ValueError, match=r"marks joined by|at most \d+ char"):
        read_switch(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{n}x*y",
        "/a/",
        "(a+)+{n}",
        "*{n}*{n}",
        "**{n}",
        "a/{n}",
        "{n}",
        "?id={n}&b",
        "?{n}",
        "/{n:0}",
        "/{n:21}",
        "/{m}",
        "/š/{n}",
        "/" + "a" * 100 + "{n}",
        "/a{n}\n",
    ],
)
def test_a_key_that_is_none_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"a path with \{n\} where the article's number stands"):
        read_keys(text)


@pytest.mark.parametrize("key", ["*-{n}", "*{n:1}*", "/a*a{n:20}a", "*a{n:1}a", "?a={n}"])
@pytest.mark.parametrize("piece", ["-1234", "a1", "1", "a", "-", "a=1&"])
def test_no_address_makes_a_key_slow(key: str, piece: str) -> None:
    rule = rule_of(outlet(key=key))

    def fifty_addresses(tail: str) -> None:
        for number in range(50):
            normalise(f"https://vesti.example/{number}{tail}!", rule)

    assert grows_linearly(fifty_addresses, lambda chars: piece * (chars // len(piece)), chars=4000)
