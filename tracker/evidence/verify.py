"""Whether a pack is as it was written, and whether a line of an old edition proves it. Offline, from a stream, in bounded memory.

Nothing is unpacked to the disk. Without a line a pack proves that nothing in it was changed since; whoever makes a whole new pack can make
it agree with itself. With a line, each item proven stood in our store on a day not later than the line's.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import IO

from msgspec import Struct, field

from tracker.evidence.container import CONTAINER, MANIFEST, Altered, read_pack
from tracker.evidence.merkle import BEFORE_THE_FIRST, chain_link, leaf_hash, root_by_path
from tracker.evidence.records import File, Item, LaterPage, Manifest, Record, digest_of, read_spelled
from tracker.evidence.timestamps import TimestampTrouble, check_stamp
from tracker.evidence.warc import check_warc
from tracker.evidence.witness import Witness, witness_line
from tracker.model import Exchange

MOST_FAULTS = 50


class Verdict(Struct):
    """What was found. `faults`: (file, why), empty where the pack is sound. `proven`, `newer`, `pending`: items that the line proves, that
    claim nothing before the end of its day, and whose day had not ended. `line`: of the pack's last day. `stamps`: day, the
    moment that an authority signed, and whether its signature was checked."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    items: int = 0
    erased: int = 0
    proven: int = 0
    newer: int = 0
    pending: int = 0
    line: str = ""
    stamps: list[tuple[str, str, bool]] = field(default_factory=list)
    left_out: tuple[tuple[str, int], ...] = ()
    not_made: tuple[tuple[str, str], ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing was altered and, with a line, something is proven and nothing speaks against it."""
        return not self.faults


def verify(stream: IO[bytes], witness: Witness | None = None, authority: bytes | None = None) -> Verdict:
    """Reads the whole pack. `authority`: PEM certificates of time-stamping authorities whose signatures are to be checked. Raises nothing
    but OSError of the stream."""
    return _Verifying(witness, authority).read(stream)


class _Seen(Struct):
    """What remains of an item's files to be compared with the manifest. `claim`: the earliest day that its record names.
    `later`: numbers of its later pages, with whether their WARC came."""

    leaf: str = ""
    claim: str = ""
    has_page: bool = False
    receipt: Item | None = None
    warc: bool = False
    text: bool = False
    later: dict[int, bool] = field(default_factory=dict)


class _Verifying:
    def __init__(self, witness: Witness | None, authority: bytes | None = None) -> None:
        self._witness, self._authority = witness, authority
        self._verdict = Verdict()
        self._hashes: dict[str, File] = {}
        self._seen: dict[int, _Seen] = {}
        self._record: Record | None = None  # of the item whose files pass by
        self._exchange: Exchange | None = None
        self._later: LaterPage | None = None

    def read(self, stream: IO[bytes]) -> Verdict:
        verdict, manifest = self._verdict, None
        try:
            for name, content in read_pack(stream):
                verdict.files += 1
                if manifest is not None:
                    raise Altered(name, "it stands behind the manifest")
                if name == MANIFEST:
                    manifest = read_spelled(content, Manifest)
                else:
                    self._hashes[name] = File(name, len(content), sha256(content).hexdigest())
                    if name.startswith("items/"):
                        self._look(name, content)
            if manifest is None:
                raise Altered(MANIFEST, "it is not there")
        except Altered as altered:
            self._fault(altered.name, altered.why)
            return verdict
        except ValueError as error:
            self._fault(MANIFEST, str(error))
            return verdict
        self._compare(manifest)
        return verdict

    def _fault(self, name: str, why: str) -> None:
        if len(self._verdict.faults) < MOST_FAULTS:
            self._verdict.faults.append((name, " ".join(why.split())[:300]))

    def _look(self, name: str, content: bytes) -> None:
        """A file of an item, against the item's record, which comes first."""
        _, folder, kind = name.split("/")
        number = int(folder)
        if folder != f"{number:06d}":
            raise Altered(name, "its folder is not named as an item's")
        if number not in self._seen:
            self._seen[number] = _Seen()
            self._record = self._exchange = self._later = None
        elif number != next(reversed(self._seen)):
            raise Altered(name, "it does not stand with the files of its item")
        try:
            wrong = self._of_item(self._seen[number], number, kind, content)
        except ValueError as error:
            wrong = str(error)
        if wrong:
            raise Altered(name, wrong)

    def _of_item(self, seen: _Seen, number: int, kind: str, content: bytes) -> str:
        if kind == "receipt.json":
            seen.receipt = read_spelled(content, Item)
            return ""
        if kind == "record.json":
            record = self._record = read_spelled(content, Record)
            seen.leaf, seen.has_page = leaf_hash(content).hex(), bool(record.page_sha256)
            seen.claim = min(record.fetched_at, record.found_at)[:10]
            return "" if record.item == number else "it is the record of another item"
        if self._record is None:
            return "no record stands before it"
        if kind.startswith("later-"):
            return self._of_later(seen, number, kind, content)
        if kind == "exchange.json":
            self._exchange = read_spelled(content, Exchange)
            return "" if digest_of(content) == self._record.exchange_sha256 else "it is not the one of the record"
        if kind == "text.txt":
            seen.text = True
            return "" if digest_of(content) == self._record.text_sha256 else "it is not the one of the record"
        if kind == "page.warc":
            seen.warc = True
            return "no exchange stands before it" if self._exchange is None else check_warc(content, self._record, self._exchange)
        return ""

    def _of_later(self, seen: _Seen, number: int, kind: str, content: bytes) -> str:
        which = int(kind[6:8])
        if kind.endswith(".json"):
            later = self._later = read_spelled(content, LaterPage)
            seen.later[which] = False
            return "" if (later.item, later.number) == (number, which) else "it is of another page"
        if self._record is None or self._later is None or self._later.number != which or which not in seen.later:
            return "no account of it stands before it"
        seen.later[which] = True
        return check_warc(content, self._later.standing_for(self._record), self._later.exchange)

    # --- against the manifest ---

    def _compare(self, manifest: Manifest) -> None:
        verdict = self._verdict
        verdict.left_out, verdict.not_made = manifest.left_out, manifest.not_made
        for wrong in _unlike(manifest.files, self._hashes):
            self._fault(*wrong)
        links = self._chain(manifest)
        if links is None:
            return
        self._stamps(manifest, links)
        if manifest.roots:
            last = manifest.roots[-1].day
            verdict.line = witness_line(last, links[last])
        if len({item.item for item in manifest.items}) != len(manifest.items) or {one.item for one in manifest.items} != {*self._seen}:
            self._fault(MANIFEST, "its items are not those of the pack")
            return
        witnessed = self._witness_holds(links)
        sizes = {root.day: (root.items, bytes.fromhex(root.root)) for root in manifest.roots}
        missing = {name for name, _ in manifest.not_made}
        for item in manifest.items:
            self._item(item, sizes, missing, witnessed)
        if self._witness is not None and witnessed and not verdict.faults and not verdict.proven:
            self._fault("--root", f"the line of {self._witness.day} proves nothing of this pack: all its items are newer")

    def _chain(self, manifest: Manifest) -> dict[str, bytes] | None:
        """Each day's hash in the chain; None where the days are no chain."""
        links, before, expected = dict[str, bytes](), BEFORE_THE_FIRST, None
        for root in manifest.roots:
            try:
                day = date.fromisoformat(root.day)
            except ValueError:
                self._fault(MANIFEST, f"{root.day} is no day")
                return None
            if expected is not None and day != expected:
                self._fault(MANIFEST, f"the chain has no {expected}")
                return None
            before = links[root.day] = chain_link(before, root.day, root.items, bytes.fromhex(root.root))
            expected = day + timedelta(days=1)
        return links

    def _stamps(self, manifest: Manifest, links: Mapping[str, bytes]) -> None:
        for one in manifest.timestamps:
            try:
                if one.day not in links:
                    raise TimestampTrouble("there is no such day")
                stamp = check_stamp(base64.b64decode(one.token, validate=True), links[one.day], self._authority)
            except (TimestampTrouble, ValueError) as why:
                self._fault(MANIFEST, f"the time stamp of {one.day}: {why}")
            else:
                self._verdict.stamps.append((one.day, stamp.at.isoformat(), stamp.signed))

    def _witness_holds(self, links: Mapping[str, bytes]) -> bool:
        """Whether the line is one of the pack's chain; a fault is noted where it is not."""
        if self._witness is None:
            return False
        found = links.get(self._witness.day)
        if found is None:
            self._fault("--root", f"the pack's chain has no {self._witness.day}: the line proves nothing of it")
        elif found != self._witness.link:
            self._fault(MANIFEST, f"the chain up to {self._witness.day} is not the one that the line stands for")
        return found == self._witness.link

    def _item(self, item: Item, sizes: Mapping[str, tuple[int, bytes]], missing: set[str], witnessed: bool) -> None:
        verdict, seen, folder = self._verdict, self._seen[item.item], f"items/{item.item:06d}"
        verdict.items += 1
        if item.erased_at:
            verdict.erased += 1
            if seen.receipt != item or seen.leaf:
                self._fault(f"{folder}/receipt.json", "it is not what the manifest says")
        elif seen.leaf != item.leaf:
            self._fault(f"{folder}/record.json", "it is not the one that was sealed")
        else:
            self._complete(folder, seen, missing)
        if not item.day:
            verdict.pending += 1
        elif not self._in_its_day(item, sizes):
            self._fault(f"{folder}/{'receipt' if item.erased_at else 'record'}.json", f"the root of {item.day} does not hold it")
            return
        if self._witness is not None and witnessed:
            self._witnessed(item, seen, folder, self._witness.day)

    def _complete(self, folder: str, seen: _Seen, missing: set[str]) -> None:
        """What the record speaks of is there, or the manifest says why it is not."""
        later = ((f"later-{number:02d}.warc", True, there) for number, there in seen.later.items())
        wanted = (("page.warc", seen.has_page, seen.warc), ("text.txt", True, seen.text), *later)
        for kind, due, there in wanted:
            if due and not there and f"{folder}/{kind}" not in missing:
                self._fault(f"{folder}/{kind}", "it is missing")

    def _in_its_day(self, item: Item, sizes: Mapping[str, tuple[int, bytes]]) -> bool:
        if item.day not in sizes:
            return False
        size, root = sizes[item.day]
        return root_by_path(bytes.fromhex(item.leaf), item.index, size, [bytes.fromhex(step) for step in item.path]) == root

    def _witnessed(self, item: Item, seen: _Seen, folder: str, day: str) -> None:
        """An item of the line's day or before is proven. A later one may claim nothing of that time."""
        if item.day and item.day <= day:
            self._verdict.proven += 1
        elif seen.leaf and seen.claim <= day:
            self._fault(f"{folder}/record.json", f"it claims to be older than the line of {day}, which does not hold it")
        else:
            self._verdict.newer += 1


def _unlike(listed: tuple[File, ...], found: Mapping[str, File]) -> Iterator[tuple[str, str]]:
    """Files that are not as the manifest lists them, in its order too."""
    names = [file.name for file in listed]
    known = {*names}
    for file in listed:
        if file.name not in found:
            yield file.name if len(file.name) < 100 else MANIFEST, "it is missing"
        elif found[file.name] != file:
            yield file.name, "its content is changed"
    for name in found:
        if name not in known:
            yield name, "the manifest does not list it"
    if names != list(found) and known == set(found):
        yield CONTAINER, "the files are not in their order"
