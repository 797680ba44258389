"""Migrations from every released schema, and the traps of SQLite's rebuilt tables, on a revision made for the test."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BIGINT, JSON, TEXT, Integer, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from tests.builders import NOW, a_mention, a_verdict, an_article, an_outlet
from tests.stored import fetched_page, link_counts, whereabouts
from tracker.errors import StoreError
from tracker.model import Decision, Fact, Skipped, SkipReason
from tracker.store import articles, entries, events, item_states, mentions, registers, replay, runs, trails, verdicts
from tracker.store.database import Database, open_database
from tracker.store.migrations import upgrade
from tracker.store.postgres_search import FOUND_INDEX
from tracker.store.schema import metadata as schema

RELEASED = Path(__file__).parent / "released"

REVISION = """
import sqlalchemy as sa
from alembic import op
from tracker.store import sqlite
revision, down_revision = "{revision}", "{before}"
branch_labels = depends_on = None

def upgrade():
{body}
    sqlite.create_triggers(op.get_bind())
"""
REBUILD = """    for name in ("articles", "events"):
        with op.batch_alter_table(name, recreate="always") as table:
            table.add_column(sa.Column("added", sa.Text(), nullable=False, server_default="x"))
"""


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations whose newest revision rebuilds two tables; what the test writes into it counts."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrade.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(upgrade, "FOLDER", folder)
    monkeypatch.setattr(schema, "HEAD", "9999")
    path = folder / "versions" / "rev_9999.py"
    path.write_text(REVISION.format(revision="9999", before=_head(), body=REBUILD))
    return path


def _head() -> str:
    numbers = sorted(path.stem.split("_")[1] for path in (Path(upgrade.__file__).parent / "versions").glob("rev_*.py"))
    return numbers[-1]


def _filled(folder: Path) -> Path:
    """A database of the present schema with one of everything that refers to something."""
    database = open_database(folder)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
        articles.save(conn, [(an_article(), "lumi", "ujin")], NOW)
        mentions.save(conn, [a_mention()], NOW)
        verdicts.record(conn, a_verdict())
    database.close()
    return database.path


def _tables(database: Database) -> set[str]:
    with database.reading() as conn:
        return set(conn.exec_driver_sql("SELECT type || name || coalesce(sql, '') FROM sqlite_master").scalars())


def test_tables_and_migrations_agree(database: Database) -> None:
    engine = create_engine(whereabouts(database)[1]) if database.on_server else database._engine  # as SQLAlchemy itself reads a schema
    try:
        with engine.connect() as conn:
            ours = {"include_name": lambda name, _kind, _of: not str(name).startswith("article_search") and name != FOUND_INDEX}
            assert compare_metadata(MigrationContext.configure(conn, opts={**ours, "compare_type": _differ}), schema.metadata) == []
    finally:
        engine.dispose()


def _differ(_context: Any, _column: Any, _ours: Any, there: TypeEngine[Any], ours: TypeEngine[Any]) -> bool | None:
    """On a server whole numbers have 64 bits and lists are text."""
    wanted = getattr(ours, "impl_instance", ours)
    alike = (isinstance(there, BIGINT) and isinstance(wanted, Integer)) or (isinstance(there, TEXT) and isinstance(wanted, JSON))
    return False if alike else None


def test_the_newest_revision_is_the_one_that_opening_expects() -> None:
    assert ScriptDirectory.from_config(upgrade.configuration()).get_current_head() == schema.HEAD


@pytest.mark.parametrize("release", sorted(RELEASED.glob("*.db.gz")), ids=lambda path: path.name)
def test_a_database_of_a_released_schema_comes_to_the_newest_with_all_it_holds(tmp_path: Path, release: Path) -> None:
    (tmp_path / "coverage.db").write_bytes(gzip.decompress(release.read_bytes()))
    database = open_database(tmp_path)
    with database.reading() as conn:
        assert conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == schema.HEAD
        assert conn.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert [article.title for article in articles.iterate(conn)] == ["Lumi doli nga shtrati 1", "Lumi doli nga shtrati 2"]
        assert articles.search(conn, ["lumi"]) == [1, 2]
        assert [entry.story_key for entry in entries.for_campaign(conn, "rivers")] == ["story-1", "story-1"]
        assert verdicts.latest(conn, "rivers")[1].decision is Decision.ACCEPT
        assert link_counts(conn) == {"fetched": 2, "pending": 1, "timeout": 1}
        page = fetched_page(conn, 1)
        assert page is not None
        assert page.body == b"<html><body><p>Lumi doli nga shtrati.</p></body></html>"
        assert runs.latest(conn) is not None
    with pytest.raises(DBAPIError, match="never changed"), database.writing() as conn:
        conn.exec_driver_sql("UPDATE events SET after = 'reject'")
    database.close()


@pytest.mark.parametrize("release", sorted(RELEASED.glob("000[1-5].db.gz")), ids=lambda path: path.name)
def test_the_address_that_a_page_repeats_moves_from_prose_to_its_column(tmp_path: Path, release: Path) -> None:
    path = tmp_path / "coverage.db"
    path.write_bytes(gzip.decompress(release.read_bytes()))
    repeated = "https://zeri-i-lumit.example/same address as/lajme 1"
    with closing(sqlite3.connect(path)) as conn, conn:
        first, second = [row[0] for row in conn.execute("SELECT id FROM pages ORDER BY id")][:2]
        skip = "UPDATE pages SET state = 'skipped', skip_reason = ?, skip_detail = ? WHERE id = ?"
        conn.execute(skip, ("same_page", f"same address as {repeated}", first))
        conn.execute(skip, ("listing", "same address as a list", second))
    database = open_database(tmp_path)
    with database.reading() as conn:
        skipped = [ending.skipped for ending in trails.link_outcomes(conn) if ending.skipped]
    database.close()
    assert skipped == [Skipped(SkipReason.SAME_PAGE, "", repeated), Skipped(SkipReason.LISTING, "same address as a list")]
    assert [one.remark for one in skipped] == [f"same address as {repeated}", "same address as a list"]


@pytest.mark.parametrize("release", sorted(RELEASED.glob("000[1-5].db.gz")), ids=lambda path: path.name)
def test_whole_nights_are_known_from_the_arguments_of_older_runs(tmp_path: Path, release: Path) -> None:
    path = tmp_path / "coverage.db"
    path.write_bytes(gzip.decompress(release.read_bytes()))
    arguments = (
        ["steps=['crawl', 'digest', 'prune']"],
        ["steps=['crawl', 'extract']", "only_due=True"],
        ["add", "https://crawl.example/digest"],
    )
    with closing(sqlite3.connect(path)) as conn, conn:
        copied = "INSERT INTO runs (started_at, arguments, needs_a_person, digest_paths) VALUES (?, ?, '[]', '[]')"
        conn.executemany(copied, [("2026-03-14 02:00:00.000000", json.dumps(given)) for given in arguments])
        (last,) = conn.execute("SELECT max(id) FROM runs").fetchone()
    database = open_database(tmp_path)
    with database.reading() as conn:
        night = runs.latest_night(conn)
    database.close()
    assert night is not None
    assert night.run_id == last - 2


@pytest.mark.parametrize("release", [one for one in sorted(RELEASED.glob("*.db.gz")) if one.name < "0015"], ids=lambda path: path.name)
def test_every_verdict_becomes_the_events_it_was_made_of(tmp_path: Path, release: Path) -> None:
    path = tmp_path / "coverage.db"
    path.write_bytes(gzip.decompress(release.read_bytes()))
    with closing(sqlite3.connect(path)) as conn, conn:
        has_details = "tone" in {row[1] for row in conn.execute("PRAGMA table_info(verdicts)")}
        columns = ["campaign_id", "article_id", "decision", "note", "decided_by", "decided_at", "given_article_id"]
        rows: list[list[object]] = [
            ["rivers", 2, "reject", "", "Bora", "2026-03-15 09:00:00.000000", 2],
            ["rivers", 2, "unsure", "ask", "", "2026-03-14 09:00:00.000000", 2],
            ["forests", 2, "sensitive", "", "Çelik Ž", "2026-03-16 09:00:00.000000", 2],
        ]
        if has_details:
            columns += ["tone", "prominence", "key_messages", "headline_en"]
            rows = [
                row + extra
                for row, extra in zip(rows, (["mixed", "", "", "Rain"], ["mixed", "lead", None, ""], ["", "", "a b", ""]), strict=True)
            ]
        conn.executemany(f"INSERT INTO verdicts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)
        count = conn.execute("SELECT count(*) FROM verdicts").fetchone()[0]
    database = open_database(tmp_path)
    with database.reading() as reading:
        assert [verdict.decision for verdict in verdicts.history(reading, "rivers", 2)] == ["unsure", "reject"]
        rejected, sensitive = verdicts.latest(reading, "rivers")[2], verdicts.latest(reading, "forests")[2]
        assert (rejected.decision, rejected.by, rejected.note, rejected.decided_at) == (
            Decision.REJECT,
            "Bora",
            "",
            datetime(2026, 3, 15, 9, tzinfo=UTC),
        )
        assert (rejected.tone, rejected.prominence, rejected.key_messages, rejected.headline_en) == (
            ("mixed", "", (), "Rain") if has_details else ("", "", None, "")
        )
        assert (sensitive.by, sensitive.key_messages) == ("Çelik Ž", ("a", "b") if has_details else None)
        assert verdicts.sensitive_articles(reading) == {2}
        said = events.of_article(reading, 2)
        everything = [event for article_id in (1, 2) for mine in events.of_article(reading, article_id).values() for event in mine]
        assert len({event.act for event in everything}) == count
        for campaign_id, mine in said.items():
            assert item_states.many(reading, campaign_id, [2])[2] == replay.state_of(campaign_id, 2, mine)
    with database.writing() as conn_:
        word = events.Act(conn_, at=NOW).say(events.Subject("rivers", 2), {Fact.STAR: True})
        assert word[0].id == 1 + max(event.id for event in everything)
        events.Act(conn_, at=NOW).take_back([event for event in said["rivers"] if event.after == "reject"])
        assert verdicts.latest(conn_, "rivers")[2].decision is Decision.UNSURE
    database.close()


@pytest.mark.parametrize("release", ["0015", "0019"])
def test_what_was_entered_by_hand_is_accepted_in_the_name_of_whoever_entered_it(tmp_path: Path, release: str) -> None:
    path = tmp_path / "coverage.db"
    path.write_bytes(gzip.decompress((RELEASED / f"{release}.db.gz").read_bytes()))
    entered_at = "2026-03-10 09:00:00.000000"
    with closing(sqlite3.connect(path)) as conn, conn:
        columns = [
            row[1] for row in conn.execute("PRAGMA table_info(articles)") if row[1] not in ("id", "canonical_url", "search_id", "page_id")
        ]
        for number in (11, 12, 13):
            same = ", ".join(columns)
            conn.execute(
                f"INSERT INTO articles (id, canonical_url, search_id, {same}) SELECT ?, ?, ?, {same} FROM articles WHERE id = 1",
                (number, f"urn:{number}", number),
            )
            conn.execute(
                "INSERT INTO mentions (id, campaign_id, article_id, circle, hits, labels, key_messages, held, campaign_version, found_at)"
                " VALUES (?, 'rivers', ?, 'core', '[]', '[]', '[]', ?, '', ?)",
                (f"hand-{number}", number, number == 12, entered_at),
            )
            conn.execute(
                "INSERT INTO hand_items (campaign_id, article_id, medium, programme, place, picture, reach_source, reach_on, circle,"
                " entered_by, entered_at, identity) VALUES ('rivers', ?, 'print', '', '', '', '', '', 'core', 'Besa', ?, ?)",
                (number, entered_at, str(number)),
            )
        word = "INSERT INTO events (id, act, campaign_id, article_id, fact, after, said_at, said_by, via) VALUES (?, ?, 'rivers', ?, ?, ?, ?, '', '')"
        last = conn.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0]
        conn.execute(word, (last + 1, last + 1, 13, "verdict", '"reject"', entered_at))
        conn.execute(word, (last + 2, last + 2, 11, "tone", '"positive"', entered_at))
        state = (
            "INSERT INTO item_states (campaign_id, article_id, version, decision, decided_by, reason, note, tone, prominence, starred,"
            " headline_en, picture_off, headline) VALUES ('rivers', ?, ?, ?, '', '', '', ?, '', 0, '', 0, '')"
        )
        conn.execute(state, (13, last + 1, "reject", ""))
        conn.execute(state, (11, last + 2, None, "positive"))
    database = open_database(tmp_path)
    with database.reading() as conn_:
        found = item_states.many(conn_, "rivers", [11, 12, 13])
        assert {number: found[number].decision for number in found} == {11: "accept", 13: "reject"}  # what a label holds waits on
        assert (found[11].decided_by, found[11].tone, found[11].version) == ("Besa", "positive", last + 3)
        for number, state_ in found.items():
            if number == 11:
                assert state_ == replay.state_of("rivers", number, events.of_subject(conn_, events.Subject("rivers", number)))
        assert [entry.verdict is not None for entry in entries.for_campaign(conn_, "rivers", article_ids=[11, 12])] == [True, False]
        assert conn_.exec_driver_sql("SELECT decision FROM mentions WHERE article_id = 11").scalar() == "accept"
    with database.writing() as conn_:
        (word_,) = events.Act(conn_, at=NOW).say(events.Subject("rivers", 12), {Fact.STAR: True})
        assert word_.id == last + 4
    database.close()


def test_every_schema_before_the_newest_has_its_database_here() -> None:
    released = {path.name.removesuffix(".db.gz") for path in RELEASED.glob("*.db.gz")}
    revisions = {revision.revision for revision in ScriptDirectory.from_config(upgrade.configuration()).walk_revisions()}
    assert revisions - {schema.HEAD} == released - {schema.HEAD}


def test_rebuilding_tables_keeps_their_child_rows_and_triggers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    _filled(tmp_path)
    request.getfixturevalue("next_revision")
    database = open_database(tmp_path)
    with database.reading() as conn:
        assert conn.exec_driver_sql("SELECT added FROM articles").scalar() == "x"
        assert [mention.article_id for mention in mentions.for_campaign(conn, "rivers")] == [1]
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert articles.search(conn, ["lumi"]) == [1]
    for change in ("UPDATE events SET after = 'x'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="what a person said is never"), database.writing() as conn:
            conn.exec_driver_sql(change)
    database.close()


@pytest.mark.parametrize(
    "fault",
    [
        "    op.get_bind().exec_driver_sql('SELECT nonsense')\n",
        "    op.get_bind().exec_driver_sql('DELETE FROM articles')\n",
    ],
    ids=["fails halfway", "breaks foreign keys"],
)
def test_a_migration_that_fails_leaves_everything_as_it_was(tmp_path: Path, request: pytest.FixtureRequest, fault: str) -> None:
    path = _filled(tmp_path)
    before = open_database(tmp_path)
    tables = _tables(before)
    before.close()
    revision: Path = request.getfixturevalue("next_revision")
    revision.write_text(revision.read_text().replace("    sqlite.create_triggers", fault + "    sqlite.create_triggers"))
    with pytest.raises((StoreError, DBAPIError)):
        open_database(tmp_path)
    request.getfixturevalue("monkeypatch").undo()
    after = open_database(tmp_path)
    assert _tables(after) == tables
    with after.reading() as conn:
        assert len(mentions.for_campaign(conn, "rivers")) == 1
    after.close()
    assert path.exists()


def test_a_database_newer_than_the_program_is_refused_in_words(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0777'")
    database.close()
    with pytest.raises(StoreError, match=r"newer version of this program.*0777"):
        open_database(tmp_path)


@pytest.mark.parametrize(
    ("schema_there", "change", "told"),
    [
        ("0015", "INSERT INTO alembic_version VALUES ('0002')", "names several schemas"),
        ("0015", "UPDATE alembic_version SET version_num = '0002'", "cannot be brought from schema 0002 .*lookbacks already exists"),
        ("0022", "UPDATE alembic_version SET version_num = '0005'", "cannot be brought from schema 0005 .*duplicate column"),
        ("0015", "UPDATE alembic_version SET version_num = '0027'", "cannot be brought from schema 0027 .*no such table"),
        ("0015", "DROP TABLE mentions", "cannot be brought from schema 0015 .*no such table: mentions"),
        ("0015", "DELETE FROM alembic_version", "of another program"),
    ],
)
def test_an_older_database_that_no_version_left_so_is_refused_in_words_and_stays_as_it_is(
    tmp_path: Path, schema_there: str, change: str, told: str
) -> None:
    path = tmp_path / "coverage.db"
    path.write_bytes(gzip.decompress((RELEASED / f"{schema_there}.db.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(change)
        conn.commit()
        tables = conn.execute("SELECT name, sql FROM sqlite_master WHERE name = 'articles'").fetchall()
    with pytest.raises(StoreError, match=told):
        open_database(tmp_path)
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("SELECT name, sql FROM sqlite_master WHERE name = 'articles'").fetchall() == tables


def test_a_register_stored_before_takes_over_what_the_program_knew_of_addresses(tmp_path: Path) -> None:
    """Its own words stay; links get the keys of the rules, so that nothing is fetched again."""
    release = gzip.decompress((RELEASED / "0005.db.gz").read_bytes())
    (tmp_path / "coverage.db").write_bytes(release)
    with sqlite3.connect(tmp_path / "coverage.db") as conn:
        columns = [row[1] for row in conn.execute("PRAGMA table_info(outlets)")]
        source = conn.execute("SELECT * FROM outlets LIMIT 1").fetchone()
        for identity, homepage, key in (("klix", "https://www.klix.ba/", None), ("politika", "https://www.politika.rs/", "*-{n}")):
            row = dict(zip(columns, source, strict=True)) | {"id": identity, "homepage": homepage, "url_key": key}
            conn.execute(f"INSERT INTO outlets ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [*row.values()])
        conn.execute("UPDATE links SET outlet_id = 'klix', url = 'https://www.klix.ba/vijesti/a/241011042', key = 'x' WHERE id = 1")
    conn.close()
    database = open_database(tmp_path)
    with database.reading() as reading:
        found = registers.outlets(reading)
        assert (found["klix"].url_key, found["politika"].url_key) == ("*/{n:9}", "*-{n}")
        assert found["politika"].script_switch == "/sr/|/scc/"
        assert reading.exec_driver_sql("SELECT key FROM links WHERE id = 1").scalar() == "article:klix.ba/241011042"
    database.close()
