"""A mistake in what a person typed or wrote: one line that names the place and what would be right; exit 2; nothing done."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import Outcome, run
from tests.newsdesk import CAMPAIGN, Newsdesk
from tracker.store.lock import RunLock

HEADINGS = "id,name,homepage,country,languages,scripts,kind,tier,feeds,feed_evidence,sitemap,platform,notes\n"
ROW = "klik,Klik,https://klik.example/,BA,bs,Latn,portal,2,https://klik.example/feed,seen,,custom,\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "campaigns").mkdir(parents=True)
    (folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    return folder


def refused(outcome: Outcome, workspace: Path, *words: str) -> None:
    """One line with these words, exit 2, and nothing made in the workspace."""
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert outcome.err.startswith("tracker: "), outcome
    assert outcome.err.count("\n") == 1, outcome.err
    for word in words:
        assert word in outcome.err, outcome.err
    assert not (workspace / "coverage.db").exists()
    assert not (workspace / "outbox").exists()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text + "\nquery = ", ("rivers.toml:", "TOML")),
        (lambda text: text.replace("query = 'river'", "query = 'river and'"), ("rivers.toml:13:", "river")),
        (lambda text: text.replace("query = 'river'", "query = 'riwer'"), ("rivers.toml:13:", "riwer")),
        (lambda text: text.replace("query = 'river'", "query = '(river'"), ("rivers.toml:13:", ")")),
        (lambda text: text.replace('kind = "name"', 'kind = "nmae"'), ("rivers.toml:", "name")),
        (lambda text: text.replace("since = 2026-01-01", 'since = "spring"'), ("rivers.toml:4:", "since")),
        (lambda text: text.replace("since = 2026-01-01\n", ""), ("rivers.toml", "since")),
        (lambda text: text.replace("Europe/Tirane", "Europe/Tirana"), ("rivers.toml:5:", "Europe/Tirana")),
        (lambda text: text.replace('review = "optional"', 'review = "optional"\nreveiw = 1'), ("rivers.toml:", "reveiw")),
        (lambda text: "\ufeff\0" + text, ("rivers.toml",)),
    ],
)
def test_a_bad_campaign_stops_the_night(workspace: Path, spoil: Callable[[str], str], words: tuple[str, ...]) -> None:
    (workspace / "campaigns" / "rivers.toml").write_text(spoil(CAMPAIGN), "utf-8")
    refused(run("-w", workspace, "nightly"), workspace, *words)
    checked = run("-w", workspace, "campaign", "check")
    assert checked.code == 2
    assert all(word in checked.err for word in words)


def test_a_campaign_that_is_no_utf_8_stops_the_night(workspace: Path) -> None:
    (workspace / "campaigns" / "rivers.toml").write_bytes(CAMPAIGN.encode("utf-16"))
    refused(run("-w", workspace, "nightly"), workspace, "rivers.toml", "UTF-8")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADINGS + ROW.replace("BA", "Bosnia"), ("outlets.csv:2", "Bosnia")),
        (HEADINGS + ROW + ROW.replace("https://klik.example/,", "klik,"), ("outlets.csv:3",)),
        (HEADINGS.replace("homepage,", "") + ROW, ("outlets.csv:1", "homepage")),
        (HEADINGS + ROW + ROW, ("outlets.csv:3", "klik")),
        (HEADINGS + ROW.replace("https://klik.example/feed", "file:///etc/passwd"), ("outlets.csv:2", "file:///etc/passwd")),
        ("", ("outlets.csv",)),
    ],
)
@pytest.mark.parametrize("command", [("nightly", "--catalogue"), ("crawl", "--catalogue"), ("sources", "import")])
def test_a_bad_catalogue_stops_a_run(workspace: Path, content: str, words: tuple[str, ...], command: tuple[str, ...]) -> None:
    (workspace / "outlets.csv").write_text(content, "utf-8")
    refused(run("-w", workspace, *command, workspace / "outlets.csv"), workspace, *words)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("nightly", "--catalogue", "missing.csv"), ("missing.csv",)),
        (("nightly", "--campaign", "lakes"), ("no campaign 'lakes'; there are rivers",)),
        (("nightly", "--source", "nobody"), ("no source or outlet 'nobody'", "tracker sources list")),
        (("nightly", "--since", "yesterday"), ("'yesterday' is no day; write it as 2026-11-23",)),
        (("nightly", "--since", "0001-01-01"), ("between 1990 and 2100",)),
        (("nightly", "--as-of", "soon"), ("2026-11-23T06:00+01:00",)),
        (("nightly", "--as-of", "9999-12-31T23:59"), ("between 1990 and 2100",)),
        (("nightly", "--frequently"), ("--frequently", "tracker nightly --help")),
        (("nightly", "extra"), ("extra",)),
        (("nigthly",), ("nigthly", "tracker --help")),
        (("export", "everything"), ("'articles', 'mentions', 'stories'",)),
        (("export", "articles", "--format", "pdf"), ("'jsonl', 'csv', 'xlsx'",)),
        (("campaign", "explain", "rivers"), ("give a text",)),
        (("campaign", "explain", "lakes", "x"), ("no campaign 'lakes'",)),
        (("sources", "list", "--country", "Albania"), ("'AL'",)),
        (("trace",), ("URL",)),
        (("verdict", "m-1", "maybe"), ("'accept'",)),
        (("restore", "missing.db"), ("missing.db",)),
    ],
)
def test_a_bad_argument_is_refused_with_what_would_be_right(workspace: Path, asked: tuple[str, ...], words: tuple[str, ...]) -> None:
    refused(run("-w", workspace, *asked), workspace, *words)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"TRACKER_FETCH__DELAY_SECONDS": "soon"}, ("TRACKER_FETCH__DELAY_SECONDS",)),
        ({"TRACKER_FETCH__DEALY_SECONDS": "1"}, ("TRACKER_FETCH__DEALY_SECONDS", "no setting")),
        ({"TRACKER_DATABASE__URL": "mysql://u:secret@h/d"}, ("TRACKER_DATABASE__URL", "sqlite:///PATH")),
    ],
)
def test_a_bad_variable_stops_the_night(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: tuple[str, ...]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    outcome = run("-w", workspace, "nightly")
    refused(outcome, workspace, *words)
    assert "secret" not in outcome.err


def test_a_bad_settings_file_stops_the_night(workspace: Path) -> None:
    (workspace / "tracker.toml").write_text("[fetch]\ndelay_seconds = 1\nretires = 2\n", "utf-8")
    refused(run("-w", workspace, "nightly"), workspace, "tracker.toml:3:1", "'retires' in [fetch]", "did you mean 'retries'")


@pytest.mark.parametrize(
    "command", ["nightly", "extract", "match", "group", "doctor", "trace x", "export articles", "digest list", "sources list", "prune"]
)
def test_a_workspace_that_is_not_there_is_refused(tmp_path: Path, command: str) -> None:
    outcome = run("-w", tmp_path / "nowhere", *command.split())
    assert outcome.code == (1 if command == "doctor" else 2)
    assert "nowhere" in outcome.out + outcome.err
    assert "--workspace" in outcome.out + outcome.err
    assert [*tmp_path.iterdir()] == []


def test_two_campaigns_with_one_id_stop_the_night(workspace: Path) -> None:
    (workspace / "campaigns" / "zz.toml").write_text(CAMPAIGN, "utf-8")
    refused(run("-w", workspace, "nightly"), workspace, "zz.toml", "already used by", "rivers.toml")


@pytest.mark.parametrize(
    "asked",
    ["trace x", "export articles", "prune", "digest make", "digest list", "verdict m-1 accept", "campaign suggest rivers", "backup b.db"],
)
def test_a_command_that_needs_a_database_makes_none(workspace: Path, asked: str) -> None:
    outcome = run("-w", workspace, *asked.split())
    assert outcome.code == 3, outcome
    assert outcome.err.count("\n") == 1
    assert "does not exist" in outcome.err
    assert not (workspace / "coverage.db").exists()


def test_a_second_run_is_refused_with_words_and_exit_3(desk: Newsdesk) -> None:
    before = (desk.folder / "coverage.db").read_bytes()
    with RunLock(desk.folder).acquire():
        outcome = run("-w", desk.folder, "match")
    assert outcome.code == 3
    assert "another run is at work here (process " in outcome.err
    assert outcome.err.count("\n") == 1
    assert (desk.folder / "coverage.db").read_bytes() == before


def spoilt(desk: Newsdesk, statement: str) -> None:
    desk.close()
    with closing(sqlite3.connect(desk.folder / "coverage.db")) as conn:
        conn.executescript(statement)


def test_a_database_of_a_newer_program_is_left_alone(desk: Newsdesk) -> None:
    spoilt(desk, "UPDATE alembic_version SET version_num = '9999'")
    before = (desk.folder / "coverage.db").read_bytes()
    outcome = run("-w", desk.folder, "match")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome
    assert "newer" in outcome.err
    assert (desk.folder / "coverage.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\0" + b"\xff" * 8000], ids=["text", "torn"])
def test_a_damaged_database_is_left_alone_and_the_way_out_is_told(workspace: Path, content: bytes) -> None:
    (workspace / "coverage.db").write_bytes(content)
    outcome = run("-w", workspace, "match")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome
    assert "restore" in outcome.err
    assert (workspace / "coverage.db").read_bytes() == content


def test_a_database_that_somebody_locks_is_told(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE__BUSY_TIMEOUT_SECONDS", "0.2")
    with closing(sqlite3.connect(desk.folder / "coverage.db", isolation_level=None)) as conn:
        conn.execute("BEGIN EXCLUSIVE")
        outcome = run("-w", desk.folder, "match")
        conn.execute("ROLLBACK")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome
    assert "in use by another program" in outcome.err


def test_an_unknown_mention_gets_no_verdict(desk: Newsdesk) -> None:
    outcome = run("-w", desk.folder, "verdict", "m-nobody", "accept")
    assert outcome.code == 2
    assert "no mention 'm-nobody'" in outcome.err


def test_the_real_command_refuses_in_one_line_without_a_traceback(workspace: Path) -> None:
    (workspace / "campaigns" / "rivers.toml").write_text("id = ", "utf-8")
    for asked in (["nightly"], ["try", "match", "--campaign", str(workspace / "campaigns" / "rivers.toml")]):
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "-w", str(workspace), *asked],
            input=b'{"id": 1, "text": "x"}\n',
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr.count(b"\n") == 1
        assert b"rivers.toml:1:" in done.stderr
