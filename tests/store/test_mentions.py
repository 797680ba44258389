from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders import NOW, a_hit, a_mention, a_verdict, an_article
from tracker.model import Decision, Story
from tracker.store import articles, entries, mentions, stories, verdicts
from tracker.store.database import Database
from tracker.store.schema.articles import mentions as mentions_table
from tracker.store.schema.articles import story_members
from tracker.visibility import is_withheld


@pytest.fixture(autouse=True)
def _six_articles(conn: Connection) -> None:
    articles.save(conn, [(an_article(number), "lumi", "uji") for number in range(1, 7)], NOW)


def _unmatched(conn: Connection, version: str = "1") -> list[int]:
    return mentions.not_looked_at(conn, "rivers", version, range(1, 99))


def test_a_mention_comes_back_as_it_was_saved(conn: Connection) -> None:
    mention = a_mention(
        hits=(a_hit(), a_hit("ujit", start=9, end=13, field="body", rule="genitive")), labels=("a",), key_messages=("b",), held=True
    )
    mentions.save(conn, [mention], NOW)
    assert mentions.for_campaign(conn, "rivers") == [mention] == mentions.of_article(conn, 1)
    assert mentions.get(conn, "rivers-1") == mention


def test_matching_again_replaces_the_finding_and_keeps_when_it_was_first_found(conn: Connection) -> None:
    mentions.save(conn, [a_mention()], NOW)
    mentions.save(conn, [a_mention(circle="context", campaign_version="2")], NOW + timedelta(days=1))
    (entry,) = entries.for_campaign(conn, "rivers")
    assert (entry.mention.circle, entry.found_at) == ("context", NOW)


def test_an_article_has_one_mention_a_campaign(conn: Connection) -> None:
    mentions.save(conn, [a_mention(1), a_mention(2)], NOW)
    with pytest.raises(IntegrityError):
        conn.execute(mentions_table.update().values(article_id=1))


def test_mentions_can_be_asked_for_by_circle_and_article(conn: Connection) -> None:
    mentions.save(conn, [a_mention(1), a_mention(2, circle="context"), a_mention(3, campaign_id="forests")], NOW)
    assert [mention.article_id for mention in mentions.for_campaign(conn, "rivers", circle="context")] == [2]
    assert [mention.article_id for mention in mentions.for_campaign(conn, "rivers", article_ids=[1, 3])] == [1]


def test_an_interrupted_match_goes_on_with_what_is_left(conn: Connection) -> None:
    mentions.mark_looked(conn, "rivers", "1", [1, 2, 5])
    mentions.mark_looked(conn, "rivers", "1", [2])
    assert _unmatched(conn) == [3, 4, 6]
    assert mentions.count_unmatched(conn, "rivers", "1") == 3


def test_a_changed_campaign_looks_at_everything_again(conn: Connection) -> None:
    mentions.mark_looked(conn, "rivers", "1", range(1, 7))
    assert (_unmatched(conn), _unmatched(conn, "2")) == ([], [1, 2, 3, 4, 5, 6])
    mentions.mark_looked(conn, "rivers", "2", [1])
    assert (_unmatched(conn, "2"), _unmatched(conn, "1")) == ([2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])


def test_campaigns_do_not_look_for_each_other(conn: Connection) -> None:
    mentions.mark_all_looked(conn, "forests", "1")
    assert len(_unmatched(conn)) == 6


def test_all_others_are_marked_as_looked_at_in_one_statement(conn: Connection) -> None:
    mentions.mark_looked(conn, "rivers", "1", [2])
    mentions.mark_all_looked(conn, "rivers", "1", through_id=4)
    assert _unmatched(conn) == [5, 6]
    mentions.mark_all_looked(conn, "rivers", "1")
    assert _unmatched(conn) == []
    articles.save(conn, [(an_article(7), "", "")], NOW)
    assert _unmatched(conn) == [7]


def test_mentions_that_a_new_version_has_not_confirmed_are_looked_at_again(conn: Connection) -> None:
    mentions.save(conn, [a_mention(1, campaign_version="1"), a_mention(2, campaign_version="2"), a_mention(3, campaign_id="x")], NOW)
    assert mentions.of_other_versions(conn, "rivers", "2") == [1]


