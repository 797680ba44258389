"""Pages that stand only behind a form, a refusal or a failure: axe finds nothing on them either, and they fit a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Morning, Visit
from tests.browser.test_accessibility import violations
from tests.newsdesk import CAMPAIGN_ID
from tracker.delivery.person_key import person_key

PARTNER = '[[recipients]]\nname = "Ana"\nemail = "ana@partner.example"\nrole = "partner"\nlanguage = "en"\nedition = "weekly"\n'
SHEET = "medium,outlet,country,date,headline\nprint,Gazeta e Re,AL,2026-03-10,Lumi\nprint,Gazeta e Re,AL,yesterday,Pa datë\n"
WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


def answers(page: Page, address: str, token: str, folder: Path) -> Iterator[str]:
    """Opens one after the other; each is named."""
    sheet = folder / "found.csv"
    sheet.write_text(SHEET, "utf-8")
    page.goto(f"{address}add/{CAMPAIGN_ID}")
    page.set_input_files("input[type=file]", sheet)
    page.click("form[enctype] button")
    page.wait_for_selector("table")
    yield "the preview of a sheet"
    page.goto(f"{address}campaigns/{CAMPAIGN_ID}/try")
    page.fill("textarea[name=text]", "Lumë të pastër, lume, LUMË. Një lumëe tjetër.")
    page.click("main form.stack button")
    page.wait_for_selector("ul.tree")
    yield "a text that was tried"
    page.goto(f"{address}campaigns/{CAMPAIGN_ID}/terms/river")
    page.fill("main input[name=text]:not([type=hidden])", "ujë")
    page.click("main form.row button.main")
    page.wait_for_selector(".diff")
    yield "the effect of a change"
    page.goto(f"{address}campaigns/{CAMPAIGN_ID}/file")
    page.fill("textarea[name=text]", 'id = "rivers"\nname = ""\n')
    page.click("main form button")
    page.wait_for_selector(".alert")
    yield "a campaign file that is wrong"
    page.goto(f"{address}sources?state=silent")
    yield "sources that are silent"
    page.goto(f"{address}numbers/{CAMPAIGN_ID}?period=none")
    yield "a question that is none"
    page.goto(f"{address}letters/{token}")
    yield "a recipient's own page"
    page.goto(f"{address}letters/no-token-of-ours")
    yield "a recipient's page that is none"
    page.goto(f"{address}people")
    page.fill("input[name=name]", "Arta")
    page.click("main form.row button.main")
    page.wait_for_selector(".secret")
    yield "a one-time password"


@pytest.mark.parametrize(
    ("size", "scheme", "language"), [(WIDE, "light", "en"), (NARROW, "dark", "sr-Cyrl")], ids=["wide-light", "narrow-dark"]
)
def test_answers_of_forms_have_no_fault(
    morning: Morning, visit: Callable[..., Visit], tmp_path: Path, size: dict[str, int], scheme: str, language: str
) -> None:
    (morning.staff.parts.workspace / "recipients.toml").write_text(PARTNER, "utf-8")
    token = person_key(morning.staff.parts.workspace).token("ana@partner.example")
    desk = visit(viewport=size, color_scheme=scheme)
    desk.page.select_option(".language select", language)
    desk.page.wait_for_selector(f"html[lang={language}]")
    found = {}
    for name in answers(desk.page, morning.address, token, tmp_path):
        wide = desk.page.evaluate("document.documentElement.scrollWidth")
        if faults := [*violations(desk), *([f"is {wide} px wide"] if wide > size["width"] else [])]:
            found[name] = faults
    assert found == {}
    _refusals_were_told(desk, 400, 404)


def test_refusals_and_failures_have_no_fault(morning: Morning, visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Any:
        raise RuntimeError("as no page should")

    monkeypatch.setitem(morning.staff.app.view_functions, "sources.overview", fails)
    reader = visit("reader", viewport=NARROW, color_scheme="dark")
    found = {}
    for name, path, status in (("refused", "people", 403), ("nothing", "nothing-here", 404), ("failed", "sources", 500)):
        answer = reader.page.goto(f"{morning.address}{path}")
        assert answer is not None
        assert answer.status == status
        found |= {name: faults} if (faults := violations(reader)) else {}
    reader.page.goto(f"{morning.address}password")
    reader.page.evaluate("document.querySelector('main form').elements.password.value = 'x'.repeat(1100000)")
    reader.page.evaluate("document.querySelector('main form').noValidate = true")
    reader.page.click("main form button.main")
    reader.page.wait_for_selector("main h1 + p")
    found |= {"too large": faults} if (faults := violations(reader)) else {}
    assert reader.page.locator("h1").inner_text() == "This did not work"
    reader.page.context.clear_cookies()
    for _ in range(8):
        reader.page.goto(f"{morning.address}login")
        reader.page.fill("input[name=name]", "reader")
        reader.page.fill("input[name=password]", "wrong")
        reader.page.click("form.stack button")
        reader.page.wait_for_selector(".alert")
    assert "Try again in" in reader.page.locator(".alert").inner_text()
    found |= {"slowed down": faults} if (faults := violations(reader)) else {}
    assert found == {}
    _refusals_were_told(reader, 400, 401, 403, 404, 413, 429, 500)


def _refusals_were_told(desk: Visit, *statuses: int) -> None:
    """The browser's own line about each status; any other is a fault."""
    assert [line for line in desk.faults if not any(f"status of {status} " in line for status in statuses)] == []
    desk.faults.clear()
