"""GDELT Article List: one file a minute, gzipped JSON lines, one article of the world's press each.

Form of the files as their publisher describes it (blog.gdeltproject.org, "Announcing the GDELT Article List"): UTC minutes in the name,
fields `date, url, title, desc, domain, outletName, lang` and others. Most of 300,000 lines a day are of no outlet of ours: a line's host is looked up before
anything of it is read, so that these cost a microsecond.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from tracker.nets.answers import Answer
from tracker.nets.listing import Listing, Net, listing, moment_of
from tracker.urls.hosts import host_key

GZIP = b"\x1f\x8b"
MAX_LINE_BYTES = 64 * 1024
"""A line has some 600 bytes; a longer one is wrong and is not kept in memory."""
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""Some 400,000 lines, more than a day has. What is left of a larger file is not read."""
PIECE_BYTES = 1 << 18
"""Unpacked at a time: a file is never in memory whole."""

_HOST = re.compile(rb'"url"\s*:\s*"\s*https?:(?:\\?/){2}([^"/\\?#\s]+)', re.I)


class FileOutcome(StrEnum):
    """How a net's file or answer ended. Exactly one each; what was read of a broken or too large one counts. `LIMITED` and `REFUSED`: told in
    words, see `nets.answers`."""

    READ = "read"
    EMPTY = "empty"
    BROKEN = "broken"
    NOT_A_LIST = "not_a_list"
    TOO_LARGE = "too_large"
    LIMITED = "limited"
    REFUSED = "refused"


class LineOutcome(StrEnum):
    """What became of a line that is no listing of ours."""

    ELSEWHERE = "of no outlet of the register"
    WRONG = "not a record"


class Reading(Struct, frozen=True):
    """A file read: its outcome, the listings of our hosts, and every other line counted."""

    outcome: FileOutcome
    listings: tuple[Listing, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()
    answer: Answer | None = None

    @property
    def total(self) -> int:
        """All lines of it."""
        return len(self.listings) + sum(count for _, count in self.lines)


class _Record(msgspec.Struct):
    url: str
    title: str | None = None
    desc: str | None = None
    date: str | None = None
    outletName: str | None = None
    lang: str | None = None


_RECORDS = msgspec.json.Decoder(_Record)


def name_of(minute: datetime) -> str:
    """The file of a minute (UTC)."""
    return f"{minute:%Y%m%d%H%M}00.gal.json.gz"


def minutes_back(now: datetime, since: datetime) -> Iterator[datetime]:
    """Whole minutes from the newest that is over, back to `since`."""
    minute = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
    while minute >= since:
        yield minute
        minute -= timedelta(minutes=1)


def read_list(body: bytes, hosts: Collection[str], *, max_bytes: int = MAX_UNPACKED_BYTES) -> Reading:
    """The listings of a file whose host is one of `hosts` (keys as `urls.hosts.host_key` makes them) or lies below one. Never raises for
    any bytes; memory is bounded whatever they unpack to."""
    if not body.strip():
        return Reading(FileOutcome.EMPTY)
    wanted = frozenset(host.encode() for host in hosts)
    found: list[Listing] = []
    counts: Counter[str] = Counter()
    pieces = _Pieces(body, max_bytes)
    for line in _lines(pieces):
        if not line or line.isspace():
            continue
        one = _read_line(line, wanted)
        if isinstance(one, Listing):
            found.append(one)
        else:
            counts[one] += 1
    outcome = pieces.outcome
    if outcome is FileOutcome.READ and not found and not counts:
        outcome = FileOutcome.EMPTY
    elif not found and counts and set(counts) == {LineOutcome.WRONG}:
        outcome = FileOutcome.NOT_A_LIST if outcome is FileOutcome.READ else outcome
    return Reading(outcome, tuple(found), tuple(sorted(counts.items())))


def _read_line(line: bytes, wanted: frozenset[bytes]) -> Listing | LineOutcome:
    place = _HOST.search(line) if len(line) <= MAX_LINE_BYTES else None
    if place is not None and not is_below(place[1], wanted):
        return LineOutcome.ELSEWHERE
    try:
        record = _RECORDS.decode(line) if len(line) <= MAX_LINE_BYTES else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        record = None
    if record is None:
        return LineOutcome.WRONG
    made = listing(
        Net.GDELT,
        record.url,
        record.title or "",
        record.desc or "",
        moment_of(record.date or ""),
        outlet_name=record.outletName or "",
        language=record.lang or "",
    )
    return made if made.url else LineOutcome.WRONG


def is_below(host: bytes, wanted: frozenset[bytes]) -> bool:
    """Whether a host as it stands in an address is one of the wanted or lies below one."""
    name = host.rpartition(b"@")[2].partition(b":")[0].lower()
    if not name.isascii():
        name = host_key(name.decode("utf-8", "replace")).encode()
    while name:
        if name in wanted:
            return True
        name = name.partition(b".")[2]
    return False


class _Pieces:
    """A body's bytes without gzip, a piece at a time; how it ended is known once it is used up."""

    def __init__(self, body: bytes, max_bytes: int) -> None:
        self._body, self._max = body, max_bytes
        self.outcome = FileOutcome.READ

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for piece in self._unpacked() if self._body.startswith(GZIP) else self._plain():
            total += len(piece)
            if total > self._max:
                self.outcome = FileOutcome.TOO_LARGE
                return
            yield piece

    def _plain(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), PIECE_BYTES):
            yield self._body[start : start + PIECE_BYTES]

    def _unpacked(self) -> Iterator[bytes]:
        """All members of the archive (RFC 1952, 2.2), as `gzip` of several files gives them."""
        rest = self._body
        while rest.startswith(GZIP):
            stream, left = zlib.decompressobj(wbits=31), rest
            try:
                while not stream.eof:
                    piece = stream.decompress(left, PIECE_BYTES)
                    if not piece and not stream.unconsumed_tail and not stream.eof:
                        break  # it is used up before its end
                    left = stream.unconsumed_tail
                    yield piece
            except zlib.error:
                self.outcome = FileOutcome.BROKEN
                return
            if not stream.eof:
                self.outcome = FileOutcome.BROKEN
                return
            rest = stream.unused_data


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of the pieces. Of one without an end so much is kept as shows that it is too long."""
    kept = b""
    for piece in pieces:
        first, *others = piece.split(b"\n")
        kept = (kept + first) if len(kept) <= MAX_LINE_BYTES else kept
        if others:
            yield kept
            yield from others[:-1]
            kept = others[-1]
    yield kept
