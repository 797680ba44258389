from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tests.builders import NOW, a_hand_item, a_mention, an_article, an_outlet
from tracker.model import Medium
from tracker.store import articles, entries, manual_items, mentions, registers, trails

ENTERED = a_hand_item(
    2,
    circle="organisation",
    programme="Lajmet",
    place="19:30",
    picture="https://scans.example/1.png",
    reach=4000,
    reach_source="A study",
    reach_on="2026-01-31",
    entered_by="Mira",
)


@pytest.fixture(autouse=True)
def _entered(conn: Connection) -> None:
    """Three articles; the second was entered by hand."""
    articles.save(conn, [(an_article(number), "lumi", "uji") for number in range(1, 4)], NOW)
    manual_items.add(conn, ENTERED, "row-2")
    found = [a_mention(1), a_mention(2, circle="organisation"), a_mention(3)]
    mentions.save(conn, [replace(mention, campaign_version="1") for mention in found], NOW)


def test_an_item_comes_back_as_it_was_entered(conn: Connection) -> None:
    assert manual_items.for_campaign(conn, "rivers") == {2: ENTERED}
    assert manual_items.of_article(conn, 2) == [ENTERED]
    assert manual_items.by_identity(conn, "rivers", ["row-2", "row-3"]) == {"row-2": ENTERED}
    assert manual_items.by_identity(conn, "forests", ["row-2"]) == {}


def test_the_same_row_is_one_item_of_a_campaign(conn: Connection) -> None:
    with pytest.raises(IntegrityError):
        manual_items.add(conn, a_hand_item(3), "row-2")


def test_an_entry_bears_what_a_person_entered(conn: Connection) -> None:
    found = {entry.article.id: entry for entry in entries.for_campaign(conn, "rivers")}
    assert found[1].hand is None
    assert found[2].hand == ENTERED
    assert (found[1].medium, found[2].medium) == (Medium.ONLINE, Medium.TELEVISION)


def test_matching_again_changes_neither_the_circle_nor_that_it_counts(conn: Connection) -> None:
    mentions.save(conn, [a_mention(2, circle="campaign", campaign_version="2", labels=("child_case",), held=True)], NOW + timedelta(days=1))
    again = mentions.get(conn, "rivers-2")
    assert again is not None
    assert (again.circle, again.labels, again.held) == ("organisation", ("child_case",), True)
    assert mentions.remove(conn, "rivers", [1, 2]) == 1
    assert mentions.get(conn, "rivers-2") is not None


def test_the_word_holds_for_its_campaign_only(conn: Connection) -> None:
    mentions.save(conn, [a_mention(2, campaign_id="forests")], NOW)
    assert mentions.remove(conn, "forests", [2]) == 1
    assert [entry.hand for entry in entries.for_campaign(conn, "rivers", article_ids=[2])] == [ENTERED]


def test_picture_and_reach_can_be_told_later(conn: Connection) -> None:
    manual_items.change(conn, a_hand_item(2, reach=5000, reach_source="Another study", reach_on="2026-02-01", entered_by="Somebody else"))
    (again,) = manual_items.of_article(conn, 2)
    assert (again.reach, again.reach_source, again.picture, again.entered_by, again.place) == (5000, "Another study", "", "Mira", "19:30")


def test_a_trail_shows_the_entry(conn: Connection) -> None:
    (trail,) = trails.find(conn, [an_article(2).canonical_url])
    assert trail.hand == (ENTERED,)


def test_an_outlet_that_nobody_watches_is_kept_beside_the_register(conn: Connection) -> None:
    registers.add_unwatched(conn, an_outlet("radio-bregu", name="Radio Bregu", tier=0))
    registers.add_unwatched(conn, an_outlet("zeri-i-lumit", name="Another name"))
    assert registers.outlets(conn)["radio-bregu"].tier == 0
    assert registers.outlets(conn)["zeri-i-lumit"].name == "Zëri i Lumit"
    assert [watched.outlet.id for watched in registers.watched(conn)] == ["zeri-i-lumit"]
