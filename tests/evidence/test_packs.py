"""How packs are written: what is in them, what is not and why, whole or not at all."""

from __future__ import annotations

import errno
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.builders import NOW, a_mention, a_verdict, an_article, some_facts
from tests.evidence.archive import DAY, EXCHANGE, add_items, line_of, packed, packed_with, three_days
from tracker.errors import UsageError
from tracker.evidence import gather, pack, print_page
from tracker.evidence.days import MOST_DAYS, close_days, new_nonce, next_day, seal_and_close, seal_items
from tracker.evidence.erase import erase_item
from tracker.evidence.gather import Chosen
from tracker.evidence.order import Wish, order_pack
from tracker.evidence.pack import Order, write_pack
from tracker.evidence.verify import verify
from tracker.model import LANGUAGES, ChangeKind, Decision, Fact, Revision, RevisitResult, Seen
from tracker.pipeline import pruning
from tracker.store import articles, events, evidence, fetch_results, mentions, pages, revisions, revisits, verdicts
from tracker.store.database import Database
from tracker.workspace import Parts, shipped_folder, workspace_settings

TEMPLATES = shipped_folder("templates")
LATER = NOW + 9 * DAY


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = three_days(tmp_path)
    yield database
    database.close()


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.namelist()


def test_days_are_closed_once_each_in_order_also_those_without_items(database: Database) -> None:
    with database.reading() as conn:
        made = [(root.day, root.items) for root in evidence.roots(conn)]
    assert made == [("2026-03-14", 3), ("2026-03-15", 1), ("2026-03-16", 0), ("2026-03-17", 5)]
    assert seal_and_close(database, NOW + 4 * DAY).inputs == 0
    assert close_days(database, NOW) == []  # a clock that goes back closes nothing


def test_a_late_find_belongs_to_the_next_open_day(database: Database) -> None:
    add_items(database, [10], NOW)
    seal_and_close(database, NOW + 5 * DAY)
    with database.reading() as conn:
        (late,) = evidence.sealed(conn, [10])
    assert (late.day, late.position) == ("2026-03-18", 0)


def test_the_first_line_of_an_archive_stands_for_all_that_it_holds() -> None:
    assert str(next_day(None, NOW)) == "2026-03-13"
    assert next_day("2026-03-13", NOW) is None
    assert str(next_day("2026-03-10", NOW)) == "2026-03-11"


def test_a_wrong_clock_closes_a_bounded_number_of_days(database: Database) -> None:
    assert len(close_days(database, NOW + 5000 * DAY)) == MOST_DAYS


def test_a_kill_between_sealing_and_closing_loses_and_repeats_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    add_items(database, range(10, 15), NOW + 4 * DAY)
    monkeypatch.setattr(evidence, "AT_ONCE", 2)
    real = evidence.close_day

    def dies(*given: Any) -> None:
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(evidence, "close_day", dies)
    with pytest.raises(KeyboardInterrupt):
        seal_and_close(database, NOW + 6 * DAY)
    monkeypatch.setattr(evidence, "close_day", real)
    seal_and_close(database, NOW + 6 * DAY)
    with database.reading() as conn:
        assert [(root.day, root.items) for root in evidence.roots(conn)][4:] == [("2026-03-18", 5), ("2026-03-19", 0)]
    assert verify(io.BytesIO(packed(database, range(1, 15)))).is_sound


def test_a_sealed_page_and_text_stay_as_they_came(database: Database) -> None:
    with database.writing() as conn:
        again = replace(an_article(1), page_id=1, body="A better reader found this.", title="Lumi 1")
        articles.save(conn, [(again, "lumi", "better")], LATER)
        mentions.remove(conn, "rivers", [2])
        before = pages.stored(conn, [1, 2])
        fetch_results._give_up_pages_of_no_use(conn, [{"link_id": 1, "requested_url": "https://elsewhere.example/"}])
        pages.prune(conn, LATER + 9000 * DAY)
        aside, other = pages.stored(conn, [1, 2])
        assert aside.link_id != before[0].link_id, "its link has room for the page of another address"
        assert [replace(aside, link_id=before[0].link_id), other] == before
    content, report = packed_with(database, Chosen("item rivers-1", "rivers", (1, 2)))
    assert report.damaged == 0
    assert verify(io.BytesIO(content)).is_sound
    assert b"doli nga shtrati" in zipfile.ZipFile(io.BytesIO(content)).read("items/000001/text.txt")


def test_stored_bytes_that_are_not_the_sealed_ones_are_told(database: Database) -> None:
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE pages SET body = (SELECT body FROM pages WHERE id = 2) WHERE id = 1")
    content, report = packed_with(database, Chosen("item rivers-1", "rivers", (1,)))
    assert (report.damaged, report.not_made[0][0]) == (1, "items/000001/page.warc")
    assert verify(io.BytesIO(content)).not_made[0][0] == "items/000001/page.warc"


