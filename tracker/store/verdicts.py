"""What persons said of mentions: rows are only ever added, and no run touches them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from tracker.model import Decision, Verdict
from tracker.store.schema.tables import verdicts


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
    """The word that counts, by article."""
    order = (verdicts.c.decided_at.desc(), verdicts.c.id.desc())
    place = func.row_number().over(partition_by=verdicts.c.article_id, order_by=order).label("place")
    ranked = select(verdicts, place).where(verdicts.c.campaign_id == campaign_id).subquery()
    rows = conn.execute(select(ranked).where(ranked.c.place == 1).order_by(ranked.c.article_id))
    return {row.article_id: _verdict(row) for row in rows}


def history(conn: Connection, campaign_id: str, article_id: int) -> list[Verdict]:
    """Every word said of an article, oldest first."""
    wanted = (verdicts.c.campaign_id == campaign_id) & (verdicts.c.article_id == article_id)
    return [_verdict(row) for row in conn.execute(select(verdicts).where(wanted).order_by(verdicts.c.decided_at, verdicts.c.id))]


def every(conn: Connection) -> list[Verdict]:
    """Every word in every campaign, in the order they were recorded."""
    return [_verdict(row) for row in conn.execute(select(verdicts).order_by(verdicts.c.id))]


def sensitive_articles(conn: Connection) -> frozenset[int]:
    """Articles that a person's newest word calls sensitive, in whichever campaign it was said and whether or not it still matches."""
    return frozenset(sensitive_since(conn))


def sensitive_since(conn: Connection) -> dict[int, datetime]:
    """Articles that a person's newest word calls sensitive, and since when."""
    newest = {(verdict.campaign_id, verdict.article_id): verdict for verdict in every(conn)}
    return {article_id: verdict.decided_at for (_, article_id), verdict in newest.items() if verdict.decision is Decision.SENSITIVE}


def newest_id(conn: Connection) -> int:
    """A number that grows with every word."""
    return int(conn.execute(select(func.coalesce(func.max(verdicts.c.id), 0))).scalar_one())


def follow(conn: Connection, old_article_id: int, new_article_id: int) -> int:
    """When an article is merged into another, what was said of it is said of the other. Returns how many verdicts moved; what each
    was first given for stays on record."""
    moved = update(verdicts).where(verdicts.c.article_id == old_article_id).values(article_id=new_article_id)
    return conn.execute(moved).rowcount


def with_details(verdict: Verdict, before: Verdict) -> Verdict:
    """A new word with what it says nothing of as the word before has it."""
    return replace(
        verdict,
        tone=verdict.tone or before.tone,
        prominence=verdict.prominence or before.prominence,
        key_messages=before.key_messages if verdict.key_messages is None else verdict.key_messages,
        headline_en=verdict.headline_en or before.headline_en,
    )


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
