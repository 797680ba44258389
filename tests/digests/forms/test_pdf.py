"""The report as PDF: all of it, tagged, the same bytes each time, and nothing read but the page itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from pathlib import Path

import pytest

from tests.conftest import ROOT, lacking
from tests.digests import samples
from tracker.digests.forms import pdf
from tracker.digests.forms.html import render_report
from tracker.digests.forms.pdf import MissingLibraries, render_pdf
from tracker.digests.forms.view import read_digest
from tracker.model import Digest
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")


@lru_cache(maxsize=8)
def made(language: str = "en", name: str = "a_week") -> bytes:
    digest: Digest = getattr(samples, name)()
    try:
        return render_pdf(render_report(digest, TEMPLATES, language))
    except MissingLibraries as error:
        lacking(str(error))
        raise


def told_by(program: str, content: bytes, folder: Path, *options: str) -> str:
    if shutil.which(program) is None:
        lacking(f"{program} (Debian: poppler-utils)")
    (folder / "digest.pdf").write_bytes(content)
    return subprocess.run(
        [program, *options, str(folder / "digest.pdf"), *(["-"] if program == "pdftotext" else [])],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("language", ["en", "sq", "sr-Cyrl"])
def test_every_headline_and_outlet_is_in_the_pdf_in_its_own_letters(language: str, tmp_path: Path) -> None:
    text = re.sub(r"\s+", "", told_by("pdftotext", made(language), tmp_path))
    for clip in read_digest(samples.a_week(), language).clips:
        assert re.sub(r"\s+", "", clip.headline) in text
        assert re.sub(r"\s+", "", clip.outlet) in text


def test_pages_are_numbered_and_headed(tmp_path: Path) -> None:
    pages = told_by("pdftotext", made(), tmp_path).rstrip("\f").split("\f")
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "A Digital Safety Agenda in Western Balkans" in page


def test_the_pdf_is_tagged_has_a_title_a_language_and_an_outline(tmp_path: Path) -> None:
    facts = told_by("pdfinfo", made("sq"), tmp_path)
    assert re.search(r"Title:\s+A Digital Safety Agenda in Western Balkans: Pasqyrimi në media", facts)
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(r"JavaScript:\s+no", facts)
    outline = told_by("pdftohtml", made("sq"), tmp_path, "-xml", "-i", "-stdout").split("<outline>", 1)[1]
    for heading in ("Lajmet kryesore", "Toni", "Publikimet sipas vendit", "Shqipëria", "Çfarë nuk mundëm të ndiqnim"):
        assert heading in outline
    assert "Nis fushata" not in outline


def test_the_same_edition_is_the_same_pdf_in_another_process() -> None:
    code = (
        "import hashlib, sys; from tests.digests import samples; from tracker.workspace import shipped_folder; from tracker.digests.forms.pdf import render_pdf;"
        "from tracker.digests.forms.html import render_report;"
        "sys.stdout.write(hashlib.sha256(render_pdf(render_report(samples.a_week(), shipped_folder('templates'), 'en'))).hexdigest())"
    )
    import hashlib

    again = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert again == hashlib.sha256(made()).hexdigest()


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://x.example/x.svg", "/etc/passwd", "data:text/html,x", "//x.example/x"],
)
def test_nothing_that_a_page_names_is_read(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import urllib.request

    opened: list[object] = []
    monkeypatch.setattr(urllib.request.OpenerDirector, "open", lambda _self, request, *_a, **_k: opened.append(request))
    content = render_pdf(
        f'<link rel="stylesheet" href="{address}"><link rel="attachment" href="{address}"><style>@import url({address}); @font-face {{ font-family: x; src: url({address}) }} '
        f'body {{ background: url({address}); font-family: x }}</style><img src="{address}"><object data="{address}"></object><a rel="attachment" href="{address}">x</a>'
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/><use href="{address}#a"/></svg><p>body</p>'
    )
    assert opened == []
    assert b"root:" not in content
    assert "root:" not in told_by("pdftotext", content, tmp_path)
    assert b"/EmbeddedFile" not in content


def test_a_picture_inside_a_picture_is_not_read_either() -> None:
    import base64

    inner = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd" width="10" height="10"/></svg>'
    )
    content = render_pdf(f'<img src="data:image/svg+xml;base64,{base64.b64encode(inner).decode()}"><p>x</p>')
    assert content.startswith(b"%PDF")


def test_hostile_text_is_printed_and_does_nothing(tmp_path: Path) -> None:
    content = made("en", "hostile")
    text = told_by("pdftotext", content, tmp_path)
    assert "<script>" in text
    facts = told_by("pdfinfo", content, tmp_path, "-js")
    assert "alert" not in facts
    assert not re.search(rb"/JavaScript|/Launch|/EmbeddedFile", content)


def test_a_machine_without_the_libraries_is_told_which_packages_it_needs() -> None:
    code = (
        "import sys, ctypes.util, cffi; from tracker.digests.forms.pdf import render_pdf\n"
        "def none(self, name, flags=0): raise OSError(f'cannot load library {name}')\n"
        "cffi.FFI.dlopen = none\n"
        "try: render_pdf('<p>x</p>')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    told = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (
        told.strip()
        == "MissingLibraries PDF is left out: the system packages libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 are not installed"
    )


def test_without_the_subsetter_alone_a_pdf_is_made_all_the_same() -> None:
    code = (
        "import cffi; from tracker.digests.forms.pdf import render_pdf; known = cffi.FFI.dlopen\n"
        "def some(self, name, flags=0):\n"
        "    if 'subset' in str(name): raise OSError(f'cannot load library {name}')\n"
        "    return known(self, name, flags)\n"
        "cffi.FFI.dlopen = some\n"
        "print(render_pdf('<p>x</p>')[:5].decode())"
    )
    made()  # skipped by name where the other libraries are missing too
    told = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.strip() == "%PDF-"


def test_many_pages_made_side_by_side_are_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [render_report(samples.a_week(), TEMPLATES, language) for language in ("en", "mk")]
    alone = [made(language) for language in ("en", "mk")]
    monkeypatch.setattr(pdf, "WORTH_PROCESSES", 0)
    assert pdf.render_pdfs(pages) == alone


def test_a_worker_that_dies_costs_time_and_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise BrokenProcessPool

    monkeypatch.setattr(pdf, "WORTH_PROCESSES", 0)
    monkeypatch.setattr(pdf.ProcessPoolExecutor, "map", broken)
    assert [one[:5] for one in pdf.render_pdfs(["<p>a", "<p>b"])] == [b"%PDF-"] * 2
