"""What is altered in a pack is found and named; what is made up later is found with one old line."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.builders import NOW
from tests.evidence.archive import DAY, add_items, line_of, packed, three_days
from tracker.evidence.container import CONTAINER, MANIFEST, PackWriter, read_pack
from tracker.evidence.days import close_days, seal_items
from tracker.evidence.merkle import leaf_hash
from tracker.evidence.records import Manifest, Record, read_spelled, spell
from tracker.evidence.verify import Verdict, verify
from tracker.evidence.witness import Witness
from tracker.store.database import Database

SEED = 20241018


@dataclass
class Archive:
    """An archive, a pack of items 1, 3 and 6 of it, and the lines of its days."""

    database: Database
    pack: bytes

    def line(self, days: int) -> Witness:
        return line_of(self.database, (NOW + days * DAY).date().isoformat())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    database = three_days(tmp_path_factory.mktemp("archive"))
    yield Archive(database, packed(database, [1, 3, 6]))
    database.close()


def look(pack: bytes, witness: Witness | None = None) -> Verdict:
    return verify(io.BytesIO(pack), witness)


def again(pack: bytes, change: dict[str, bytes | None], added: dict[str, bytes] | None = None) -> bytes:
    """The pack as a forger makes it, who knows every rule: contents changed, all hashes of files and the container made anew."""
    files = {name: change.get(name, content) for name, content in read_pack(io.BytesIO(pack))} | (added or {})
    manifest = read_spelled(files.pop(MANIFEST) or b"", Manifest)
    stream = io.BytesIO()
    writer, listed = PackWriter(stream), []
    for name, content in files.items():
        if content is not None:
            writer.add(name, content)
            listed.append({"name": name, "bytes": len(content), "sha256": __import__("hashlib").sha256(content).hexdigest()})
    made = msgspec.convert({**msgspec.to_builtins(manifest), "files": listed}, Manifest)
    writer.add(MANIFEST, spell(made))
    writer.close()
    return stream.getvalue()


def with_manifest(pack: bytes, **fields: object) -> bytes:
    files = dict(read_pack(io.BytesIO(pack)))
    manifest = msgspec.to_builtins(read_spelled(files[MANIFEST], Manifest)) | fields
    return again(pack, {MANIFEST: spell(msgspec.convert(manifest, Manifest))})


def test_a_pack_is_sound_opens_in_any_program_and_is_proven_by_later_lines(archive: Archive) -> None:
    found = look(archive.pack)
    assert (found.faults, found.items, found.proven) == ([], 3, 0)
    with zipfile.ZipFile(io.BytesIO(archive.pack)) as opened:
        assert opened.testzip() is None
        assert "Lumi numër 1".encode() in opened.read("items/000001/text.txt")
        assert b"<h1>Lumi 3</h1>" in opened.read("items/000003/page.warc")
    last = look(archive.pack, archive.line(3))
    assert (last.faults, last.proven, last.newer) == ([], 3, 0)
    middle = look(archive.pack, archive.line(1))
    assert (middle.faults, middle.proven, middle.newer) == ([], 2, 1)


def test_every_change_of_one_byte_is_found(archive: Archive) -> None:
    """Two of every byte's 255 other values at a thousand places, and every byte outside the files' contents."""
    chosen = random.Random(SEED)
    places = [chosen.randrange(len(archive.pack)) for _ in range(1000)]
    with zipfile.ZipFile(io.BytesIO(archive.pack)) as opened:
        heads = [place for one in opened.infolist()[:3] for place in range(one.header_offset, one.header_offset + 30 + len(one.filename))]
        places += [*heads, *range(opened.start_dir, opened.start_dir + 140), *range(len(archive.pack) - 93, len(archive.pack))]
    for place in places:
        altered = bytearray(archive.pack)
        altered[place] ^= chosen.randrange(1, 256)
        found = look(bytes(altered))
        assert not found.is_sound, place
        assert all(name for name, _ in found.faults)


@pytest.mark.parametrize(
    "name",
    ["items/000003/text.txt", "items/000003/page.warc", "items/000003/record.json", "items/000003/exchange.json", "sheet.html", MANIFEST],
)
def test_the_altered_file_is_named(archive: Archive, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(archive.pack)) as opened:
        one = opened.getinfo(name)
    altered = bytearray(archive.pack)
    altered[one.header_offset + 30 + len(name) + one.file_size // 2] ^= 1
    assert [named for named, _ in look(bytes(altered)).faults] == [name]


@pytest.mark.parametrize(
    "altered",
    [
        lambda pack: pack + b"\n",
        lambda pack: b"\0" + pack,
        lambda pack: pack[:-1],
        lambda pack: pack[: len(pack) // 2],
        lambda pack: b"",
        lambda pack: pack * 2,
        lambda pack: b"PK\x03\x04",
        lambda pack: b"\x1f\x8b" + pack,
        lambda pack: b"x" * 10_000,
    ],
    ids=["appended", "prepended", "cut by one", "cut in half", "empty", "twice", "a head alone", "gzip", "no zip"],
)
def test_what_is_no_whole_pack_is_refused(archive: Archive, altered: object) -> None:
    assert not look(altered(archive.pack)).is_sound  # type: ignore[operator]


def test_a_zip_of_another_program_with_the_same_files_is_refused(archive: Archive, tmp_path: Path) -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as made:
            for name, content in read_pack(io.BytesIO(archive.pack)):
                made.writestr(name, content)
        assert not look(stream.getvalue()).is_sound


@pytest.mark.parametrize(
    ("name", "size", "claimed"),
    [
        ("items/000001/text.txt", 5, 2**32 - 1),
        ("../../etc/passwd", 5, 5),
        ("items/000001/../text.txt", 5, 5),
        ("/manifest.json", 5, 5),
        ("items/000001/" + "a" * 60_000, 5, 5),
        ("items/1/text.txt", 5, 5),
        ("items/99999999999999999999/text.txt", 5, 5),
        ("manifest.json\0.txt", 5, 5),
    ],
)
def test_absurd_names_and_sizes_end_at_once(name: str, size: int, claimed: int) -> None:
    content, raw = b"x" * size, name.encode()
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, zlib.crc32(content), claimed, claimed, min(len(raw), 65_535), 0)
    assert look(head + raw[:65_535] + content).faults


def test_a_bomb_inflates_to_nothing() -> None:
    """Deflated files are refused by their head, a gzip in place of a WARC by its first bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(MANIFEST, b" " * 50_000_000)
    assert look(stream.getvalue()).faults


