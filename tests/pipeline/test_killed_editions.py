"""A command that was killed after an edition was frozen, and before its files were written, is finished by the same command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.newsdesk import CAMPAIGN, Newsdesk
from tracker.delivery import publish
from tracker.errors import UsageError
from tracker.model import EditionKind
from tracker.pipeline import issue_edition
from tracker.pipeline.issue_edition import IssueOptions, issue
from tracker.store import digests
from tracker.workspace import read_campaigns


class Killed(BaseException):
    pass


def kill_at_file(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The process dies when it writes the file of this number."""
    written, real = 0, publish.write_files

    def write(folder: Path, stem: str, files: dict[str, bytes]) -> tuple[Path, ...]:
        nonlocal written
        paths: list[Path] = []
        for ending, content in files.items():
            if written == number:
                raise Killed
            paths += real(folder, stem, {ending: content})
            written += 1
        return tuple(paths)

    monkeypatch.setattr(publish, "write_files", write)


def made(desk: Newsdesk) -> int:
    with desk.parts.database.reading() as conn:
        return len(digests.every(conn, "rivers"))


@pytest.mark.parametrize("kind", [EditionKind.LIFETIME, EditionKind.SITUATION])
@pytest.mark.parametrize("number", [0, 2])
def test_an_edition_up_to_now_is_made_once(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch, kind: EditionKind, number: int) -> None:
    desk.night("match", "group")
    (campaign,) = read_campaigns(desk.folder)
    with monkeypatch.context() as patched:
        kill_at_file(patched, number)
        with pytest.raises(Killed):
            issue(desk.parts, campaign, IssueOptions(kind))
    assert made(desk) == 1
    done = issue(desk.parts, campaign, IssueOptions(kind))
    assert (made(desk), done.was_there) == (1, True)
    assert all(Path(path).exists() for path in done.paths)


@pytest.mark.parametrize("number", [0, 1])
def test_an_approval_that_was_killed_is_finished_and_another_is_refused(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    desk.write_campaign(CAMPAIGN.replace('review = "optional"', 'review = "required"'))
    desk.night("match", "group")
    (campaign,) = read_campaigns(desk.folder)
    edition = issue(desk.parts, campaign, IssueOptions(EditionKind.WEEKLY)).edition
    with monkeypatch.context() as patched:
        kill_at_file(patched, number)
        with pytest.raises(Killed):
            issue_edition.approve(desk.parts, campaign, edition.id, by="Ana")
    done, _, published = issue_edition.approve(desk.parts, campaign, edition.id, by="Ana")
    assert (done.approved_by, all(path.exists() for path in published.paths)) == ("Ana", True)
    with pytest.raises(UsageError, match="was approved by Ana"):
        issue_edition.approve(desk.parts, campaign, edition.id, by="Ana")
