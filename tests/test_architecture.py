"""The shape of the code: what a reader may rely on without looking. import-linter checks who imports whom."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT, lacking

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
CLOCK_MAY_BE_READ = (
    "tracker/workspace.py",
    "tracker/pipeline/dry_runs.py",
    "tracker/crawl/",
    "tracker/scheduler/loop.py",
    "spiders/base.py",
)
"""The loop sets `next_run` on the clock that the `schedule` package compares it with; what is due is decided by the passed one."""
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|manager|handler)(_|$)|^common$|^(process|handle|do)_")
CALLED_BY_FRAMEWORKS = frozenset(
    {
        "process_item",
        "process_request",
        "process_response",
        "process_exception",
        "process_spider_exception",
        "process_start",
        "process_spider_output",
        "process_bind_param",
        "process_result_value",
        "handle_referer",
        "download_handler",
    }
)
HTML = re.compile(r"</(p|div|td|tr|table|span|html|body|h[1-6]|ul|li)>")
HTML_MAY_BE_WRITTEN = ("tracker/demo/press/", "tracker/crawl/video_channels.py", "tracker/extraction/document.py")
"""The sample press is a publisher; an item of a channel is kept as the page it never was; an extractor needs an empty document."""
SOURCES = sorted(path.relative_to(ROOT).as_posix() for folder in ("tracker", "spiders") for path in (ROOT / folder).rglob("*.py"))


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(read(name))


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(parsed(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def texts(name: str) -> Iterator[ast.Constant]:
    """String literals that are no docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(parsed(name))
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return (
        node
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    )


def test_no_file_is_too_long() -> None:
    lengths = {name: len(read(name).splitlines()) for name in SOURCES}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FILE}


def test_no_function_is_too_long() -> None:
    long = {
        f"{name}:{node.lineno} {node.name}": length
        for name in SOURCES
        if "/migrations/" not in name  # a schema as it was released, never changed
        for node in functions(name)
        if (length := (node.end_lineno or 0) - node.lineno + 1) >= LONGEST_FUNCTION
    }
    assert not long


def test_only_the_parts_builder_the_crawl_and_the_dry_runs_read_the_clock() -> None:
    clock = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    readers = [name for name in SOURCES if not name.startswith(CLOCK_MAY_BE_READ) and clock.search(read(name))]
    assert not readers


VISIBILITY = "tracker/visibility.py"
VISIBILITY_IS_MADE = {
    "tracker/model/": "defines the fields",
    "tracker/matching/": "sets the hold label's mark",
    "tracker/store/mentions.py": "stores the mark",
    "tracker/review/manual/sheet_import.py": "enters a person's verdict",
    "tracker/demo/": "plays the reviewer",
}
"""Where a decision is made or stored; nothing there decides who may see an item."""


def test_who_may_see_an_item_is_decided_in_one_place() -> None:
    """Nobody else names a `Decision` or reads what `held` and `sensitive` say of a mention or entry."""

    def decides(node: ast.AST) -> bool:
        if not isinstance(node, ast.Attribute):
            return False
        of = ast.unparse(node.value)
        return of == "Decision" or (node.attr in ("held", "sensitive") and bool(re.search(r"(mention|entry)$", of)))

    elsewhere = [
        f"{name}:{node.lineno}"
        for name in SOURCES
        if name != VISIBILITY and not name.startswith((*VISIBILITY_IS_MADE,))
        for node in ast.walk(parsed(name))
        if decides(node)
    ]
    assert not elsewhere


def test_which_word_counts_is_decided_in_one_place() -> None:
    """Looking at what takes an event back is deciding whether it counts."""
    decides = [name for name in SOURCES if re.search(r"\.takes_back is (not )?None and", read(name))]
    assert decides == ["tracker/store/replay.py"]


def test_every_way_out_asks_who_may_see_an_item() -> None:
    ways_out = (
        "tracker/digests/selection.py",
        "tracker/digests/editions.py",
        "tracker/digests/forms/feeds.py",
        "tracker/alerts/detection.py",
        "tracker/exports.py",
        "tracker/review/verdict_sheet/exporting.py",
        "tracker/monitoring/recall.py",
    )
    assert [name for name in ways_out if "from tracker.visibility import" not in read(name)] == []


def test_html_is_written_in_templates_only() -> None:
    written = [
        f"{name}:{node.lineno}"
        for name in SOURCES
        if not name.startswith(HTML_MAY_BE_WRITTEN)
        for node in texts(name)
        if HTML.search(str(node.value))
    ]
    assert not written


def test_no_name_hides_what_it_does() -> None:
    named = [
        f"{name}:{node.lineno} {node.name}"
        for name in SOURCES
        for node in functions(name)
        if FORBIDDEN_NAMES.search(node.name) and node.name not in CALLED_BY_FRAMEWORKS
    ]
    named += [name for name in SOURCES if FORBIDDEN_NAMES.search(Path(name).stem) and Path(name).stem not in CALLED_BY_FRAMEWORKS]
    assert not named


def test_no_public_thing_is_unexplained() -> None:
    unexplained = [name for name in SOURCES if read(name).strip() and not ast.get_docstring(parsed(name))]
    assert not unexplained


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b")
    assert not [name for name in SOURCES if marks.search(read(name))]


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """Every file of the repository, outside of it those that lie here."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        lacking("a git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_names_a_package_registry_or_a_path_of_one_machine(tracked: list[str]) -> None:
    index, host = "pypi" + r"\.org|files\.python" + "hosted|simple/?index", r"--(extra-)?index-" + "url|registry" + r"\.npm"
    ours = re.compile(f"{index}|{host}|/" + "root/|/" + r"work/(main|shared)|/home/(?!you\b|USER\b)\w+")
    found = []
    for name in tracked:
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:8000] and (hit := ours.search(content.decode("utf-8", "replace"))):
            found.append(f"{name}: {hit[0]}")
    assert not found


def test_requirements_are_pinned_to_one_version() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line.split("#")[0].strip() for line in read(name).splitlines()]
        loose = [line for line in lines if line and not line.startswith("-r ") and not re.fullmatch(r"[\w.\[\]-]+==[\w.]+( ?;.*)?", line)]
        assert not loose, name


def test_nothing_the_program_makes_is_in_the_repository(tracked: list[str]) -> None:
    made = re.compile(r"(^|/)(coverage\.db|tracker\.toml|recipients\.toml|crawl\.log|tracker\.lock|outbox/|__pycache__/)|\.egg-info/")
    assert not [name for name in tracked if made.search(name)]
