"""What is done every day looks up what it needs: no statement reads a large table from its first row on, but for the look whether indexes
have their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.benchmarks.filled_archive import Filling, fill
from tracker.delivery.letters import LetterWriter, PublishedComposer
from tracker.delivery.mailing import Mailing
from tracker.delivery.recipients import Recipient
from tracker.digests.facts import facts_of_period
from tracker.model import EditionFacts, EditionKind, Fact, InboxFilter, InboxState, Window
from tracker.monitoring import assess, recall
from tracker.pipeline import steps
from tracker.pipeline.issue_edition import IssueOptions, issue
from tracker.review import decisions
from tracker.review.verdict_sheet.exporting import items_for_review
from tracker.store import alerts, entries, inbox, mentions, night_counts, retention
from tracker.store.index_rows import COUNT_OF, IDS_OF, SMALLEST_OF
from tracker.workspace import Parts, read_campaigns, workspace_settings

GROWING = (
    "articles mentions links fetches pages sightings events item_states edition_entries deliveries releases story_members poll_days".split()
)
"""Tables that grow for as long as the tracker runs."""
FEW = "ix_item_states_sensitive"
"""An index that holds the rows asked for and no others: reading all of it is no scan of its table."""
SMALL, LARGE = 400, 1200
FILLING = Filling(SMALL, months=14, known=40)


@dataclass(slots=True)
class Asked:
    """The statements that were run, each with the plan that SQLite has for it."""

    statements: list[str] = field(default_factory=list)
    plans: dict[str, list[str]] = field(default_factory=dict)

    def scans(self) -> list[str]:
        named = re.compile(rf"^SCAN (?:{'|'.join(GROWING)})\b")
        return [
            f"{step}: {statement}"
            for statement, plan in self.plans.items()
            if not statement.startswith((IDS_OF, COUNT_OF, SMALLEST_OF))
            for step in plan
            if named.search(step) and FEW not in step
        ]


@contextmanager
def watching(parts: Parts) -> Iterator[Asked]:
    asked = Asked()

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        asked.statements.append(statement)
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")) and statement not in asked.plans:
            given = parameters[0] if executemany else parameters
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            asked.plans[statement] = [row[3] for row in plan]

    engine = parts.database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def archive(folder: Path, articles: int) -> Parts:
    folder.mkdir()
    fill(folder, Filling(articles, months=FILLING.months, known=FILLING.known))
    return Parts(folder, workspace_settings(folder), lambda: FILLING.end_at)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    parts = archive(tmp_path_factory.mktemp("archives") / "small", SMALL)
    yield parts
    parts.close()


def make(kind: EditionKind) -> Callable[[Parts], object]:
    return lambda parts: issue(parts, read_campaigns(parts.workspace)[0], IssueOptions(kind, FILLING.end_at))


def make_nightly(parts: Parts) -> object:
    (campaign,), end_at = read_campaigns(parts.workspace), FILLING.end_at
    return steps.compose_edition(parts, campaign, EditionKind.NIGHTLY, Window(end_at - timedelta(days=1), end_at), EditionFacts(), end_at)


def facts(parts: Parts) -> object:
    window = Window(FILLING.end_at - timedelta(days=7), FILLING.end_at)
    return facts_of_period(parts.database, read_campaigns(parts.workspace)[0], window, FILLING.end_at)


def recall_known(parts: Parts) -> object:
    return recall.recall(
        parts.database, "digital-safety", [recall.KnownItem("https://a2news.com/never/1"), recall.KnownItem("https://x.example/")]
    )


def preview_letters(parts: Parts) -> object:
    campaigns = read_campaigns(parts.workspace)
    writer = LetterWriter(parts.database, parts.settings, {}, PublishedComposer(parts.database))
    recipients: tuple[Recipient, ...] = ()
    return Mailing(parts.database, parts.workspace / "outbox", parts.settings, campaigns, recipients, writer, parts.clock).preview()


def alert_items(parts: Parts) -> object:
    with parts.database.reading() as conn:
        alerts.watched_since(conn, "digital-safety")
        return entries.for_campaign(conn, "digital-safety", found_from=FILLING.end_at - timedelta(days=28))


def sheet_items(parts: Parts) -> object:
    return items_for_review(parts.database, read_campaigns(parts.workspace), None, decided=False)


def night_of_pages(parts: Parts) -> object:
    with parts.database.reading() as conn:
        return night_counts.of_nights(conn, [FILLING.end_at])


def give_up_texts(parts: Parts) -> object:
    with parts.database.writing() as conn:
        return retention.give_up_texts(conn, FILLING.end_at - timedelta(days=400), FILLING.end_at)


def review(parts: Parts) -> object:
    """A morning at the desk: pages, words on many items, stories merged and split, and all of it taken back."""
    database, by = parts.database, {"by": "Mira", "now": FILLING.end_at}
    with database.reading() as conn:
        places = inbox.page(conn, InboxFilter("digital-safety"), limit=20)
        inbox.page(conn, InboxFilter("digital-safety", InboxState.ALL, country="RS"), after=places[0], limit=20)
        inbox.counts(conn, "digital-safety")
        inbox.outlets_with_items(conn, "digital-safety")
        members = [one for found in inbox.members(conn, "digital-safety", [place.key for place in places]).values() for one in found]
        names = [*mentions.ids_of(conn, "digital-safety", members[:6]).values()]
    decisions.say_many(database, [decisions.Target(name) for name in names], {Fact.VERDICT: "accept", Fact.HEADLINE: "Corrected"}, **by)
    decisions.merge(database, names[:2], **by)
    decisions.split(database, names[:1], **by)
    for _ in range(3):
        decisions.take_back_last(database, **by)
    return decisions.history(database, names[0])


DAILY: dict[str, Callable[[Parts], object]] = {
    "a nightly edition": make_nightly,
    "a weekly edition": make(EditionKind.WEEKLY),
    "a monthly edition": make(EditionKind.MONTHLY),
    "a quarterly edition": make(EditionKind.QUARTERLY),
    "the facts of a period": facts,
    "known coverage": recall_known,
    "letters that would go": preview_letters,
    "items for alerts": alert_items,
    "a sheet for review": sheet_items,
    "a review at the desk": review,
    "the health of the sources": lambda parts: assess.findings(parts.database, FILLING.end_at),
    "the pages of a night": night_of_pages,
    "texts given up": give_up_texts,
}


@pytest.mark.parametrize("work", DAILY.values(), ids=DAILY.keys())
def test_no_daily_work_reads_a_growing_table_from_its_first_row(small: Parts, work: Callable[[Parts], object]) -> None:
    with watching(small) as asked:
        work(small)
    assert asked.plans
    assert asked.scans() == []


def test_a_scan_would_be_noticed(small: Parts) -> None:
    with watching(small) as asked, small.database.reading() as conn:
        conn.exec_driver_sql("SELECT count(*) FROM articles WHERE title = 'x'")
    assert len(asked.scans()) == 1


@pytest.mark.parametrize("kind", [EditionKind.WEEKLY, EditionKind.QUARTERLY])
def test_an_edition_of_a_larger_archive_takes_as_many_statements(tmp_path: Path, kind: EditionKind) -> None:
    counts = []
    for articles in (SMALL, LARGE):
        parts = archive(tmp_path / str(articles), articles)
        with watching(parts) as asked:
            make(kind)(parts)
        counts.append(len(asked.statements))
        parts.close()
    assert counts[0] == counts[1]
