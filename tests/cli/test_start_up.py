"""A command loads what it uses. Scrapy, an extractor or a PDF library would cost every `tracker schedule --list` half a second."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.newsdesk import Newsdesk

HEAVY = "scrapy twisted trafilatura lingua weasyprint docx lxml jinja2 xlsxwriter openpyxl alembic feedparser bs4 htmldate".split()
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


def test_the_version_is_printed_without_a_database_library() -> None:
    assert loaded("--version").isdisjoint(["sqlalchemy", *HEAVY])
