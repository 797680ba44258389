"""Where messages go. So far: files in the workspace's outbox, which any mail program opens."""

from __future__ import annotations

import os
from pathlib import Path

from tracker.model import RenderedDigest


def write_outbox(folder: Path, stem: str, rendered: RenderedDigest, message: bytes) -> tuple[Path, ...]:
    """Writes `<stem>.html`, `.txt` and `.eml`, each whole or not at all; the HTML file's path comes first.

    Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for ending, content in ((".html", rendered.html.encode()), (".txt", rendered.text.encode()), (".eml", message)):
        path = folder / f"{stem}{ending}"
        if not path.exists() or path.read_bytes() != content:
            unfinished = path.with_name(f".{path.name}.part")
            unfinished.write_bytes(content)
            os.replace(unfinished, path)  # noqa: PTH105 - one atomic step on one file system
        written.append(path)
    return tuple(written)
