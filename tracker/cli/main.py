"""The `tracker` command: finds each group lazily, so that `--help` and dry runs start fast."""

from __future__ import annotations

import importlib

import click

from tracker import __version__
from tracker.errors import TrackerError

COMMANDS = {
    "try": "tracker.cli.dryrun:try_group",
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
def cli() -> None:
    """Press-coverage tracker for the Western Balkans."""


def main() -> None:
    """Runs the command line; exit 0 done, 1 needs a person, 2 bad usage or configuration, 3 could not run."""
    try:
        raise SystemExit(cli(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        raise SystemExit(2) from None
    except click.Abort:
        raise SystemExit(3) from None
    except TrackerError as error:
        click.echo(f"tracker: {error}", err=True)
        raise SystemExit(error.exit_code) from None
