"""What an edition has still to tell of, asked of the database and held against the plain definition: whatever persons say in whatever
order, whenever items come, and however the clock steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.builders import NOW, a_mention, a_verdict, an_article
from tests.conftest import some_of_them
from tracker.model import Audience, Decision, Fact, ReleaseFacts, Selection, Window
from tracker.store import articles, digests, entries, events, mentions, verdicts
from tracker.store.database import Database
from tracker.store.entries import Unreported
from tracker.store.events import Act, Subject
from tracker.visibility import is_rejected

ARTICLES = (1, 2, 3)
KINDS = ("nightly", "weekly")
LATER = NOW + timedelta(days=1000)
_campaigns = itertools.count()


@pytest.fixture
def filled(database: Database) -> Iterator[Connection]:
    with database.writing() as conn:
        articles.save(conn, [(an_article(number), "", "") for number in ARTICLES], NOW)
        yield conn


@dataclass
class Archive:
    """A campaign of its own in the database, and what is known of it beside."""

    conn: Connection
    now: datetime = NOW
    campaign_id: str = field(default_factory=lambda: f"rivers-{next(_campaigns)}")
    found_at: dict[int, datetime] = field(default_factory=dict)
    released_at: dict[tuple[str, Audience], datetime] = field(default_factory=dict)
    shown: dict[tuple[str, Audience], set[int]] = field(default_factory=dict)
    made: int = 0

    def find(self, number: int) -> None:
        mentions.save(self.conn, [a_mention(number, self.campaign_id)], self.now)
        self.found_at.setdefault(number, self.now)

    def lose(self, number: int) -> None:
        mentions.remove(self.conn, self.campaign_id, [number])
        self.found_at.pop(number, None)

    def say(self, number: int, decision: Decision) -> None:
        verdicts.record(self.conn, a_verdict(number, decision, self.campaign_id, decided_at=self.now))

    def take_back(self, number: int) -> None:
        said = [one for one in self.said(number) if one.takes_back is None]
        Act(self.conn, at=self.now).take_back(said[-1:])

    def said(self, number: int) -> list[events.Event]:
        return [one for one in events.of_subject(self.conn, Subject(self.campaign_id, number)) if one.fact is Fact.VERDICT]

    def release(self, kind: str, audience: Audience) -> None:
        told = [one for one in self.asked(kind, audience) if not is_rejected(one)]
        window = Window(NOW + timedelta(seconds=self.made), NOW + timedelta(seconds=self.made + 1))
        self.made += 1
        edition = digests.freeze(self.conn, self.campaign_id, kind, window, made_at=self.now)
        digests.release(self.conn, edition.id, audience, Selection(counted=tuple(told)), ReleaseFacts(), self.now)
        self.shown.setdefault((kind, audience), set()).update(one.article.id for one in told)
        self.released_at[kind, audience] = max(self.now, self.released_at.get((kind, audience), self.now))

    def asked(self, kind: str, audience: Audience) -> list[entries.Entry]:
        since = digests.last_release(self.conn, self.campaign_id, kind, audience, LATER)
        assert since == self.released_at.get((kind, audience))
        return entries.standings(self.conn, self.campaign_id, unreported=Unreported(kind, audience, since))

    def expected(self, kind: str, audience: Audience) -> list[int]:
        since, shown = self.released_at.get((kind, audience)), self.shown.get((kind, audience), set())
        return [
            one.article.id
            for one in entries.standings(self.conn, self.campaign_id)
            if one.article.id not in shown
            and (
                since is None
                or not is_rejected(one)
                or self.found_at[one.article.id] >= since
                or any(event.said_at >= since for event in self.said(one.article.id))
            )
        ]


STEPS = st.one_of(
    st.tuples(st.sampled_from(["find", "find", "lose", "take_back"]), st.sampled_from(ARTICLES)),
    st.tuples(st.just("say"), st.sampled_from(ARTICLES), st.sampled_from([Decision.REJECT, Decision.REJECT, *Decision])),
    st.tuples(st.just("release"), st.sampled_from(KINDS), st.sampled_from(Audience)),
)
HOURS = st.sampled_from([0, 1, 6, 24, -2, -30])
"""Between two steps; of late the clock was set back."""


@settings(max_examples=some_of_them(0.5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(STEPS, HOURS), min_size=3, max_size=14))
def test_what_is_unreported_is_what_the_plain_definition_says(filled: Connection, done: list[tuple[tuple[object, ...], int]]) -> None:
    archive = Archive(filled)
    for (name, *about), hours in done:
        archive.now += timedelta(hours=hours)
        getattr(archive, str(name))(*about)
        for kind, audience in itertools.product(KINDS, Audience):
            asked = [one.article.id for one in archive.asked(kind, audience)]
            assert asked == archive.expected(kind, audience)
            plain = entries.unreported(filled, archive.campaign_id, Unreported(kind, audience), ARTICLES)
            assert {*asked} <= plain == archive.found_at.keys() - archive.shown.get((kind, audience), set())


def test_an_item_that_waited_for_an_edition_and_was_rejected_after_it_is_counted_by_the_next_alone(filled: Connection) -> None:
    archive, told = Archive(filled), []
    archive.find(1)
    for day in range(1, 5):
        archive.now = NOW + timedelta(days=day)
        if day == 3:
            archive.say(1, Decision.REJECT)
        told.append([one.article.id for one in archive.asked("nightly", Audience.STAFF)])
        window = Window(archive.now, archive.now + timedelta(seconds=1))
        edition = digests.freeze(filled, archive.campaign_id, "nightly", window, made_at=archive.now)
        archive.now += timedelta(minutes=1)
        digests.release(filled, edition.id, Audience.STAFF, Selection(), ReleaseFacts(), archive.now)  # held: it is in none
        archive.released_at["nightly", Audience.STAFF] = archive.now
    assert told == [[1], [1], [1], []]
