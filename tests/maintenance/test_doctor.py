from __future__ import annotations

import gzip
import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import Newsdesk
from tracker.errors import RunLocked, StoreError
from tracker.maintenance import backup, doctor
from tracker.model import Decision, Verdict
from tracker.settings import Settings
from tracker.store import backup as copies
from tracker.store import runs, search_index, verdicts
from tracker.store.database import open_database
from tracker.store.lock import AlertLock, RunLock, SendingLock
from tracker.store.schema.metadata import HEAD

SETTINGS = Settings()
RELEASED = Path(__file__).parent.parent / "store" / "released"
TODAY = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as conn:
        tables = [
            row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'article_search_%'")
        ]
        return {table: conn.execute(f"SELECT * FROM {table}").fetchall() for table in tables if table != "article_search"}


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def journal(path: Path) -> str:
    with closing(sqlite3.connect(path)) as conn:
        return str(conn.execute("PRAGMA journal_mode").fetchone()[0])


def well(workspace: Path, now: datetime = TODAY) -> dict[str, bool]:
    return {check.name: check.well for check in doctor.examine(workspace, now)}


def finding(workspace: Path, name: str, now: datetime = TODAY) -> doctor.Check:
    return next(check for check in doctor.examine(workspace, now) if check.name == name)


def test_a_restored_copy_equals_what_was_backed_up_and_the_database_of_before_is_kept(desk: Newsdesk, tmp_path: Path) -> None:
    desk.night("match", "group", "digest")
    original = rows(desk.folder / "coverage.db")
    copy = tmp_path / "backups #1" / "monday 50%?.db"
    assert backup.backup(desk.folder, SETTINGS, copy) == copy.stat().st_size
    assert rows(copy) == original
    mention = desk.mentions()[0]
    with desk.parts.database.writing() as conn:
        verdicts.record(conn, Verdict("rivers", mention.article_id, Decision.ACCEPT, NOW))
    later = rows(desk.folder / "coverage.db")
    desk.close()
    aside = backup.restore(desk.folder, SETTINGS, copy, NOW)
    assert aside is not None
    assert rows(desk.folder / "coverage.db") == original
    assert rows(aside) == later
    assert journal(desk.folder / "coverage.db") == "wal"
    assert not [path.name for path in desk.folder.iterdir() if path.name.endswith(("incoming", "-wal"))]


def test_two_restores_in_one_second_keep_both_databases(desk: Newsdesk, tmp_path: Path) -> None:
    backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db")
    desk.close()
    kept = {backup.restore(desk.folder, SETTINGS, tmp_path / "copy.db", NOW) for _ in range(3)}
    assert len(kept) == 3
    assert all(path is not None and path.exists() for path in kept)


def test_a_backup_is_restored_where_no_database_is(desk: Newsdesk, tmp_path: Path) -> None:
    backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert backup.restore(fresh, SETTINGS, tmp_path / "copy.db", NOW) is None
    assert rows(fresh / "coverage.db") == rows(tmp_path / "copy.db")


def test_a_workspace_named_from_where_one_stands_is_restored(desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db")
    (tmp_path / "fresh").mkdir()
    monkeypatch.chdir(tmp_path)
    assert backup.restore(Path("fresh"), SETTINGS, Path("copy.db"), NOW) is None
    assert rows(tmp_path / "fresh" / "coverage.db") == rows(tmp_path / "copy.db")


def test_a_backup_made_while_a_writer_writes_is_whole(desk: Newsdesk, tmp_path: Path) -> None:
    """The writer keeps a promise in every transaction: two rows of the same number. The copy holds it too."""
    path, stop, written = desk.folder / "coverage.db", threading.Event(), []
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE pairs (number INTEGER, filling BLOB)")
        conn.executemany("INSERT INTO pairs VALUES (?, ?)", [(-1, os.urandom(200_000)) for _ in range(100)])
        conn.commit()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=30)) as conn:
            while not stop.is_set():
                with conn:
                    conn.executemany("INSERT INTO pairs VALUES (?, zeroblob(2000))", [(len(written),)] * 2)
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            before = len(written)
            backup.backup(desk.folder, SETTINGS, tmp_path / f"{number}.db")
            with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
                pairs = copy.execute("SELECT number, count(*) FROM pairs WHERE number >= 0 GROUP BY number").fetchall()
            assert len(pairs) >= before
            assert {count for _, count in pairs} <= {2}
    finally:
        stop.set()
        writer.join(30)
    assert written


