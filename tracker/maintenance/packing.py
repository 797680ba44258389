"""All that a workspace cannot make again, in one file: the database, settings, recipients, campaigns, and what was sent.

Raw logs, locks, tokens and `secrets.env` stay where they are, and secrets in `tracker.toml` are left out. The file is for its owner alone.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from msgspec import Struct

from tracker.delivery.recipients import FILE_NAME as RECIPIENTS
from tracker.errors import StoreError
from tracker.maintenance import backup as databases
from tracker.maintenance.packed_settings import without_secrets
from tracker.settings import WORKSPACE_FILE, Settings
from tracker.store.database import FILE_NAME as DATABASE
from tracker.workspace import CAMPAIGNS

OUTBOX = "outbox"
PRIVATE = 0o600  # read and written by its owner alone
UNREADABLE = (OSError, EOFError, tarfile.TarError, ValueError, zlib.error)
"""What Python raises for a pack that is damaged, cut short or none."""
FILES, FOLDERS = (WORKSPACE_FILE, RECIPIENTS), (CAMPAIGNS, OUTBOX)


class Unpacked(Struct, frozen=True):
    """`before`: the database of before under its new name. `laid`: files that were missing and now are there. `beside`: a folder with
    those that are there in another state; None where there were none."""

    before: Path | str | None
    laid: tuple[str, ...]
    beside: Path | None


def pack(workspace: Path, settings: Settings, target: Path, *, overwrite: bool = False) -> int:
    """Writes the pack, a tar file compressed with gzip, whole or not at all; returns its size in bytes.

    The database in it is copied and checked as `backup` does. Raises StoreError.
    """
    databases.refuse_existing(target, overwrite)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            copy, unfinished = Path(folder) / DATABASE, Path(folder) / "pack"
            databases.backup(workspace, settings, copy)
            with tarfile.open(unfinished, "w:gz", compresslevel=6) as tar:
                tar.add(copy, DATABASE)
                for name in _names(workspace, leave_out=target):
                    with suppress(FileNotFoundError):  # a letter that was just sent or pruned
                        _add(tar, workspace / name, name)
            _read_back(unfinished, copy, target)
            os.replace(unfinished, target)  # noqa: PTH105 - one atomic step on one file system
    except UNREADABLE as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise StoreError(f"the pack {target} cannot be written: {words}; check free space and permissions") from error
    return target.stat().st_size


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """A file as it is; settings without their secrets, as packs are taken to other machines."""
    if name != WORKSPACE_FILE:
        tar.add(path, name, recursive=False)
        return
    content, told = _settings_of(path), tar.gettarinfo(path, name)
    told.size = len(content)
    tar.addfile(told, io.BytesIO(content))


def _settings_of(path: Path) -> bytes:
    """What a pack has of a settings file. One that cannot be read as TOML goes in as it is: it may be what is to be mended."""
    content = path.read_bytes()
    try:
        return without_secrets(content)
    except ValueError:
        return content


def _read_back(unfinished: Path, copy: Path, target: Path) -> None:
    """Brings the pack to the disk and reads all of it: the database in it is the copy that was checked, byte for byte."""
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    with copy.open("rb") as file:
        wanted = hashlib.file_digest(file, "sha256").digest()
    found = None
    for member, packed in read_whole(unfinished):
        if member.name == DATABASE and packed is not None:
            found = hashlib.file_digest(packed, "sha256").digest()  # type: ignore[arg-type]  # it reads in pieces
    if found != wanted:
        raise StoreError(f"the pack {target} does not read back as it was written; check the disk")


def read_whole(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """What is in a pack, one after the other, and then its end, where its check sum stands. Raises what is in UNREADABLE."""
    with gzip.open(path) as whole:
        with tarfile.open(fileobj=whole, mode="r:") as tar:
            for member in tar:
                yield member, tar.extractfile(member) if member.isreg() else None  # a link is looked for in the whole pack
        while whole.read(2**20):
            pass


def is_pack(path: Path) -> bool:
    """Whether the file was made by `pack`."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def unpack(workspace: Path, settings: Settings, source: Path, now: datetime) -> Unpacked:
    """Restores the database of a pack as `backup.restore` does, then lays its files where none are; what is there stays as it is, and
    the pack's state of it goes into a folder beside. Raises StoreError, with everything as it was, for a pack that is none or damaged."""
    with _opened(source) as folder:
        before = databases.restore(workspace, settings, folder / DATABASE, now)
        laid: list[str] = []
        beside = workspace / f"from-backup-{now:%Y%m%d-%H%M%S}"
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = str(path.relative_to(folder))
            if name == DATABASE:
                continue
            target = workspace / name
            if not target.exists():
                _lay(path, target)
                laid.append(name)
            elif (_settings_of(target) if name == WORKSPACE_FILE else target.read_bytes()) != path.read_bytes():
                _lay(path, beside / name)
    return Unpacked(before, tuple(laid), beside if beside.exists() else None)


def _lay(path: Path, target: Path) -> None:
    """Copies a file; nobody may read it who could not read the first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=PRIVATE)
    target.write_bytes(path.read_bytes())
    target.chmod(path.stat().st_mode & 0o777)


def _names(workspace: Path, leave_out: Path) -> Iterator[str]:
    for name in FILES:
        if (workspace / name).is_file():
            yield name
    for folder in FOLDERS:
        for path in sorted((workspace / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.absolute() != leave_out.absolute() and not path.name.endswith(".lock"):
                yield str(path.relative_to(workspace))


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """The pack's files in a folder for a while: only such as `pack` puts into one."""
    with tempfile.TemporaryDirectory(prefix="tracker-") as name:
        folder = Path(name)
        try:
            for member, packed in read_whole(source):
                if packed is None or not _is_ours(member):
                    raise StoreError(f"{source} holds {member.name!r}, which no backup of the tracker does; nothing was restored")
                _extract(member, packed, folder / member.name)
        except UNREADABLE as error:
            raise StoreError(f"{source} is damaged: {error}; nothing was restored") from error
        if not (folder / DATABASE).is_file():
            raise StoreError(f"{source} holds no database; nothing was restored")
        yield folder


def _extract(member: tarfile.TarInfo, packed: IO[bytes], target: Path) -> None:
    """Writes a file of a name that `_is_ours` allows. `TarFile.extract` knows no `filter` before Python 3.11.4."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)
    target.chmod(member.mode & 0o777 | PRIVATE)


def _is_ours(member: tarfile.TarInfo) -> bool:
    parts = PurePosixPath(member.name).parts
    plain = member.isreg() and not member.name.startswith("/") and ".." not in parts
    return plain and (member.name in (DATABASE, *FILES) or (len(parts) > 1 and parts[0] in FOLDERS))
