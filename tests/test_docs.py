"""README and manual state what is there: no more, no less."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.conftest import ROOT
from tracker.cli.main import cli
from tracker.settings import defaults

README = (ROOT / "README.md").read_text("utf-8")
PAGES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}


def table(page: str) -> list[list[str]]:
    """The rows of a page's first table, without its heading."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in PAGES[page].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that can be typed; a group stands for its subcommands."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def documented_commands() -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for row in table("commands.md"):
        before: tuple[str, ...] = ()
        for item in re.findall(r"`([^`]+)`", row[0].split(" (")[0]):
            words = item.removeprefix("tracker ").split()
            named = tuple(words[: next((n for n, word in enumerate(words) if not re.fullmatch(r"[a-z]+(-[a-z]+)*", word)), len(words))])
            before = named if item.startswith("tracker ") else (*before[:-1], *named)
            found.add(before)
    return found


def test_every_command_is_in_the_manual_and_every_command_of_the_manual_is_there() -> None:
    there = set(commands(cli))
    # what follows a command that has no subcommands is its argument: `tracker export articles`
    told = {next((path[:n] for n in range(1, len(path)) if path[:n] in there), path) for path in documented_commands()}
    missing = sorted(" ".join(path) for path in there - told)
    invented = sorted(" ".join(path) for path in told - there)
    assert not missing, f"docs/commands.md lacks: {missing}"
    assert not invented, f"docs/commands.md tells of what is not there: {invented}"


def test_every_setting_is_in_the_manual_with_its_default() -> None:
    told = {row[0].strip("`"): row[1].strip("`") for row in table("settings.md")}
    there = {name: json.dumps(value, ensure_ascii=False) for name, value in defaults().items()}
    assert not (missing := sorted(there.keys() - told.keys())), f"docs/settings.md lacks: {missing}"
    assert not (invented := sorted(told.keys() - there.keys())), f"docs/settings.md tells of what is not there: {invented}"
    assert {name: told[name] for name in there} == there


def test_the_exit_codes_are_told_where_people_look() -> None:
    for text in (PAGES["commands.md"], cli.help or ""):
        words = " ".join(text.split()).lower()
        assert all(
            told in words for told in ("0 done", "1 done but something needs a person", "2 bad usage or configuration", "3 could not run")
        )


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{name}" for name in PAGES)])
def test_every_file_and_heading_that_a_page_links_to_is_there(page: str) -> None:
    for target, _, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#]*)(#([^)]*))?\)", (ROOT / page).read_text("utf-8")):
        linked = (ROOT / page).parent / target if target else ROOT / page
        assert linked.exists(), f"{page} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.M)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, (
                f"{page}: {target}#{anchor}"
            )


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_the_manual_names_is_there(page: str) -> None:
    named = set(re.findall(r"`((?:tracker|spiders|tests|templates|campaigns)/[\w./-]*)`", PAGES[page]))
    missing = [name for name in sorted(named) if not (ROOT / name).exists() and "NAME" not in name]
    assert not missing


def test_the_manual_is_built_without_a_warning(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert {f"{name.removesuffix('.md')}.html" for name in PAGES} <= {path.name for path in tmp_path.glob("*.html")}


def test_every_make_target_of_readme_and_manual_is_there() -> None:
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    told = set(re.findall(r"(?:^ {4}|`)make (\w[\w-]*)", "\n".join([README, *PAGES.values()]), re.M))
    assert told
    assert told <= targets


def test_every_dependency_has_its_reason_in_the_readme_and_no_other() -> None:
    rows = re.findall(r"^\| ([a-z0-9, -]+) \| \S", README.split("\n## Dependencies\n", 1)[1], re.M)
    reasoned = {name for row in rows for name in row.split(", ")} - {"package"}
    lines = [
        line
        for name in ("requirements.txt", "requirements-postgres.txt", "requirements-pages.txt")
        for line in (ROOT / name).read_text("utf-8").splitlines()
    ]
    assert {re.split(r"[=\[]", line)[0].strip() for line in lines if line and not line.startswith("#")} == reasoned
