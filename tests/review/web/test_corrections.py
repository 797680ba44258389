"""A correction on the desk: seen as it goes, approved by name, once; nothing of an item that is held back is shown in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.delivery.test_corrections import PEOPLE, river
from tests.delivery.test_corrections import office as office
from tests.digests.test_editions import say
from tests.newsdesk import RIVER, Newsdesk
from tests.review.web.visiting import Staff, Visitor, open_desk
from tracker.model import Decision, Role
from tracker.store import corrections


@pytest.fixture
def staff(office: Newsdesk) -> Staff:
    opened = open_desk(office, NOW + timedelta(days=4))
    for role in Role:
        opened.add(str(role), role)
    return opened


@pytest.fixture
def reviewer(staff: Staff) -> Visitor:
    return staff.enters("reviewer")


def test_the_letter_is_seen_before_it_is_approved_and_goes_by_name_once(office: Newsdesk, staff: Staff, reviewer: Visitor) -> None:
    address = f"/item/{river(office)}/correction"
    assert address in reviewer.get(f"/item/{river(office)}").text
    assert f"{len(PEOPLE)} people got this item" in reviewer.get(address).text
    query = {"sentence_en": "It was in <b>May</b>.", "language": "en"}
    seen = reviewer.get(address, query_string=query).text
    assert f"It goes to {len(PEOPLE)} recipients." in seen
    letter = reviewer.get(f"{address}/letter", query_string=query)
    assert "It was in &lt;b&gt;May" in letter.text
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    sent = reviewer.send(address, {"sentence_en": query["sentence_en"]}, page="/password", follow_redirects=True)
    assert "Approved. 4 recipients get it" in sent.text
    assert "Approved by reviewer" in sent.text
    again = reviewer.send(address, {"sentence_en": query["sentence_en"]}, page="/password", follow_redirects=True)
    assert "This did not work" in again.text
    with staff.parts.database.reading() as conn:
        (made,) = corrections.since(conn, NOW)
    assert made.approved_by == "reviewer"


def test_of_an_item_that_is_held_back_the_letter_shows_nothing(office: Newsdesk, reviewer: Visitor) -> None:
    mention = river(office)
    say(office, RIVER, Decision.SENSITIVE, timedelta(hours=5))
    query = {"sentence_en": "It was the girl of Lumi.", "language": "en"}
    letter = reviewer.get(f"/item/{mention}/correction/letter", query_string=query).text
    assert "withdrawn to protect a child" in letter
    assert RIVER not in letter
    assert "girl" not in letter


def test_an_item_that_nobody_got_has_nothing_to_correct(desk: Newsdesk) -> None:
    desk.night("match", "group")
    opened = open_desk(desk, NOW)
    opened.add("reviewer", Role.REVIEWER)
    visitor = opened.enters("reviewer")
    assert "Nobody has got this item" in visitor.get(f"/item/{river(desk)}/correction").text
    answer = visitor.send(f"/item/{river(desk)}/correction", {"sentence_en": "x"}, page="/password", follow_redirects=True)
    assert "This did not work" in answer.text
    assert visitor.get(f"/item/{river(desk)}/correction/letter?sentence_en=x").status_code == 400


@pytest.mark.parametrize(
    ("role", "campaigns", "status"), [(Role.READER, [""], 403), (Role.REVIEWER, ["lakes"], 404), (Role.ADMINISTRATOR, ["lakes"], 404)]
)
def test_nobody_corrects_without_being_a_reviewer_of_the_campaign(
    office: Newsdesk, staff: Staff, role: Role, campaigns: list[str], status: int
) -> None:
    staff.add("stranger", role, campaigns)
    stranger, address = staff.enters("stranger"), f"/item/{river(office)}/correction"
    assert stranger.get(address).status_code == status
    assert stranger.get(f"{address}/letter", query_string={"sentence_en": "x", "language": "en"}).status_code == status
    assert stranger.send(address, {"sentence_en": "Not so."}, page="/password").status_code == status
    with staff.parts.database.reading() as conn:
        assert list(corrections.since(conn, NOW)) == []
