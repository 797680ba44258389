"""What reading and compiling a campaign gave, kept in a folder of the user's own so that the next process need not do it again.

Nothing depends on it: a file that is missing, damaged, of another version or writable by others is passed over, and made anew. The
format holds plain values only: reading one can give wrong forms at worst, and never runs anything.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import threading
import unicodedata
import zlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from tracker import __version__

T = TypeVar("T")

UNUSED_DAYS = 30
"""A file that no process has read for so long goes when another is written."""
MAX_BYTES = 256 * 1024 * 1024
"""Unpacked; the shipped campaign has 3 MB."""
MOST_UNWRITTEN = 32
"""Values; each is some megabytes at most, and one run asks for two a campaign and one for all."""
_SOURCES = ("config", "matching", "model", "text")
_DAY_SECONDS = 86_400
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SUM_BYTES = sha256().digest_size


class Cache:
    """Values by the digest of what they were made from. Without a folder every value is made each time.

    What cannot be written into the folder is kept by this object, and goes with it to another process: it is made once all the same.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._unwritten: dict[Path, bytes] = {}

    def value(self, source: bytes, kind: type[T], make: Callable[[], T]) -> T:
        """The value that was made from `source` before, or what `make` gives, which is then kept. What `make` raises is raised."""
        path = self._path(source, kind)
        if path is None:
            return make()
        if path in self._unwritten:
            return msgspec.msgpack.decode(self._unwritten[path], type=kind)
        with contextlib.suppress(OSError, ValueError, zlib.error, msgspec.MsgspecError):
            return msgspec.msgpack.decode(_read(path), type=kind)
        value = make()
        content = msgspec.msgpack.encode(value)
        try:
            _write(path, content)
        except OSError:
            self._unwritten = {**dict([*self._unwritten.items()][1 - MOST_UNWRITTEN :]), path: content}
        return value

    def lacks(self, source: bytes, kind: type[object]) -> bool:
        """Whether a value would be made and kept; not whether the file there is whole."""
        path = self._path(source, kind)
        if path is None or path in self._unwritten:
            return False
        try:
            _refuse_shared(path.parent)
            return not path.exists()
        except OSError:
            return True

    def _path(self, source: bytes, kind: type[object]) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / sha256(b"%b\0%b\0%b" % (_program(), kind.__name__.encode(), source)).hexdigest()


class MemoryCache(Cache):
    """The newest few values, in this process alone: for one that reads the same file again and again."""

    def __init__(self, most: int = 8) -> None:
        super().__init__()
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[tuple[str, bytes], object] = OrderedDict()

    def value(self, source: bytes, kind: type[T], make: Callable[[], T]) -> T:
        """As of `Cache`."""
        key = (kind.__name__, source)
        with self._lock:
            if isinstance(found := self._kept.get(key), kind):
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


NO_CACHE = Cache()


def _read(path: Path) -> bytes:
    """The content of a file that is whole and nobody else can have written. Raises OSError, ValueError or zlib.error."""
    _refuse_shared(path.parent)
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle, not a path
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS_MAY_WRITE:
            raise ValueError("not this user's own file")
        stored = file.read(min(found.st_size, MAX_BYTES))  # memory for as much is taken at once
        with contextlib.suppress(OSError):
            os.utime(handle)
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(stored[_SUM_BYTES:], MAX_BYTES)
    if not unpacker.eof or sha256(content).digest() != stored[:_SUM_BYTES]:
        raise ValueError("damaged")
    return content


def _write(path: Path, content: bytes) -> None:
    """Puts the file in place whole, for this user alone, and lets those go that nothing has read for long. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_shared(path.parent)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(sha256(content).digest() + zlib.compress(content, 1))
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    newest = path.stat().st_mtime
    for other in path.parent.iterdir():
        if newest - other.lstat().st_mtime > UNUSED_DAYS * _DAY_SECONDS:
            other.unlink()


def _refuse_shared(folder: Path) -> None:
    """Raises OSError unless the folder is this user's own and nobody else may write into it."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS_MAY_WRITE:
        raise PermissionError(f"{folder} is not this user's own folder")


@lru_cache(maxsize=1)
def _program() -> bytes:
    """What else a compiled campaign depends on: this program's own text, Python's and Unicode's versions."""
    digest = sha256(f"{__version__} {sys.version} {unicodedata.unidata_version} {msgspec.__version__}".encode())
    package = Path(__file__).resolve().parent.parent
    for name in _SOURCES:
        for path in sorted((package / name).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.digest()
