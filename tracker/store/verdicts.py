"""What persons said of mentions: rows are only ever added, and no run touches them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select

from tracker.model import Decision, Verdict
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


def latest(conn: Connection, campaign_id: str) -> dict[int, Verdict]:
    """The verdict that counts, by article."""
    rows = conn.execute(_that_count(verdicts.c.campaign_id == campaign_id))
    return {row.article_id: _verdict(row) for row in rows}


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
    since: dict[int, datetime] = {}
    for row in conn.execute(_that_count()):
        if calls_sensitive(_verdict(row)):
            since[row.article_id] = max(row.decided_at, since.get(row.article_id, row.decided_at))
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


def _that_count(*wanted: ColumnElement[bool]) -> Select[Any]:
    """The newest verdict of each campaign and article, in order of article."""
    newest_first = [column.desc() for column in _ORDER]
    place = func.row_number().over(partition_by=(verdicts.c.campaign_id, verdicts.c.article_id), order_by=newest_first).label("place")
    ranked = select(verdicts, place).where(*wanted).subquery()
    return select(ranked).where(ranked.c.place == 1).order_by(ranked.c.article_id, ranked.c.campaign_id)


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
