"""What is hashed of an item, and how a pack lists it: records with one spelling each. Pure.

Every JSON file of a pack is compact UTF-8 with its fields in the order below. What is read must be spelled the same again: then no byte
can be changed without being found.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from tracker.model import Exchange

FORMAT = "press-coverage-tracker evidence 1"
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
DigestOrNone = Annotated[str, Meta(pattern=r"^(?:[0-9a-f]{64})?\Z")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d\Z")]
Number = Annotated[int, Meta(ge=0, le=2**53)]
Words = Annotated[str, Meta(max_length=1_000_000)]


class _Spelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one spelling."""


class Record(_Spelled, frozen=True):
    """What stands for an item in its day's tree. Hashes are SHA-256 in hex; empty: there was none. Moments are ISO 8601 in UTC.

    `nonce`: 32 random hex digits, so that the leaf of an erased item tells nobody what it was. `found_at`: when it became an item.
    """

    version: Annotated[int, Meta(ge=1, le=1)]
    item: Number
    nonce: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
    outlet: Words
    requested_url: Words
    final_url: Words
    canonical_url: Words
    title: Words
    published: Words
    found_at: Words
    fetched_at: Words
    content_type: Words
    page_bytes: Number
    page_sha256: DigestOrNone
    exchange_sha256: DigestOrNone
    text_sha256: DigestOrNone


class LaterPage(_Spelled, frozen=True):
    """A page that a later visit brought: what it showed, when, and the SHA-256 of its bytes. No day's tree holds it."""

    item: Number
    number: Annotated[int, Meta(ge=1, le=99)]
    seen: Annotated[str, Meta(pattern=r"^(?:edited|gone|back)\Z")]
    visited_at: Words
    requested_url: Words
    content_type: Words
    page_bytes: Number
    page_sha256: Digest
    exchange: Exchange

    def standing_for(self, record: Record) -> Record:
        """The item's record with this page in the place of the first."""
        nonce = sha256(f"{record.nonce} later {self.number}".encode()).hexdigest()[:32]
        later = {"fetched_at": self.visited_at, "page_bytes": self.page_bytes, "page_sha256": self.page_sha256, "nonce": nonce}
        return msgspec.structs.replace(record, **later)


class File(_Spelled, frozen=True):
    """A file of the pack."""

    name: Words
    bytes: Number
    sha256: Digest


class Item(_Spelled, frozen=True):
    """An item's place in the tree of its day. `day` empty: its day has not ended, no root holds it yet. `erased_at` empty: it is there."""

    item: Number
    leaf: Digest
    day: Annotated[str, Meta(pattern=r"^(?:\d{4}-\d\d-\d\d)?\Z")]
    index: Number
    path: Annotated[tuple[Digest, ...], Meta(max_length=64)]
    erased_at: Words


class Root(_Spelled, frozen=True):
    """A day's root, and how many items its tree has."""

    day: Day
    items: Number
    root: Digest


class Timestamp(_Spelled, frozen=True):
    """What a time-stamping authority signed of a day's link in the chain: RFC 3161, base64 of DER."""

    day: Day
    token: Words


class Manifest(_Spelled, frozen=True):
    """All that a pack says of itself. `roots`: the whole chain, from its first day. `left_out`: (why, how many). `not_made`: (file, why)."""

    format: Annotated[str, Meta(pattern=f"^{FORMAT}\\Z")]
    tracker: Words
    made_at: Words
    asked: Words
    sealed_by: Words
    sealed_reason: Words
    files: tuple[File, ...]
    items: tuple[Item, ...]
    roots: tuple[Root, ...]
    timestamps: tuple[Timestamp, ...]
    left_out: tuple[tuple[Words, Number], ...]
    not_made: tuple[tuple[Words, Words], ...]


Spelled = TypeVar("Spelled", bound=msgspec.Struct)


def spell(value: msgspec.Struct) -> bytes:
    """The one spelling of a record; text that no UTF-8 holds must be mended before."""
    return msgspec.json.encode(value)


def read_spelled(content: bytes, kind: type[Spelled]) -> Spelled:
    """A record from its spelling. Raises ValueError for anything else."""
    try:
        value = msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise ValueError(f"it cannot be read: {error}") from error
    if spell(value) != content:
        raise ValueError("it is not spelled as the tracker spells it")
    return value


def digest_of(content: bytes | None) -> str:
    """SHA-256 in hex; empty for None."""
    return "" if content is None else sha256(content).hexdigest()
