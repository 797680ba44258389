"""Commands, options and columns that were released stay: others measure and script through them. New ones may be added."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker import exports
from tracker.cli.main import cli

RELEASED: dict[str, list[str]] = json.loads((Path(__file__).parent / "commands_released.json").read_text("utf-8"))
"""Every command of the first release with its options and arguments, as `click` lists them."""
COLUMNS = {
    "ARTICLE_COLUMNS": "requested_url canonical_url outlet country title body published authors language fetched_at outcome",
    "MENTION_COLUMNS": (
        "mention campaign circle outlet country tier title url published authors language forms labels key_messages story verdict note "
        "found_by found_at medium programme place tone prominence messages_confirmed headline_en reach reach_source reach_on entered_by"
    ),
    "STORY_COLUMNS": "story campaign items outlets countries first_published title urls",
}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None:
            names = {
                option
                for one in command.params
                for option in (one.opts if isinstance(one, click.Option) else [one.human_readable_name.upper()])
            }
            yield " ".join((*path, name)), names


@pytest.mark.parametrize("command", RELEASED)
def test_every_released_command_keeps_its_options(command: str) -> None:
    there = dict(commands(cli))
    assert command in there
    assert set(RELEASED[command]) <= there[command]


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_released_column_of_an_export_stays_in_its_place(kind: str) -> None:
    released = tuple(COLUMNS[kind].split())
    assert getattr(exports, kind)[: len(released)] == released
