"""A reader and a reviewer of one campaign: nothing of what is withheld, and nothing of another campaign, by whatever way they ask."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID
from tests.review.web.visiting import Staff, Visitor
from tracker.model import Fact, Mention, Role
from tracker.review import decisions
from tracker.store import articles, events, mentions
from tracker.store.events import Subject

SECRET = "nothing for the lakes"
"""What a person of the other campaign wrote."""


def items_of(staff: Staff, campaign_id: str = CAMPAIGN_ID) -> list[Mention]:
    with staff.parts.database.reading() as conn:
        return mentions.for_campaign(conn, campaign_id)


def say(staff: Staff, mention_id: str, **said: str) -> None:
    facts = {Fact(name): value for name, value in said.items()}
    act = decisions.say_many(staff.parts.database, [decisions.Target(mention_id)], facts, by="Mallory of the rivers", now=NOW)
    assert act.done


@pytest.mark.parametrize("how", ["sensitive", "held"])
def test_no_filter_of_the_inbox_tells_a_reader_that_something_is_withheld(staff: Staff, how: str) -> None:
    hidden = items_of(staff)[0]
    with staff.parts.database.reading() as conn:
        article = articles.get(conn, hidden.article_id)
    assert article is not None
    if how == "sensitive":
        say(staff, hidden.id, verdict="sensitive")
    else:
        with staff.parts.database.writing() as conn:
            conn.exec_driver_sql("UPDATE mentions SET held = 1 WHERE id = ?", (hidden.id,))
    reader, reviewer = staff.enters("reader"), staff.enters("reviewer")
    word = max(re.findall(r"\w+", article.title), key=len)
    for query in ("", "state=all", "state=sensitive", "state=held", f"text={word}&state=all", f"outlet={article.outlet_id}&state=all"):
        page = reader.get(f"/?campaign={CAMPAIGN_ID}&{query}").text
        assert hidden.id not in page, query
        assert how == "held" or article.title not in page, query  # a copy that no label marks stands there
    assert hidden.id in reviewer.get("/?state=all").text
    for address in (f"/item/{hidden.id}", f"/item/{hidden.id}/trace"):
        assert reader.get(address).status_code == 404
        assert reviewer.get(address).status_code == 200


def test_a_story_is_found_by_a_reader_only_by_what_the_reader_may_see_of_it(staff: Staff) -> None:
    shown, hidden = items_of(staff)[:2]
    decisions.merge(staff.parts.database, [shown.id, hidden.id], by="Besa", now=NOW)
    say(staff, hidden.id, verdict="sensitive")
    with staff.parts.database.writing() as conn:
        conn.exec_driver_sql("UPDATE articles SET language = 'hr' WHERE id = ?", (hidden.article_id,))
        conn.exec_driver_sql("UPDATE mentions SET language = 'hr' WHERE article_id = ?", (hidden.article_id,))
    later = NOW.replace(year=NOW.year + 1)
    decisions.say_many(staff.parts.database, [decisions.Target(shown.id)], {Fact.VERDICT: "accept"}, by="Besa", now=later)
    reader = staff.enters("reader")
    assert shown.id in reader.get("/?state=all").text
    for query in ("language=hr&state=all", "state=sensitive"):
        assert shown.id not in reader.get(f"/?{query}").text, query
        assert shown.id in staff.enters("reviewer").get(f"/?{query}").text, query


@dataclass
class Two:
    """The workspace with a second campaign over the same articles, and a reviewer of that one alone."""

    staff: Staff
    ours: Mention
    """Of the first campaign, about which its people said something."""
    theirs: Mention
    """Of the second campaign, of the same article."""
    stranger: Visitor


@pytest.fixture
def two(staff: Staff) -> Two:
    (staff.parts.workspace / "campaigns" / "lakes.toml").write_text(
        CAMPAIGN.replace('id = "rivers"', 'id = "lakes"').replace("Clean rivers", "Clean lakes"), "utf-8"
    )
    ours = items_of(staff)[0]
    theirs = replace(ours, id="lakes-1", campaign_id="lakes")
    with staff.parts.database.writing() as conn:
        mentions.save(conn, [theirs], NOW)
    (theirs,) = items_of(staff, "lakes")
    say(staff, ours.id, verdict="accept", note=SECRET, headline="Rivers say otherwise")
    staff.add("lake person", Role.ADMINISTRATOR, ["lakes"])
    return Two(staff, ours, theirs, staff.enters("lake person"))


def test_the_way_of_an_item_tells_nothing_of_what_another_campaign_said_of_its_article(two: Two) -> None:
    page = two.stranger.get(f"/item/{two.theirs.id}/trace").text
    assert two.theirs.id in page
    for told in (SECRET, "Mallory", two.ours.id, CAMPAIGN_ID + ",", "Rivers say otherwise"):
        assert told not in page


def test_a_person_of_one_campaign_reaches_no_item_of_another(two: Two) -> None:
    stranger, ours = two.stranger, two.ours
    assert stranger.get(f"/item/{ours.id}").status_code == 404
    with two.staff.parts.database.reading() as conn:
        before = events.of_subject(conn, Subject(CAMPAIGN_ID, ours.article_id))
    event, act = str(before[-1].id), str(before[-1].act)
    pick = f"{ours.id}:{before[-1].id}"
    page = f"/item/{two.theirs.id}"
    tries = {
        f"/item/{ours.id}": {"note": "x", "version": "0"},
        f"/item/{ours.id}/take-back": {"event": event},
        f"{page}/take-back": {"event": event},
        f"/item/{ours.id}/split": {},
        f"/item/{ours.id}/merge": {"other": two.theirs.id},
        f"{page}/merge": {"other": ours.id},
        "/inbox/say": {"campaign": "lakes", "pick": pick, "say": "reject", "sure": "1"},
        "/inbox/merge": {"campaign": "lakes", "pick": [pick, f"{two.theirs.id}:0"]},
        f"/campaigns/{CAMPAIGN_ID}/save": {"text": "x", "version": ""},
        f"/editions/{CAMPAIGN_ID}/1/approve": {},
        f"/add/{CAMPAIGN_ID}/typed": {"headline": "x"},
        f"/add/{CAMPAIGN_ID}/known": {"urls": "https://x.example/1"},
    }
    for address, fields in tries.items():
        answer = stranger.send(address, fields, page=page)
        assert answer.status_code in (303, 404), (address, answer.status_code)
    stranger.send("/inbox/undo", {"act": act}, page=page)
    stranger.send("/inbox/undo", {}, page=page)
    with two.staff.parts.database.reading() as conn:
        assert events.of_subject(conn, Subject(CAMPAIGN_ID, ours.article_id)) == before
    for address in (
        f"/?campaign={CAMPAIGN_ID}",
        f"/campaigns/{CAMPAIGN_ID}",
        f"/campaigns/{CAMPAIGN_ID}/file",
        f"/campaigns/{CAMPAIGN_ID}/versions",
        f"/campaigns/{CAMPAIGN_ID}/spellings",
        f"/numbers/{CAMPAIGN_ID}",
        f"/numbers/{CAMPAIGN_ID}/numbers.csv",
        f"/numbers/{CAMPAIGN_ID}/country.svg",
        f"/editions/{CAMPAIGN_ID}",
        f"/editions/{CAMPAIGN_ID}/1/mail",
        f"/add/{CAMPAIGN_ID}",
        f"/add/{CAMPAIGN_ID}/known",
    ):
        assert stranger.get(address).status_code == 404, address


@pytest.mark.parametrize(
    "text", [b'id = "rivers"\nname = "Secret plan"\nsecret-word = 1\n', b"\xff\xfe\x00", b"", b'id = "lakes"\n', b"= [" * 5000]
)
def test_a_campaign_file_that_is_wrong_closes_its_own_campaign_alone_and_is_told_to_administrators(two: Two, text: bytes) -> None:
    folder = two.staff.parts.workspace / "campaigns"
    (folder / "rivers.toml").write_bytes(text)
    stranger, administrator = two.stranger, two.staff.enters("administrator")
    for address in ("/", f"/item/{two.theirs.id}", "/campaigns/lakes", "/campaigns/lakes/file", "/numbers/lakes", "/editions/lakes"):
        answer = stranger.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        assert "rivers.toml" not in answer.text
        assert "secret-word" not in answer.text
    assert stranger.get("/readyz").status_code == 200
    told = administrator.get("/people").text
    assert "rivers.toml is wrong" in told
    assert administrator.get(f"/item/{two.ours.id}").status_code == 404
    assert administrator.get("/campaigns/lakes").status_code == 200
    (folder / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    assert administrator.get(f"/item/{two.ours.id}").status_code == 200
    assert "rivers.toml" not in administrator.get("/people").text


def test_who_has_only_the_campaign_that_cannot_be_read_learns_that_it_waits(two: Two) -> None:
    (two.staff.parts.workspace / "campaigns" / "lakes.toml").write_text("x = \n", "utf-8")
    told = two.stranger.get("/")
    assert told.status_code == 200
    assert "cannot be opened at the moment" in told.text
    assert "lakes.toml" not in told.text
