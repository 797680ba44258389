"""A morning at the desk: forty items in twelve stories, an edition that waits, and a real browser that reaches this machine alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from waitress.server import create_server

from tests.builders import NOW, a_source, an_outlet
from tests.newsdesk import ABOUT_THE_RIVER, CAMPAIGN, Newsdesk, story_page
from tests.review.web.visiting import PASSWORD, Staff, open_desk
from tracker.model import EditionKind, Role
from tracker.pipeline.issue_edition import IssueOptions, issue
from tracker.review.web.serving import LIMITS
from tracker.store import registers
from tracker.workspace import read_campaigns

CAMPAIGN_WITH_MESSAGES = (
    CAMPAIGN.replace('review = "optional"', 'review = "required"')
    + '\n[[key_messages]]\nid = "water"\nname = "Clean water for all"\nquery = "river"\n'
)
OUTLETS = ("zeri-i-lumit", "fjala-e-malit", "ora-e-fushes", "drita-e-detit")
STORIES = [
    f"Nisma për ujin në {place}" for place in "Shkodër Lezhë Durrës Krujë Berat Vlorë Fier Korçë Pogradec Gjakovë Prizren Pejë".split()
]
COPIES = (4, 4, 4, 4, 4, 4, 4, 4, 2, 2, 2, 2)


@dataclass
class Morning:
    """The desk, served; `address` ends in a slash."""

    staff: Staff
    address: str


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty items in twelve stories, and a weekly edition that waits for approval. Tests take copies."""
    folder = tmp_path_factory.mktemp("morning")
    desk = Newsdesk(folder, CAMPAIGN_WITH_MESSAGES)
    outlets = [an_outlet(name, name=name.replace("-", " ").title(), country="XK" if "mal" in name else "AL") for name in OUTLETS]
    with desk.parts.database.writing() as conn:
        registers.replace(conn, outlets, [a_source(f"{name}:feed:1") for name in OUTLETS], NOW)
    for title, copies in zip(STORIES, COPIES, strict=True):
        for outlet in OUTLETS[:copies]:
            desk.publish(story_page(title, ABOUT_THE_RIVER), outlet=outlet)
    desk.night("extract", "match", "group")
    (campaign,) = read_campaigns(folder)
    issue(desk.parts, campaign, IssueOptions(EditionKind.REPORT, as_of=NOW, first_on=NOW.date().replace(day=1), last_on=NOW.date()))
    desk.close()
    return folder


@pytest.fixture
def morning(night: Path, tmp_path: Path) -> Iterator[Morning]:
    """The desk in a thread of this process, at a free port."""
    folder = tmp_path / "desk"
    shutil.copytree(night, folder)
    desk = Newsdesk(folder, CAMPAIGN_WITH_MESSAGES)
    staff = open_desk(desk, NOW)
    for role in Role:
        staff.add(str(role), role)
    server = create_server(staff.app, host="127.0.0.1", port=0, **LIMITS)

    def answer() -> None:
        with contextlib.suppress(OSError):  # its socket is closed under it at the end of the test
            server.run()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield Morning(staff, f"http://127.0.0.1:{server.effective_port}/")
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(10)
    staff.parts.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the tests of a module; each gets a profile of its own.

    It ends with them: while Playwright is started, an event loop counts as running, and no other test could begin one.
    """
    os.environ.setdefault("NODE_OPTIONS", "--no-warnings")
    with sync_playwright() as playwright:
        quiet = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        started = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield started
        started.close()


@dataclass
class Visit:
    """A page in a browser, logged in, with what must not happen on it."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    keys: int = 0
    taps: int = 0

    def press(self, *keys: str) -> None:
        """Keys as a person presses them: each counts, and the page may answer."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            self.page.wait_for_timeout(20)
            self.settle()

    def tap(self, selector: str, number: int = 0) -> None:
        """A thumb on the first thing that fits; it must be there, and large enough for a thumb."""
        wanted = self.page.locator(f"{selector}:visible").nth(number)
        wanted.scroll_into_view_if_needed()
        box = wanted.bounding_box()
        assert box is not None
        assert box["height"] >= 40, f"{selector} is {box['height']} px high"
        wanted.tap()
        self.taps += 1
        self.settle()

    def settle(self) -> None:
        """Until nothing is under way."""
        self.page.wait_for_load_state("networkidle")
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added, .sent")).to_have_count(0)


@pytest.fixture
def visit(browser: Browser, morning: Morning) -> Iterator[Callable[..., Visit]]:
    """Logs somebody in, in a browser of the wanted kind; at the end no console line and no request to elsewhere must be left."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(name: str = "administrator", **options: Any) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page, morning.address)
        visits.append(seen)
        page.on("console", lambda line: seen.faults.append(f"console: {line.text}") if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.faults.append(f"script: {error}"))
        page.on(
            "request", lambda asked: None if asked.url.startswith((morning.address, "data:")) else seen.faults.append(f"asked {asked.url}")
        )
        page.goto(f"{morning.address}login")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", PASSWORD)
        page.click("form.stack button")
        page.wait_for_url(morning.address)
        return seen

    yield open_page
    for context in contexts:
        context.close()
    assert [fault for one in visits for fault in one.faults] == []
