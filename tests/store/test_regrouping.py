"""Stories that are decided again by a person's correction, and texts that appeared before, in real databases of both kinds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from tests.builders import NOW, a_mention, an_article, an_outlet
from tests.stories.test_grouping import invented
from tracker.digests.forms.chain import Chain
from tracker.locale.wording import wording
from tracker.model import Decision, EarlierText, Entry, Fact, Precision, Published
from tracker.pipeline import earlier_texts
from tracker.pipeline.page_pool import PageReading
from tracker.pipeline.readings import save_readings
from tracker.pipeline.steps import group_by_id
from tracker.store import articles, entries, events, mentions, packing, registers, regroupings, stories, story_parts, text_prints
from tracker.store.database import Database
from tracker.store.schema.articles import articles as article_rows
from tracker.stories.prints import prints_of
from tracker.text.folding import fold

CAMPAIGN = "rivers"
DAY = timedelta(days=1)
BODY = invented(1, 120)


def store(database: Database, *items: tuple[str, str, datetime | None], mentioned: bool = True) -> None:
    """Articles of (outlet, text, time), numbered from the next on; each with a mention of the campaign."""
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(), an_outlet("fjala")], [], NOW)
        first = len([*articles.iterate(conn)]) + 1
        for number, (outlet, body, at) in enumerate(items, first):
            url = f"https://{outlet}.example/lajme/{number}"
            published = Published(at, Precision.MINUTE) if at else None
            article = an_article(
                number, outlet_id=outlet, canonical_url=url, requested_url=url, title=f"T {number}", body=body, published=published
            )
            articles.save(conn, [(article, f"t {number}", body)], NOW)
        if mentioned:
            mentions.save(conn, [a_mention(number) for number in range(first, first + len(items))], NOW)


def say(database: Database, article_id: int, words: dict[Fact, object]) -> None:
    with database.writing() as conn:
        events.Act(conn, at=NOW).say(events.Subject(CAMPAIGN, article_id), words)  # type: ignore[arg-type]


def grouped(database: Database) -> set[tuple[int, ...]]:
    group_by_id(database, CAMPAIGN, NOW)
    with database.reading() as conn:
        return {story.article_ids for story in stories.for_campaign(conn, CAMPAIGN)}


def before(database: Database) -> dict[int, int | None]:
    with database.reading() as conn:
        rows = conn.exec_driver_sql("SELECT article_id, before_article_id FROM story_members").all()
        return {int(row[0]): row[1] for row in rows}


def test_a_corrected_day_takes_a_copy_out_of_its_story_and_the_true_one_back_into_it(database: Database) -> None:
    store(database, ("zeri-i-lumit", BODY, NOW), ("fjala", BODY, NOW + timedelta(hours=2)))
    assert grouped(database) == {(1, 2)}
    say(database, 2, {Fact.PUBLISHED: (NOW - 90 * DAY).date().isoformat()})
    assert grouped(database) == {(1,), (2,)}
    assert before(database)[1] == 2
    with database.writing() as conn:
        (word,) = [event for event in events.of_subject(conn, events.Subject(CAMPAIGN, 2)) if event.fact is Fact.PUBLISHED]
        events.Act(conn, at=NOW).take_back([word])
    assert grouped(database) == {(1, 2)}
    with database.reading() as conn:
        assert regroupings.waiting(conn, CAMPAIGN) == {}


def test_a_corrected_outlet_has_the_parts_decided_again(database: Database) -> None:
    form = invented(9, 60)
    store(database, *[("zeri-i-lumit", f"{invented(seed, 60)} {form}", NOW + seed * DAY) for seed in range(2, 6)], ("fjala", BODY, NOW))
    grouped(database)
    say(database, 5, {Fact.OUTLET: "zeri-i-lumit"})
    with database.reading() as conn:
        assert regroupings.waiting(conn, CAMPAIGN).keys() == {5}
        assert len(story_parts.moments_undecided(conn, CAMPAIGN)) == 1
        assert {text.outlet_id for text in stories.texts(conn, CAMPAIGN, NOW - DAY, NOW + 9 * DAY)} == {"zeri-i-lumit"}
    grouped(database)
    with database.reading() as conn:
        assert len(story_parts.moments_undecided(conn, CAMPAIGN)) == 0


def test_a_correction_made_while_grouping_runs_waits_for_the_next(database: Database) -> None:
    store(database, ("zeri-i-lumit", BODY, NOW))
    grouped(database)
    say(database, 1, {Fact.OUTLET: "fjala"})
    with database.reading() as conn:
        seen = regroupings.waiting(conn, CAMPAIGN)
    say(database, 1, {Fact.PUBLISHED: NOW.date().isoformat()})
    with database.writing() as conn:
        regroupings.done(conn, CAMPAIGN, seen)
        assert regroupings.waiting(conn, CAMPAIGN).keys() == {1}


def test_parts_that_are_decided_do_not_touch_what_stands_beside_the_mention(database: Database) -> None:
    store(database, ("zeri-i-lumit", BODY, NOW))
    grouped(database)
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE mentions SET group_key = 'seen'")
        conn.exec_driver_sql("UPDATE story_members SET role = 'own_words'")
        assert conn.exec_driver_sql("SELECT group_key FROM mentions").scalar() == "seen"
        conn.exec_driver_sql("UPDATE story_members SET story_key = story_key")
        assert conn.exec_driver_sql("SELECT group_key FROM mentions").scalar() == "story-1"


@pytest.mark.parametrize("mentioned", [True, False])
def test_a_text_of_months_ago_is_found_whether_the_campaign_knows_it_or_not(database: Database, mentioned: bool) -> None:
    store(database, ("fjala", BODY, NOW - 300 * DAY), ("fjala", invented(3, 120), NOW - 200 * DAY), mentioned=mentioned)
    grouped(database)
    store(database, ("zeri-i-lumit", f"{BODY} {invented(4, 10)}", NOW), ("zeri-i-lumit", invented(5, 120), NOW))
    grouped(database)
    assert {one: earlier for one, earlier in before(database).items() if one > 2} == {3: 1, 4: None}


def test_a_text_found_later_that_is_older_is_told_of_the_newer_when_its_story_is_decided_again(database: Database) -> None:
    store(database, ("zeri-i-lumit", BODY, NOW))
    grouped(database)
    store(database, ("fjala", BODY, NOW - 300 * DAY))
    grouped(database)
    assert before(database) == {1: 2, 2: None}


def test_a_text_that_was_given_up_is_known_by_its_prints(database: Database) -> None:
    store(database, ("fjala", BODY, NOW - 500 * DAY), mentioned=False)
    grouped(database)
    with database.writing() as conn:
        conn.execute(article_rows.update().values(body=packing.pack_text(""), given_up_at=NOW))
    store(database, ("zeri-i-lumit", BODY, NOW))
    grouped(database)
    assert before(database) == {2: 1}


def test_figures_in_the_words_of_every_day_and_columns_did_not_appear_before(database: Database) -> None:
    form = invented(8, 90)
    day = [f"{form} {' '.join(str(1000 * number + 7 * one) for number in range(1, 10))}" for one in (1, 2)]
    store(database, ("fjala", day[0], NOW - 100 * DAY), ("zeri-i-lumit", day[1], NOW))
    grouped(database)
    assert before(database) == {1: None, 2: None}


def test_reading_that_was_killed_goes_on_behind_the_last_text(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    store(database, *[("fjala", invented(seed, 60), NOW) for seed in range(5)])
    monkeypatch.setattr(earlier_texts, "TEXTS_AT_ONCE", 2)
    assert earlier_texts.read_texts(database, most=2) == 2
    assert earlier_texts.read_texts(database) == 3
    assert earlier_texts.read_texts(database) == 0
    with database.reading() as conn:
        assert text_prints.read_up_to(conn) == 5
        assert text_prints.holders(conn, prints_of([invented(4, 60)])[0]).most_common(1)[0] == (5, 8)


def test_a_phrase_of_many_texts_is_entered_for_the_first_of_them_only(conn: Connection) -> None:
    for number in range(1, text_prints.MOST_HOLDERS + 20):
        text_prints.add(conn, {number: (7, 1000 + number)})
    assert len(text_prints.holders(conn, [7])) == text_prints.MOST_HOLDERS
    assert text_prints.holders(conn, [1000 + text_prints.MOST_HOLDERS + 10]).total() == 1


def named(database: Database) -> bool:
    with database.reading() as conn:
        (entry,) = entries.for_campaign(conn, CAMPAIGN, article_ids=[2])
    assert entry.before is not None
    assert (entry.before.article_id, entry.before.outlet_name) == (1, "Zëri i Lumit")
    return entry.before.may_be_named


def test_an_earlier_text_that_is_no_item_may_be_named_and_one_that_waits_for_a_person_may_not(database: Database) -> None:
    store(database, ("fjala", BODY, NOW - 300 * DAY), mentioned=False)
    store(database, ("zeri-i-lumit", BODY, NOW))
    grouped(database)
    assert named(database)
    with database.writing() as conn:
        mentions.save(conn, [a_mention(1, "another")], NOW)
    assert not named(database)
    for decision, expected in ((Decision.REJECT, False), (Decision.ACCEPT, True), (Decision.SENSITIVE, False)):
        with database.writing() as conn:
            events.Act(conn, at=NOW).say(events.Subject("another", 1), {Fact.VERDICT: str(decision)})
        assert named(database) is expected


def test_an_edition_names_outlet_and_day_of_an_earlier_text_only_where_it_may() -> None:
    words = wording("en")
    for may in (True, False):
        earlier = EarlierText(1, "fjala", "https://fjala.example/1", "2025-05-15", "Fjala", may)
        said = Chain([]).of(Entry(a_mention(2), an_article(2), an_outlet(), "story-2", before=earlier), words)
        assert ("Fjala" in said) is bool(said) is may


def entered_prints(database: Database) -> set[tuple[int, int]]:
    with database.reading() as conn:
        return {(row[0], row[1]) for row in conn.exec_driver_sql("SELECT print, article_id FROM text_prints").all()}


def save_pages(database: Database, *numbered: tuple[int, str]) -> None:
    """As the step extract saves what the workers read; a number is a page's and its article's."""
    made = [an_article(number, page_id=0, canonical_url=f"https://fjala.example/{number}", body=body) for number, body in numbered]
    page = packing.StoredPage(1, 1, "zeri-i-lumit", "", "", "", b"", NOW)
    readings = [PageReading(page, one, "t", fold(one.body), *prints_of([one.body])) for one in made]
    save_readings(database, readings, NOW)


def test_texts_are_read_as_they_are_stored_and_those_that_came_another_way_with_them(database: Database) -> None:
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(), an_outlet("fjala")], [], NOW)
    save_pages(database, (1, invented(1, 60)), (2, invented(2, 60)))
    store(database, ("fjala", invented(3, 60), NOW), mentioned=False)  # a channel's item: nobody gave its prints
    save_pages(database, (4, invented(4, 60)))
    at_once = entered_prints(database)
    assert earlier_texts.read_texts(database) == 0
    with database.writing() as conn:
        conn.exec_driver_sql("DELETE FROM text_prints")
    assert earlier_texts.read_texts(database) == 4
    assert entered_prints(database) == at_once
    assert {number for _, number in at_once} == {1, 2, 3, 4}


def test_of_an_archive_that_was_there_before_no_text_is_passed_over(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier_texts, "FEW_UNREAD", 2)
    store(database, *[("fjala", invented(seed, 60), NOW) for seed in range(3)], mentioned=False)
    save_pages(database, (4, invented(4, 60)))
    assert earlier_texts.read_texts(database) == 4
    assert earlier_texts.read_texts(database) == 0