def test_the_doctor_names_the_campaigns_and_says_when_they_are_the_shipped_ones(desk: Newsdesk, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert finding(desk.folder, "campaigns").finding == "rivers"
    assert finding(folder, "campaigns").finding == "digital-safety, shipped with the program"
    (folder / "campaigns").mkdir(exist_ok=True)
    (folder / "campaigns" / "rivers.docx").touch()
    unread = finding(folder, "campaigns")
    assert not unread.well
    assert unread.finding == "the shipped campaign digital-safety is used, as these files are not read: rivers.docx"


def test_the_doctor_names_a_logo_that_no_mail_can_show(tmp_path: Path) -> None:
    (tmp_path / "campaigns").mkdir()
    branded = 'id = "rivers"\nname = "Rivers"\ncountries = ["AL"]\nsince = 2026-01-01\ntime_zone = "Europe/Tirane"\nquery = "river"\n[terms.river]\nkind = "word"\nany = ["river"]\n[branding]\nlogo = "logo.svg"\n'
    (tmp_path / "campaigns" / "rivers.toml").write_text(branded, "utf-8")
    (tmp_path / "campaigns" / "logo.svg").write_text("<svg/>", "utf-8")
    [found] = [check for check in doctor.examine(tmp_path, TODAY) if check.name == "branding"]
    assert (found.well, found.advice) == (False, "`tracker campaign check` lists all")
    assert found.finding.startswith("rivers: logo.svg stands in reports alone: mail programs and Word show no SVG")


def test_the_doctor_says_when_outlets_are_given_no_address_to_write_to(tmp_path: Path) -> None:
    named = "set fetch.user_agent"
    assert finding(tmp_path, "settings").well
    assert named in finding(tmp_path, "settings").advice
    (tmp_path / "tracker.toml").write_text('[fetch]\nuser_agent = "Coverage (+mailto:press@rivers.example)"\n', "utf-8")
    assert named not in finding(tmp_path, "settings").advice


def test_settings_without_a_secret_may_be_read_by_everybody(desk: Newsdesk) -> None:
    (desk.folder / "tracker.toml").write_text("[keep]\npages_days = 5\n", "utf-8")
    (desk.folder / "tracker.toml").chmod(0o644)
    assert well(desk.folder)["tracker.toml"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM articles", "names a row of articles that is gone"),
        ("DROP TABLE alembic_version", "no database of the tracker"),
        ("UPDATE alembic_version SET version_num = '0001a'", "no version of it made the revision"),
        ("INSERT INTO alembic_version VALUES ('0003')", "no database of the tracker"),
        ("UPDATE alembic_version SET version_num = '0003'", r"its tables are not those of its revision 0003 \([^\[]*\)$"),
        ("PRAGMA user_version = 70", "no version of it made a search index of folding 70"),
        ("DROP TABLE story_members", "the table story_members is missing"),
        ("ALTER TABLE mentions DROP COLUMN labels", "the table mentions is not as we make it"),
        ("DROP TRIGGER events_are_never_removed", "the trigger events_are_never_removed is missing"),
        (
            "DROP TRIGGER events_are_never_removed; CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events BEGIN SELECT 1; END",
            "the trigger events_are_never_removed is not as we make it",
        ),
        ("CREATE TRIGGER t AFTER INSERT ON mentions BEGIN DELETE FROM links; END", "the trigger t is none of ours"),
        ("CREATE VIEW v AS SELECT * FROM mentions", "the view v is none of ours"),
        ("CREATE TABLE t (a)", "the table t is none of ours"),
        ("DROP INDEX ix_mentions_article_id", "the index ix_mentions_article_id is missing"),
        ("DROP TABLE article_search", "the table article_search is missing"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused_and_nothing_is_touched(desk: Newsdesk, tmp_path: Path, spoil: str, said: str) -> None:
    desk.night("match")
    backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        conn.executescript(spoil)
    desk.close()
    before, content = files(desk.folder), rows(desk.folder / "coverage.db")
    with pytest.raises(StoreError, match=said):
        backup.restore(desk.folder, SETTINGS, tmp_path / "copy.db", NOW)
    assert files(desk.folder) == before
    assert rows(desk.folder / "coverage.db") == content


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"])
def test_a_backup_of_every_version_before_is_brought_to_this_one_and_restored(desk: Newsdesk, tmp_path: Path, revision: str) -> None:
    released = gzip.decompress((RELEASED / f"{revision}.db.gz").read_bytes())
    (tmp_path / "old.db").write_bytes(released)
    backup.restore(desk.folder, SETTINGS, tmp_path / "old.db", NOW)
    assert copies.revision(desk.folder / "coverage.db") == HEAD
    assert not [path.name for path in desk.folder.iterdir() if "incoming" in path.name]


def test_a_backup_with_a_damaged_search_index_is_restored_with_a_new_one(desk: Newsdesk, tmp_path: Path) -> None:
    desk.night("match")
    backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        conn.execute("UPDATE article_search_data SET block = zeroblob(length(block)) WHERE id = 10")
        conn.commit()
    backup.restore(desk.folder, SETTINGS, tmp_path / "copy.db", NOW)
    with closing(open_database(desk.folder)) as database:
        assert search_index.fault(database) == ""


def test_a_backup_overwrites_nothing_unless_it_may(desk: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("something else", "utf-8")
    with pytest.raises(StoreError, match="--force"):
        backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text("utf-8") == "something else"
    assert backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db", overwrite=True) > 1000


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(4000)], ids=["empty", "text", "hollow"])
def test_a_file_that_is_no_backup_is_refused(desk: Newsdesk, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises(StoreError, match="no database of the tracker"):
        backup.restore(desk.folder, SETTINGS, tmp_path / "copy.db", NOW)


@pytest.mark.parametrize("versions", [(3, 1), (3, 2), (1, 3), (3, 3)])
def test_a_file_of_a_newer_sqlite_is_called_that_and_its_refusal_leaves_nothing(
    desk: Newsdesk, tmp_path: Path, versions: tuple[int, int]
) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(desk.folder, SETTINGS, copy)
    content = bytearray(copy.read_bytes())
    content[18:20] = versions
    copy.write_bytes(content)
    before = sorted(path.name for path in desk.folder.rglob("*"))
    with pytest.raises(StoreError, match="newer format of SQLite"):
        backup.restore(desk.folder, SETTINGS, copy, NOW)
    assert sorted(path.name for path in desk.folder.rglob("*")) == before


def test_a_refused_restore_leaves_no_lock_of_alerts(desk: Newsdesk, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(desk.folder, SETTINGS, copy)
    with closing(sqlite3.connect(copy)) as conn:
        conn.execute("DROP TABLE alerts")
        conn.commit()
    with pytest.raises(StoreError):
        backup.restore(desk.folder, SETTINGS, copy, NOW)
    assert not (desk.folder / AlertLock.file_name).exists()


def test_a_backup_with_a_torn_page_is_refused(desk: Newsdesk, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(desk.folder, SETTINGS, copy)
    content = bytearray(copy.read_bytes())
    content[-3000:] = b"\xff" * 3000
    content[40_000:41_000] = os.urandom(1000)
    copy.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged|no database"):
        backup.restore(desk.folder, SETTINGS, copy, NOW)


def test_a_restore_waits_for_no_run(desk: Newsdesk, tmp_path: Path) -> None:
    backup.backup(desk.folder, SETTINGS, tmp_path / "copy.db")
    (desk.folder / "outbox").mkdir(exist_ok=True)
    for lock in (RunLock(desk.folder), SendingLock(desk.folder / "outbox"), AlertLock(desk.folder)):
        with lock.acquire(), pytest.raises(RunLocked):
            backup.restore(desk.folder, SETTINGS, tmp_path / "copy.db", NOW)


def test_a_backup_never_takes_the_place_of_the_database_and_leaves_nothing_when_it_fails(desk: Newsdesk, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="another file"):
        backup.backup(desk.folder, SETTINGS, desk.folder / "coverage.db")
    with pytest.raises(StoreError, match="nothing to copy"):
        backup.backup(tmp_path, SETTINGS, tmp_path / "out" / "copy.db")
    assert not (tmp_path / "out").exists()


def finished_night(desk: Newsdesk, started_at: datetime, needs: tuple[str, ...] = ()) -> None:
    with desk.parts.database.writing() as conn:
        runs.finish(conn, runs.start(conn, started_at, is_night=True), started_at + timedelta(hours=2), 0, needs)


def test_the_doctor_finds_nothing_wrong_with_a_healthy_workspace(desk: Newsdesk) -> None:
    finished_night(desk, TODAY - timedelta(hours=5))
    assert all(well(desk.folder).values())


def test_the_doctor_makes_nothing(tmp_path: Path) -> None:
    assert well(tmp_path)["database"]
    assert [*tmp_path.iterdir()] == []


def test_the_doctor_finds_a_bad_setting_and_stops_there(desk: Newsdesk) -> None:
    (desk.folder / "tracker.toml").write_text("[fetch]\nretries = 'two'\n", "utf-8")
    (check,) = doctor.examine(desk.folder, TODAY)
    assert (check.name, check.well) == ("settings", False)
    assert "tracker.toml:2:1" in check.finding


def test_the_doctor_finds_a_missing_workspace(tmp_path: Path) -> None:
    assert well(tmp_path / "nowhere") == {"settings": False}


def test_the_doctor_finds_a_bad_campaign(desk: Newsdesk) -> None:
    desk.write_campaign("id = ")
    assert "rivers.toml:1:" in finding(desk.folder, "campaigns").finding


def test_the_doctor_finds_a_clock_that_stands_in_the_past(desk: Newsdesk) -> None:
    assert not well(desk.folder, datetime(1970, 1, 1, tzinfo=UTC))["clock"]


def test_the_doctor_finds_a_full_disk(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LOW_DISK_BYTES", 2**62)
    assert not well(desk.folder)["disk"]


@pytest.mark.parametrize("name", ["tracker.toml", "recipients.toml"])
def test_the_doctor_finds_secrets_that_everybody_can_read(desk: Newsdesk, name: str) -> None:
    secret = "[mail]\npassword = 'x'\n" if name == "tracker.toml" else ""
    (desk.folder / name).write_text(secret, "utf-8")
    (desk.folder / name).chmod(0o644)
    assert finding(desk.folder, name).advice == f"chmod 600 {desk.folder / name}"
    (desk.folder / name).chmod(0o600)
    assert well(desk.folder)[name]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM links", "is gone"),
        ("DROP TABLE alembic_version", "another program"),
    ],
)
def test_the_doctor_finds_a_database_that_does_not_fit(desk: Newsdesk, spoil: str, said: str) -> None:
    desk.close()
    with closing(sqlite3.connect(desk.folder / "coverage.db")) as conn:
        conn.executescript(spoil)
    check = finding(desk.folder, "database")
    assert not check.well
    assert said in check.finding


def test_the_doctor_finds_a_damaged_database(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    content = bytearray((tmp_path / "coverage.db").read_bytes())
    content[8192:12_288] = b"\xff" * 4096
    (tmp_path / "coverage.db").write_bytes(content)
    assert "restore" in finding(tmp_path, "database").advice


def test_the_doctor_finds_a_night_that_did_not_end_did_not_start_or_needs_a_person(desk: Newsdesk) -> None:
    finished_night(desk, TODAY - timedelta(days=3))
    assert "the last night was" in finding(desk.folder, "last night").finding
    finished_night(desk, TODAY - timedelta(hours=5), ("one thing", "another"))
    assert finding(desk.folder, "last night").finding == "one thing (and 1 more)"
    with desk.parts.database.writing() as conn:
        runs.start(conn, TODAY - timedelta(hours=1), is_night=True)
    assert "did not end" in finding(desk.folder, "last night").finding
    with RunLock(desk.folder).acquire():
        at_work = finding(desk.folder, "last night")
        assert (at_work.well, "is at work" in at_work.finding) == (True, True)
        late = finding(desk.folder, "last night", TODAY + timedelta(hours=12))
        assert (late.well, "end that run" in late.advice) == (False, True)


def test_a_database_that_this_user_may_not_write_is_no_reason_to_restore_a_backup(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.os, "access", lambda place, mode: Path(place).name != "coverage.db")
    found = finding(desk.folder, "database")
    assert not found.well
    assert "coverage.db" in found.finding
    assert "restore" not in found.advice
