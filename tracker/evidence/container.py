"""A pack's container: a zip that any program opens, with one possible spelling for its contents. Needs a stream, no disk.

Files are stored, not deflated, in order, with the same date, no extra field and no comment of their own. The archive's comment is the
SHA-256 of every byte before it. So nothing can be hidden, added or changed without being found, and no zip bomb can be one.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from os import SEEK_END
from typing import IO

from msgspec import Struct

from tracker.errors import UsageError

MOST_FILES = 65_000
"""A plain zip holds 65,535; larger ones have another spelling."""
MOST_PACK_BYTES = 4 * 10**9
"""A plain zip counts to 4,294,967,295."""
MOST_FILE_BYTES = 80 * 2**20
"""Of one file, held in memory while it is read: ten times the largest page."""
CONTAINER = "the zip around the files"
MANIFEST = "manifest.json"
NAMES = re.compile(
    r"(?:manifest\.json|sheet\.(?:html|pdf)|items/[0-9]{6,16}/(?:record\.json|exchange\.json|page\.warc|page\.pdf|text\.txt|receipt\.json|later-[0-9]{2}\.(?:json|warc)))\Z"
)
"""All that a file of a pack may be called: ours, never a page's."""
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _MADE_BY, _DAY = 20, 3 << 8 | 20, 1 << 5 | 1  # zip 2.0, Unix, 1 January 1980
_READABLE = 0o100600 << 16
_NOTE = b"sha256:"
_NOTE_BYTES = len(_NOTE) + 64


class Altered(Exception):
    """A pack is not as it was written. `name`: the file in it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name, self.why = name, why


class _Entry(Struct, frozen=True):
    name: bytes
    crc: int
    size: int
    offset: int

    def local(self) -> bytes:
        fixed = (_VERSION, 0, 0, 0, _DAY)
        return _LOCAL.pack(_LOCAL_SIGN, *fixed, self.crc, self.size, self.size, len(self.name), 0) + self.name

    def central(self) -> bytes:
        fixed = (_MADE_BY, _VERSION, 0, 0, 0, _DAY)
        sizes = (self.crc, self.size, self.size, len(self.name))
        return _CENTRAL.pack(_CENTRAL_SIGN, *fixed, *sizes, 0, 0, 0, 0, _READABLE, self.offset) + self.name


class PackWriter:
    """Writes files one after the other into a stream; `close` ends the pack. Raises UsageError when it grows beyond a plain zip."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._sum, self._at = stream, sha256(), 0
        self._entries: list[_Entry] = []

    def add(self, name: str, content: bytes) -> None:
        """A file. Names are the caller's to choose, each once."""
        assert NAMES.match(name), name
        if len(self._entries) >= MOST_FILES or self._at + len(content) > MOST_PACK_BYTES:
            raise UsageError("the pack grows beyond 4 GB or 65,000 files: ask for a shorter period or fewer items")
        entry = _Entry(name.encode("ascii"), zlib.crc32(content), len(content), self._at)
        self._entries.append(entry)
        self._write(entry.local())
        self._write(content)

    def close(self) -> str:
        """The directory and the archive's comment; returns the SHA-256 of all bytes before that, in hex."""
        start = self._at
        for entry in self._entries:
            self._write(entry.central())
        self._write(_end(len(self._entries), self._at - start, start))
        note = self._sum.hexdigest()
        self._write(_NOTE + note.encode("ascii"))
        return note

    def _write(self, content: bytes) -> None:
        self._stream.write(content)
        self._sum.update(content)
        self._at += len(content)


def is_pack(stream: IO[bytes]) -> bool:
    """Whether it begins or ends as packs do, altered or not. The stream can be moved in, and is left at its beginning."""
    head = stream.read(_LOCAL.size + 64)
    stream.seek(max(0, stream.seek(0, SEEK_END) - _NOTE_BYTES))
    note = stream.read(_NOTE_BYTES)
    stream.seek(0)
    name = head[_LOCAL.size :][: _LOCAL.unpack(head[: _LOCAL.size])[-2]] if len(head) > _LOCAL.size else b""
    begins = head.startswith(_LOCAL_SIGN) and NAMES.match(name.decode("ascii", "replace")) is not None
    return begins or note.startswith(_NOTE)


def read_pack(stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Each file's name and content, in order. Raises Altered at the first byte that is not as `PackWriter` writes it.

    Whatever is read is bounded; files already given may still turn out to be part of an altered pack.
    """
    return _Reading(stream).files()


class _Reading:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._sum, self._at = stream, sha256(), 0
        self._entries: list[_Entry] = []
        self._names: set[bytes] = set()

    def files(self) -> Iterator[tuple[str, bytes]]:
        while (sign := self._read(4, self._last)) == _LOCAL_SIGN:
            yield self._file()
        self._directory(sign)

    @property
    def _last(self) -> str:
        return self._entries[-1].name.decode("ascii") if self._entries else CONTAINER

    def _file(self) -> tuple[str, bytes]:
        offset = self._at - 4
        head = self._read(_LOCAL.size - 4, self._last)
        *_, crc, size, _, name_length, _ = _LOCAL.unpack(_LOCAL_SIGN + head)
        name = self._read(min(name_length, 64), self._last)
        shown = name.decode("ascii", "replace")
        if not NAMES.match(shown):
            raise Altered(self._last, "what follows it is no file of a pack")
        entry = _Entry(name, crc, size, offset)
        if _LOCAL_SIGN + head + name != entry.local():
            raise Altered(shown, "its head in the zip is changed")
        if size > MOST_FILE_BYTES or len(self._entries) >= MOST_FILES:
            raise Altered(shown, "it is larger than any file of a pack")
        if name in self._names:
            raise Altered(shown, "it is there twice")
        content = self._read(size, shown)
        if zlib.crc32(content) != crc:
            raise Altered(shown, "its content is changed")
        self._entries.append(entry)
        self._names.add(name)
        return shown, content

    def _directory(self, sign: bytes) -> None:
        start = self._at - 4
        got = sign
        for entry in self._entries:
            wanted, name = entry.central(), entry.name.decode("ascii")
            if got + self._read(len(wanted) - len(got), name) != wanted:
                raise Altered(name, "its place in the zip's directory is changed")
            got = b""
        wanted = _end(len(self._entries), self._at - start, start)
        if got + self._read(len(wanted) - len(got), CONTAINER) != wanted:
            raise Altered(CONTAINER, "the end of its directory is changed")
        note = _NOTE + self._sum.hexdigest().encode("ascii")
        if self._read(_NOTE_BYTES, CONTAINER) != note:
            raise Altered(CONTAINER, "its comment is not the hash of what stands before it")
        if self._stream.read(1):
            raise Altered(CONTAINER, "something was added after its end")

    def _read(self, wanted: int, name: str) -> bytes:
        content = self._stream.read(wanted)
        if len(content) < wanted:
            raise Altered(name, "the pack ends in it, or is no pack")
        self._sum.update(content)
        self._at += wanted
        return content


def _end(files: int, directory_bytes: int, directory_at: int) -> bytes:
    return _END.pack(_END_SIGN, 0, 0, files, files, directory_bytes, directory_at, _NOTE_BYTES)
