"""What the operating system refused, in a sentence that says what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from tracker.errors import lack_of


def os_fault(error: OSError) -> str:
    """The error for a person. Files are written under another name first (`.week.xlsx.part`), so of what could not be written the folder
    is named, and of a full disk nothing."""
    words, name = error.strerror or str(error), error.filename
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{words}; make room, and run the same command again"
    if lack := lack_of(error):
        return lack
    if not isinstance(name, str):
        return words if name is None else f"{words}: {os.fsdecode(name)}"
    folder = Path(name).parent
    if error.errno in {errno.ENOENT, errno.ENOTDIR} and not folder.is_dir():
        return f"{folder} is no folder; make it, or name another place"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and not (os.path.lexists(name) or os.access(folder, os.W_OK)):
        return f"{folder} cannot be written: {words}; make it writable for this user, or name another place"
    return f"{words}: {name}"
