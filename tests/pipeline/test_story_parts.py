"""Parts of articles in their stories, from the grouping of a night to what staff and partners read."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import ABOUT_THE_RIVER, RIVER, Newsdesk, story_page
from tracker import exports
from tracker.model import StoryRole
from tracker.pipeline import story_parts as deciding
from tracker.review import story_edits
from tracker.store import events, stories, story_parts

CAMPAIGN = "rivers"
NUMERALS = "një dy tre katër pesë gjashtë".split()


def _parts(desk: Newsdesk) -> dict[str, StoryRole]:
    with desk.parts.database.reading() as conn:
        return {str(article): part.role for article, part in story_parts.of_several(conn, CAMPAIGN).items()}


@pytest.fixture
def desk(tmp_path: Path) -> Newsdesk:
    desk = Newsdesk(tmp_path)
    desk.publish(story_page(RIVER, ABOUT_THE_RIVER))
    desk.publish(story_page(RIVER, ABOUT_THE_RIVER), outlet="fjala-e-malit")
    return desk


def test_grouping_decides_the_part_of_every_article(desk: Newsdesk) -> None:
    desk.night("extract", "match", "group")
    assert sorted(_parts(desk).values()) == [StoryRole.CARRIED, StoryRole.ORIGINAL]


def test_a_run_that_was_killed_after_grouping_decides_the_parts_when_it_is_run_again(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    desk.night("extract", "match")
    with monkeypatch.context() as patched:
        patched.setattr("tracker.pipeline.steps.decide_parts", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.night("group")
    assert not _parts(desk)
    desk.night("group")
    assert len(_parts(desk)) == 2


def test_a_text_or_time_that_changes_has_its_whole_story_decided_anew(desk: Newsdesk) -> None:
    desk.night("extract", "match", "group")
    before = _parts(desk)
    with desk.parts.database.writing() as conn:
        story_parts.forget(conn, [1])
        assert len(story_parts.moments_undecided(conn, CAMPAIGN)) == 2
    desk.night("group")
    assert _parts(desk) == before


def test_parts_of_a_story_that_changed_meanwhile_are_not_written(desk: Newsdesk) -> None:
    desk.night("extract", "match", "group")
    with desk.parts.database.writing() as conn:
        story_parts.forget(conn, [1])
        (story,) = story_parts.undecided(conn, CAMPAIGN, limit=5)
        texts = story_parts.texts(conn, CAMPAIGN, story.article_ids)
        assert {text.outlet_id for text in texts.values()} == {"zeri-i-lumit", "fjala-e-malit"}
        stories.replace(conn, CAMPAIGN, [], NOW)
        assert not story_parts.save(conn, CAMPAIGN, story, [])


def test_what_a_person_takes_out_of_a_story_is_decided_at_once(desk: Newsdesk) -> None:
    desk.night("extract", "match", "group")
    with desk.parts.database.writing() as conn:
        act = events.Act(conn, at=NOW, by="Ana", via="desk")
        story_edits.split(conn, act, CAMPAIGN, [2], NOW + timedelta(hours=1))
        assert len(story_parts.moments_undecided(conn, CAMPAIGN)) == 0
    assert not _parts(desk)


def test_what_a_person_joins_is_decided_without_what_an_outlet_prints_under_every_article(tmp_path: Path) -> None:
    desk = Newsdesk(tmp_path)
    under_all = f"{ABOUT_THE_RIVER} " + " ".join(f"Shënimi {word} i redaksisë qëndron nën çdo lajm të këtij botuesi." for word in NUMERALS)
    for number, word in enumerate(NUMERALS):
        desk.publish(
            story_page(
                f"{RIVER} {word}", under_all, f"Lajmi {word} flet vetëm për {word} fshatra.", published=f"2026-03-{10 + number}T10:00"
            )
        )
    desk.publish(story_page("Tjetër lajm", under_all, "Kopje e parë."), outlet="fjala-e-malit")
    desk.night("extract", "match", "group")
    with desk.parts.database.writing() as conn:
        act = events.Act(conn, at=NOW, by="Ana", via="desk")
        story_edits.merge(conn, act, CAMPAIGN, [1, len(NUMERALS) + 1], NOW + timedelta(hours=1))
        at_once = story_parts.of_several(conn, CAMPAIGN)
        story_parts.forget(conn, [1])
    assert at_once
    desk.night("group")
    with desk.parts.database.reading() as conn:
        assert story_parts.of_several(conn, CAMPAIGN) == at_once


def test_deciding_twice_decides_nothing_the_second_time(desk: Newsdesk) -> None:
    desk.night("extract", "match", "group")
    assert deciding.decide_parts(desk.parts.database, CAMPAIGN) == 0


def test_exports_tell_roles_and_name_who_published_first(desk: Newsdesk) -> None:
    desk.night("extract", "match", "group")
    rows = {}
    for what in ("mentions", "stories"):
        file = BytesIO()
        exports.write_jsonl(exports.EXPORTS[what](desk.parts.database, [CAMPAIGN]), file)
        rows[what] = [json.loads(line) for line in file.getvalue().splitlines()]
    assert sorted(row["role"] for row in rows["mentions"]) == ["carried", "original"]
    (story,) = rows["stories"]
    assert story["first_published_by"] not in story["carried_by"]
    assert len(story["carried_by"]) == 1
