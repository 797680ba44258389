"""tdmrep.json and robots.txt: what they say of mining and of us, whatever bytes they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import SiteFileOutcome, TermsSaid
from tracker.sources.site_files import MOST_LINES, MOST_RULES, FileSays, read_robots, read_tdmrep
from tracker.urls.path_patterns import matches, path_of
from tracker.urls.reserved import Reservations, said_of

AGENT = "PressTracker/1.0 (+https://ngo.example/who)"
RESERVED, OPEN, NOTHING = TermsSaid.RESERVED, TermsSaid.OPEN, TermsSaid.NOTHING
REPORTS_OWN = [
    {"location": "/directory-a/", "tdm-reservation": 1},
    {"location": "/directory-b/html/", "tdm-reservation": 1, "tdm-policy": "https://provider.example/policies/policy.json"},
    {"location": "/directory-b/images/*.jpg", "tdm-reservation": 0},
]


def test_the_reports_own_example_is_read_as_it_says() -> None:
    says = read_tdmrep(json.dumps(REPORTS_OWN).encode())
    assert (says.outcome, says.said, says.wrong) == (SiteFileOutcome.READ, RESERVED, 0)
    assert says.rules[1] == ("/directory-b/html/", "reserved", "https://provider.example/policies/policy.json")
    found = [
        said_of(says.rules, f"https://lajme.example{path}")
        for path in ("/directory-a/x.pdf", "/directory-b/html/a", "/directory-b/images/a.jpg", "/directory-b/images/a.png", "/")
    ]
    assert found == [RESERVED, RESERVED, OPEN, NOTHING, NOTHING]


@pytest.mark.parametrize(
    ("body", "outcome", "rules", "wrong"),
    [
        (b'[{"location": "/", "tdm-reservation": 1}]', SiteFileOutcome.READ, 1, 0),
        (b'\xef\xbb\xbf[{"location": "/", "tdm-reservation": "1"}]', SiteFileOutcome.READ, 1, 0),
        (b'[{"location": "/", "tdm-reservation": 1}, {"location": "/a"}, 5, null, [], "x"]', SiteFileOutcome.READ, 1, 5),
        (b'[{"location": "/", "tdm-reservation": true}]', SiteFileOutcome.NO_RULES, 0, 1),
        (b'[{"location": "/", "tdm-reservation": 2}]', SiteFileOutcome.NO_RULES, 0, 1),
        (b'[{"location": ["/"], "tdm-reservation": 1}]', SiteFileOutcome.NO_RULES, 0, 1),
        (b'[{"location": "/", "tdm-reservation": {"tdm-reservation": 1}}]', SiteFileOutcome.NO_RULES, 0, 1),
        (b'[{"location": "a.example", "tdm-reservation": 1}]', SiteFileOutcome.NO_RULES, 0, 1),
        (b'[{"location": "/' + b"a" * 1000 + b'", "tdm-reservation": 1}]', SiteFileOutcome.NO_RULES, 0, 1),
        (b"[]", SiteFileOutcome.NO_RULES, 0, 0),
        (b'{"location": "/", "tdm-reservation": 1}', SiteFileOutcome.NOT_A_LIST, 0, 0),
        (b"<!doctype html><title>Faqja nuk u gjet</title>", SiteFileOutcome.NOT_JSON, 0, 0),
        (b"", SiteFileOutcome.NOT_JSON, 0, 0),
        (b"\xff\xfe[", SiteFileOutcome.NOT_JSON, 0, 0),
        (b"[" * 200_000, SiteFileOutcome.NOT_JSON, 0, 0),
        (b"[" + b'{"location": "/", "tdm-reservation": 1},' * 120_000 + b"0]", SiteFileOutcome.READ, MOST_RULES, 120_001 - MOST_RULES),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_file_of_any_kind_has_one_outcome(body: bytes, outcome: SiteFileOutcome, rules: int, wrong: int) -> None:
    says = read_tdmrep(body)
    assert (says.outcome, len(says.rules), says.wrong) == (outcome, rules, wrong)


def test_a_policy_that_is_no_address_goes_and_the_reservation_stays() -> None:
    body = b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "javascript:alert(1)"}]'
    assert read_tdmrep(body).rules == (("/", "reserved", ""),)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/", "/anything", True),
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish.html", False),
        ("/fish/", "/fish", False),
        ("/*.php", "/folder/any.php?x=1", True),
        ("/*.php$", "/any.php?x=1", False),
        ("/*.php$", "/any.php", True),
        ("/this/*/then", "/this/and/that/then/more", True),
        ("/this/*/then$", "/this/then", False),
        ("/exactly$", "/exactly", True),
        ("/exactly$", "/exactly/not", False),
        ("*", "/x", True),
        ("*/tag/", "/sq/tag/x", True),
        ("/a*b*c$", "/abbc", True),
        ("/ab*b$", "/ab", False),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/%7Euser/", "/~user/x", True),
        ("/vijesti/%C4%8D", "/vijesti/č", True),
        ("/a%2Fb", "/a/b", False),
        ("/a%2fb", "/a%2Fb", True),
    ],
)
def test_patterns_fit_paths_as_those_of_robots_txt_do(pattern: str, path: str, fits: bool) -> None:
    assert matches(pattern, path_of(f"https://lajme.example{path}")) is fits


@given(st.text(max_size=60), st.text(max_size=80))
def test_every_pattern_and_path_is_answered(pattern: str, path: str) -> None:
    matches(pattern, path_of(f"https://lajme.example/{path}"))


def test_many_stars_take_no_long_time() -> None:
    assert not matches("/" + "a*" * 200 + "b$", "/" + "a" * 20_000)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_every_json_is_a_counted_outcome(value: Any) -> None:
    says = read_tdmrep(json.dumps(value).encode())
    assert says.outcome in SiteFileOutcome


@given(st.binary())
def test_no_file_is_too_strange(body: bytes) -> None:
    assert isinstance(read_tdmrep(body), FileSays)
    assert isinstance(read_robots(body, AGENT, "https://lajme.example/"), FileSays)


def test_what_a_page_says_stands_before_the_file_of_its_site() -> None:
    file = (("/free/", "open", ""), ("/", "reserved", ""))
    reserved = Reservations({"opens": False, "reserves": True}, {"opens": file, "silent": file})
    asked = [("opens", "/a"), ("reserves", "/a"), ("silent", "/a"), ("silent", "/free/a"), ("unknown", "/a")]
    assert [reserved.holds(outlet, f"https://x.example{path}") for outlet, path in asked] == [False, True, True, False, False]


ROBOTS = b"""User-agent: *
Disallow: /private/
Crawl-delay: 3
Content-Signal: search=yes, ai-train=no # of all

