"""What persons said of mentions: rows are only ever added, and no run touches them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text

from tracker.model import Decision, Verdict
from tracker.store.batches import chunks
from tracker.store.schema.people import verdicts
from tracker.visibility import calls_sensitive


def record(conn: Connection, verdict: Verdict) -> Verdict:
    """Adds a person's word; the newest one of a campaign and article counts. A detail it says nothing of (tone, prominence, key
    messages, translation) is carried over from the word before, so that a later `accept` loses none. Returns it as it now stands."""
    said = history(conn, verdict.campaign_id, verdict.article_id)
    verdict = with_details(verdict, said[-1]) if said else verdict
    values = {
        "campaign_id": verdict.campaign_id,
        "article_id": verdict.article_id,
        "decision": str(verdict.decision),
        "note": verdict.note,
        "decided_by": verdict.by,
        "decided_at": verdict.decided_at,
        "tone": verdict.tone,
        "prominence": verdict.prominence,
        "key_messages": None if verdict.key_messages is None else " ".join(verdict.key_messages),
        "headline_en": verdict.headline_en,
        "given_article_id": verdict.article_id,
    }
    conn.execute(insert(verdicts).values(values))
    return verdict


def latest(conn: Connection, campaign_id: str, article_ids: Collection[int] | None = None) -> dict[int, Verdict]:
    """The verdict that counts, by article (of these articles; None: of all)."""
    mine = select(verdicts).where(verdicts.c.campaign_id == campaign_id).order_by(verdicts.c.article_id, *_ORDER)
    batches = [mine] if article_ids is None else [mine.where(verdicts.c.article_id.in_(batch)) for batch in chunks(article_ids)]
    rows = {row.article_id: row for statement in batches for row in conn.execute(statement)}  # the last of each article stays
    return {article_id: _verdict(row) for article_id, row in rows.items()}


def decided_between(conn: Connection, campaign_id: str, start_at: datetime, end_at: datetime) -> list[int]:
    """Articles of the campaign on which a person has said something in [start_at, end_at), in order."""
    at = verdicts.c.decided_at
    wanted = select(verdicts.c.article_id).where(verdicts.c.campaign_id == campaign_id, at >= start_at, at < end_at)
    return sorted({*conn.execute(wanted).scalars()})


def history(conn: Connection, campaign_id: str, article_id: int) -> list[Verdict]:
    """Every word said of an article, oldest first."""
    wanted = (verdicts.c.campaign_id == campaign_id) & (verdicts.c.article_id == article_id)
    return [_verdict(row) for row in conn.execute(select(verdicts).where(wanted).order_by(*_ORDER))]


def sensitive_articles(conn: Connection) -> frozenset[int]:
    """Articles that some campaign's newest verdict calls sensitive, whether or not they still match."""
    return frozenset(sensitive_since(conn))


def sensitive_since(conn: Connection) -> dict[int, datetime]:
    """Articles that some campaign's newest verdict calls sensitive, and when the last of these campaigns said so. What another
    campaign says of the article frees nothing: only a newer verdict of the same campaign does."""
    said = text("decision = 'sensitive'")  # spelt out, else the partial index is not used
    asked: dict[str, list[int]] = {}
    for row in conn.execute(select(verdicts.c.campaign_id, verdicts.c.article_id).where(said).distinct()):
        asked.setdefault(row.campaign_id, []).append(row.article_id)
    since: dict[int, datetime] = {}
    for campaign_id, article_ids in asked.items():
        for article_id, verdict in latest(conn, campaign_id, article_ids).items():
            if calls_sensitive(verdict):
                since[article_id] = max(verdict.decided_at, since.get(article_id, verdict.decided_at))
    return since


def newest_id(conn: Connection) -> int:
    """A number that grows with every word."""
    return int(conn.execute(select(func.coalesce(func.max(verdicts.c.id), 0))).scalar_one())


def with_details(verdict: Verdict, before: Verdict) -> Verdict:
    """A new word with what it says nothing of as the word before has it."""
    return replace(
        verdict,
        tone=verdict.tone or before.tone,
        prominence=verdict.prominence or before.prominence,
        key_messages=before.key_messages if verdict.key_messages is None else verdict.key_messages,
        headline_en=verdict.headline_en or before.headline_en,
    )


_ORDER = (verdicts.c.decided_at, verdicts.c.id)
"""The later decided counts; of two decided at one moment the later recorded."""


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(
        campaign_id=row.campaign_id,
        article_id=row.article_id,
        decision=Decision(row.decision),
        decided_at=row.decided_at,
        note=row.note,
        by=row.decided_by,
        tone=row.tone,
        prominence=row.prominence,
        key_messages=None if row.key_messages is None else tuple(row.key_messages.split()),
        headline_en=row.headline_en,
    )
