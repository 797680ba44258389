"""The sheet goes through LibreOffice: opened there, changed, saved, and read back. One saved by it lies here; the live way is a soak test."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Outcome, run
from tests.conftest import lacking
from tests.newsdesk import A_MINOR, ABOUT_THE_RIVER, Newsdesk
from tests.review.verdict_sheet.reviewing import REVIEWED_CAMPAIGN, said
from tests.sheets import table
from tracker.model import Decision

SAVED = Path(__file__).parent / "saved_by_libreoffice.xlsx"
"""Written by `verdict --export` for the items of `entered`, then opened, changed as `CHANGES` say and saved by LibreOffice 7.4."""
CHANGES = {"rivers-1": ("accept", "Lumi i parë", "The first river"), "rivers-3": ("sensitive", "Në breg", "At the bank")}
ITEMS = [
    ("medium", "outlet", "date", "headline", "text"),
    ("print", "Zëri i Lumit", "2026-03-01", "Lumi i parë", ABOUT_THE_RIVER),
    ("print", "Fjala e Malit", "2026-03-02", "=Lumi i dytë", "2026"),
    ("radio", "Zëri i Lumit", "2026-03-03", "Në breg", A_MINOR),
]


@pytest.fixture
def entered(tmp_path: Path) -> Iterator[Newsdesk]:
    """Three items whose ids are the same on every machine."""
    opened = Newsdesk(tmp_path / "desk", campaign=REVIEWED_CAMPAIGN)
    assert run("-w", opened.folder, "add", "--import", table(tmp_path / "items.csv", ITEMS)).code == 1  # one is held
    for name in ("rivers-1", "rivers-2"):  # what a person enters is accepted at once; all waited when the sheet was saved
        assert run("-w", opened.folder, "verdict", name, "--take-back").code == 0
    yield opened
    opened.close()


def recorded(desk: Newsdesk, path: Path) -> Outcome:
    told = run("-w", desk.folder, "verdict", "--import", path, "--by", "Mira")
    verdicts = {f"rivers-{article_id}": verdict for article_id, verdict in said(desk).items()}
    assert {name: (verdict.decision, verdict.headline_en) for name, verdict in verdicts.items()} == {
        "rivers-1": (Decision.ACCEPT, "The first river"),
        "rivers-3": (Decision.SENSITIVE, "At the bank"),
    }
    return told


def test_a_sheet_that_libreoffice_changed_and_saved_is_read_back(entered: Newsdesk) -> None:
    told = recorded(entered, SAVED)
    assert (told.code, told.out.splitlines()[-1]) == (0, "2 recorded, 1 left as it was")


def converted(path: Path, ending: str, into: Path) -> Path:
    office = shutil.which("soffice") or lacking("LibreOffice")
    profile = f"-env:UserInstallation=file://{into.parent}/profile"
    into.mkdir(exist_ok=True)
    command = [str(office), "--headless", "--norestore", profile, "--convert-to", ending, "--outdir", str(into), str(path)]
    subprocess.run(command, check=True, timeout=180, capture_output=True)
    return into / f"{path.stem}.{ending}"


@pytest.mark.soak
def test_a_sheet_goes_out_through_libreoffice_and_back(entered: Newsdesk, tmp_path: Path) -> None:
    path = tmp_path / "week.xlsx"
    run("-w", entered.folder, "verdict", "--export", path)
    opened = converted(path, "fods", tmp_path / "opened")
    document = opened.read_bytes()
    for decision, headline, translation in CHANGES.values():
        document = _typed(document, headline, decision, translation)
    opened.write_bytes(document)
    saved = converted(opened, "xlsx", tmp_path / "saved")
    assert recorded(entered, saved).out.splitlines()[-1] == "2 recorded, 1 left as it was"
    template = tmp_path / "found.xlsx"
    run("-w", entered.folder, "add", "--template", template)
    told = run("-w", entered.folder, "add", "--import", converted(template, "xlsx", tmp_path / "saved"))
    assert (told.code, told.out) == (0, "1 example, skipped\n")


def _typed(document: bytes, headline: str, decision: str, translation: str) -> bytes:
    """The row of this headline with two cells filled in, in LibreOffice's own document."""
    from lxml import etree

    office, text_ns = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    table_ns = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    tree = etree.fromstring(document)
    for row in tree.iter(f"{{{table_ns}}}table-row"):
        cells = []
        for cell in list(row):  # repeated cells are written once
            times = int(cell.attrib.pop(f"{{{table_ns}}}number-columns-repeated", "1"))
            for _ in range(min(times, 40) - 1):
                cell.addprevious(etree.fromstring(etree.tostring(cell)))
        cells = list(row)
        if headline not in ["".join(cell.itertext()).strip() for cell in cells]:
            continue
        for column, value in ((7, decision), (12, translation)):
            cells[column].set(f"{{{office}}}value-type", "string")
            paragraph = etree.SubElement(cells[column], f"{{{text_ns}}}p")
            paragraph.text = value
    return bytes(etree.tostring(tree, encoding="utf-8", xml_declaration=True))
