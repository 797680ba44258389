from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest

from tests.extraction.outlet_pages import PAGES, OutletPage
from tests.extraction.pages import PARAGRAPHS, SENTENCES, URL, a_page, an_outlet
from tracker.extraction.article import extract_article
from tracker.extraction.outlets import MODULES, shipped_rules
from tracker.extraction.outlets.rules import OutletRule, read_by_rule, rule_for
from tracker.model import Article
from tracker.register.catalog import shipped

RULE = OutletRule(
    hosts=("zeri-i-lumit.example",),
    valid_from=date(2025, 1, 1),
    valid_until=date(2026, 12, 31),
    title=".x1",
    lead=".x2",
    body=".x3",
    published=".x4",
    authors=".x5 b",
    remove=(".promo",),
)
PAGE = (
    "<title>Zëri i Lumit</title><h1>Zëri i Lumit</h1><div class=x1>Hapet kanali i ri</div><div class=x4>10.03.2026 08:30</div><div class=x5><b>Ana Leka</b></div>"
    f"<div class=x2>{SENTENCES[0]}</div><div class=x3><p>{SENTENCES[1]}</p><p class=promo>Bli tani</p><p>{SENTENCES[2]}</p></div>"
)


def article_of(html: str, rules: tuple[OutletRule, ...]) -> Article:
    found = extract_article(a_page(html), an_outlet(), rules)
    assert isinstance(found, Article)
    return found


def test_a_rule_in_force_reads_its_fields() -> None:
    found = article_of(PAGE, (RULE,))
    assert (found.title, found.lead, found.authors) == ("Hapet kanali i ri", SENTENCES[0], ("Ana Leka",))
    assert found.body == "\n".join(SENTENCES[:3])
    assert found.published is not None
    assert found.published.iso() == "2026-03-10T08:30:00+01:00"


def test_a_field_that_a_rule_does_not_find_is_left_to_the_ladder() -> None:
    assert article_of(PAGE.replace("x1", "y1"), (RULE,)).title != ""
    assert SENTENCES[1] in article_of(PAGE.replace("x3", "y3"), (RULE,)).body


@pytest.mark.parametrize(
    ("url", "on", "holds"),
    [
        (URL, date(2026, 3, 14), True),
        ("https://www.zeri-i-lumit.example/a", date(2026, 3, 14), True),
        ("https://other-zeri-i-lumit.example/a", date(2026, 3, 14), False),
        (URL, date(2026, 12, 31), True),
        (URL, date(2027, 1, 1), False),
        (URL, date(2024, 12, 31), False),
        ("http://[bad", date(2026, 3, 14), False),
    ],
)
def test_a_rule_holds_for_its_hosts_and_days_only(url: str, on: date, holds: bool) -> None:
    assert (rule_for(url, PAGE, an_outlet(), on, (RULE,)) is RULE) is holds


THEME = OutletRule(date(2025, 1, 1), date(2026, 12, 31), platforms=("wordpress",), mark="theme-of-two", title=".x1")


@pytest.mark.parametrize(
    ("platform", "source", "holds"),
    [
        ("wordpress", "<body class='theme-of-two'>", True),
        ("wordpress", "<body class='another'>", False),
        ("custom", "<body class='theme-of-two'>", False),
        ("unknown", "<body class='theme-of-two'>", False),
    ],
)
def test_a_rule_for_a_platform_wants_the_outlets_platform_and_the_mark_on_the_page(platform: str, source: str, holds: bool) -> None:
    assert (rule_for(URL, source, an_outlet(platform=platform), date(2026, 3, 14), (THEME,)) is THEME) is holds


def test_an_outlets_own_rule_precedes_the_one_for_its_platform() -> None:
    assert rule_for(URL, "theme-of-two", an_outlet(platform="wordpress"), date(2026, 3, 14), (THEME, RULE)) is RULE


def test_a_rule_that_finds_a_scrap_only_does_not_shorten_the_article() -> None:
    page = f"<title>Hapet kanali i ri</title><h1>Hapet kanali i ri</h1><div class=x3>Foto: A. Leka</div><article>{PARAGRAPHS}</article>"
    assert SENTENCES[3] in article_of(page, (RULE,)).body


def test_text_between_paragraphs_and_line_breaks_is_read_once() -> None:
    page = "<div class=x3>Një<br>dy <b>tre</b><div>katër<p>pesë <i>gjashtë</i></p>shtatë</div><div class=x3><p>tetë</p></div></div>"
    assert read_by_rule(RULE, page).body == "Një\ndy tre\nkatër\npesë gjashtë\nshtatë\ntetë"


@pytest.mark.parametrize(
    "page", ["", "<", "<div class=x3>" * 20_000 + "thellë", "<p class=x3>" * 20_000, "\0\ufffe<![CDATA[ x3 ]]>", "<!DOCTYPE [<!ENTITY x3"]
)
def test_no_page_makes_a_rule_fail(page: str) -> None:
    assert isinstance(read_by_rule(RULE, page).body, str)


def read(page: OutletPage, rules: tuple[OutletRule, ...] | None) -> dict[str, object]:
    found = extract_article(a_page(page.html, requested_url=page.url, final_url=page.url), an_outlet(**page.outlet), rules)
    assert isinstance(found, Article)
    return {
        "title": found.title,
        "body": tuple(found.body.split("\n")),
        "published": found.published.iso() if found.published else "",
        "authors": found.authors,
        "date_readings": found.date_readings,
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_shipped_rule_reads_its_outlets_page(page: OutletPage) -> None:
    wanted = {"title": page.title, "body": page.body, "published": page.published, "authors": page.authors, "date_readings": ()}
    assert read(page, None) == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_shipped_rule_is_needed(page: OutletPage) -> None:
    with_rule, without = read(page, None), read(page, ())
    assert page.needs
    assert {name for name in with_rule if with_rule[name] != without[name]} >= page.needs


def test_every_rule_module_has_a_page() -> None:
    assert [page.name for page in sorted(PAGES, key=lambda page: page.name)] == sorted(MODULES)


def test_shipped_rules_are_for_outlets_of_the_register() -> None:
    outlets = shipped().outlets
    hosts = {(urlsplit(outlet.homepage).hostname or "").removeprefix("www.") for outlet in outlets}
    hosts |= {host for outlet in outlets for host in outlet.moved_hosts}
    assert {host for rule in shipped_rules() for host in rule.hosts} <= hosts
    assert all(rule.hosts or (rule.platforms and rule.mark) for rule in shipped_rules())
    assert {platform for rule in shipped_rules() for platform in rule.platforms} <= {outlet.platform for outlet in outlets}
