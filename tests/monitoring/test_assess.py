"""Sources, outlets and languages judged from what is stored of their past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.builders import NOW, a_link, a_poll, a_source, an_article, an_outlet, some_facts
from tests.stored import finish_link
from tracker.model import FetchOutcome, Skipped, SkipReason, SourceKind
from tracker.monitoring import assess
from tracker.monitoring.source_health import Health
from tracker.store import articles, frontier, night_counts, paces, pages, registers, runs
from tracker.store.database import Database, open_database
from tracker.store.night_counts import NightCounts
from tracker.store.paces import RepairPoll

ALBANIAN, SERBIAN = ("lumi", "mali", "fusha"), ("reka", "brdo", "polje", "more")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path)
    outlets = [an_outlet(name, name=name.title(), languages=("sq",)) for name in ALBANIAN]
    outlets += [an_outlet(name, name=name.title(), country="RS", languages=("sr",)) for name in SERBIAN]
    with opened.writing() as conn:
        registers.replace(conn, outlets, [a_source(f"{outlet.id}:feed:1") for outlet in outlets], NOW)
    yield opened
    opened.close()


def publish(database: Database, outlet: str, count: int, at: datetime) -> None:
    """Articles of one night."""
    urls = [f"https://{outlet}.example/{at:%m%d}/{number}" for number in range(count)]
    with database.writing() as conn:
        frontier.add(conn, [(url, a_link(url, outlet_id=outlet)) for url in urls], run_id=None, now=at)
        for link in frontier.take(conn, limit=count, now=at):
            facts = some_facts(requested_url=link.url, final_url=link.url, fetched_at=at)
            page_id = finish_link(conn, link.id, facts, run_id=None, body=b"<p>x</p>", content_type="text/html")
            given = {"requested_url": link.url, "canonical_url": link.url, "fetched_at": at, "outlet_id": outlet, "page_id": page_id}
            articles.save(conn, [(an_article(link.id, **given), "", "")], at)


def test_a_language_that_is_lost_is_told_though_each_outlet_is_small(database: Database) -> None:
    for night in range(5):
        for outlet in (*ALBANIAN, *SERBIAN):
            publish(database, outlet, 4, NOW - timedelta(days=5 - night))
    for outlet in SERBIAN:
        publish(database, outlet, 4, NOW)
    publish(database, "lumi", 1, NOW)
    (lost,) = assess.judge_articles(database, NOW)
    assert (lost.source_id, lost.outcome, lost.outlet_name) == ("sq", "lost", "All outlets in Albanian")
    assert lost.detail == "1 article; 12 a night are usual"


def test_an_outlet_whose_links_bring_no_article_any_more_is_named(database: Database) -> None:
    for night in range(5):
        publish(database, "lumi", 8, NOW - timedelta(days=5 - night))
    publish(database, "lumi", 3, NOW)
    urls = [f"https://lumi.example/gone/{number}" for number in range(9)]
    with database.writing() as conn:
        frontier.add(conn, [(url, a_link(url, outlet_id="lumi")) for url in urls], run_id=None, now=NOW)
        for link in frontier.take(conn, limit=9, now=NOW):
            finish_link(conn, link.id, some_facts(FetchOutcome.NOT_FOUND, requested_url=link.url, fetched_at=NOW), run_id=None)
    (lost,) = assess.judge_articles(database, NOW, ["lumi"])
    assert (lost.outlet_name, lost.detail) == ("Lumi", "9 of 12 links brought no article; 0% are usual")


def test_an_ordinary_night_is_no_news(database: Database) -> None:
    for night in range(6):
        for outlet in (*ALBANIAN, *SERBIAN):
            publish(database, outlet, 6 + night % 2, NOW - timedelta(days=5 - night))
    assert assess.judge_articles(database, NOW) == ()


def test_a_night_has_what_came_up_to_its_end_and_not_what_came_with_the_end_of_the_one_before(database: Database) -> None:
    ends = [NOW - timedelta(days=1), NOW]
    start = NOW - timedelta(days=2)
    moments = (start, start + timedelta(seconds=1), ends[0], ends[0] + timedelta(seconds=1), NOW, NOW + timedelta(seconds=1))
    for outlet, at in zip((*ALBANIAN, *SERBIAN), moments, strict=False):
        publish(database, outlet, 2, at)
    with database.writing() as conn:
        for page_id, reason in ((3, SkipReason.TOO_SHORT), (7, SkipReason.BOT_WALL), (8, SkipReason.SAME_PAGE), (11, SkipReason.TOO_SHORT)):
            pages.mark_skipped(conn, page_id, Skipped(reason), NOW)
    with database.reading() as conn:
        found = [{name: (one.read, one.empty) for name, one in night.items() if one.read} for night in night_counts.of_nights(conn, ends)]
    assert found == [{"mali": (2, 1), "fusha": (2, 0)}, {"reka": (2, 1), "brdo": (2, 0)}]


def test_what_changes_while_a_night_is_counted_is_counted_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for night in range(4):
        publish(database, "lumi", 4, NOW - timedelta(days=3 - night))
    count, changes = night_counts.count, iter([False] * 20 + [True])

    def counted(conn: Connection, end_at: datetime) -> dict[str, NightCounts]:
        found = count(conn, end_at)
        if next(changes, False):
            with database.writing() as other:
                pages.mark_skipped(other, 5, Skipped(SkipReason.TOO_SHORT), NOW)
        return found

    monkeypatch.setattr(night_counts, "count", counted)
    assess.keep_counts(database, NOW)
    monkeypatch.undo()
    with database.reading() as conn:
        ends = [NOW.replace(minute=0) + assess.NIGHT_ENDS - timedelta(days=back) for back in (3, 2, 1)]
        assert night_counts.uncounted(conn, ends) == []
        found = night_counts.of_nights(conn, ends)
        assert found == [count(conn, end_at) for end_at in ends]
    assert [night["lumi"].empty for night in found] == [0, 1, 0]


def test_a_night_is_counted_again_only_when_something_came(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[datetime] = []
    count = night_counts.count

    def noting(conn: Connection, end_at: datetime) -> dict[str, NightCounts]:
        counted.append(end_at)
        return count(conn, end_at)

    def judged_as_counted() -> bool:
        assess.keep_counts(database, NOW)
        assess.judge_articles(database, NOW)
        with database.reading() as conn:
            return night_counts.of_nights(conn, [tonight]) == [count(conn, tonight)]

    tonight = NOW.replace(minute=0, second=0, microsecond=0) + assess.NIGHT_ENDS
    monkeypatch.setattr(night_counts, "count", noting)
    publish(database, "lumi", 4, NOW)
    assert judged_as_counted()
    assert counted.count(tonight) == 1
    assert judged_as_counted()
    assert counted.count(tonight) == 1
    publish(database, "fusha", 3, NOW)
    assert judged_as_counted()
    assert counted.count(tonight) == 2


def test_polls_of_a_whole_day_are_judged_as_the_hundred_they_are(database: Database) -> None:
    with database.writing() as conn:
        for number in range(12 * 24, 0, -1):
            outcome = FetchOutcome.FETCHED if number > 30 else FetchOutcome.SERVER_ERROR
            facts = some_facts(outcome, fetched_at=NOW - timedelta(minutes=30 * number))
            registers.record_poll(conn, None, a_poll(source_id="lumi:feed:1", facts=facts, listed=10), new_links=2)
    (fares,) = assess.findings(database, NOW, ["lumi:feed:1"])
    assert (fares.finding.health, fares.finding.failures) == (Health.FAILING, 30)
    (trouble,) = assess.judge_sources(database, NOW, ["lumi:feed:1"])
    assert trouble.outlet_name == "Lumi"
    assert assess.count_unseen(database, [trouble], NOW) == 0
    assert assess.count_unseen(database, [trouble], NOW + timedelta(days=8)) == 1


@pytest.mark.parametrize(
    ("polls", "made_good", "words"),
    [
        ([], False, "no sitemap or section page of it is known to look them up in"),
        ([(FetchOutcome.FETCHED, -2)], True, "made good by its sitemap: 7 more items"),
        ([(FetchOutcome.FETCHED, None)], True, "made good by its sitemap: 7 more items"),
        ([(FetchOutcome.FETCHED, 2)], False, "its sitemap does not reach back that far"),
        ([(FetchOutcome.UNCHANGED, None)], False, "its sitemap lists nothing newer"),
        ([(FetchOutcome.BLOCKED, None), (FetchOutcome.FETCHED, -2)], True, "made good by its sitemap: 7 more items"),
    ],
)
def test_how_a_gap_was_made_good(polls: list[tuple[FetchOutcome, int | None]], made_good: bool, words: str) -> None:
    answers = [
        RepairPoll(SourceKind.SITEMAP, outcome, 30, 7, None if hours is None else NOW + timedelta(hours=hours), NOW)
        for outcome, hours in polls
    ]
    assert assess.repaired_by(NOW, answers) == (made_good, words)


def test_gaps_are_settled_once_with_what_was_done(database: Database) -> None:
    with database.writing() as conn:
        run = runs.start(conn, NOW)
        paces.note_gap(conn, "lumi:feed:1", "lumi", run, NOW - timedelta(days=1), NOW)
    report = assess.settle_gaps(database, run, NOW)
    assert (report.found, report.repaired) == (1, 0)
    assert report.unrepaired[0].detail.startswith("published more since 2026-03-13 02:00 UTC than its feed shows")
    with database.reading() as conn:
        (gap,) = paces.gaps_between(conn, NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert gap.detail == "no sitemap or section page of it is known to look them up in"
