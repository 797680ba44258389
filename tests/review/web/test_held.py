"""Items that may identify a child: none is accepted in passing, alone, in bulk or with its story, and all that were asked about are."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.builders import NOW
from tests.newsdesk import A_MINOR, ABOUT_THE_RIVER, ARTA, CAMPAIGN_ID, HELD, Newsdesk, story_page
from tests.review.web.test_inbox import FRAGMENT, _entries, picks, said
from tests.review.web.visiting import Staff, open_desk
from tracker.model import Role
from tracker.review.web import picks as reading


def held_pick(staff: Staff) -> str:
    found = next(one for one in _entries(staff) if one.article.title == HELD)
    return f"{found.mention.id}:0|"


@pytest.mark.parametrize("sure", [{}, {"sure": "1"}])
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_what_may_identify_a_child_is_accepted_only_after_a_question(staff: Staff, sure: dict[str, str], headers: dict[str, str]) -> None:
    visitor = staff.enters("reviewer")
    form = {"campaign": CAMPAIGN_ID, "pick": held_pick(staff), "say": "accept", **sure}
    asked = visitor.send("/inbox/say", form, page="/", headers=headers)
    assert "Accept it for partners all the same?" in asked.text
    assert HELD in unescape(asked.text)
    assert said(staff)[HELD] == [""]
    visitor.send("/inbox/say", {**form, "sure": "1", "held": "1"}, page="/", headers=headers)
    assert said(staff)[HELD] == ["accept"]
    page = visitor.get("/?state=accept").text
    assert "may identify a child; accepted by a person" in page


@pytest.mark.parametrize("word", ["reject", "unsure", "sensitive"])
def test_no_question_stands_before_a_word_that_keeps_a_child_inside(staff: Staff, word: str) -> None:
    form = {"campaign": CAMPAIGN_ID, "pick": held_pick(staff), "say": word, "sure": "1"}
    staff.enters("reviewer").send("/inbox/say", form, page="/")
    assert said(staff)[HELD] == [word]


def test_of_several_those_that_may_identify_a_child_are_left_out_and_counted_unless_confirmed(staff: Staff) -> None:
    visitor = staff.enters("reviewer")
    found = picks(visitor.get("/").text)
    form = {"campaign": CAMPAIGN_ID, "pick": [found[HELD], found[ARTA]], "say": "accept"}
    sure = visitor.send("/inbox/say", form, page="/").text
    assert "Accept 1 item?" in sure
    assert "Also accept 1 item that may identify a child" in sure
    answer = visitor.send("/inbox/say", {**form, "sure": "1"}, page="/")
    assert (said(staff)[HELD], said(staff)[ARTA]) == ([""], ["accept"])
    assert "1 item may identify a child and was left out" in visitor.get(answer.headers["Location"]).text


def test_an_answer_names_every_item_of_its_question_in_one_pick(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form may bear fewer picks than items; what the question counted must not be more than what the answer accepts."""
    desk.published = 90  # addresses of its own beside those of the night
    desk.publish(story_page("Fëmijë në park", A_MINOR, ABOUT_THE_RIVER))
    desk.night("extract", "match", "group")
    staff = open_desk(desk, NOW)
    staff.add("reviewer", Role.REVIEWER)
    held = [one.mention for one in _entries(staff) if one.article.title in (HELD, "Fëmijë në park")]
    assert len(held) >= 2
    form = {"campaign": CAMPAIGN_ID, "pick": " ".join(f"{one.id}:0" for one in held) + "|", "say": "accept", "sure": "1"}
    visitor = staff.enters("reviewer")
    asked = visitor.send("/inbox/say", form, page="/").text
    monkeypatch.setattr(reading, "MOST_PICKS", 1)
    names = [unescape(one) for one in re.findall(r'name="pick" value="([^"]*)"', asked)]
    assert visitor.send("/inbox/say", {**form, "pick": names, "held": "1"}, page="/").status_code == 303
    assert (said(staff)[HELD], said(staff)["Fëmijë në park"]) == (["accept"], ["accept"])
    staff.parts.close()
