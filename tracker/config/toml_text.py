"""The text of a TOML file, or one line that says in which other encoding it was saved."""

from __future__ import annotations

import codecs
from pathlib import Path

from tracker.errors import ConfigError

MAX_BYTES = 4 * 1024 * 1024
"""A campaign of 10,000 terms has some 2 MB; anything larger is the wrong file."""
UTF16_NULS = 0.05
"""Share of zero bytes: UTF-16 has one for every key, quotation mark and space, 0.1 in a list of Cyrillic words; UTF-8 has none."""
MIN_NULS = 4
"""Fewer are stray bytes."""
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKED_UP = (b"{\\rtf", b"%pdf-", b"<!doctype", b"<html", b"<?xml")
"""How files of word processors and browsers begin, and no TOML."""
_SAVE_IT = "save it as UTF-8 (in an editor: Save as, Encoding: UTF-8)"


def read_toml_text(path: Path) -> str:
    """The file's text with plain line ends, a byte order mark left out. Raises ConfigError with the place of the first wrong byte."""
    try:
        if not path.exists():
            raise ConfigError("no such file", place=path)
        if not path.is_file():
            raise ConfigError("is no file; give the path of a TOML file", place=path)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot be read: {getattr(error, 'strerror', None) or error}", place=path) from error
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"is larger than {MAX_BYTES // 2**20} MiB; is it the right file?", place=path)
    start = raw.removeprefix(codecs.BOM_UTF8)[:200].lstrip().lower()
    if raw.startswith(_PACKED) or start.startswith(_MARKED_UP):
        raise ConfigError(
            "is a document of another program, not plain text; write it in a plain text editor and save it as UTF-8", place=path
        )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or raw.count(0) > max(MIN_NULS, UTF16_NULS * len(raw)):
        raise ConfigError(f"is UTF-16 text; {_SAVE_IT}", place=path)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        return text if "\n" in text else text.replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise ConfigError(
            f"is not UTF-8 text but that of a code page such as Windows-1250 or 1251; {_SAVE_IT}", place=path, line=line, column=column
        ) from error
