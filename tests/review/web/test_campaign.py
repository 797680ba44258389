"""The campaign on the desk: seen by readers, changed by its administrators, the effect seen first, nobody's change lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID, RIVER, WEATHER, Newsdesk
from tests.review.web.visiting import Staff, Visitor
from tracker.model import Role
from tracker.review.campaigns.versions import open_text, versions

BASE = f"/campaigns/{CAMPAIGN_ID}"


def version(staff: Staff) -> str:
    return open_text(staff.parts.workspace, CAMPAIGN_ID).version


def add(boss: Visitor, staff: Staff, text: str, term: str = "river", language: str = "sq") -> TestResponse:
    fields = {"version": version(staff), "term": term, "language": language, "text": text}
    return boss.send(f"{BASE}/change", fields, page=f"{BASE}/file", follow_redirects=True)


def hidden(answer: TestResponse, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', answer.text)
    assert found is not None
    return unescape(found[1])


def text_in(answer: TestResponse) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def saved(boss: Visitor, answer: TestResponse) -> TestResponse:
    """The button of the page of the effect."""
    return boss.send(
        f"{BASE}/save", {"version": hidden(answer, "version"), "text": text_in(answer)}, page=f"{BASE}/file", follow_redirects=True
    )


def test_a_reader_sees_terms_and_forms_and_tries_a_text_but_changes_nothing(staff: Staff) -> None:
    reader = staff.enters("reader")
    assert "lumë i pastër" in reader.get(BASE).text
    assert "lumej" not in reader.get(BASE, query_string={"q": "arta"}).text
    assert "lumaj" in reader.get(f"{BASE}/terms/spokesperson").text
    tried = reader.send(f"{BASE}/try", {"text": "Për një lumë të pastër!"}, page=f"{BASE}/try")
    assert "It is found, in circle “The campaign”." in tried.text
    assert "campaign/change" not in reader.get(f"{BASE}/terms/river").text


def test_the_effect_of_a_spelling_is_seen_before_it_is_saved_and_what_is_saved_is_the_file(staff: Staff, desk: Newsdesk) -> None:
    boss = staff.enters("administrator")
    shown = add(boss, staff, "moti")
    assert WEATHER in shown.text
    assert "1 gained, 0 lost" in shown.text
    assert (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8") == CAMPAIGN
    assert "The campaign file is saved" in saved(boss, shown).text
    assert (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8") == CAMPAIGN.replace(
        '"lumë i pastër"]', '"lumë i pastër", "moti"]'
    )
    assert versions(desk.folder, CAMPAIGN_ID)[0].by == "administrator"


def test_what_a_removal_loses_is_listed(staff: Staff) -> None:
    boss = staff.enters("administrator")
    file = text_in(boss.get(f"{BASE}/file")).replace("lumë i pastër", "liqen")
    shown = boss.send(f"{BASE}/effect", {"version": version(staff), "text": file}, page=f"{BASE}/file")
    assert "3 items lost" in shown.text
    assert RIVER in shown.text


def test_a_text_that_is_no_campaign_is_shown_again_with_line_and_column(staff: Staff) -> None:
    boss = staff.enters("administrator")
    wrong = CAMPAIGN.replace("query = 'river'", "query = 'rivver'")
    for where in ("effect", "save"):
        answer = boss.send(f"{BASE}/{where}", {"version": version(staff), "text": wrong}, page=f"{BASE}/file")
        assert answer.status_code == 400
        assert "Line 13, column 10" in answer.text
        assert text_in(answer) == wrong


def test_a_change_of_somebody_else_shows_both_and_is_replaced_only_on_purpose(staff: Staff, desk: Newsdesk) -> None:
    boss = staff.enters("administrator")
    mine = add(boss, staff, "moti")
    theirs = CAMPAIGN + "# theirs\n"
    desk.write_campaign(theirs)
    answer = saved(boss, mine)
    assert answer.status_code == 409
    assert "-# theirs" in unescape(answer.text)
    assert (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8") == theirs
    assert "is saved" in saved(boss, answer).text
    assert "moti" in (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8")


def test_an_earlier_version_comes_back(staff: Staff, desk: Newsdesk) -> None:
    boss = staff.enters("administrator")
    saved(boss, add(boss, staff, "moti"))
    listed = boss.get(f"{BASE}/versions?show=2")
    assert "moti" in listed.text
    shown = boss.send(f"{BASE}/versions/1/back", {"version": version(staff)}, page=f"{BASE}/versions")
    saved(boss, shown)
    assert (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8") == CAMPAIGN


@pytest.mark.parametrize("show", ["0", "-1", "999999", "x", "1' OR 1"])
def test_a_version_that_is_none_shows_nothing(staff: Staff, show: str) -> None:
    assert staff.enters("administrator").get(f"{BASE}/versions", query_string={"show": show}).status_code == 200


def test_an_administrator_of_another_campaign_finds_nothing_here(staff: Staff) -> None:
    staff.add("Other", Role.ADMINISTRATOR, ["lakes"])
    other = staff.enters("Other")
    answers = [other.get(f"{BASE}{path}").status_code for path in ("", "/file", "/versions", "/terms/river", "/try", "/spellings")]
    answers += [
        other.send(f"{BASE}/{path}", {"text": CAMPAIGN}, page="/sources").status_code
        for path in ("change", "effect", "save", "versions/1/back")
    ]
    assert {*answers} == {404}


def test_what_is_written_into_the_file_is_shown_as_text(staff: Staff) -> None:
    boss = staff.enters("administrator")
    evil = "<script>alert(1)</script>"
    shown = add(boss, staff, evil)
    assert evil not in shown.text
    saved(boss, shown)
    for page in ("", "/terms/river", "/file", "/versions?show=2"):
        assert evil not in boss.get(f"{BASE}{page}").text
