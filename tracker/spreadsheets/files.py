"""Files in the outbox, each written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write_files(folder: Path, stem: str, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Writes `<stem><ending>` for each ending; one that holds the same already is left alone. The paths in the order given.

    Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for ending, content in files.items():
        path = folder / f"{stem}{ending}"
        if not path.exists() or path.read_bytes() != content:
            unfinished = path.with_name(f".{path.name}.part")
            unfinished.write_bytes(content)
            os.replace(unfinished, path)  # noqa: PTH105 - one atomic step on one file system
        written.append(path)
    return tuple(written)
