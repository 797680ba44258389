"""The digest in a real browser: nothing sticks out at any width, nothing is loaded, nothing of a headline runs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.digests.test_digest import HOSTILE, an_entry, rendered
from tracker.model import SourceTrouble

PROBE = """<script>addEventListener('load', () => {
  const wide = [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName);
  document.title = JSON.stringify({width: innerWidth, page: document.documentElement.scrollWidth, wide: wide.slice(0, 5), loaded: performance.getEntriesByType('resource').length});
})</script>"""
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync "
    "--hide-scrollbars --host-resolver-rules=MAP*~NOTFOUND --dump-dom"
).split()


def looked_at(chromium: str, folder: Path, html: str, width: int) -> str:
    """What the page says of itself at this width. A window is never narrower than 500 pixels, a frame is."""
    (folder / "digest.html").write_text(html.replace("</head>", f"{PROBE}</head>"), "utf-8")
    frame = folder / "frame.html"
    frame.write_text(
        f'<body style="margin:0"><iframe src="digest.html" style="border:0" width="{width}" height="2000"></iframe>'
        "<script>addEventListener('load', () => document.title = document.querySelector('iframe').contentDocument.title)</script>"
    )
    command = [
        chromium,
        *OPTIONS,
        "--allow-file-access-from-files",
        f"--user-data-dir={folder / 'profile'}",
        "--window-size=1400,2000",
        frame.as_uri(),
    ]
    dumped = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r"<title>(.*?)</title>", dumped, re.DOTALL)
    assert found is not None, dumped[:500]
    return found[1]


@pytest.mark.parametrize("width", [1200, 600, 390, 320])
def test_nothing_sticks_out_of_the_page_and_nothing_is_loaded(chromium: str, tmp_path: Path, width: int) -> None:
    entries = [
        an_entry(n, title=text[:400], outlet=text[:60], body=f"{text} TikTok {text}", country=("AL", "RS")[n % 2])
        for n, text in enumerate(HOSTILE, 1)
    ]
    html = rendered(
        *entries, troubles=(SourceTrouble("x", "Radio " * 12, "RS", "blocked", "refused with status 403 and " + "x" * 80),)
    ).html
    assert looked_at(chromium, tmp_path, html, width) == f'{{"width":{width},"page":{width},"wide":[],"loaded":0}}'
