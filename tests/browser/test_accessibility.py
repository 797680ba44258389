"""axe-core finds nothing on any page, in light and in dark, wide and narrow; every page is as wide as its screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.conftest import Morning, Visit
from tests.looking import SCHEMES
from tests.newsdesk import CAMPAIGN_ID
from tracker.digests import editions
from tracker.model import LANGUAGES, Fact
from tracker.review import decisions
from tracker.store import mentions, proofs
from tracker.store.proofs import ProofState
from tracker.workspace import read_campaigns

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


LONG = "somebody-of-a-long-name@a-long-name.of-an-organisation.example"


def violations(visit: Visit) -> list[str]:
    """What axe finds on the open page. Its script comes from the debugger, which the page's policy does not bind."""
    visit.page.evaluate(AXE)
    return seen_by_axe(visit)


def seen_by_axe(visit: Visit) -> list[str]:
    """The same on a page that has its script already."""
    found = visit.page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    return [f"{one['id']}: {node['html'][:140]}" for one in found["violations"] for node in one["nodes"]]


def pages(morning: Morning) -> list[str]:
    """Every page that opens without a parameter of its own, and one item."""
    with morning.staff.parts.database.writing() as conn:
        item = mentions.for_campaign(conn, CAMPAIGN_ID)[0].id
        if not proofs.of_edition(conn, 1):  # its address is longer than a column of a telephone
            proofs.settle(conn, proofs.ask(conn, 1, LONG, "en", "Besa", morning.staff.clock()), ProofState.FILED, "", morning.staff.clock())
    decisions.say(morning.staff.parts.database, item, {Fact.NOTE: "read"}, by="Besa", now=morning.staff.clock())
    named = {"campaign_id": CAMPAIGN_ID, "mention_id": item, "edition_id": "1", "term_id": "river"}
    rules = [rule for rule in morning.staff.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]
    filled = [re.sub(r"<(?:\w+:)?(\w+)>", lambda found: named.get(found[1], found[0]), rule.rule) for rule in rules]
    skipped = re.compile(
        r"^/(api|healthz|readyz|metrics|login|evidence)|<|/(mail|text|letter|chart|picture|file|export)\b|\.(csv|xlsx|png|svg|json)$"
    )
    more = ["/?state=all", "/?text=lum%C3%AB", f"/item/{item}?near=1", f"/add/{CAMPAIGN_ID}?url=https://nowhere.example/1"]
    return [*more, *sorted(address for address in filled if not skipped.search(address))]


@pytest.mark.parametrize("width", [1400, 390])
def test_no_page_has_a_fault_that_axe_knows(morning: Morning, visit: Callable[..., Visit], width: int) -> None:
    """In light and in dark, which the style sheet alone tells apart: each page is opened once for both."""
    desk = visit(viewport={"width": width, "height": 900})
    found: dict[str, list[str]] = {}
    for address in pages(morning):
        answer = desk.page.goto(morning.address.rstrip("/") + address)
        assert answer is not None
        if "html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, address
        desk.page.evaluate(AXE)
        for scheme in SCHEMES:
            desk.page.emulate_media(color_scheme=scheme)
            if faults := seen_by_axe(desk):
                found[f"{address} in {scheme}"] = faults
            wide = desk.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{address} in {scheme} is {wide} px wide"
    assert found == {}


def test_the_login_has_no_fault_either(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit()
    desk.page.context.clear_cookies()
    desk.page.goto(f"{morning.address}login")
    assert violations(desk) == []


def test_the_page_of_a_refusal_has_no_fault_either(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit(viewport={"width": 390, "height": 844})
    desk.page.goto(f"{morning.address}nothing-here")
    assert violations(desk) == []
    assert [line for line in desk.faults if "404" not in line] == []
    desk.faults.clear()  # the browser's own line about the status


def test_inbox_and_item_fit_a_telephone_in_every_language(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit(viewport={"width": 390, "height": 844})
    item = next(address for address in pages(morning) if address.startswith("/item/"))
    for language in LANGUAGES:
        desk.page.select_option(".language select", language)
        desk.settle()
        for address in ("/", item):
            desk.page.goto(morning.address.rstrip("/") + address)
            assert desk.page.locator("html").get_attribute("lang") == language
            assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390, (language, address)


def test_headlines_of_an_edition_are_as_wide_as_a_telephone_allows_in_every_language(morning: Morning, visit: Callable[..., Visit]) -> None:
    database, now = morning.staff.parts.database, morning.staff.clock()
    with database.reading() as conn:
        items = [one.id for one in mentions.for_campaign(conn, CAMPAIGN_ID)[:3]]
    for item in items:
        decisions.say(database, item, {Fact.VERDICT: "accept"}, by="Besa", now=now)
    (campaign,) = read_campaigns(morning.staff.parts.workspace)
    editions.approve_edition(database, campaign, 1, now, "Besa")
    desk = visit(viewport={"width": 390, "height": 844})
    for language in LANGUAGES:
        desk.page.select_option(".language select", language)
        desk.settle()
        desk.page.goto(f"{morning.address}editions/{CAMPAIGN_ID}/1")
        widths = desk.page.evaluate(
            "[...document.querySelectorAll('.in-edition .card p')].filter(p => p.checkVisibility()).map(p => p.clientWidth)"
        )
        assert widths
        assert min(widths) >= 200, language


TOO_SMALL = """() => [...document.querySelectorAll('button, select, summary, input:not([type=hidden], [type=checkbox], [type=radio]), a.button, nav a, .chip')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 120) + ' ' + one.getBoundingClientRect().height)"""


def test_every_page_can_be_worked_with_a_thumb(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    found = {}
    for address in pages(morning):
        desk.page.goto(morning.address.rstrip("/") + address)
        if small := desk.page.evaluate(TOO_SMALL):
            found[address] = small
    assert not found, "\n".join(f"{address}: {one}" for address, small in found.items() for one in small)


NOT_TO_BE_SENT = """() => [...document.forms]
  .filter(form => form.method !== 'dialog' && ![...form.elements].some(one => one.type === 'submit' && one.checkVisibility()))
  .filter(form => form.checkVisibility() && !form.closest('details:not([open])')).map(form => form.outerHTML.slice(0, 200))"""


def test_every_form_of_every_page_can_be_sent_without_scripts(morning: Morning, visit: Callable[..., Visit]) -> None:
    """The page's own scripts are switched off; what is asked of it comes from the debugger."""
    desk = visit(java_script_enabled=False)
    found = {}
    for address in pages(morning):
        answer = desk.page.goto(morning.address.rstrip("/") + address)
        assert answer is not None
        if "html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, address
        if left := desk.page.evaluate(NOT_TO_BE_SENT):
            found[address] = left
    assert found == {}


def test_where_somebody_is_can_be_seen_in_the_row_of_pages_of_a_telephone(morning: Morning, visit: Callable[..., Visit]) -> None:
    desk = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for address in ("/people", "/sources", f"/campaigns/{CAMPAIGN_ID}", "/"):
        desk.page.goto(morning.address.rstrip("/") + address)
        box = desk.page.locator(".top nav [aria-current]").bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= 390 - box["width"], address
