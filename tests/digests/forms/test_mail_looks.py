"""The mail on a phone: at most three screens, and nothing that axe-core finds fault with, in light and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.digests import samples
from tests.digests.forms.test_tiles import BEFORE, START
from tests.looking import SCHEMES, a_browser, height, violations
from tracker.digests.forms.html import render_digest
from tracker.model import LANGUAGES, Audience, Digest, Reach, ReachCell
from tracker.workspace import shipped_folder

THREE_SCREENS = 2600
"""Pixels at 390 px width: three screens of a phone, of which its own bars take a little."""
TEMPLATES = shipped_folder("templates")


def a_full_week(audience: Audience = Audience.PARTNERS) -> Digest:
    """Every section, the trend of eight weeks too."""
    trend = tuple(replace(BEFORE, items=items) for items in (3, 9, 0, 12, 20, 11, 17))
    return replace(samples.a_week(audience=audience), before=BEFORE, trend=trend, since_start=START)


def an_outage() -> Digest:
    week = samples.a_week(audience=Audience.STAFF)
    return replace(week, facts=replace(week.facts, reach=Reach((ReachCell("AL", 1, "sq", 10, 1), ReachCell("RS", 1, "sr", 10, 0)))))


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with a_browser(chromium) as opened:
        yield opened


def written(folder: Path, digest: Digest, language: str = "en") -> Path:
    path = folder / "mail.html"
    path.write_text(render_digest(digest, TEMPLATES, language).html, "utf-8")
    return path


def test_a_week_is_three_phone_screens_in_every_language(browser: Any, tmp_path: Path) -> None:
    heights = {
        f"{language} {name}": height(browser, written(tmp_path, digest, language))
        for language in LANGUAGES
        for name, digest in (("a week", a_full_week()), ("300 items", samples.huge(300)))
    }
    assert {name: high for name, high in heights.items() if high > THREE_SCREENS} == {}


@pytest.mark.parametrize("make", [a_full_week, lambda: a_full_week(Audience.STAFF), samples.empty, samples.hostile, an_outage])
@pytest.mark.parametrize("kind", ["weekly", "nightly", "situation"])
def test_axe_finds_no_fault(browser: Any, tmp_path: Path, make: Callable[[], Digest], kind: str) -> None:
    path = written(tmp_path, replace(make(), kind=kind), "sq")
    assert {scheme: violations(browser, path, scheme) for scheme in SCHEMES} == {scheme: [] for scheme in SCHEMES}
