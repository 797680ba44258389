from __future__ import annotations

from datetime import timedelta

from tests.builders import NOW
from tests.newsdesk import ABOUT_THE_RIVER, ARTA, HELD, RIVER, Addresses, Newsdesk, story_page
from tracker.model import Decision, Fact, Verdict
from tracker.monitoring.trace import trace, trace_lines
from tracker.pipeline import pruning
from tracker.review import decisions
from tracker.store import verdicts


def way(desk: Newsdesk, url: str) -> str:
    return "\n".join(trace_lines(desk.parts.database, url, trace(desk.parts.database, url)))


def test_a_mention_shows_its_whole_way(desk: Newsdesk, addresses: Addresses) -> None:
    desk.night("match", "group")
    mention = desk.mention_of(HELD)
    with desk.parts.database.writing() as conn:
        verdicts.record(conn, Verdict("rivers", mention.article_id, Decision.UNSURE, NOW, "ask the lawyer", "Mira"))
    told = way(desk, addresses.held)
    words = [
        "found ",
        "by feed of zeri-i-lumit",
        "asked ",
        "fetched, status 200",
        "kept ",
        "SHA-256",
        f"article   {HELD} [extracted, sq]",
        "published Friday 13 March 2026, 10:00 (Europe/Tirane)",
    ]
    words += [
        f"mention   {mention.id}: rivers, circle campaign [child_case, held back]",
        'river: "',
        "story ",
        "unsure 2026-03-14 02:00 UTC by Mira: ask the lawyer",
    ]
    places = [told.find(word) for word in words]
    assert -1 not in places, [word for word, place in zip(words, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_an_article_that_no_campaign_matches_says_where_it_stopped(desk: Newsdesk, addresses: Addresses) -> None:
    desk.night("match")
    assert "stopped   no campaign matches it" in way(desk, addresses.weather)


def test_an_outlets_own_day_is_told_whatever_the_offset_of_its_date(desk: Newsdesk) -> None:
    desk.published = 50
    late = desk.publish(story_page("Natën vonë", ABOUT_THE_RIVER, published="2026-03-12T23:30:00Z"))[0]
    day = desk.publish(story_page("Pa orë", ABOUT_THE_RIVER, published="2026-03-12"), outlet="fjala-e-malit")[0]
    desk.night("extract", "match")
    assert "published Friday 13 March 2026, 00:30 (Europe/Tirane)" in way(desk, late)
    assert "published Thursday 12 March 2026\n" in way(desk, day)


def test_a_text_that_was_given_up_says_when_and_why(desk: Newsdesk, addresses: Addresses) -> None:
    desk.night("match")
    assert "given up" not in way(desk, addresses.weather)
    pruning.prune_texts(desk.parts.database, NOW + timedelta(days=1), NOW + timedelta(days=400))
    assert "given up  its text, 2027-04-18 02:00 UTC, as no campaign had matched it (keep.texts_days)" in way(desk, addresses.weather)
    assert "given up" not in way(desk, addresses.river)


def test_a_skipped_page_a_second_address_and_a_refused_one_say_why(desk: Newsdesk, addresses: Addresses) -> None:
    assert "stopped   no article: unreadable" in way(desk, addresses.nothing)
    assert "stopped   no article: same_page" in way(desk, addresses.held_again)
    assert "blocked, status 403 (the server refuses us)" in way(desk, addresses.blocked)
    refused = way(desk, addresses.refused)
    assert "robots_refused (robots.txt asks us not to)" in refused
    assert "kept" not in refused


def test_an_address_may_be_spelt_in_another_way(desk: Newsdesk, addresses: Addresses) -> None:
    assert ARTA in way(desk, addresses.arta + "?utm_source=mail#top")
    assert RIVER in way(desk, addresses.river.replace("https://zeri", "HTTPS://ZERI"))


def test_an_unknown_address_was_never_seen_and_it_is_said_whether_its_outlet_is_watched(desk: Newsdesk) -> None:
    assert way(desk, "https://zeri-i-lumit.example/tjeter").endswith(
        "never seen. Its outlet is watched (Zëri i Lumit), but no source named this address."
    )
    assert way(desk, "https://stranger.example/a").endswith("never seen. No outlet of the register has this domain.")


def test_what_is_no_address_was_never_seen(desk: Newsdesk) -> None:
    for nonsense in ("", "not an address", "http://[bad", "javascript:alert(1)", "http://" + "a" * 5000, "\0"):
        assert "never seen" in way(desk, nonsense)


def test_what_was_taken_back_and_corrected_is_told_with_who_and_when(desk: Newsdesk, addresses: Addresses) -> None:
    desk.night("match", "group")
    database, mention = desk.parts.database, desk.mention_of(ARTA)
    later = NOW + timedelta(hours=1)
    decisions.say(database, mention.id, {Fact.VERDICT: "reject"}, by="Mira", now=NOW)
    decisions.say(database, mention.id, {Fact.HEADLINE: "A year of work"}, by="Bojan", now=NOW)
    decisions.take_back_last(database, by="Mira", now=later)
    told = way(desk, addresses.arta)
    assert "corrected headline A year of work 2026-03-14 02:00 UTC by Bojan (rivers)" in told
    assert "undone    2026-03-14 03:00 UTC by Mira: verdict reject of 2026-03-14 02:00 UTC by Mira" in told
    assert "verdict   reject" not in told