User-agent: GPTBot
User-agent: presstracker
Disallow: /archive/
Crawl-delay: 10
Sitemap: https://lajme.example/map.xml
"""


@pytest.mark.parametrize(
    ("agent", "body", "said", "lines"),
    [
        (AGENT, ROBOTS, OPEN, (("disallow", "/archive/", ""), ("crawl-delay", "10", ""))),
        (
            "Another/1",
            ROBOTS,
            OPEN,
            (("disallow", "/private/", ""), ("crawl-delay", "3", ""), ("content-signal", "search=yes, ai-train=no", "")),
        ),
        (AGENT, b"User-agent: *\nDisallow: /\n", TermsSaid.REFUSED, (("disallow", "/", ""),)),
        (AGENT, b"", OPEN, ()),
        (AGENT, b"<html>not found</html>", OPEN, ()),
    ],
)
def test_of_robots_txt_the_lines_for_us_are_kept(agent: str, body: bytes, said: TermsSaid, lines: tuple[tuple[str, str, str], ...]) -> None:
    says = read_robots(body, agent, "https://lajme.example/")
    assert (says.said, says.rules) == (said, lines)


def test_a_long_robots_txt_is_kept_in_part() -> None:
    says = read_robots(b"User-agent: *\n" + b"Disallow: /a\n" * 100_000, AGENT, "https://lajme.example/")
    assert (says.said, len(says.rules)) == (OPEN, MOST_LINES)


CLOSED = "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "body",
    [
        CLOSED.encode("utf-8-sig"),
        b"\xef\xbb\xbf" + CLOSED.encode("utf-8-sig"),
        CLOSED.encode("utf-16"),
        CLOSED.encode("utf-16-be"),
        CLOSED.replace("\n", "\0\n").encode(),
        CLOSED.replace("\n", "\r").encode(),
    ],
    ids=["mark", "two marks", "utf-16", "utf-16 without a mark", "zeros", "old line ends"],
)
def test_odd_bytes_hide_no_group_of_robots(body: bytes) -> None:
    assert read_robots(body, AGENT, "https://lajme.example/").said is TermsSaid.REFUSED
