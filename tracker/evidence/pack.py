"""Writes a pack: for each item its record, the request and answer, the page as a WARC, the text and the page on paper; then the sheet and the
manifest. Beside its place first, on the disk, then renamed: there is a whole pack or none. One item is in memory at a time.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from tracker import __version__
from tracker.delivery.lines import sync_folder
from tracker.errors import StoreError, UsageError
from tracker.evidence.container import MANIFEST, PackWriter
from tracker.evidence.days import moment
from tracker.evidence.gather import Chosen
from tracker.evidence.later import later_page
from tracker.evidence.merkle import Tree, leaf_hash
from tracker.evidence.print_page import NotPrinted, print_page
from tracker.evidence.records import FORMAT, File, Item, LaterPage, Manifest, Record, Root, Timestamp, digest_of, read_spelled, spell
from tracker.evidence.sheet import MOST_SHEET_PDF_ITEMS, SheetItem, write_sheet
from tracker.evidence.warc import write_warc
from tracker.model import Exchange
from tracker.store import evidence, registers
from tracker.store.database import Database
from tracker.store.evidence import DayRoot, Sealed

MOST_PRINTED_PAGES = 40
"""Pages put on paper in one pack: each takes a process and 1-10 s. Larger packs hold the pages as WARC alone."""
MOST_LATER_PAGES = 20
"""Of one item; the watch visits it five times, and what changes more often than that is a person's doing."""
MOST_TREES = 8
"""Days whose trees are in memory; items are in order, so that few days are asked for twice."""


class Order(Struct, frozen=True):
    """How a pack is made. `sealed_by`, `sealed_reason`: of whoever lets protected items out; empty: they are left out."""

    made_at: datetime
    templates: Path
    language: str = "en"
    zone: str = "UTC"
    sealed_by: str = ""
    sealed_reason: str = ""
    printed: bool = True


class Packed(Struct):
    """What is in a pack: items, erased ones, why others are not (reason, how many), files that could not be made (name, why), its size and
    the SHA-256 at its end. `damaged`: items whose stored bytes are not those that were sealed."""

    items: int = 0
    erased: int = 0
    left_out: list[tuple[str, int]] = field(default_factory=list)
    not_made: list[tuple[str, str]] = field(default_factory=list)
    damaged: int = 0
    size_bytes: int = 0
    sha256: str = ""


