"""What the command line says to somebody who is new to it: what is wrong, and what to do."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID, Newsdesk
from tracker.cli.os_faults import os_fault


def fault(number: int, name: object) -> str:
    return os_fault(OSError(number, "refused", name))


def test_of_a_file_that_cannot_be_written_the_folder_is_named_and_no_name_that_nobody_typed(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    assert fault(errno.ENOENT, str(there / "no" / ".x.xlsx.part")) == f"{there / 'no'} is no folder; make it, or name another place"
    assert fault(errno.ENOENT, str(there / "pack.zip")) == f"refused: {there / 'pack.zip'}"
    assert "make room" in fault(errno.ENOSPC, str(there / ".x.part"))
    assert fault(errno.EIO, None) == "refused"
    assert fault(errno.EIO, b"x") == "refused: x"


def test_a_folder_that_may_not_be_written_to_is_told_from_a_file_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.cli.os_faults.os.access", lambda folder, mode: False)
    assert fault(errno.EACCES, str(tmp_path / ".x.part")).startswith(f"{tmp_path} cannot be written: refused; make it writable")
    (tmp_path / "secret").touch()
    assert fault(errno.EACCES, str(tmp_path / "secret")) == f"refused: {tmp_path / 'secret'}"


@pytest.mark.parametrize("asked", [("digest", "make", "--kind"), ("verdict", "--export"), ("export", "mentions", "-o")])
def test_an_option_without_its_value_names_the_help_of_its_command(asked: tuple[str, ...]) -> None:
    command = " ".join(word for word in asked if word[0] != "-" and word != "mentions")
    assert run(*asked).err.endswith(f"see `tracker {command} --help`\n")


def test_an_unknown_country_is_answered_with_the_codes_as_they_are_written(desk: Newsdesk) -> None:
    assert "'AL', 'BA'" in run("-w", desk.folder, "sources", "list", "--country", "xx").err
    assert run("-w", desk.folder, "sources", "list", "--country", "ba").code == 0


def test_sources_are_printed_where_the_file_is_a_dash(desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("-w", desk.folder, "sources", "export", "-").out.startswith("id,name,homepage")
    assert [*tmp_path.glob("-")] == []


def test_a_backup_into_a_folder_that_was_not_there_says_so(desk: Newsdesk, tmp_path: Path) -> None:
    assert "is that connected?" in run("-w", desk.folder, "backup", tmp_path / "usb" / "a.db").out
    assert "is that connected?" not in run("-w", desk.folder, "backup", tmp_path / "usb" / "b.db").out


def test_a_mention_without_a_word_is_answered_with_the_words_there_are(desk: Newsdesk) -> None:
    assert "accept, reject, unsure, sensitive" in run("-w", desk.folder, "verdict", "rivers-1").err


@pytest.mark.parametrize("command", ["nightly", "crawl", "backfill"])
def test_a_first_day_that_is_still_to_come_is_refused(tmp_path: Path, command: str) -> None:
    refused = run("-w", tmp_path, command, "--since", "2099-01-01")
    assert (refused.code, "is still to come" in refused.err) == (2, True)
    assert [*tmp_path.iterdir()] == []


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    return tmp_path


def test_two_files_with_one_id_are_found_before_the_night(workspace: Path) -> None:
    (workspace / "campaigns" / "rivers-old.toml").write_text(CAMPAIGN, "utf-8")
    checked = run("-w", workspace, "campaign", "check")
    assert checked.code == 2
    assert "rivers.toml: campaign id 'rivers' is already used by" in checked.err
    once = workspace / "campaigns" / "rivers.toml"
    assert run("-w", workspace, "campaign", "check", once, once).code == 0


@pytest.mark.parametrize("name", ["dams.toml.txt", "dams.txt", "dams.TOML", "dams", "dams.docx", "dams.rtf", "dams.odt"])
def test_a_file_whose_ending_keeps_it_from_being_read_is_named(workspace: Path, name: str) -> None:
    (workspace / "campaigns" / name).write_text(CAMPAIGN, "utf-8")
    (workspace / "campaigns" / "logo.png").touch()
    checked = run("-w", workspace, "campaign", "check")
    assert checked.code == 0
    assert checked.err == f"tracker: warning: {workspace}/campaigns/{name}: is not read, as the name of a campaign file ends in .toml\n"


def test_the_shipped_campaign_is_called_so(tmp_path: Path, workspace: Path) -> None:
    assert "shipped with the program" not in run("-w", workspace, "campaign", "check").out
    (workspace / "campaigns" / "rivers.toml").unlink()
    assert "shipped with the program" in run("-w", workspace, "campaign", "check").out


def test_an_estimate_of_days_without_an_item_says_of_which_days_and_why_there_is_none(desk: Newsdesk) -> None:
    asked = ("-w", desk.folder, "estimate", "--campaign", CAMPAIGN_ID, "--from", "2020-01-01", "--to", "2020-01-31")
    told = run(*asked)
    assert told.code == 1
    assert "Found: 0 items." in told.out
    assert "Period: 2020-01-01 to 2020-01-31" in told.out
    assert "Nothing of the campaign was found in it" in told.out
    assert run(*asked[:-1], "2019-12-31").err.startswith("tracker: --from 2020-01-01 is after --to 2019-12-31")


@pytest.mark.parametrize(
    "words",
    ["sources list", "sources health", "sources disable klix", "extract", "match", "group", "watch", "user add Arta --role reviewer"],
)
def test_a_command_in_a_folder_that_is_no_workspace_says_so_and_makes_nothing(words: str, tmp_path: Path) -> None:
    outcome = run("-w", tmp_path, *words.split())
    assert (outcome.code, list(tmp_path.iterdir())) == (2, [])
    assert f"{tmp_path}: is no workspace" in outcome.err
    assert "--workspace" in outcome.err


@pytest.mark.parametrize("begun_by", ["tracker.toml", "campaigns/rivers.toml", "secrets.env"])
def test_a_workspace_before_its_first_night_may_be_looked_at(begun_by: str, tmp_path: Path) -> None:
    file = tmp_path / begun_by
    file.parent.mkdir(exist_ok=True)
    file.write_text(CAMPAIGN if begun_by.startswith("campaigns") else "", "utf-8")
    file.chmod(0o600)
    assert run("-w", tmp_path, "sources", "list").code == 0


def test_settings_of_the_environment_make_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_FETCH__DELAY_SECONDS", "2")
    assert run("-w", tmp_path, "sources", "list").code == 0


def test_an_unknown_language_of_a_text_is_answered_with_the_codes(desk: Newsdesk) -> None:
    outcome = run("-w", desk.folder, "campaign", "explain", CAMPAIGN_ID, "Lumi", "--language", "al")
    assert (outcome.code, "'al' is written 'sq'; there are sq, sr, hr, bs, cnr, mk, en" in outcome.err) == (2, True)


def test_a_command_interrupted_while_it_is_loaded_ends_without_a_word() -> None:
    program = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'tracker.cli.main': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # who started the tests may have it ignored
        "sys.argv = ['tracker', '--version']\n"
        "from tracker.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_an_interrupted_command_ends_although_nobody_reads_its_output() -> None:
    program = (
        "import os, sys\n"
        "import tracker.cli.main\n"
        "module = sys.modules['tracker.cli.main']\n"
        "def cli(**_):\n"
        "    os.set_blocking(1, False)\n"
        "    try:\n"
        "        while True: os.write(1, bytes(4096))\n"
        "    except BlockingIOError: pass\n"
        "    os.set_blocking(1, True)\n"
        "    sys.stdout.buffer.write(bytes(100))\n"  # it waits in the program, since the pipe is full
        "    raise KeyboardInterrupt\n"
        "module.cli = cli\n"
        "module.main()\n"
    )
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}  # with it nothing waits in the program
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings) as process:
        try:
            assert process.wait(120) == 3
        finally:
            process.kill()
        assert process.stderr
        assert process.stderr.read() == b"tracker: interrupted; run the same command again to go on\n"


@pytest.mark.parametrize("refused", [BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)), RuntimeError("can't start new thread")])
def test_a_system_without_room_for_a_process_or_a_thread_is_told_from_a_fault(monkeypatch: pytest.MonkeyPatch, refused: Exception) -> None:
    def refuse(**_: object) -> None:
        raise refused

    monkeypatch.setattr(sys.modules["tracker.cli.main"], "cli", refuse)
    ended = run("nightly")
    assert ended.code == 3
    assert "no room for another process or thread" in ended.err
    assert "Traceback" not in ended.err


def test_an_error_of_the_program_is_not_taken_for_a_system_without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("dictionary changed size during iteration")

    monkeypatch.setattr(sys.modules["tracker.cli.main"], "cli", fail)
    with pytest.raises(RuntimeError, match="dictionary"):
        run("nightly")
