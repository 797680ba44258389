"""Editions: frozen once, never repeating, partners behind a person's approval, and a child taken out of all of them."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.builders import NOW
from tests.newsdesk import ABOUT_THE_RIVER, ARTA, HELD, RIVER, Newsdesk, story_page
from tracker.digests import editions
from tracker.digests.facts import facts_of_period
from tracker.digests.periods import days
from tracker.errors import UsageError
from tracker.model import Audience, Campaign, Decision, Digest, EditionFacts, EditionKind, Verdict, Window
from tracker.store import digests, verdicts
from tracker.store.digests import Edition
from tracker.workspace import read_campaigns

WEEK = days(date(2026, 3, 9), date(2026, 3, 16), ZoneInfo("Europe/Tirane"))
NEXT = days(date(2026, 3, 16), date(2026, 3, 23), ZoneInfo("Europe/Tirane"))


def campaign_of(desk: Newsdesk, review: str = "required") -> Campaign:
    (campaign,) = read_campaigns(desk.folder)
    return replace(campaign, review=review)


def make(
    desk: Newsdesk, campaign: Campaign, window: Window = WEEK, kind: EditionKind = EditionKind.WEEKLY, at: timedelta = timedelta(0)
) -> Edition:
    edition, report = editions.make_edition(desk.parts.database, campaign, kind, window, EditionFacts(), NOW + at)
    assert report.adds_up
    return edition


def say(desk: Newsdesk, title: str, decision: Decision, after: timedelta = timedelta(0)) -> None:
    for mention in desk.mentions():
        if any(article.id == mention.article_id and article.title == title for article in desk.articles()):
            with desk.parts.database.writing() as conn:
                verdicts.record(conn, Verdict(mention.campaign_id, mention.article_id, decision, NOW + after))


def shown(desk: Newsdesk, edition: Edition, audience: Audience) -> Digest | None:
    return editions.digest_of(desk.parts.database, edition.id, audience)


def titles(digest: Digest | None) -> list[str]:
    assert digest is not None
    return sorted({entry.article.title for entry in digest.selection.shown})


@pytest.fixture
def matched(grouped: Newsdesk) -> Newsdesk:
    return grouped


def test_staff_read_an_edition_at_once_and_partners_after_a_person_let_it_go(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    edition = make(matched, campaign)
    assert titles(shown(matched, edition, Audience.STAFF)) == sorted([RIVER, ARTA])
    assert shown(matched, edition, Audience.PARTNERS) is None
    say(matched, RIVER, Decision.ACCEPT)
    editions.approve_edition(matched.parts.database, campaign, edition.id, NOW, "Arta", [("sq", "Javë e mirë.")])
    partners = shown(matched, edition, Audience.PARTNERS)
    assert titles(partners) == [RIVER]
    assert partners is not None
    assert (partners.approved_by, partners.sentences) == ("Arta", (("sq", "Javë e mirë."),))


def test_without_a_review_partners_read_it_at_once(matched: Newsdesk) -> None:
    edition = make(matched, campaign_of(matched, "optional"))
    assert titles(shown(matched, edition, Audience.PARTNERS)) == [RIVER]


def test_an_edition_made_twice_is_the_same_edition(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    edition = make(matched, campaign)
    before = shown(matched, edition, Audience.STAFF)
    say(matched, RIVER, Decision.REJECT)
    again = make(matched, campaign, at=timedelta(hours=3))
    assert again == edition
    assert shown(matched, again, Audience.STAFF) == before


def test_partners_get_what_was_accepted_too_late_in_the_next_edition_and_nothing_twice(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    first = make(matched, campaign)
    editions.approve_edition(matched.parts.database, campaign, first.id, NOW)
    assert titles(shown(matched, first, Audience.PARTNERS)) == []
    say(matched, RIVER, Decision.ACCEPT)
    second = make(matched, campaign, NEXT, at=timedelta(days=7))
    editions.approve_edition(matched.parts.database, campaign, second.id, NOW + timedelta(days=7))
    assert titles(shown(matched, second, Audience.PARTNERS)) == [RIVER]
    assert titles(shown(matched, second, Audience.STAFF)) == []
    third = make(matched, campaign, Window(NEXT.end_at, NEXT.end_at + timedelta(days=7)), at=timedelta(days=14))
    editions.approve_edition(matched.parts.database, campaign, third.id, NOW + timedelta(days=14))
    assert titles(shown(matched, third, Audience.PARTNERS)) == []


def test_a_report_repeats_what_weekly_editions_reported(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    make(matched, campaign)
    report = make(matched, campaign, kind=EditionKind.REPORT)
    assert titles(shown(matched, report, Audience.STAFF)) == sorted([RIVER, ARTA])


def test_an_edition_in_which_nothing_was_found_is_an_edition(matched: Newsdesk) -> None:
    empty = make(matched, campaign_of(matched), Window(NOW - timedelta(days=60), NOW - timedelta(days=53)))
    digest = shown(matched, empty, Audience.STAFF)
    assert digest is not None
    assert not digest.selection.shown


def test_what_is_called_sensitive_later_stands_in_no_edition_any_more_and_is_counted(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    say(matched, RIVER, Decision.ACCEPT)
    edition = make(matched, campaign)
    editions.approve_edition(matched.parts.database, campaign, edition.id, NOW)
    say(matched, RIVER, Decision.SENSITIVE, timedelta(hours=1))
    for audience in Audience:
        digest = shown(matched, edition, audience)
        assert RIVER not in titles(digest)
        assert digest is not None
        assert digest.selection.held >= 2  # both outlets that carried it


def test_what_was_taken_back_is_told_in_the_next_edition(matched: Newsdesk) -> None:
    campaign = campaign_of(matched, "optional")
    make(matched, campaign)
    say(matched, RIVER, Decision.REJECT, timedelta(days=1))
    second = make(matched, campaign, NEXT, at=timedelta(days=7))
    digest = shown(matched, second, Audience.PARTNERS)
    assert digest is not None
    assert {one.title for one in digest.withdrawn} == {RIVER}
    third = make(matched, campaign, Window(NEXT.end_at, NEXT.end_at + timedelta(days=7)), at=timedelta(days=14))
    after = shown(matched, third, Audience.PARTNERS)
    assert after is not None
    assert not after.withdrawn


def test_the_change_is_told_against_the_period_before_in_the_readers_own_figures(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    say(matched, RIVER, Decision.ACCEPT)
    first = make(matched, campaign)
    assert shown(matched, first, Audience.STAFF).before is None  # type: ignore[union-attr]
    second = make(matched, campaign, NEXT, at=timedelta(days=7))
    editions.approve_edition(matched.parts.database, campaign, second.id, NOW + timedelta(days=7))
    digest = shown(matched, second, Audience.PARTNERS)
    assert digest is not None
    assert digest.before is not None
    assert digest.before.items == 2
    assert dict(digest.before.by_country) == {"AL": 1, "XK": 1}


def test_an_edition_is_approved_once_and_only_where_there_is_one(matched: Newsdesk) -> None:
    campaign, database = campaign_of(matched), matched.parts.database
    edition = make(matched, campaign)
    editions.approve_edition(database, campaign, edition.id, NOW, "Arta")
    with pytest.raises(UsageError, match="approved by Arta"):
        editions.approve_edition(database, campaign, edition.id, NOW)
    with pytest.raises(UsageError, match="no edition 99"):
        editions.approve_edition(database, campaign, 99, NOW)
    situation = make(matched, campaign, kind=EditionKind.SITUATION)
    with pytest.raises(UsageError, match="staff only"):
        editions.approve_edition(database, campaign, situation.id, NOW)


def test_a_held_item_is_in_no_edition_until_a_person_accepts_it(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    assert HELD not in titles(shown(matched, make(matched, campaign), Audience.STAFF))
    say(matched, HELD, Decision.ACCEPT)
    report = make(matched, campaign, kind=EditionKind.REPORT)
    assert HELD in titles(shown(matched, report, Audience.STAFF))


def test_a_late_find_of_the_week_before_comes_in_the_next_weekly_edition(matched: Newsdesk) -> None:
    campaign = campaign_of(matched, "optional")
    make(matched, campaign)
    matched.published = 50
    matched.publish(story_page("Gjetje e vonuar", ABOUT_THE_RIVER))
    matched.night("extract", "match", "group")
    second = make(matched, campaign, NEXT, at=timedelta(days=7))
    assert titles(shown(matched, second, Audience.STAFF)) == ["Gjetje e vonuar"]


def test_an_edition_of_a_period_says_how_its_sources_were_followed(matched: Newsdesk) -> None:
    facts = facts_of_period(matched.parts.database, campaign_of(matched), WEEK, NOW)
    assert facts.campaign_name == "Clean rivers"
    assert facts.items_looked_at == len(matched.articles())


def test_an_edition_that_was_killed_halfway_is_not_there(matched: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = campaign_of(matched, "optional")
    real = digests.release
    calls = iter(range(9))

    def dying(*arguments: object, **named: object) -> bool:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(digests, "release", dying)
    with pytest.raises(KeyboardInterrupt):
        make(matched, campaign)
    monkeypatch.undo()
    with matched.parts.database.reading() as conn:
        assert digests.every(conn) == []
    edition = make(matched, campaign)
    assert titles(shown(matched, edition, Audience.PARTNERS)) == [RIVER]


def test_with_a_sensitive_item_its_copies_are_held_until_a_person_accepts_them_again(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    say(matched, RIVER, Decision.ACCEPT)
    edition = make(matched, campaign)
    editions.approve_edition(matched.parts.database, campaign, edition.id, NOW)
    one, copy = (article.id for article in matched.articles() if article.title == RIVER)
    with matched.parts.database.writing() as conn:
        verdicts.record(conn, Verdict("rivers", one, Decision.SENSITIVE, NOW + timedelta(hours=1)))
    for audience in Audience:
        assert RIVER not in titles(shown(matched, edition, audience))
    with matched.parts.database.writing() as conn:
        verdicts.record(conn, Verdict("rivers", copy, Decision.ACCEPT, NOW + timedelta(hours=2)))
    partners = shown(matched, edition, Audience.PARTNERS)
    assert partners is not None
    assert [entry.article.id for entry in partners.selection.counted] == [copy]


def test_what_is_kept_back_is_known_by_country_and_what_was_hidden_since_too(matched: Newsdesk) -> None:
    campaign = campaign_of(matched)
    say(matched, RIVER, Decision.ACCEPT)
    edition = make(matched, campaign)
    editions.approve_edition(matched.parts.database, campaign, edition.id, NOW)
    before = shown(matched, edition, Audience.PARTNERS)
    assert before is not None
    gone = before.selection.counted[0]
    with matched.parts.database.writing() as conn:
        verdicts.record(conn, Verdict("rivers", gone.article.id, Decision.SENSITIVE, NOW + timedelta(hours=1)))
    after = shown(matched, edition, Audience.PARTNERS)
    assert after is not None
    for digest in (before, after):
        assert sum(one.held for one in digest.selection.kept_back) == digest.selection.held
        assert sum(one.unreviewed for one in digest.selection.kept_back) == digest.selection.unreviewed
    assert after.selection.held > before.selection.held
    staff = shown(matched, edition, Audience.STAFF)
    assert staff is not None
    assert staff.selection.for_partners is not None


def test_a_rejected_item_is_counted_by_the_first_morning_alone_and_comes_when_it_is_accepted_after_all(matched: Newsdesk) -> None:
    campaign = campaign_of(matched, review="optional")
    say(matched, RIVER, Decision.REJECT)
    morning = Window(NOW - timedelta(days=1), NOW)
    rejected = []
    for day in range(3):
        window, at = Window(morning.start_at + timedelta(days=day), morning.end_at + timedelta(days=day)), timedelta(days=day, hours=1)
        edition = make(matched, campaign, window, EditionKind.NIGHTLY, at)
        digest = shown(matched, edition, Audience.STAFF)
        assert digest is not None
        rejected.append(digest.selection.rejected)
        assert (RIVER in titles(digest)) == (day == 2)
        if day == 1:
            say(matched, RIVER, Decision.ACCEPT, timedelta(days=1, hours=2))
    assert rejected == [2, 0, 0]