def test_an_item_that_a_person_entered_has_a_record_and_a_text(database: Database) -> None:
    with database.writing() as conn:
        (number,) = articles.save(conn, [(an_article(77, page_id=0, body="Në radio."), "x", "y")], NOW)
        assert number is not None
        mentions.save(conn, [a_mention(number)], NOW)
    seal_items(database, LATER)
    content = packed(database, [number])
    assert names_in(content)[:2] == [f"items/{number:06d}/record.json", f"items/{number:06d}/text.txt"]
    assert (verify(io.BytesIO(content)).faults, verify(io.BytesIO(content)).pending) == ([], 1)


def test_protected_items_are_left_out_and_go_out_by_name_and_reason_only(database: Database, tmp_path: Path) -> None:
    with database.writing() as conn:
        verdicts.record(conn, a_verdict(4, Decision.SENSITIVE))
        verdicts.record(conn, a_verdict(5, Decision.REJECT))
    with database.reading() as conn:
        alone, all_ = gather.of_item(conn, "rivers-4"), gather.of_campaign(conn, "rivers", NOW - DAY, "2026-03-13")
    assert (alone.open, alone.protected, all_.protected, all_.rejected, len(all_.open)) == ((), (4,), (4,), 1, 7)
    parts = Parts(tmp_path, workspace_settings(tmp_path), lambda: LATER)
    with pytest.raises(UsageError, match="1 protected"):
        order_pack(parts, alone, tmp_path / "a.zip", TEMPLATES, Wish())
    closed = order_pack(parts, all_, tmp_path / "b.zip", TEMPLATES, Wish(printed=False))
    assert (closed.items, closed.left_out) == (7, [("protected", 1), ("rejected", 1)])
    assert not any("000004" in name for name in names_in((tmp_path / "b.zip").read_bytes()))
    opened = order_pack(parts, alone, tmp_path / "c.zip", TEMPLATES, Wish(by="Besa", reason="the court asks", printed=False))
    assert opened.items == 1
    assert b"the court asks" in zipfile.ZipFile(tmp_path / "c.zip").read("sheet.html")
    with database.reading() as conn:
        (noted,) = [one for one in events.of_article(conn, 4)["rivers"] if one.fact is Fact.EVIDENCE]
    assert (noted.by, str(noted.after).endswith("the court asks")) == ("Besa", True)
    parts.close()


def test_what_is_erased_leaves_a_receipt_that_every_line_still_holds(database: Database) -> None:
    with pytest.raises(UsageError, match="only what is sensitive"):
        erase_item(database, "rivers-4", by="Besa", reason="a child", now=LATER)
    with database.writing() as conn:
        verdicts.record(conn, a_verdict(4, Decision.SENSITIVE))
    receipt = erase_item(database, "rivers-4", by="Besa", reason="a child", now=LATER)
    assert (receipt.item, receipt.day, dict(receipt.gone)["pages"]) == (4, "2026-03-15", 1)
    with database.reading() as conn:
        article = articles.get(conn, 4)
        assert article is not None
        assert (article.title, article.body, pages.stored(conn, [4]), articles.search(conn, ["lumi"])) == (
            "",
            "",
            [],
            [1, 2, 3, 5, 6, 7, 8, 9],
        )
    content, report = packed_with(database, Chosen("item rivers-1", "rivers", (3,), (4,)), sealed_by="Besa", sealed_reason="x")
    assert (report.erased, names_in(content).count("items/000004/receipt.json")) == (1, 1)
    with database.reading() as conn:
        last = evidence.roots(conn)[-1]
    from tracker.evidence.witness import Witness

    found = verify(io.BytesIO(content), Witness(last.day, bytes.fromhex(last.link)))
    assert (found.faults, found.erased, found.proven) == ([], 1, 2)
    for path in database.path.parent.glob("coverage.db*"):
        assert b"<h1>Lumi 4" not in path.read_bytes()
    with pytest.raises(UsageError, match="was erased"):
        erase_item(database, "rivers-4", by="Besa", reason="a child", now=LATER)


