"""A page in a real browser: how high it is, and what axe-core finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ON_A_PHONE = 390
"""Pixels: the width of most phones in use."""


@contextmanager
def a_browser(chromium: str) -> Iterator[Any]:
    """A browser that reaches nothing but files."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND"]
        browser = started.chromium.launch(executable_path=chromium, args=options)
        yield browser
        browser.close()


def height(browser: Any, path: Path, width: int = ON_A_PHONE) -> int:
    """Pixels of the whole page."""
    page = browser.new_page(viewport={"width": width, "height": 100})
    page.goto(path.as_uri())
    found = int(page.evaluate("document.documentElement.scrollHeight"))
    page.close()
    return found


def violations(browser: Any, path: Path, scheme: Scheme = "light", width: int = ON_A_PHONE) -> list[str]:
    """What axe-core finds, each with the elements."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.goto(path.as_uri())
    told = axe.Axe().run(page).response
    page.close()
    return [f"{one['id']}: {node['html'][:160]}" for one in told["violations"] for node in one["nodes"]]
