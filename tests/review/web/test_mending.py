"""A campaign file that is wrong is mended on the desk: by its text, or by an earlier one; nobody's mending is overwritten."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID, Newsdesk
from tests.review.web.visiting import Staff, Visitor
from tracker.model import Role
from tracker.review.campaigns.versions import History

FILE = "/campaign-files/rivers.toml"
WRONG = CAMPAIGN.replace("[[circles]]", "[[circles", 1)


@pytest.fixture
def administrator(staff: Staff) -> Visitor:
    return staff.enters("administrator")


def digest_of(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert found is not None, page[:500]
    return found[1]


def test_the_fault_is_shown_at_its_line_and_the_mended_text_opens_the_campaign_again(desk: Newsdesk, administrator: Visitor) -> None:
    desk.write_campaign(WRONG)
    assert f'href="{FILE}"' in administrator.get("/").text
    page = administrator.get(FILE).text
    line = WRONG[: WRONG.index("[[circles")].count("\n") + 1
    assert f"Line {line}, column" in page
    assert re.search(rf'class="removed">\s*{line}  \[\[circles', page)
    wrong = administrator.send(FILE, {"text": WRONG + "x", "digest": digest_of(page)}, page="/password")
    assert wrong.status_code == 400
    assert "[[circles" in wrong.text
    mended = administrator.send(FILE, {"text": CAMPAIGN.replace("\n", "\r\n"), "digest": digest_of(page)}, page="/password")
    assert mended.headers["Location"] == f"/campaigns/{CAMPAIGN_ID}"
    assert (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8").rstrip() == CAMPAIGN.rstrip()
    assert "administrator" in administrator.get(f"/campaigns/{CAMPAIGN_ID}/versions").text
    past = History(desk.folder / "campaigns", CAMPAIGN_ID)
    assert [past.text(one.number).rstrip() for one in past.versions()] == [CAMPAIGN.rstrip(), WRONG.rstrip()]
    assert administrator.get(FILE).status_code == 303


def test_an_earlier_text_of_the_file_is_one_button_away(desk: Newsdesk, administrator: Visitor) -> None:
    page = administrator.get(f"/campaigns/{CAMPAIGN_ID}/file").text
    version = re.search(r'name="version" value="([^"]*)"', page)
    assert version is not None
    fields = {"text": CAMPAIGN + "\n# a word\n", "version": version[1]}
    administrator.send(f"/campaigns/{CAMPAIGN_ID}/save", fields, page="/password")
    desk.write_campaign(WRONG)
    page = administrator.get(FILE).text
    ways = re.findall(rf'action="({FILE}/back/\d+)"', page)
    assert len(ways) == 2
    assert administrator.send(f"{FILE}/back/99", {"digest": digest_of(page)}, page="/password").status_code == 404
    assert administrator.send(ways[0], {"digest": digest_of(page)}, page="/password").status_code == 303
    assert "# a word" in (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8")


def test_a_file_that_somebody_changed_meanwhile_stays_theirs(desk: Newsdesk, administrator: Visitor) -> None:
    desk.write_campaign(WRONG)
    digest = digest_of(administrator.get(FILE).text)
    desk.write_campaign(WRONG + "# theirs\n")
    answer = administrator.send(FILE, {"text": CAMPAIGN, "digest": digest}, page="/password")
    assert answer.status_code == 409
    assert "Somebody changed the file meanwhile" in answer.text
    assert unescape(answer.text).count("[[circles]]") >= 1  # what was typed stands in the form
    assert "# theirs" in (desk.folder / "campaigns" / "rivers.toml").read_text("utf-8")


def test_the_id_of_another_campaign_is_not_taken(desk: Newsdesk, administrator: Visitor) -> None:
    (desk.folder / "campaigns" / "second.toml").write_text("id = 3", "utf-8")
    page = administrator.get("/campaign-files/second.toml").text
    answer = administrator.send("/campaign-files/second.toml", {"text": CAMPAIGN, "digest": digest_of(page)}, page="/password")
    assert answer.status_code == 400
    assert "is already used" in answer.text


@pytest.mark.parametrize("name", ["rivers.toml", "..%2frivers.toml", "tracker.toml", "%2e%2e", "none.toml"])
def test_no_file_but_a_wrong_campaign_is_opened(administrator: Visitor, name: str) -> None:
    assert administrator.get(f"/campaign-files/{name}").status_code in (303, 404)


@pytest.mark.parametrize(("role", "campaigns"), [(Role.REVIEWER, ("",)), (Role.ADMINISTRATOR, (CAMPAIGN_ID,))])
def test_only_administrators_of_everything_mend(desk: Newsdesk, staff: Staff, role: Role, campaigns: tuple[str, ...]) -> None:
    desk.write_campaign(WRONG)
    staff.add("stranger", role, campaigns)
    stranger = staff.enters("stranger")
    assert stranger.get(FILE).status_code == 403
    assert stranger.send(FILE, {"text": CAMPAIGN}, page="/password").status_code == 403