def write_pack(database: Database, chosen: Chosen, output: Path, order: Order, *, overwrite: bool = False) -> Packed:
    """Writes the pack of sealed items. Raises OSError with nothing left behind, UsageError when it grows too large, and where the file is
    there already, unless `overwrite`."""
    unfinished = output.with_name(f".{output.name}.part")
    refuse_existing(output, overwrite=overwrite)
    try:
        with unfinished.open("wb") as file:
            packed = pack_into(file, database, chosen, order, output.name)
            file.flush()
            os.fsync(file.fileno())
        packed.size_bytes = unfinished.stat().st_size
        refuse_existing(output, overwrite=overwrite)  # it may have come meanwhile
        unfinished.replace(output)
        sync_folder(output.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return packed


def refuse_existing(output: Path, *, overwrite: bool) -> None:
    """Raises UsageError where the file is there and may not be overwritten: it may be the only proof of its day."""
    if not overwrite and (output.exists() or output.is_symlink()):
        raise UsageError(f"{output} is there already: name another file, or say --force to overwrite it")


def pack_into(stream: IO[bytes], database: Database, chosen: Chosen, order: Order, name: str = "evidence.zip") -> Packed:
    """The pack into a stream. `name`: what the sheet calls it."""
    return _Packing(stream, database, chosen, order, name).write()


class _Packing:
    def __init__(self, stream: IO[bytes], database: Database, chosen: Chosen, order: Order, name: str) -> None:
        self._writer, self._database, self._chosen, self._order, self._name = PackWriter(stream), database, chosen, order, name
        self._files: list[File] = []
        self._items: list[Item] = []
        self._told: list[SheetItem] = []
        self._trees: OrderedDict[str, Tree] = OrderedDict()
        self._packed = Packed()
        self._outlets: dict[str, str] = {}
        self._visited: frozenset[int] = frozenset()

    def write(self) -> Packed:
        chosen, order, packed = self._chosen, self._order, self._packed
        wanted = sorted({*chosen.open, *(chosen.protected if order.sealed_by else ())})
        with self._database.reading() as conn:
            roots = evidence.roots(conn)
            self._outlets = {one.id: one.name for one in registers.outlets(conn).values()}
        self._prints = order.printed and len(wanted) <= MOST_PRINTED_PAGES
        if order.printed and not self._prints:
            packed.not_made.append(("page.pdf", f"more than {MOST_PRINTED_PAGES} items: pages are not printed"))
        for one in self._sealed(wanted):
            self._add_item(one)
        protected = 0 if order.sealed_by else len(chosen.protected)
        counted = (("protected", protected), ("rejected", chosen.rejected), ("gone", chosen.gone))
        packed.left_out = [(why, count) for why, count in (*counted, ("not sealed", len(wanted) - len(self._items))) if count]
        self._add_sheet(roots)
        self._writer.add(MANIFEST, spell(self._manifest(roots)))
        packed.sha256 = self._writer.close()
        return packed

    def _sealed(self, wanted: Sequence[int]) -> Iterator[Sealed]:
        """A few at a time, so that no transaction is open while pages are printed."""
        for start in range(0, len(wanted), 20):
            with self._database.reading() as conn:
                found = list(evidence.sealed(conn, wanted[start : start + 20]))
                self._visited = evidence.with_later_pages(conn, wanted[start : start + 20])
            yield from found

    def _add_item(self, one: Sealed) -> None:
        folder, packed = f"items/{one.article_id:06d}", self._packed
        packed.items += 1
        item, before = self._placed(one), len(self._files)
        if one.record is None:
            packed.erased += 1
            self._add(f"{folder}/receipt.json", spell(item))
            self._told.append(SheetItem(one.article_id, None, "", 0, item.day, ("receipt.json",), item.erased_at))
        else:
            record = read_spelled(one.record, Record)
            if leaf_hash(one.record).hex() != one.leaf:
                self._damaged(f"{folder}/record.json", "the stored record is not the one that was sealed")
            self._add(f"{folder}/record.json", one.record)
            status = self._add_page(folder, one.article_id, record)
            self._add_text(folder, one, record)
            later = self._add_later_pages(folder, one.article_id, record)
            kinds = tuple(file.name.rpartition("/")[2] for file in self._files[before:])
            outlet = self._outlets.get(record.outlet, record.outlet)
            self._told.append(SheetItem(one.article_id, record, outlet, status, item.day, kinds, later=later))
        self._items.append(item)

    def _placed(self, one: Sealed) -> Item:
        erased = moment(one.erased_at) if one.erased_at else ""
        if one.day is None or one.position is None:
            return Item(one.article_id, one.leaf, "", 0, (), erased)
        path = self._tree(one.day).path(one.position)
        return Item(one.article_id, one.leaf, one.day, one.position, tuple(step.hex() for step in path), erased)

    def _tree(self, day: str) -> Tree:
        if day not in self._trees:
            with self._database.reading() as conn:
                self._trees[day] = Tree(evidence.leaves(conn, day))
            if len(self._trees) > MOST_TREES:
                self._trees.popitem(last=False)
        return self._trees[day]

    def _add_page(self, folder: str, article_id: int, record: Record) -> int:
        """The exchange, the WARC and the page on paper; the status of the server's answer."""
        if not record.page_sha256:
            return 0
        try:
            with self._database.reading() as conn:
                held = evidence.page_bytes(conn, article_id)
        except StoreError:
            held = None
        if held is None or digest_of(held[0]) != record.page_sha256 or digest_of(held[1]) != record.exchange_sha256:
            self._damaged(f"{folder}/page.warc", "the stored page is not the one that was sealed")
            return 0
        page, said = held
        assert said is not None
        exchange = read_spelled(said, Exchange)
        self._add(f"{folder}/exchange.json", said)
        self._add(f"{folder}/page.warc", write_warc(record, exchange, page))
        if self._prints:
            try:
                self._add(f"{folder}/page.pdf", print_page(page, record.content_type))
            except NotPrinted as why:
                self._packed.not_made.append((f"{folder}/page.pdf", str(why)))
        return exchange.status

    def _add_later_pages(self, folder: str, article_id: int, record: Record) -> tuple[LaterPage, ...]:
        """What visits brought after it had changed, each with an account of its own; those that a label holds back only as the item is."""
        added: list[LaterPage] = []
        if article_id not in self._visited:
            return ()
        with self._database.reading() as conn:
            for number, held in enumerate(evidence.later_pages(conn, article_id, MOST_LATER_PAGES), 1):
                name = f"{folder}/later-{number:02d}"
                if held.is_held and not self._order.sealed_by:
                    self._packed.not_made.append((f"{name}.warc", "what it says is held back"))
                elif sha256(held.page).hexdigest() != held.sha256:
                    self._damaged(f"{name}.warc", "the stored page is not the one that came")
                else:
                    later = later_page(article_id, number, held)
                    self._add(f"{name}.json", spell(later))
                    self._add(f"{name}.warc", write_warc(later.standing_for(record), later.exchange, held.page))
                    added.append(later)
        return tuple(added)

    def _add_text(self, folder: str, one: Sealed, record: Record) -> None:
        text = (one.text or "").encode("utf-8")
        if digest_of(text) != record.text_sha256:
            self._damaged(f"{folder}/text.txt", "the stored text is not the one that was sealed")
        else:
            self._add(f"{folder}/text.txt", text)

    def _add_sheet(self, roots: Sequence[DayRoot]) -> None:
        order = self._order
        many = MOST_PRINTED_PAGES if order.printed and not self._prints else 0
        given = {"language": order.language, "zone": order.zone, "made_at": order.made_at, "name": self._name, "not_printed": many}
        page = write_sheet(order.templates, self._manifest(roots), self._told, **given)  # type: ignore[arg-type]
        self._add("sheet.html", page.encode("utf-8", "replace"))
        if not order.printed or len(self._told) > MOST_SHEET_PDF_ITEMS:
            self._packed.not_made.append(("sheet.pdf", "sheet.html says the same"))
            return
        from tracker.digests.forms.pdf import MissingLibraries, render_pdf

        try:
            self._add("sheet.pdf", render_pdf(page))
        except MissingLibraries as why:
            self._packed.not_made.append(("sheet.pdf", str(why)))

    def _manifest(self, roots: Sequence[DayRoot]) -> Manifest:
        order, days = self._order, {one.day for one in self._items}
        stamped = [one for one in roots if one.timestamp]
        told = [one for one in stamped if one.day in days or one is stamped[-1]]
        return Manifest(
            format=FORMAT,
            tracker=__version__,
            made_at=moment(order.made_at),
            asked=self._chosen.asked,
            sealed_by=order.sealed_by,
            sealed_reason=order.sealed_reason,
            files=tuple(self._files),
            items=tuple(self._items),
            roots=tuple(Root(one.day, one.items, one.root) for one in roots),
            timestamps=tuple(Timestamp(one.day, _letters(one.timestamp)) for one in told),
            left_out=tuple(self._packed.left_out),
            not_made=tuple(self._packed.not_made),
        )

    def _add(self, name: str, content: bytes) -> None:
        self._writer.add(name, content)
        self._files.append(File(name, len(content), sha256(content).hexdigest()))

    def _damaged(self, name: str, why: str) -> None:
        self._packed.not_made.append((name, why))
        self._packed.damaged += 1


def _letters(token: bytes | None) -> str:
    import base64

    return base64.b64encode(token or b"").decode("ascii")
