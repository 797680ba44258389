"""Files of an approved edition made by another process than the one that approved it: none is lost, whoever dies when."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.newsdesk import CAMPAIGN, Newsdesk
from tests.pipeline.test_taking_back_approval import campaign, partners_files
from tracker.digests import editions
from tracker.errors import StoreError
from tracker.model import EditionKind
from tracker.pipeline import edition_files
from tracker.pipeline.edition_files import MOST_ATTEMPTS, NEVER_APPROVED_AFTER, Making, ask_for, make_all, standing
from tracker.pipeline.issue_edition import IssueOptions, issue, take_back_approval
from tracker.review.web.making import FileMaker, Processes
from tracker.store.lock import EditionFilesLock
from tracker.workspace import Parts


@pytest.fixture
def noted(desk: Newsdesk) -> Newsdesk:
    """A report that was approved, its partners' files noted and not made."""
    make_report(desk)
    approve(desk)
    return desk


def make_report(desk: Newsdesk) -> None:
    """One that waits for a person, noted."""
    desk.write_campaign(CAMPAIGN.replace('review = "optional"', 'review = "required"'))
    desk.night("match", "group")
    issue(desk.parts, campaign(desk), IssueOptions(EditionKind.REPORT))
    ask_for(outbox(desk), 1)


def outbox(desk: Newsdesk) -> Path:
    return desk.folder / "outbox"


def approve(desk: Newsdesk) -> None:
    editions.approve_edition(desk.parts.database, campaign(desk), 1, desk.parts.clock(), "Arta")


def dies(*_: Any, **__: Any) -> None:
    raise SystemExit("killed")


def cannot(*_: Any, **__: Any) -> None:
    raise StoreError("the disk is full")


def test_what_is_noted_is_made_and_struck_off(noted: Newsdesk) -> None:
    assert standing(outbox(noted), 1) is Making.INTERRUPTED
    make_all(noted.parts)
    assert standing(outbox(noted), 1) is Making.DONE
    assert len(partners_files(noted)) >= 2


def test_whoever_dies_on_the_way_leaves_the_work_to_the_next(noted: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as death:
        death.setattr(edition_files.publish, "publish", dies)
        with pytest.raises(SystemExit):
            make_all(noted.parts)
    assert standing(outbox(noted), 1) is Making.INTERRUPTED
    make_all(noted.parts)
    assert standing(outbox(noted), 1) is Making.DONE
    assert partners_files(noted)


def test_what_kills_every_process_is_not_tried_for_ever(noted: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition_files.publish, "publish", dies)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            make_all(noted.parts)
    make_all(noted.parts)
    assert standing(outbox(noted), 1) is Making.FAILED


def test_files_that_cannot_be_made_are_tried_again_when_a_person_asks(noted: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(edition_files.publish, "publish", cannot)
        make_all(noted.parts)
    assert standing(outbox(noted), 1) is Making.FAILED
    make_all(noted.parts)
    assert standing(outbox(noted), 1) is Making.FAILED
    ask_for(outbox(noted), 1)
    make_all(noted.parts)
    assert standing(outbox(noted), 1) is Making.DONE


def test_a_note_waits_for_its_approval_and_goes_when_none_comes(desk: Newsdesk) -> None:
    make_report(desk)
    noted_at = noted_when(desk)
    make_all(at(desk, noted_at))
    assert standing(outbox(desk), 1) is Making.INTERRUPTED
    make_all(at(desk, noted_at + 2 * NEVER_APPROVED_AFTER))
    assert standing(outbox(desk), 1) is Making.DONE
    assert partners_files(desk) == []


def test_an_approval_taken_back_meanwhile_leaves_no_file(noted: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = edition_files.publish.publish

    def slowly(*given: Any, **named: Any) -> object:
        take_back_approval(noted.parts, campaign(noted), 1)
        return real(*given, **named)

    monkeypatch.setattr(edition_files.publish, "publish", slowly)
    make_all(noted.parts)
    assert partners_files(noted) == []
    assert standing(outbox(noted), 1) in (Making.DONE, Making.FAILED)


def test_two_at_once_do_not_make_the_same(noted: Newsdesk) -> None:
    with EditionFilesLock(outbox(noted)).acquire():
        assert standing(outbox(noted), 1) is Making.UNDER_WAY
        make_all(noted.parts)
        assert partners_files(noted) == []
    make_all(noted.parts)
    assert partners_files(noted)


def test_a_desk_goes_on_with_what_an_earlier_one_left(noted: Newsdesk) -> None:
    begun: list[Path] = []
    FileMaker(noted.folder, begun.append).take_up()
    assert begun == [noted.folder]
    make_all(noted.parts)
    FileMaker(noted.folder, begun.append).take_up()
    assert begun == [noted.folder]


def test_a_look_at_the_page_begins_what_was_interrupted_once(noted: Newsdesk) -> None:
    begun: list[Path] = []
    maker = FileMaker(noted.folder, begun.append)
    assert [maker.standing(1), maker.standing(1)] == [Making.UNDER_WAY, Making.UNDER_WAY]
    assert begun == [noted.folder]


def test_a_process_of_its_own_makes_them(noted: Newsdesk) -> None:
    processes = Processes()
    processes(noted.folder)
    deadline = time.monotonic() + 120
    while standing(outbox(noted), 1) is not Making.DONE and time.monotonic() < deadline:
        time.sleep(0.1)
    assert partners_files(noted)
    processes.wait()


def noted_when(desk: Newsdesk) -> datetime:
    return datetime.fromtimestamp((outbox(desk) / f"{edition_files.NOTE}1").stat().st_mtime, UTC)


def at(desk: Newsdesk, moment: datetime) -> Parts:
    return replace(desk.parts, clock=lambda: moment + timedelta(seconds=1))
