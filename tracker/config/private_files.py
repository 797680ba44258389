"""Files for their owner alone: tokens and keys. Whole or not at all, never readable by others, not even for a moment."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Puts the content in the file's place, mode 0600, on the disk when this returns. Raises OSError."""
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)  # noqa: PTH105 - one atomic step on one file system
    except BaseException:
        with suppress(OSError):
            Path(unfinished).unlink()
        raise
