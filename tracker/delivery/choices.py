"""What recipients say themselves of their letters: stop, pause, language, rhythm. One line a choice in `outbox/choices.jsonl`.

A file and not the database: a sign-off holds when a backup of the database is restored, and while the database is busy. What is said
here goes before `recipients.toml`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tracker.delivery.lines import append_line, replace_lines, waiting_for
from tracker.delivery.recipients import EDITIONS, Recipient, usual_send_on
from tracker.errors import StoreError
from tracker.model import LANGUAGES, EditionKind

FILE_NAME = "choices.jsonl"
_LOCK = ".choices.lock"


class What(StrEnum):
    """What a line says."""

    STOP = "stop"
    PAUSE = "pause"  # `value`: the first day that letters come again
    RESUME = "resume"
    LANGUAGE = "language"
    EDITION = "edition"
    UNREACHABLE = "unreachable"  # `value`: the code with which a mail server said that the address is none
    ERASED = "erased"  # `who` is no address then


class Choice(Struct, frozen=True):
    """One thing that somebody said, or a mail server of them. `via`: one-click, page, command, mail."""

    who: str
    what: What
    value: str
    at: datetime
    via: str = ""


class Wishes(Struct, frozen=True):
    """What somebody wants now, from all they said. `version` counts it. Empty `language` and `edition`: as the file has it.
    `unreachable_at`: since when letters come back, with the code that says why."""

    version: int = 0
    stopped_at: datetime | None = None
    paused_until: date | None = None
    language: str = ""
    edition: str = ""
    unreachable_at: datetime | None = None
    unreachable_code: str = ""


class ChoiceRecord:
    """The record of a workspace's outbox. Several processes may add to it."""

    def __init__(self, outbox: Path) -> None:
        self.path, self._lock = outbox / FILE_NAME, outbox / _LOCK

    def every(self) -> list[Choice]:
        """All of it, the oldest first. A torn line tells nothing: whoever wrote it was not told that it is done.

        Raises StoreError when the file cannot be read: nobody gets a letter who may have signed off.
        """
        try:
            lines = self.path.read_bytes().splitlines() if self.path.exists() else []
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}; nothing is sent without it") from error
        return [choice for line in lines if (choice := _read(line)) is not None]

    def add(self, *choices: Choice) -> None:
        """Adds them, on the disk when this returns. Raises StoreError."""
        try:
            with waiting_for(self._lock):
                for choice in choices:
                    append_line(self.path, _written(choice) + b"\n")
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written: {error.strerror}") from error

    def erase(self, who: str, proof: str, at: datetime) -> int:
        """Takes out all that this person said, and notes the proof of it, once. Returns how many lines went. Raises StoreError."""
        try:
            with waiting_for(self._lock):
                known = self.every()
                kept = [one for one in known if one.who != who]
                if not any(one.what is What.ERASED and one.who == proof for one in kept):
                    kept.append(Choice(proof, What.ERASED, "", at))
                replace_lines(self.path, map(_written, kept))
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written: {error.strerror}") from error
        return sum(one.who == who for one in known)


def wishes_of(choices: Iterable[Choice]) -> dict[str, Wishes]:
    """What everybody wants who ever said anything, by the key of the address."""
    found: dict[str, Wishes] = {}
    for choice in choices:
        if choice.what is not What.ERASED:
            found[choice.who] = _with(found.get(choice.who, Wishes()), choice)
    return found


def _with(before: Wishes, choice: Choice) -> Wishes:
    now = replace(before, version=before.version + 1)
    if choice.what is What.STOP:
        return replace(now, stopped_at=before.stopped_at or choice.at, paused_until=None)
    if choice.what is What.PAUSE:
        return replace(now, paused_until=date.fromisoformat(choice.value), stopped_at=None)
    if choice.what is What.RESUME:
        return replace(now, stopped_at=None, paused_until=None, unreachable_at=None, unreachable_code="")
    if choice.what is What.UNREACHABLE:
        return replace(now, unreachable_at=before.unreachable_at or choice.at, unreachable_code=choice.value)
    if choice.what is What.LANGUAGE:
        return replace(now, language=choice.value)
    return replace(now, edition=choice.value)


def with_wishes(recipients: Sequence[Recipient], wishes: Mapping[str, Wishes]) -> tuple[Recipient, ...]:
    """The recipients as they want it. Who asked for another rhythm gets that one, once, whatever stood in the file."""
    return tuple(_every_wish(recipients, wishes))


def _every_wish(recipients: Sequence[Recipient], wishes: Mapping[str, Wishes]) -> Iterator[Recipient]:
    served: set[str] = set()
    for one in recipients:
        key = one.address.key
        wanted = wishes.get(key)
        if wanted is None:
            yield one
            continue
        until = max(filter(None, (one.paused_until, wanted.paused_until)), default=None)
        given = replace(
            one,
            language=wanted.language or one.language,
            stopped_at=wanted.stopped_at,
            paused_until=until,
            unreachable_at=wanted.unreachable_at,
            unreachable_code=wanted.unreachable_code,
        )
        if not wanted.edition:
            yield given
        elif key not in served and (one.edition == wanted.edition or not _has(recipients, key, wanted.edition)):
            served.add(key)
            kind = EditionKind(wanted.edition)
            yield given if one.edition == kind else replace(given, edition=kind, send_on=usual_send_on(kind))


def _has(recipients: Sequence[Recipient], key: str, edition: str) -> bool:
    return any(one.address.key == key and one.edition == edition for one in recipients)


def _written(choice: Choice) -> bytes:
    told = {"at": choice.at.isoformat(), "who": choice.who, "what": str(choice.what), "value": choice.value, "via": choice.via}
    return json.dumps(told, ensure_ascii=True).encode()


def _read(line: bytes) -> Choice | None:
    """None also for a line that names no language, rhythm or day of ours: it must not keep all letters back."""
    try:
        told = json.loads(line)
        choice = Choice(
            str(told["who"]), What(told["what"]), str(told["value"]), datetime.fromisoformat(told["at"]), str(told.get("via", ""))
        )
        if choice.what is What.PAUSE:
            date.fromisoformat(choice.value)
    except (ValueError, KeyError, TypeError):
        return None
    known = {What.LANGUAGE: tuple(LANGUAGES), What.EDITION: tuple(map(str, EDITIONS))}.get(choice.what)
    return choice if known is None or choice.value in known else None
