"""A command loads what it uses. Scrapy, an extractor or a PDF library would cost every `tracker schedule --list` half a second."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.newsdesk import Newsdesk
from tracker.workspace import CACHE_VARIABLE

HEAVY = "scrapy twisted trafilatura lingua weasyprint docx lxml jinja2 xlsxwriter openpyxl alembic feedparser bs4 htmldate numpy psycopg procrastinate boto3 prometheus_client".split()
PROGRAM = """
import sys
from tracker.cli.main import main
sys.argv = ["tracker", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print("loaded", *sorted({name.split(".")[0] for name in sys.modules} | {name for name in sys.modules if name.startswith("tracker.")}))
"""


def loaded(*words: str) -> set[str]:
    ended = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=True, timeout=120)
    return set(ended.stdout.splitlines()[-1].removeprefix("loaded").split())


@pytest.mark.parametrize(
    "words",
    ["schedule --list", "digest list", "trace https://x.example/a", "sources list", "sources health", "campaign recall digital-safety"],
)
def test_a_simple_command_loads_no_heavy_library(desk: Newsdesk, words: str) -> None:
    desk.close()
    assert loaded("--workspace", str(desk.folder), *words.split()).isdisjoint(HEAVY)


@pytest.mark.parametrize("words", ["sources list", "sources health"])
def test_a_command_that_reads_no_campaign_loads_no_grammar_and_runs_nothing(desk: Newsdesk, words: str) -> None:
    desk.close()
    assert loaded("--workspace", str(desk.folder), *words.split()).isdisjoint(
        ["lark", "tracker.pipeline.nightly", "tracker.matching.query"]
    )


def test_checking_a_campaign_loads_no_database_library_and_compiles_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    words = ["--workspace", str(tmp_path), "campaign", "check"]
    first, second = loaded(*words), loaded(*words)
    assert first.isdisjoint(["sqlalchemy", *HEAVY])
    assert {"lark", "tracker.matching.entering", "tracker.matching.forms.hbs_nouns"} <= first
    assert second.isdisjoint(["lark", "tracker.matching.entering", "tracker.matching.forms.hbs_nouns"])


def test_the_version_is_printed_without_a_database_library() -> None:
    assert loaded("--version").isdisjoint(["sqlalchemy", *HEAVY])


@pytest.mark.parametrize("words", [["--help"], ["sources", "--help"], ["try", "match", "--help"], ["try", "extract"]])
def test_nothing_is_loaded_for_other_processes_that_are_not_begun(words: list[str]) -> None:
    assert "multiprocessing" not in loaded(*words)