def test_contents_exchanged_with_every_hash_made_anew_are_found_by_the_record(archive: Archive) -> None:
    for name in ("items/000003/text.txt", "items/000003/exchange.json", "items/000003/page.warc"):
        other = dict(read_pack(io.BytesIO(archive.pack)))[name.replace("000003", "000001")] if "exchange" not in name else b"{}"
        assert [named for named, _ in look(again(archive.pack, {name: other})).faults] == [name]
    gone = look(again(archive.pack, {"items/000003/text.txt": None}))
    assert gone.faults == [("items/000003/text.txt", "it is missing")]
    assert look(again(archive.pack, {}, {"items/000007/text.txt": b"x"})).faults
    files = dict(read_pack(io.BytesIO(archive.pack)))
    assert look(
        again(archive.pack, {"sheet.html": files["sheet.html"] + b"<!-- -->"})
    ).is_sound  # the sheet is for reading, as the manual says


def test_a_record_changed_with_every_hash_made_anew_is_not_in_its_day(archive: Archive) -> None:
    name = "items/000003/record.json"
    record = read_spelled(dict(read_pack(io.BytesIO(archive.pack)))[name], Record)
    changed = spell(msgspec.structs.replace(record, title="Something else"))
    forged = again(archive.pack, {name: changed})
    assert [named for named, _ in look(forged).faults] == [name]
    items = [
        {**msgspec.to_builtins(one), **({"leaf": leaf_hash(changed).hex()} if one.item == 3 else {})}
        for one in read_spelled(dict(read_pack(io.BytesIO(archive.pack)))[MANIFEST], Manifest).items
    ]
    assert [named for named, _ in look(with_manifest(forged, items=items)).faults] == [name]


def forged(tmp_path: Path, *, item_on: int) -> bytes:
    """What somebody with the whole database and program makes weeks later: an archive in which an item was found on that day."""
    database = three_days(tmp_path)
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE evidence_records SET day = NULL, position = NULL")
        conn.exec_driver_sql("DELETE FROM day_roots")
    add_items(database, [10], NOW + item_on * DAY)
    seal_items(database, NOW, lambda: "6" * 32)
    with database.writing() as conn:
        conn.exec_driver_sql("DELETE FROM day_roots")
    for days in range(1, 5):
        close_days(database, NOW + days * DAY)
    pack = packed(database, [1, 10])
    database.close()
    return pack


@pytest.mark.parametrize("item_on", [0, 1, 2, 3])
def test_a_pack_with_an_item_made_up_for_an_earlier_day_is_found_with_one_old_line(tmp_path: Path, archive: Archive, item_on: int) -> None:
    pack = forged(tmp_path, item_on=item_on)
    assert look(pack).is_sound  # it agrees with itself: that is why a line is needed
    for witnessed in range(4):
        found = look(pack, archive.line(witnessed))
        assert found.is_sound is (witnessed < item_on), witnessed
        assert found.is_sound or found.faults[0][0] == MANIFEST


def test_a_late_day_for_an_early_claim_is_found_too(tmp_path: Path, archive: Archive) -> None:
    """The forger leaves the chain of the line's days as it was, and puts the made-up item into a later day."""
    database = three_days(tmp_path)
    add_items(database, [10], NOW)
    seal_items(database, NOW + 4 * DAY, lambda: "6" * 32)
    close_days(database, NOW + 5 * DAY)
    found = look(packed(database, [1, 10]), archive.line(2))
    assert [name for name, _ in found.faults] == ["items/000010/record.json"]
    database.close()


def test_a_line_that_is_older_than_all_items_or_than_the_chain_proves_nothing(archive: Archive) -> None:
    pack = packed(archive.database, [6])
    assert look(pack, archive.line(1)).faults[0][0] == "--root"
    before = Witness((NOW - timedelta(days=9)).date().isoformat(), bytes(32))
    assert look(pack, before).faults[0][0] == "--root"


def test_a_chain_with_a_hole_or_an_impossible_day_is_refused(archive: Archive) -> None:
    roots = msgspec.to_builtins(read_spelled(dict(read_pack(io.BytesIO(archive.pack)))[MANIFEST], Manifest).roots)
    for wrong in (roots[:1] + roots[2:], [{**roots[0], "day": "2026-02-30"}, *roots[1:]], []):
        assert look(with_manifest(archive.pack, roots=wrong)).faults


def test_nothing_in_a_pack_is_spelled_in_two_ways(archive: Archive) -> None:
    files = dict(read_pack(io.BytesIO(archive.pack)))
    for name in ("items/000003/record.json", "items/000003/exchange.json"):
        spaced = files[name].replace(b'":', b'": ', 1)
        assert look(again(archive.pack, {name: spaced})).faults[0] == (name, "it is not spelled as the tracker spells it")
    assert CONTAINER
