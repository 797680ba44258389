"""The campaign file is written whole, never over another's change, and every text it had can come back."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID
from tracker.errors import ConfigError, StoreError, UsageError
from tracker.review.campaigns import versions
from tracker.review.campaigns.versions import ChangedMeanwhile, go_back, open_text, save, text_of

BETTER = CAMPAIGN.replace('sq = ["lumë i pastër"]', 'sq = ["lumë i pastër", "lumi ynë"] # added')


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    return tmp_path


def file_text(workspace: Path) -> str:
    return (workspace / "campaigns" / "rivers.toml").read_text("utf-8")


def saved(workspace: Path, text: str, by: str = "Arta", minutes: int = 0) -> None:
    version = open_text(workspace, CAMPAIGN_ID).version
    save(workspace, CAMPAIGN_ID, text, version=version, by=by, now=NOW + timedelta(minutes=minutes))


def test_a_saved_text_is_the_file_and_the_history_says_who_and_when(workspace: Path) -> None:
    saved(workspace, BETTER)
    assert file_text(workspace) == BETTER
    assert [(one.number, one.by) for one in versions.versions(workspace, CAMPAIGN_ID)] == [(2, "Arta"), (1, "")]
    assert versions.versions(workspace, CAMPAIGN_ID)[0].saved_at == NOW


def test_a_form_with_carriage_returns_saves_plain_lines(workspace: Path) -> None:
    saved(workspace, BETTER.replace("\n", "\r\n"))
    assert (workspace / "campaigns" / "rivers.toml").read_bytes() == BETTER.encode()


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        (CAMPAIGN.replace("query = 'river'", "query = 'rivver'"), "did you mean 'river'", 13),
        (CAMPAIGN + "[terms", "is not valid TOML", 37),
        (CAMPAIGN.replace('id = "rivers"', 'id = "lakes"'), "keeps the id", None),
        (CAMPAIGN + "# \ud800\n", "half a character", 37),
        ("", "needs terms", None),
    ],
)
def test_a_text_that_is_no_campaign_is_refused_and_nothing_is_written(workspace: Path, text: str, words: str, line: int | None) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        saved(workspace, text)
    assert refused.value.line == line or line is None
    assert file_text(workspace) == CAMPAIGN
    assert versions.versions(workspace, CAMPAIGN_ID) == ()


def test_a_change_of_somebody_else_is_never_written_over(workspace: Path) -> None:
    version = open_text(workspace, CAMPAIGN_ID).version
    saved(workspace, BETTER, by="Arta")
    with pytest.raises(ChangedMeanwhile) as refused:
        save(workspace, CAMPAIGN_ID, CAMPAIGN + "# mine\n", version=version, by="Blerim", now=NOW)
    assert refused.value.theirs.text == BETTER
    assert "+# mine" in refused.value.difference
    assert file_text(workspace) == BETTER


def test_a_change_made_in_an_editor_is_noted_before_the_next_is_saved(workspace: Path) -> None:
    saved(workspace, BETTER)
    (workspace / "campaigns" / "rivers.toml").write_text(BETTER + "# by hand\n", "utf-8")
    saved(workspace, CAMPAIGN)
    past = versions.versions(workspace, CAMPAIGN_ID)
    assert [one.by for one in past] == ["Arta", "", "Arta", ""]
    assert text_of(workspace, CAMPAIGN_ID, 3).endswith("# by hand\n")


def test_going_back_is_a_new_version_and_can_be_gone_back_from(workspace: Path) -> None:
    saved(workspace, BETTER)
    at = open_text(workspace, CAMPAIGN_ID).version
    back = go_back(workspace, CAMPAIGN_ID, 1, version=at, by="Blerim", now=NOW)
    assert file_text(workspace) == CAMPAIGN
    assert [one.number for one in versions.versions(workspace, CAMPAIGN_ID)] == [3, 2, 1]
    go_back(workspace, CAMPAIGN_ID, 2, version=back.version, by="Arta", now=NOW)
    assert file_text(workspace) == BETTER


def test_no_version_of_that_number_is_said(workspace: Path) -> None:
    with pytest.raises(UsageError, match="no version 7"):
        text_of(workspace, CAMPAIGN_ID, 7)


def test_a_folder_that_cannot_be_written_leaves_the_file(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreError, match="No space left"):
        saved(workspace, BETTER)
    assert file_text(workspace) == CAMPAIGN
    assert [path.name for path in (workspace / "campaigns").glob(".rivers*")] == []


def test_a_shipped_campaign_becomes_the_workspace_s_own(tmp_path: Path) -> None:
    before = open_text(tmp_path, "digital-safety")
    save(tmp_path, "digital-safety", before.text + "# ours\n", version=before.version, by="Arta", now=NOW)
    assert open_text(tmp_path, "digital-safety").path.parent == tmp_path / "campaigns"
    assert not before.path.read_text("utf-8").endswith("# ours\n")


def _save_in_a_process(workspace: Path, number: int, version: str, barrier: object) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    try:
        save(workspace, CAMPAIGN_ID, f"{CAMPAIGN}# {number}\n", version=version, by=f"person {number}", now=NOW)
    except ChangedMeanwhile:
        raise SystemExit(7) from None


def test_of_several_who_save_at_once_one_is_written_and_the_others_are_told(workspace: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier, version = context.Barrier(3), open_text(workspace, CAMPAIGN_ID).version
    processes = [context.Process(target=_save_in_a_process, args=(workspace, number, version, barrier)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert sorted(process.exitcode or 0 for process in processes) == [0, 7, 7]
    assert len(versions.versions(workspace, CAMPAIGN_ID)) == 2