def test_a_confirmed_mention_stays_confirmed_after_rematching(conn: Connection) -> None:
    mentions.save(conn, [a_mention()], NOW)
    verdicts.record(conn, a_verdict(note="about the Vjosa"))
    assert mentions.remove(conn, "rivers", [1]) == 1
    assert verdicts.latest(conn, "rivers")[1].note == "about the Vjosa"
    mentions.save(conn, [a_mention(campaign_version="2")], NOW)
    (entry,) = entries.for_campaign(conn, "rivers")
    assert entry.verdict is not None
    assert entry.verdict.decision is Decision.ACCEPT


def test_the_newest_verdict_counts_and_all_are_kept(conn: Connection) -> None:
    for hours, decision in ((0, Decision.UNSURE), (2, Decision.REJECT), (1, Decision.ACCEPT)):
        verdicts.record(conn, a_verdict(1, decision, decided_at=NOW + timedelta(hours=hours), by="Ana"))
    verdicts.record(conn, a_verdict(2, Decision.SENSITIVE, campaign_id="forests"))
    assert {article_id: verdict.decision for article_id, verdict in verdicts.latest(conn, "rivers").items()} == {1: Decision.REJECT}
    assert [verdict.decision for verdict in verdicts.history(conn, "rivers", 1)] == ["unsure", "accept", "reject"]
    assert len(verdicts.history(conn, "forests", 2)) == 1


def test_a_later_verdict_loses_no_detail_that_a_person_gave(conn: Connection) -> None:
    full = a_verdict(tone="positive", prominence="lead", key_messages=("b", "a"), headline_en="The river rose", note="seen", by="Mira")
    assert verdicts.record(conn, full) == full
    later = NOW + timedelta(hours=1)
    kept = verdicts.record(conn, a_verdict(decision=Decision.UNSURE, decided_at=later, tone="mixed"))
    assert kept == replace(full, decision=Decision.UNSURE, decided_at=later, tone="mixed", note="", by="")
    assert verdicts.record(conn, a_verdict(decided_at=later, key_messages=())).key_messages == ()
    assert [verdict.tone for verdict in verdicts.history(conn, "rivers", 1)] == ["positive", "mixed", "mixed"]
    assert verdicts.latest(conn, "rivers")[1].headline_en == "The river rose"


def test_of_two_verdicts_of_one_moment_the_later_recorded_counts(conn: Connection) -> None:
    for decision in (Decision.ACCEPT, Decision.REJECT):
        verdicts.record(conn, a_verdict(1, decision))
    assert verdicts.latest(conn, "rivers")[1].decision is Decision.REJECT


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET after = 'x'",
        "UPDATE events SET article_id = 2",
        "UPDATE events SET said_by = 'x'",
        "UPDATE events SET act = 7",
        "DELETE FROM events",
    ],
)
def test_nothing_can_change_or_remove_a_verdict(conn: Connection, change: str) -> None:
    verdicts.record(conn, a_verdict())
    with pytest.raises(DBAPIError, match="what a person said is never"):
        conn.exec_driver_sql(change)


def _withheld(conn: Connection, campaign_id: str) -> list[int]:
    return [entry.article.id for entry in entries.for_campaign(conn, campaign_id) if is_withheld(entry)]


@pytest.mark.parametrize("later", [Decision.ACCEPT, Decision.REJECT, Decision.UNSURE])
def test_an_item_sensitive_in_one_campaign_stays_withheld_whatever_another_says_later(conn: Connection, later: Decision) -> None:
    mentions.save(conn, [a_mention(1), a_mention(1, campaign_id="forests")], NOW)
    verdicts.record(conn, a_verdict(1, Decision.SENSITIVE))
    verdicts.record(conn, a_verdict(1, later, campaign_id="forests", decided_at=NOW + timedelta(days=1)))
    assert [_withheld(conn, name) for name in ("rivers", "forests")] == [[1], [1]]
    assert verdicts.sensitive_articles(conn) == {1}


@pytest.mark.parametrize("first", ["rivers", "forests"])
def test_an_item_sensitive_in_two_campaigns_is_free_when_both_have_taken_it_back(conn: Connection, first: str) -> None:
    mentions.save(conn, [a_mention(1), a_mention(1, campaign_id="forests")], NOW)
    for name in ("rivers", "forests"):
        verdicts.record(conn, a_verdict(1, Decision.SENSITIVE, campaign_id=name))
    second = "forests" if first == "rivers" else "rivers"
    for days, name, withheld in ((1, first, [1]), (2, second, [])):
        verdicts.record(conn, a_verdict(1, Decision.ACCEPT, campaign_id=name, decided_at=NOW + timedelta(days=days)))
        assert [_withheld(conn, campaign) for campaign in ("rivers", "forests")] == [withheld, withheld]


