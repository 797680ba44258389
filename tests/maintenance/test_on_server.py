"""A workspace whose database is on a PostgreSQL server: moved there, a night, backups, care, and what goes wrong with servers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Outcome, run
from tests.newsdesk import Addresses, Newsdesk, unbalanced
from tests.postgres import Cluster
from tracker.model import Mention
from tracker.store.database import FILE_NAME
from tracker.store.lock import RunLock

SECRET = "hush-hush"


@pytest.fixture
def moved(ordinary_night: tuple[Path, Addresses], postgres_url: str, tmp_path: Path) -> Path:
    """The ordinary night, read and not yet matched, its database copied to the server, which the settings name."""
    workspace = tmp_path / "moved"
    shutil.copytree(ordinary_night[0], workspace)
    told = run("-w", workspace, "move", "--to", postgres_url)
    assert told.code == 0, told.err
    assert "read back and compared; 0 of them" in told.out
    _use(workspace, postgres_url)
    return workspace


@pytest.fixture
def on_server(moved: Path) -> Iterator[Newsdesk]:
    opened = Newsdesk(moved)
    assert opened.parts.database.on_server
    yield opened
    opened.close()


def _use(workspace: Path, url: str) -> None:
    (workspace / "tracker.toml").write_text(f"[database]\nurl = {json.dumps(url)}\n", "utf-8")
    (workspace / "tracker.toml").chmod(0o600)


def _plain(found: list[Mention]) -> list[Mention]:
    return sorted(found, key=lambda mention: mention.article_id)


def test_a_night_on_a_server_finds_and_writes_what_one_in_a_file_does(desk: Newsdesk, on_server: Newsdesk) -> None:
    reports = [one.night() for one in (desk, on_server)]
    assert [unbalanced(report) for report in reports] == [[], []]
    in_file, there = ([(step.step, step.inputs, step.outcomes) for step in report.steps] for report in reports)
    assert there == in_file
    assert _plain(on_server.mentions()) == _plain(desk.mentions()) != []
    assert on_server.outbox() == desk.outbox() != {}


def test_a_moved_workspace_is_cared_for_as_any_other(moved: Path, tmp_path: Path, postgres_url: str) -> None:
    backup = tmp_path / "kept.db"
    told = [run("-w", moved, *arguments) for arguments in (["match"], ["group"], ["backup", backup], ["reindex"], ["prune"])]
    assert [(one.code, one.err if one.code else "") for one in told] == [(0, "")] * 5
    assert (moved / FILE_NAME).is_file()  # the database of before stays
    before = run("-w", moved, "export", "mentions").out
    assert "rivers" in before
    doctor = run("-w", moved, "doctor", "--thorough").out
    assert "the database" in doctor
    assert "finds every article" in doctor
    restored = run("-w", moved, "restore", backup)
    assert (restored.code, "before_" in restored.out) == (0, True)
    assert run("-w", moved, "export", "mentions").out == before
    _use(moved, "sqlite:///back.db")
    back = run("-w", moved, "restore", backup)
    assert back.code == 0, back.err
    assert run("-w", moved, "export", "mentions").out == before


def test_a_backup_that_cannot_be_read_leaves_the_server_as_it_was(moved: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"no database")
    before = run("-w", moved, "export", "articles").out
    assert run("-w", moved, "restore", bad).code != 0
    assert run("-w", moved, "export", "articles").out == before != ""


def test_a_plan_names_rows_and_target_and_makes_nothing(desk: Newsdesk, postgres: Cluster, postgres_url: str) -> None:
    told = run("-w", desk.folder, "move", "--dry-run", "--to", postgres_url)
    assert (told.code, "articles" in told.out, "would be made" in told.out) == (0, True, True)
    name = postgres_url.partition("@/")[2].partition("?")[0]
    assert postgres.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", name) == [(0,)]


def test_nothing_moves_while_a_run_is_at_work_or_to_where_it_is(desk: Newsdesk, postgres_url: str) -> None:
    with RunLock(desk.folder).acquire():
        assert "another run is at work" in run("-w", desk.folder, "move", "--to", postgres_url).err
    assert "is the database of now" in run("-w", desk.folder, "move", "--to", "sqlite:///coverage.db").err
    _use(desk.folder, postgres_url)
    assert run("-w", desk.folder, "move", "--to", postgres_url).code != 0


def _said(workspace: Path, url: str) -> Outcome:
    _use(workspace, url)
    return run("-w", workspace, "match")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: url.replace("/?host=", "/nowhere?host=").replace("@/", "@/not_there_"), "does not exist"),
        (lambda url: url.replace("postgres@", f"stranger:{SECRET}@"), "refuses the user"),
        (lambda url: url.partition("?")[0] + "?host=/nowhere/at/all", "cannot be reached"),
        (lambda url: f"postgresql://tracker:{SECRET}@127.0.0.1:1/coverage", "cannot be reached"),
        (lambda url: f"postgresql+psycopg://tracker:{SECRET}@host:port/coverage", "cannot be read"),
        (lambda url: f"postgresql+psycopg://tracker@host/coverage?password={SECRET}", "password behind"),
        (lambda url: "postgresql+psycopg://tracker@host", "names no database"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_line_without_the_password(
    tmp_path: Path, postgres_url: str, change: object, said: str
) -> None:
    assert callable(change)
    told = _said(tmp_path, change(postgres_url))
    assert told.code != 0
    assert said in told.err
    assert (told.err.count("\n"), SECRET in told.err, "Traceback" in told.err) == (1, False, False)


def test_a_database_of_another_program_or_another_encoding_is_left_alone(tmp_path: Path, postgres: Cluster, postgres_url: str) -> None:
    name = postgres_url.partition("@/")[2].partition("?")[0]
    postgres.execute("CREATE TABLE invoices (id int)", name)
    assert "database of another program (it holds invoices)" in _said(tmp_path, postgres_url).err
    postgres.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'")
    assert "encoded as LATIN1" in _said(tmp_path, postgres.url("latin")).err
    postgres.drop("latin")


def test_a_user_without_rights_and_a_read_only_server_are_told_what_to_do(tmp_path: Path, postgres: Cluster, postgres_url: str) -> None:
    name = postgres_url.partition("@/")[2].partition("?")[0]
    postgres.execute("CREATE ROLE guest LOGIN")
    try:
        assert "GRANT" in _said(tmp_path, postgres.url(name, "guest")).err
    finally:
        postgres.execute("DROP ROLE guest")
    postgres.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    assert "read-only" in _said(tmp_path, postgres_url).err
