"""The forms in a real browser: nothing sticks out at any width, nothing is loaded, nothing of a headline runs, every text can be read."""

from __future__ import annotations

import html as escaping
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tracker.digests.forms.html import render_digest, render_report
from tracker.digests.forms.index_page import FORMS, render_index
from tracker.model import LANGUAGES, Audience, Digest
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")
PROBE = (Path(__file__).parent / "probe.js").read_text("utf-8")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync "
    "--hide-scrollbars --host-resolver-rules=MAP*~NOTFOUND --allow-file-access-from-files --window-size=1400,2000 --dump-dom"
).split()
WIDTHS = (1200, 600, 390, 320)


def looked_at(chromium: str, folder: Path, pages: dict[str, str], widths: tuple[int, ...] = WIDTHS) -> dict[str, dict[str, Any]]:
    """What each page says of itself at each width. A window is never narrower than 500 pixels, a frame is; so all stand in frames."""
    frames = []
    for name, page in pages.items():
        # the report forbids scripts, which the probe is one of
        probed = page.replace('http-equiv="Content-Security-Policy"', "").replace("</head>", f"<script>{PROBE}</script></head>")
        (folder / f"{name}.html").write_text(probed, "utf-8")
        frames += [f'<iframe title="{name} {width}" src="{name}.html" width="{width}" height="2000"></iframe>' for width in widths]
    collect = "document.title = JSON.stringify(Object.fromEntries([...document.querySelectorAll('iframe')].map(f => [f.title, JSON.parse(f.contentDocument.title)])))"
    frame = folder / "frame.html"
    frame.write_text(f"<body style='margin:0'>{''.join(frames)}<script>addEventListener('load', () => {collect})</script>")
    command = [chromium, *OPTIONS, f"--user-data-dir={folder / 'profile'}", frame.as_uri()]
    dumped = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r"<title>(.*?)</title>", dumped, re.DOTALL)
    assert found is not None, dumped[:500]
    told: dict[str, dict[str, Any]] = json.loads(escaping.unescape(found[1]))
    return told


def in_the_dark(page: str) -> str:
    return page.replace("(prefers-color-scheme: dark)", "(min-width: 1px)")


def forms(digest: Digest) -> dict[str, str]:
    wide = b'<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="60"><script>parent.ran = 1</script></svg>'
    pictures = dict.fromkeys((digest.facts.branding.logo, *digest.facts.branding.marks), wide)
    return {"mail": render_digest(digest, TEMPLATES).html, "report": render_report(digest, TEMPLATES, "en", pictures)}


@pytest.mark.parametrize("kind", ["weekly", "nightly"])
def test_hostile_text_breaks_no_layout_runs_nothing_and_loads_nothing(chromium: str, tmp_path: Path, kind: str) -> None:
    told = looked_at(chromium, tmp_path, forms(samples.hostile(kind)))
    assert {name: {key: page[key] for key in ("over", "wide", "loaded", "ran")} for name, page in told.items()} == {
        f"{form} {width}": {"over": 0, "wide": [], "loaded": 0, "ran": False} for form in ("mail", "report") for width in WIDTHS
    }


@pytest.mark.parametrize("language", ["sq", "sr-Cyrl", "mk"])
def test_no_word_that_fits_is_broken_on_a_phone(chromium: str, tmp_path: Path, language: str) -> None:
    week = samples.a_week(audience=Audience.STAFF)
    pages = {"mail": render_digest(week, TEMPLATES, language).html, "report": render_report(week, TEMPLATES, language, {})}
    told = looked_at(chromium, tmp_path, pages, (390, 320))
    assert {name: (page["broken"], page["touching"]) for name, page in told.items()} == {name: ([], False) for name in told}
    assert 'class="lines"' in pages["report"]


def test_the_list_of_an_editions_files_has_all_of_them_within_a_phones_width(chromium: str, tmp_path: Path) -> None:
    sizes = dict.fromkeys(FORMS, 123456)
    page = render_index(samples.a_week(), TEMPLATES, "rivers-weekly", [(code, name, sizes) for code, name in LANGUAGES.items()])
    told = looked_at(chromium, tmp_path, {"index": page}, (390, 320))
    assert {name: (shown["over"], shown["wide"]) for name, shown in told.items()} == {"index 390": (0, []), "index 320": (0, [])}


def test_all_links_of_the_forms_are_http(chromium: str, tmp_path: Path) -> None:
    told = looked_at(chromium, tmp_path, forms(samples.hostile()), (600,))
    assert {scheme for page in told.values() for scheme in page["schemes"]} <= {"http:", "https:", "file:"}
    assert all(set(page["local"]) <= {"#"} for page in told.values()), "a local address is one of the report's own sections"


@pytest.mark.parametrize("colour", ["", "#ffee00", "#ff0050", "#ffffff", "#000000"])
def test_every_text_has_the_contrast_that_people_need(chromium: str, tmp_path: Path, colour: str) -> None:
    week = samples.a_week(audience=Audience.STAFF)
    digest = replace(week, facts=replace(week.facts, branding=replace(week.facts.branding, colour=colour)))
    light = forms(digest)
    told = looked_at(chromium, tmp_path, light | {f"{name}-dark": in_the_dark(page) for name, page in light.items()}, (600,))
    assert {name: page["faint"] for name, page in told.items()} == {name: [] for name in told}
    assert {name: page["dark"] for name, page in told.items()} == {name: "dark" in name for name in told}
