"""Addresses are given up after a time, in every place that names them, and no edition goes to anybody a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.delivery.mailserver import MailServerOnLoopback, Order
from tests.mailing import AFTER, Desk, some
from tracker.delivery.address_retention import give_up_addresses
from tracker.delivery.person_key import FILE_NAME as KEY_FILE
from tracker.errors import RunLocked
from tracker.pipeline.pruning import prune_addresses
from tracker.settings import Mail
from tracker.store import alerts, deliveries, personal, proofs
from tracker.store.alerts import Notified
from tracker.store.deliveries import DeliveryState
from tracker.store.lock import SendingLock
from tracker.store.proofs import ProofState
from tracker.workspace import open_parts

LONG_AFTER = AFTER + timedelta(days=500)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    """Ana and Bora got an edition each."""
    desk = Desk(tmp_path, some("ana", "bora"))
    desk.edition()
    desk.send()
    yield desk
    desk.database.close()


def give_up(desk: Desk, before: datetime = LONG_AFTER) -> dict[str, int]:
    return give_up_addresses(desk.folder, desk.outbox, desk.database, before)


def naming(desk: Desk) -> list[str]:
    kept = (desk.database.path, desk.database.path.with_name("coverage.db-wal"), desk.outbox / "sent.jsonl")
    with desk.database.reading() as conn:
        rows = conn.exec_driver_sql("SELECT recipient || message_id || detail FROM deliveries").scalars().all()
        rows += conn.exec_driver_sql("SELECT told || detail || text FROM alerts").scalars().all()
    return [text for text in (*rows, kept[2].read_text("utf-8")) if "@example.org" in text]


def test_old_addresses_are_in_ledger_and_record_no_more_and_younger_ones_stay(office: Desk) -> None:
    assert give_up(office, AFTER - timedelta(days=1)) == {}
    assert not (office.folder / KEY_FILE).exists()
    assert len(naming(office)) == 3
    assert give_up(office) == {"letters": 2, "notifications": 0, "records": 2}
    assert naming(office) == []
    assert set(office.states().values()) == {"sent"}
    assert give_up(office) == {}


def test_notifications_and_the_operators_line_name_nobody_any_more(office: Desk) -> None:
    with office.database.writing() as conn:
        for campaign, kind, text in (("rivers", "headline", "Lumi"), ("", "morning", "- letter 3 to ana@example.org was refused")):
            alerts.raise_once(conn, campaign, kind, "k", subject="S", text=text, raised_at=NOW, due_at=NOW)
        for raised in alerts.since(conn, NOW):
            alerts.note(conn, [raised.id], "Ana <ana@example.org>", Notified.SENT)
            alerts.settle(conn, [raised.id], "ana@example.org: unknown", sent_at=NOW)
    assert give_up(office)["notifications"] == 2
    assert naming(office) == []
    with office.database.reading() as conn:
        assert [alert.text for alert in alerts.since(conn, NOW)] == ["Lumi", ""]
    assert give_up(office) == {}


def test_nobody_gets_the_same_edition_again_even_when_a_person_asks_for_it(office: Desk) -> None:
    give_up(office)
    assert dict(office.send(1, after=timedelta(days=1)).step.outcomes) == {}
    assert office.mailing().preview(1) == []
    office.recipients = [*office.recipients, *some("cveta")]
    assert dict(office.send(1).step.outcomes) == {"written to a file": 1}


def test_not_even_with_a_database_from_before_the_letters(office: Desk) -> None:
    give_up(office)
    with office.database.writing() as conn:
        conn.exec_driver_sql("DELETE FROM deliveries")
    assert dict(office.send(1).step.outcomes) == {}
    assert set(office.states().values()) == {"sent"}


def test_what_waits_or_is_to_be_decided_by_a_person_keeps_its_address(tmp_path: Path) -> None:
    desk = Desk(tmp_path, some("ana", "bora", "cveta"))
    desk.edition()
    with MailServerOnLoopback() as server:
        desk.mail = Mail("127.0.0.1", server.port, "none", per_minute=100_000)
        server.orders += [Order("RCPT", "450 later", only="ana@"), Order("END", "drop", only="bora@")]
        desk.send()
    assert desk.states() == {"ana": "due", "bora": "unknown", "cveta": "sent"}
    assert give_up(desk)["letters"] == 1
    with desk.database.reading() as conn:
        kept = [row.recipient for state in (DeliveryState.DUE, DeliveryState.UNKNOWN) for row in deliveries.in_state(conn, state)]
    assert sorted(kept) == ["ana@example.org", "bora@example.org"]
    recorded = [json.loads(line)["to"].partition("@")[0] for line in (desk.outbox / "sent.jsonl").read_text("utf-8").splitlines()]
    assert [name[:7] for name in recorded] == ["bora", "erased-", "erased-"]
    desk.database.close()


def test_killed_between_ledger_and_record_it_does_what_is_left(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.delivery.sent_log.replace_lines", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        give_up(office)
    monkeypatch.undo()
    assert dict(office.send(1).step.outcomes) == {}
    assert give_up(office)["records"] == 2
    assert naming(office) == []
    assert dict(office.send(1).step.outcomes) == {}


def test_more_letters_than_one_transaction_takes_go_in_several(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "AT_ONCE", 1)
    assert give_up(office)["letters"] == 2


def test_while_a_mailing_is_at_work_nothing_is_touched(office: Desk) -> None:
    with SendingLock(office.outbox).acquire(), pytest.raises(RunLocked):
        give_up(office)
    assert len(naming(office)) == 3


def test_addresses_of_proofs_go_ninety_days_after_their_end_without_another_proof(office: Desk) -> None:
    with office.database.writing() as conn:
        edition = conn.exec_driver_sql("SELECT min(id) FROM editions").scalar_one()
        proofs.settle(conn, proofs.ask(conn, edition, "old@x.example", "en", "", AFTER), ProofState.SENT, "", AFTER)
        proofs.ask(conn, edition, "waits@x.example", "en", "", AFTER)
    with open_parts(office.folder) as parts:
        early = prune_addresses(parts, AFTER - timedelta(days=400), AFTER + timedelta(days=89))
        late = prune_addresses(parts, AFTER - timedelta(days=400), AFTER + timedelta(days=91))
    assert ("proofs", 1) not in early.outcomes
    assert ("proofs", 1) in late.outcomes
    with office.database.reading() as conn:
        assert [one.recipient for one in proofs.of_edition(conn, edition)] == ["waits@x.example"]