def test_a_full_disk_or_a_kill_leaves_no_half_pack(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, order = tmp_path / "x.zip", Order(LATER, TEMPLATES, printed=False)
    write_pack(database, Chosen("item rivers-1", "rivers", (1,)), target, order)
    with pytest.raises(UsageError, match="--force"):
        write_pack(database, Chosen("item rivers-1", "rivers", (1,)), target, order)
    before = target.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for failing in ("add", "close"):
        with monkeypatch.context() as broken:
            broken.setattr(pack.PackWriter, failing, full)
            with pytest.raises(OSError, match="No space"):
                write_pack(database, Chosen("item rivers-1", "rivers", (1, 2)), target, order, overwrite=True)
        assert target.read_bytes() == before
        assert [path.name for path in tmp_path.glob(".*")] == []
    (tmp_path / ".x.zip.part").write_bytes(b"what a kill left")
    write_pack(database, Chosen("item rivers-1", "rivers", (1,)), target, order, overwrite=True)
    assert verify(io.BytesIO(target.read_bytes())).is_sound


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_written_in_every_language_and_hostile_names_are_text(database: Database, language: str) -> None:
    add_items(database, [10], NOW, title='<script>alert("x")</script>{{ 7*7 }}\u202e" onload=x')
    seal_items(database, LATER, new_nonce)
    sheet = zipfile.ZipFile(io.BytesIO(packed(database, [10], language=language))).read("sheet.html").decode()
    assert "<script" not in sheet
    assert "{{ 7*7 }}" in sheet
    assert "items/000010" in " ".join(names_in(packed(database, [10])))


def later_visit(database: Database, article_id: int, seen: Seen, page: bytes, *, held: bool = False) -> None:
    """A page that a later visit brought, with what it showed."""
    url, at = f"https://zeri-i-lumit.example/lajme/{article_id}", NOW + 6 * DAY
    with database.writing() as conn:
        revisits.enrol(conn, NOW + 4 * DAY, (1, 30))
        (wanted,) = (one for one in revisits.wanted(conn, at, only_due=False) if one.article_id == article_id)
        facts = some_facts(requested_url=url, final_url=url, fetched_at=at, status=200, headers=(("Date", "today"),))
        revisits.note(conn, revisits.prepare([RevisitResult(wanted, facts, page, "text/html")], run_id=None))
        (visit,) = revisits.waiting(conn, wanted.outlet_id, limit=5)
        revisits.settle(conn, [revisits.Closed(visit, seen, "", is_kept=True)], (1, 30))
        means = (("rivers", "held"),) if held else ()
        revisions.add(conn, visit.id, [Revision(0, article_id, ChangeKind(str(seen)), at, None, None, "", means)])


def test_later_pages_of_an_item_are_in_the_pack_with_their_own_time_and_hash(database: Database) -> None:
    for seen, page in ((Seen.EDITED, b"<p>second"), (Seen.GONE, b"<p>gone"), (Seen.BACK, b"<p>third")):
        later_visit(database, 3, seen, page)
    content = packed(database, [3, 4])
    names = [name for name in names_in(content) if "later" in name]
    assert names == [f"items/000003/later-0{number}.{kind}" for number in (1, 2, 3) for kind in ("json", "warc")]
    opened = zipfile.ZipFile(io.BytesIO(content))
    assert b"<p>second" in opened.read("items/000003/later-01.warc")
    assert b"Page after an edit" in opened.read("sheet.html")
    assert verify(io.BytesIO(content), line_of(database, "2026-03-17")).proven == 2
    for name in ("items/000003/later-01.json", "items/000003/later-02.warc"):
        altered = content.replace(opened.read(name), opened.read(name).replace(b"2026-03-20T", b"2026-03-19T"))
        assert altered != content
        assert verify(io.BytesIO(altered)).faults[0][0] == name


def test_a_later_page_that_a_label_holds_back_goes_out_by_name_and_reason_only(database: Database) -> None:
    later_visit(database, 3, Seen.EDITED, b"<p>a child's name", held=True)
    content, report = packed_with(database, Chosen("item rivers-1", "rivers", (3,)))
    assert (b"a child's name" in content, report.not_made[0][0]) == (False, "items/000003/later-01.warc")
    assert verify(io.BytesIO(content)).is_sound
    assert b"a child's name" in packed(database, [3], sealed_by="Besa", sealed_reason="court")


def test_a_page_of_five_megabytes_goes_in_whole(database: Database) -> None:
    add_items(database, [10], NOW, body=b"<p>" + b"voda " * 1_000_000)
    seal_items(database, LATER)
    content = packed(database, [10])
    assert (len(content) > 5_000_000, verify(io.BytesIO(content)).is_sound) == (True, True)
    with pytest.raises(print_page.NotPrinted, match="larger"):
        print_page.print_page(b"x" * (print_page.MOST_PRINTED_BYTES + 1), "text/html")


def test_printing_that_hangs_or_fails_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(print_page.NotPrinted, match="too long"):
        print_page.print_page(b"<p>x", "text/html", seconds=0.01)
    monkeypatch.setattr(print_page.sys, "executable", "/bin/false")
    with pytest.raises(print_page.NotPrinted, match="limits"):
        print_page.print_page(b"<p>x", "text/html")


def test_prune_says_what_would_go_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    parts = Parts(tmp_path, workspace_settings(tmp_path), lambda: LATER)
    with database.writing() as conn:
        state = conn.exec_driver_sql("SELECT count(*) FROM pages WHERE body IS NOT NULL").scalar()
    planned = {one.kind: one for one in pruning.plan(parts, LATER)}
    assert planned["pages of mentions, or not judged yet"].count == 9
    assert planned["evidence: records and sealed texts"].bytes_per_thousand
    assert planned["pages without a mention"].bytes_per_thousand is None
    with database.reading() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM pages WHERE body IS NOT NULL").scalar() == state
    parts.close()


def test_an_older_pages_exchange_is_made_of_what_was_kept(database: Database) -> None:
    add_items(database, [10], NOW)
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE pages SET exchange = NULL WHERE id = 10")
    seal_items(database, LATER)
    content = packed(database, [10])
    assert b'"complete":false' in zipfile.ZipFile(io.BytesIO(content)).read("items/000010/exchange.json")
    assert verify(io.BytesIO(content)).is_sound
    assert EXCHANGE.complete
