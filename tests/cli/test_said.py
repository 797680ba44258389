"""The commands by which a person says something of an item, corrects it, and takes it back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.running import Outcome, run
from tests.newsdesk import ARTA, RIVER, Newsdesk


@pytest.fixture
def matched(grouped: Newsdesk) -> Newsdesk:
    return grouped


def tracker(desk: Newsdesk, *arguments: str) -> Outcome:
    return run("-w", desk.folder, *arguments)


def told(desk: Newsdesk, mention: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(tracker(desk, "history", mention, "--json").out)["events"]
    return found


def exported(desk: Newsdesk, mention: str) -> dict[str, Any]:
    rows = [json.loads(line) for line in tracker(desk, "export", "mentions").out.splitlines()]
    return next(row for row in rows if row["mention"] == mention)


def test_take_back_restores_what_stood_before_and_again_what_stood_before_that(matched: Newsdesk) -> None:
    name = matched.mention_of(ARTA).id
    tracker(matched, "verdict", name, "accept", "--tone", "positive", "--by", "Mira")
    tracker(matched, "verdict", name, "reject", "--reason", "namesake", "--note", "another Arta", "--by", "Bojan")
    back = tracker(matched, "verdict", name, "--take-back", "--by", "Mira")
    assert (back.code, back.out) == (0, f"{name}: taken back; now accept, tone 'positive'\n")
    assert (exported(matched, name)["verdict"], exported(matched, name)["tone"], exported(matched, name)["note"]) == (
        "accept",
        "positive",
        "",
    )
    assert tracker(matched, "verdict", name, "--take-back").out == f"{name}: taken back; now nothing is said\n"
    assert exported(matched, name)["verdict"] is None
    nothing = tracker(matched, "verdict", name, "--take-back")
    assert (nothing.code, "nothing to take back" in nothing.err, nothing.err.count("\n")) == (2, True, 1)


def test_a_take_back_can_be_taken_back_by_its_number_in_the_history(matched: Newsdesk) -> None:
    name = matched.mention_of(ARTA).id
    tracker(matched, "verdict", name, "sensitive", "--by", "Mira")
    tracker(matched, "verdict", name, "--take-back", "--by", "Bojan")
    (said, undone) = told(matched, name)
    assert (said["what"], said["from"], said["to"], said["who"], said["in_force"], said["taken_back_by"]) == (
        "verdict",
        None,
        "sensitive",
        "Mira",
        False,
        undone["id"],
    )
    assert (undone["takes_back"], undone["to"], undone["who"], undone["when"][:16]) == (said["id"], None, "Bojan", said["when"][:16])
    again = tracker(matched, "verdict", name, "--take-back", "--event", str(undone["id"]))
    assert (again.code, again.out) == (0, f"{name}: taken back; now sensitive\n")
    lines = tracker(matched, "history", name).out.splitlines()
    assert (len(lines), "by Mira: verdict: sensitive" in lines[0], lines[-1]) == (4, True, "now: sensitive")
    assert "[taken back by" in lines[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("history", "m-0"),
        ("verdict", "m-0", "--take-back"),
        ("verdict", "m-0", "--star"),
        ("correct", "m-0", "--headline", "x"),
        ("story", "merge", "m-0", "m-1"),
        ("story", "split", "m-0"),
    ],
)
def test_a_mention_that_there_is_not_is_named_in_one_line(matched: Newsdesk, arguments: tuple[str, ...]) -> None:
    outcome = tracker(matched, *arguments)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1), outcome
    assert "m-0" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("correct", "{m}"), "give what to correct"),
        (("correct", "{m}", "--headline", " "), "--headline: is empty; write as-found"),
        (("correct", "{m}", "--published", "soon"), "neither a day"),
        (("correct", "{m}", "--outlet", "no-such"), "not in the register"),
        (("verdict", "{m}", "accept", "--reason", "old"), "reason: belongs to a rejection"),
        (("verdict", "{m}", "accept", "--take-back"), "give a mention and a decision"),
        (("verdict", "{m}", "--event", "3"), "give a mention and a decision"),
        (("verdict", "{m}", "--take-back", "--event", "99"), "there is no event 99 here"),
        (("story", "split", "{m}"), "whole stories"),
    ],
)
def test_what_cannot_be_said_is_refused_in_one_line(matched: Newsdesk, arguments: tuple[str, ...], words: str) -> None:
    name = matched.mention_of(ARTA).id
    outcome = tracker(matched, *(part.replace("{m}", name) for part in arguments))
    assert (outcome.code, outcome.err.count("\n")) == (2, 1), outcome
    assert words in outcome.err
    assert told(matched, name) == []


def test_a_correction_is_exported_and_taken_away_again(matched: Newsdesk) -> None:
    name = matched.mention_of(ARTA).id
    given = ("--headline", "A year of work", "--published", "2026-03-01", "--outlet", "fjala-e-malit", "--author", "Arta Hoxha")
    assert tracker(matched, "correct", name, *given, "--by", "Mira").code == 0
    row = exported(matched, name)
    assert (row["title"], row["published"], row["country"], row["authors"], row["corrected"]) == (
        "A year of work",
        "2026-03-01",
        "XK",
        ["Arta Hoxha"],
        ["headline", "published", "outlet", "authors"],
    )
    assert tracker(matched, "correct", name, "--headline", "as-found").code == 0
    assert (exported(matched, name)["title"], exported(matched, name)["country"]) == (ARTA, "XK")
    assert "is so already" in tracker(matched, "correct", name, "--headline", ARTA).out


def test_stories_are_merged_and_split_and_the_next_grouping_keeps_it(matched: Newsdesk) -> None:
    arta = matched.mention_of(ARTA).id
    titled = {article.id for article in matched.articles() if article.title == RIVER}
    river = [mention.id for mention in matched.mentions() if mention.article_id in titled]
    merged = tracker(matched, "story", "merge", arta, river[0])
    assert merged.code == 0, merged
    assert "are one story now" in merged.out
    assert exported(matched, arta)["story"] == exported(matched, river[0])["story"]
    split = tracker(matched, "story", "split", river[0])
    assert split.code == 0, split
    matched.night("match", "group")
    assert exported(matched, arta)["story"] != exported(matched, river[0])["story"]
    back = tracker(matched, "verdict", river[0], "--take-back")
    assert "with " in back.out
    assert exported(matched, arta)["story"] == exported(matched, river[0])["story"]


def test_a_detail_can_be_said_without_a_decision(matched: Newsdesk) -> None:
    name = matched.mention_of(ARTA).id
    assert tracker(matched, "verdict", name, "--star", "--tag", "front page").code == 0
    assert {event["what"]: event["to"] for event in told(matched, name)} == {"star": True, "tags": ["front page"]}
    assert exported(matched, name)["verdict"] is None
    tracker(matched, "verdict", name, "accept")
    row = exported(matched, name)
    assert (row["tags"], row["starred"], row["verdict"]) == (["front page"], "yes", "accept")
