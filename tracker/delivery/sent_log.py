"""The outbox's own record of what was sent: one line of JSON an event in `sent.jsonl`, only ever added to.

It outlives the database: a backup that is restored knows nothing of the letters that went out since, this file does. A line is on the
disk before the last line of a letter goes to the server, and another after its answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct

from tracker.delivery.lines import append_line, replace_lines
from tracker.delivery.person_key import PersonKey
from tracker.errors import StoreError

FILE_NAME = "sent.jsonl"


class Event(StrEnum):
    """What a line of the record says of a letter."""

    BEGUN = "begun"  # about to hand the last line over: from here on it may have arrived
    SENT = "sent"
    NOT_SENT = "not_sent"  # the server said no, or a person said that it shall go again


class Recorded(Struct, frozen=True):
    """The last that is known of a letter."""

    event: Event
    at: datetime
    words: str = ""


class SendingRecord:
    """The record of a workspace's outbox. Only one process may add to it at a time."""

    def __init__(self, outbox: Path) -> None:
        self.path = outbox / FILE_NAME

    @property
    def exists(self) -> bool:
        """Whether anything was ever recorded here."""
        return self.path.exists()

    def read(self) -> dict[str, Recorded]:
        """The last event of each letter, by its identity. A line that a crash left torn tells nothing: what it announced had not begun.

        Raises StoreError when the file cannot be read.
        """
        try:
            lines = self.path.read_bytes().splitlines() if self.exists else []
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}; nothing is sent without it") from error
        found: dict[str, Recorded] = {}
        for line in lines:
            if (read := _read(line)) is not None:
                found[read[0]] = read[1]
        return found

    def add(self, identity: str, event: Event, at: datetime, *, to: str, edition: str, words: str = "") -> None:
        """One line, on the disk when this returns. Raises StoreError when it cannot be written."""
        line = {"id": identity, "event": str(event), "at": at.isoformat(), "to": to, "edition": edition, "words": words}
        try:
            append_line(self.path, json.dumps(line, ensure_ascii=True).encode() + b"\n")
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written: {error.strerror}; nothing is sent without it") from error

    def begin(self) -> None:
        """Makes the file, so that a letter it does not name is one that was not sent."""
        try:
            if not self.exists:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                append_line(self.path, b"")
        except OSError as error:
            raise StoreError(f"{self.path} cannot be made: {error.strerror}; make the workspace writable for this user") from error


def read_lines(outbox: Path) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    """Every line of an outbox's record, and what it says; None where it cannot be read. Raises StoreError when the file cannot be."""
    path = outbox / FILE_NAME
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        yield line, told if isinstance(told, dict) else None


def hide_people(outbox: Path, key: PersonKey, chosen: Callable[[Mapping[str, Any]], bool]) -> int:
    """Puts keyed hashes in place of address and identity in the lines that are chosen, and takes the server's words out; how many. The
    file is replaced whole or stays as it was. Raises StoreError."""
    lines, count = [], 0
    for line, told in read_lines(outbox):
        if told is not None and chosen(told):
            count += 1
            told |= {"id": key.hidden(str(told.get("id"))), "to": key.erased(str(told["to"])), "words": ""}
            line = json.dumps(told, ensure_ascii=True).encode()
        lines.append(line)
    try:
        if count:
            replace_lines(outbox / FILE_NAME, lines)
    except OSError as error:
        raise StoreError(f"{outbox / FILE_NAME} cannot be written: {error.strerror}") from error
    return count


def _read(line: bytes) -> tuple[str, Recorded] | None:
    try:
        told = json.loads(line)
        return str(told["id"]), Recorded(Event(told["event"]), datetime.fromisoformat(told["at"]), str(told.get("words", "")))
    except (ValueError, KeyError, TypeError):
        return None
