"""The README tells what is there: no more, no less."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import click

from tests.conftest import ROOT
from tracker.cli.main import cli
from tracker.settings import defaults

README = (ROOT / "README.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of a section's first table, without its heading."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("|")]
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
    for row in table("Commands"):
        before: tuple[str, ...] = ()
        for item in re.findall(r"`([^`]+)`", row[0].split(" (")[0]):
            words = item.removeprefix("tracker ").split()
            named = tuple(words[: next((n for n, word in enumerate(words) if not re.fullmatch(r"[a-z]+", word)), len(words))])
            before = named if item.startswith("tracker ") else (*before[:-1], *named)
            found.add(before)
    return found


def test_every_command_is_in_the_readme_and_every_command_of_the_readme_is_there() -> None:
    there = set(commands(cli))
    # what follows a command that has no subcommands is its argument: `tracker export articles`
    told = {next((path[:n] for n in range(1, len(path)) if path[:n] in there), path) for path in documented_commands()}
    missing = sorted(" ".join(path) for path in there - told)
    invented = sorted(" ".join(path) for path in told - there)
    assert not missing, f"README.md, section Commands, lacks: {missing}"
    assert not invented, f"README.md, section Commands, tells of what is not there: {invented}"


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    told = {row[0].strip("`"): row[1].strip("`") for row in table("Settings")}
    there = {name: json.dumps(value, ensure_ascii=False) for name, value in defaults().items()}
    assert not (missing := sorted(there.keys() - told.keys())), f"README.md, section Settings, lacks: {missing}"
    assert not (invented := sorted(told.keys() - there.keys())), f"README.md, section Settings, tells of what is not there: {invented}"
    assert {name: told[name] for name in there} == there


def test_the_exit_codes_are_told_where_people_look() -> None:
    for text in (README, cli.help or ""):
        words = " ".join(text.split()).lower()
        assert all(
            told in words for told in ("0 done", "1 done but something needs a person", "2 bad usage or configuration", "3 could not run")
        )


def test_every_file_that_the_readme_links_to_is_there() -> None:
    linked = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", README)
    assert not [name for name in linked if not (ROOT / name).exists()]


def test_every_make_target_of_the_readme_is_there() -> None:
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    told = set(re.findall(r"(?:^ {4}|`)make (\w[\w-]*)", README, re.M))
    assert told
    assert told <= targets