def test_a_copy_is_free_only_by_an_acceptance_after_the_last_campaign_called_its_story_sensitive(conn: Connection) -> None:
    """The copy is accepted between the two campaigns' words: the later one counts, whichever was recorded first."""
    mentions.save(conn, [a_mention(1), a_mention(2), a_mention(1, campaign_id="forests")], NOW)
    stories.replace(conn, "rivers", [Story("s", (1, 2))], NOW)
    verdicts.record(conn, a_verdict(1, Decision.SENSITIVE, decided_at=NOW + timedelta(days=2)))
    verdicts.record(conn, a_verdict(1, Decision.SENSITIVE, campaign_id="forests", decided_at=NOW))
    verdicts.record(conn, a_verdict(2, Decision.ACCEPT, decided_at=NOW + timedelta(days=1)))
    assert _withheld(conn, "rivers") == [1, 2]
    verdicts.record(conn, a_verdict(2, Decision.ACCEPT, decided_at=NOW + timedelta(days=3)))
    assert _withheld(conn, "rivers") == [1]


def test_the_verdict_that_counts_is_the_same_for_a_campaign_and_for_what_is_sensitive(conn: Connection) -> None:
    """Recorded in another order than decided, as a clock that was set back leaves them: the moment of decision comes first."""
    mentions.save(conn, [a_mention(1), a_mention(2)], NOW)
    for article_id, newest, older in ((1, Decision.SENSITIVE, Decision.ACCEPT), (2, Decision.ACCEPT, Decision.SENSITIVE)):
        verdicts.record(conn, a_verdict(article_id, newest, decided_at=NOW + timedelta(days=1)))
        verdicts.record(conn, a_verdict(article_id, older, decided_at=NOW))
    assert {key: said.decision for key, said in verdicts.latest(conn, "rivers").items()} == {1: Decision.SENSITIVE, 2: Decision.ACCEPT}
    assert verdicts.sensitive_articles(conn) == {1}


def test_stories_are_replaced_as_a_whole_and_an_article_is_in_one(conn: Connection) -> None:
    stories.replace(conn, "rivers", [Story("story-1", (1, 2)), Story("story-3", (3,))], NOW)
    stories.replace(conn, "forests", [Story("story-1", (1,))], NOW)
    stories.replace(conn, "rivers", [Story("story-2", (2, 3))], NOW)
    assert stories.for_campaign(conn, "rivers") == [Story("story-2", (2, 3))]
    assert stories.for_campaign(conn, "forests") == [Story("story-1", (1,))]
    assert (stories.key_of(conn, "rivers", 3), stories.key_of(conn, "rivers", 1)) == ("story-2", None)
    with pytest.raises(IntegrityError):
        conn.execute(story_members.update().values(article_id=1, campaign_id="rivers"))


def test_grouping_gets_the_texts_of_mentions_only(conn: Connection) -> None:
    mentions.save(conn, [a_mention(3), a_mention(1), a_mention(2, campaign_id="forests")], NOW)
    assert [text.article_id for text in stories.texts(conn, "rivers", NOW, NOW + timedelta(days=1))] == [1, 3]


def test_entries_hold_all_a_digest_prints(conn: Connection) -> None:
    mentions.save(conn, [a_mention(2), a_mention(1)], NOW)
    mentions.save(conn, [a_mention(3)], NOW + timedelta(days=2))
    stories.replace(conn, "rivers", [Story("story-1", (1, 2))], NOW)
    found = entries.for_campaign(conn, "rivers", found_from=NOW, found_before=NOW + timedelta(days=1))
    assert [(entry.article.id, entry.story_key, entry.outlet.id, entry.verdict) for entry in found] == [
        (1, "story-1", "zeri-i-lumit", None),
        (2, "story-1", "zeri-i-lumit", None),
    ]
    assert [entry.story_key for entry in entries.for_campaign(conn, "rivers", article_ids=[3])] == [""]
    assert entries.for_campaign(conn, "nothing") == []


def test_a_hundred_thousand_articles_are_marked_without_a_row_each(database: Database, conn: Connection) -> None:
    mentions.mark_all_looked(conn, "rivers", "1", through_id=100_000)
    assert conn.exec_driver_sql("SELECT count(*) FROM looks").scalar() == 0
    assert mentions.count_unmatched(conn, "rivers", "1") == 0
