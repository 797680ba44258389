"""The outbox's own record: what it says is on the disk, and a torn line says nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.builders import NOW
from tracker.delivery.sent_log import Event, Recorded, SendingRecord
from tracker.errors import StoreError


def add(record: SendingRecord, identity: str, event: Event, words: str = "") -> None:
    record.add(identity, event, NOW, to="ana@example.org", edition="1", words=words)


def test_the_last_event_of_a_letter_counts(tmp_path: Path) -> None:
    record = SendingRecord(tmp_path / "outbox")
    assert (record.exists, record.read()) == (False, {})
    record.begin()
    assert (record.exists, record.read()) == (True, {})
    for identity, event in [("a", Event.BEGUN), ("b", Event.BEGUN), ("a", Event.SENT), ("c", Event.BEGUN), ("c", Event.NOT_SENT)]:
        add(record, identity, event, "250 që mirë")
    assert {identity: one.event for identity, one in record.read().items()} == {"a": Event.SENT, "b": Event.BEGUN, "c": Event.NOT_SENT}
    assert record.read()["a"] == Recorded(Event.SENT, NOW, "250 që mirë")


def test_it_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    record = SendingRecord(tmp_path)
    record.begin()
    assert stat.S_IMODE(record.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("torn", [b'{"id": "b", "eve', b"\xff\xfe\0", b"[1]", b'{"id": "b", "event": "eaten", "at": "2026"}', b"null"])
def test_a_torn_line_says_nothing_and_spoils_nothing(tmp_path: Path, torn: bytes) -> None:
    record = SendingRecord(tmp_path)
    add(record, "a", Event.SENT)
    with record.path.open("ab") as file:
        file.write(torn)
    assert {*record.read()} == {"a"}
    add(record, "c", Event.BEGUN)
    assert {*record.read()} == {"a", "c"}


def test_a_record_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way", "utf-8")
    record = SendingRecord(tmp_path / "outbox")
    with pytest.raises(StoreError, match="nothing is sent without it"):
        add(record, "a", Event.BEGUN)
    with pytest.raises(StoreError, match="make the workspace writable"):
        record.begin()
    (tmp_path / "sent.jsonl").mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        SendingRecord(tmp_path).read()
