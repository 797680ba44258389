"""The mail on a phone: at most three screens, and nothing that axe-core finds fault with, in light and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tests.digests.full_samples import WEEKS, a_full_week, an_outage
from tests.looking import ON_A_PHONE, SCHEMES, a_browser, violations
from tracker.delivery.publish import mail_pictures
from tracker.digests.forms.html import render_digest
from tracker.digests.forms.letter import letter_of
from tracker.digests.forms.phone import height as reckoned
from tracker.digests.forms.pictures import standing_alone
from tracker.digests.forms.view import read_digest
from tracker.model import LANGUAGES, Audience, Digest
from tracker.workspace import shipped_folder

THREE_SCREENS = 2600
"""Pixels at 390 px width: three screens of a phone, of which its own bars take a little."""
TEMPLATES = shipped_folder("templates")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with a_browser(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def phone(browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": ON_A_PHONE, "height": 100})
    yield page
    page.close()


def seen(digest: Digest, language: str) -> str:
    """The mail's HTML with its pictures."""
    known = [picture for _, picture in (*digest.lead_pictures, *mail_pictures(digest))]
    return standing_alone(render_digest(digest, TEMPLATES, language).html, known)


def written(folder: Path, digest: Digest, language: str = "en") -> Path:
    path = folder / "mail.html"
    path.write_text(seen(digest, language), "utf-8")
    return path


def size(phone: Any, digest: Digest, language: str) -> tuple[int, int]:
    """Pixels of the mail's width and height."""
    phone.set_content(seen(digest, language))
    wide, high = phone.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    return int(wide), int(high)


@pytest.mark.parametrize("name", WEEKS)
def test_a_mail_is_reckoned_to_be_three_phone_screens_in_every_language(name: str) -> None:
    """The reckoning is on the safe side by up to a tenth; the next test holds it against a browser."""
    readings = [read_digest(WEEKS[name](), language) for language in LANGUAGES]
    heights = {reading.language: reckoned(letter_of(reading), reading) for reading in readings}
    assert {language: high for language, high in heights.items() if high > THREE_SCREENS * 1.05} == {}


@pytest.mark.parametrize("name", WEEKS)
def test_a_browser_shows_what_was_reckoned(phone: Any, name: str) -> None:
    """In the language with the longest words, and in one that changes with the week so that all have their turn."""
    digest = WEEKS[name]()
    for language in ("mk", list(LANGUAGES)[list(WEEKS).index(name) % len(LANGUAGES)]):
        wide, high = size(phone, digest, language)
        reading = read_digest(digest, language)
        assert high <= THREE_SCREENS, language
        assert wide == ON_A_PHONE, language
        assert 0.97 < reckoned(letter_of(reading), reading) / high < 1.12, language


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        *(("weekly", make) for make in (a_full_week, lambda: a_full_week(Audience.STAFF), samples.empty, samples.hostile, an_outage)),
        *((kind, make) for kind in ("nightly", "situation") for make in (lambda: a_full_week(Audience.STAFF), samples.hostile)),
    ],
)
def test_axe_finds_no_fault(browser: Any, tmp_path: Path, kind: str, make: Callable[[], Digest]) -> None:
    path = written(tmp_path, replace(make(), kind=kind), "sq")
    assert {scheme: violations(browser, path, scheme) for scheme in SCHEMES} == {scheme: [] for scheme in SCHEMES}
