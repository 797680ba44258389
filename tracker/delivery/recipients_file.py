"""`recipients.toml` changed by a command: read, changed, checked as a whole, and only then put in the file's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tracker.config.private_files import write_private
from tracker.config.toml_positions import parse_toml
from tracker.config.toml_text import read_toml_text
from tracker.delivery.addresses import MailAddress, read_address
from tracker.delivery.lines import waiting_for
from tracker.delivery.recipients import FILE_NAME, Recipient, check_recipients
from tracker.delivery.recipients_text import Value, with_entry, with_value, without_entries
from tracker.errors import ConfigError, StoreError, UsageError

_LOCK = ".recipients.lock"


def typed_address(text: str) -> MailAddress:
    """A mail address that a person typed. Raises UsageError saying how it is written."""
    try:
        return read_address(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no mail address: {error}") from error


def add(workspace: Path, values: Mapping[str, Value]) -> Recipient:
    """One more recipient; makes the file where there is none. Raises ConfigError or UsageError, and nothing is changed then."""
    return _change(workspace, lambda source, found: with_entry(source, values), must_exist=False)[-1]


def remove(workspace: Path, address: MailAddress, edition: str = "") -> int:
    """Takes the person's entries out, or that of one edition; returns how many. Raises UsageError where there is none."""
    gone: list[int] = []

    def cut(source: str, found: tuple[Recipient, ...]) -> str:
        gone.extend(_numbers(found, address, edition))
        return without_entries(source, gone)

    _change(workspace, cut)
    return len(gone)


def pause(workspace: Path, address: MailAddress, until: date | None) -> int:
    """No letters before that day; None: letters go again. Returns how many entries of the person that concerns."""
    changed: list[int] = []

    def mark(source: str, found: tuple[Recipient, ...]) -> str:
        changed.extend(_numbers(found, address))
        for number in changed:
            source = with_value(source, number, "paused_until", until)
        return source

    _change(workspace, mark)
    return len(changed)


def entries_of(workspace: Path, address: MailAddress) -> list[dict[str, Any]]:
    """The person's entries as they are written; none without a file. Raises ConfigError for a file that cannot be read."""
    path = workspace / FILE_NAME
    if not path.exists():
        return []
    document = parse_toml(read_toml_text(path), path)
    found = check_recipients(document)
    return [table for table, one in zip(document.data.get("recipients", []), found, strict=True) if one.address.key == address.key]


def _numbers(found: tuple[Recipient, ...], address: MailAddress, edition: str = "") -> list[int]:
    numbers = [at for at, one in enumerate(found) if one.address.key == address.key and edition in ("", str(one.edition))]
    if not numbers:
        raise UsageError(f"{address} {f'gets no {edition} edition' if edition else 'is not in recipients.toml'}; `tracker recipients list`")
    return numbers


def _change(workspace: Path, change: Callable[[str, tuple[Recipient, ...]], str], *, must_exist: bool = True) -> tuple[Recipient, ...]:
    path = (workspace / FILE_NAME).resolve()  # a link stays one
    try:
        with waiting_for(workspace / _LOCK):
            if not path.exists() and must_exist:
                raise UsageError(f"there is no {FILE_NAME}; `tracker recipients add` makes it")
            raw = path.read_bytes() if path.exists() else b""
            source = read_toml_text(path) if raw else ""
            text = change(source, check_recipients(parse_toml(source, path)))
            try:
                found = check_recipients(parse_toml(text, path))
            except ConfigError as error:
                raise UsageError(error.message) from error
            write_private(path, (text.replace("\n", "\r\n") if b"\r\n" in raw else text).encode())
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
    return found
