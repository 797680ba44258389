"""What persons decided on mentions, read from their events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from tracker.model import Fact, Value, Verdict
from tracker.store import events, item_states
from tracker.store.events import Act, Subject
from tracker.store.item_states import sensitive_since
from tracker.store.replay import verdict_of, verdicts_of

__all__ = [
    "decided_between",
    "facts_of",
    "history",
    "latest",
    "newest_id",
    "record",
    "sensitive_articles",
    "sensitive_since",
    "with_details",
]

newest_id = events.newest_id


def record(conn: Connection, verdict: Verdict, *, via: str = "") -> Verdict:
    """Adds a person's word; the newest one of a campaign and article counts. A detail it says nothing of (tone, prominence, key
    messages, translation) stays as it is, so that a later `accept` loses none. Returns it as it now stands."""
    before = latest(conn, verdict.campaign_id, [verdict.article_id]).get(verdict.article_id)
    Act(conn, at=verdict.decided_at, by=verdict.by, via=via).say(Subject(verdict.campaign_id, verdict.article_id), facts_of(verdict))
    return verdict if before is None else with_details(verdict, before)


def facts_of(verdict: Verdict) -> dict[Fact, Value]:
    """What a verdict says, fact by fact. Its note and its reason belong to it, so an empty one takes the one before away."""
    said: dict[Fact, Value] = {
        Fact.VERDICT: str(verdict.decision),
        Fact.REASON: verdict.reason or None,
        Fact.NOTE: verdict.note or None,
    }
    given: dict[Fact, Value] = {
        Fact.TONE: verdict.tone and str(verdict.tone),
        Fact.PROMINENCE: verdict.prominence and str(verdict.prominence),
        Fact.HEADLINE_EN: verdict.headline_en,
        Fact.PICTURE: verdict.picture,
        Fact.TAGS: verdict.tags,
        Fact.STAR: verdict.starred,
    }
    lists: dict[Fact, Value] = {Fact.KEY_MESSAGES: verdict.key_messages, Fact.QUOTES: verdict.quotes}
    return (
        said | {fact: value for fact, value in given.items() if value} | {fact: value for fact, value in lists.items() if value is not None}
    )


def latest(conn: Connection, campaign_id: str, article_ids: Collection[int] | None = None) -> dict[int, Verdict]:
    """The verdict that counts, by article (of these articles; None: of all)."""
    if article_ids is None:
        found = {state.article_id: verdict_of(state) for state in item_states.decided(conn, campaign_id)}
    else:
        found = {article_id: verdict_of(state) for article_id, state in item_states.many(conn, campaign_id, article_ids).items()}
    return {article_id: verdict for article_id, verdict in found.items() if verdict is not None}


def decided_between(conn: Connection, campaign_id: str, start_at: datetime, end_at: datetime) -> dict[int, datetime]:
    """Articles of the campaign on which a person decided, or took a decision back, in [start_at, end_at); and when last."""
    return events.said_between(conn, campaign_id, [Fact.VERDICT], start_at, end_at)


def history(conn: Connection, campaign_id: str, article_id: int) -> list[Verdict]:
    """Every verdict on an article that was not taken back, oldest first."""
    return verdicts_of(campaign_id, article_id, events.of_subject(conn, Subject(campaign_id, article_id)))


def sensitive_articles(conn: Connection) -> frozenset[int]:
    """Articles that some campaign's newest verdict calls sensitive, whether or not they still match."""
    return frozenset(sensitive_since(conn))


def with_details(verdict: Verdict, before: Verdict) -> Verdict:
    """A new word with what it says nothing of as the word before has it."""
    return replace(
        verdict,
        tone=verdict.tone or before.tone,
        prominence=verdict.prominence or before.prominence,
        key_messages=before.key_messages if verdict.key_messages is None else verdict.key_messages,
        headline_en=verdict.headline_en or before.headline_en,
        quotes=before.quotes if verdict.quotes is None else verdict.quotes,
        picture=verdict.picture or before.picture,
        tags=verdict.tags or before.tags,
        starred=verdict.starred or before.starred,
    )
