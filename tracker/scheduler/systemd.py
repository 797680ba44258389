"""The systemd unit that keeps the scheduler running, for this workspace and this installation."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from string import Template

from tracker.errors import UsageError
from tracker.workspace import shipped_folder


def service_unit(workspace: Path, python: Path | None = None, user: str = "") -> str:
    """The unit's text. Raises UsageError for a folder whose name systemd cannot be told."""
    folder, program = workspace.absolute(), python or Path(sys.executable)
    for path in (folder, program):
        if not str(path).isprintable() or '"' in str(path) or "\\" in str(path):
            raise UsageError(f"{str(path)!r} cannot stand in a unit; give the folder a plain name")
    text = (shipped_folder("templates") / "service" / "tracker.service").read_text("utf-8")
    return Template(text).substitute(
        workspace=_quoted(folder),
        workspace_raw=_plain(folder),
        workspace_shown=_plain(folder),
        program=f"{_quoted(program)} -P -m tracker",
        user=user or getpass.getuser(),
    )


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")


def _quoted(path: Path) -> str:
    """For a line that systemd splits into words; in a command `$` would begin a variable."""
    return f'"{_plain(path).replace("$", "$$")}"'
