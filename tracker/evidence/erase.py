"""An item erased for ever, in somebody's name and for a reason. What stays is a receipt: its hash, and the day whose root holds it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from tracker.errors import UsageError
from tracker.evidence.days import seal_items
from tracker.model import Fact
from tracker.store import erasing, evidence, mentions, verdicts
from tracker.store.database import Database
from tracker.store.events import Act, Subject
from tracker.store.lock import RunLock
from tracker.workspace import Parts


class Receipt(Struct, frozen=True):
    """`leaf`: the hash of its record, in hex; `day`: of the root that holds it, empty while its day has not ended. `gone`: what went."""

    item: int
    leaf: str
    day: str
    erased_at: datetime
    by: str
    reason: str
    gone: tuple[tuple[str, int], ...]


def erase_alone(parts: Parts, mention_id: str, *, by: str, reason: str) -> Receipt:
    """`erase_item` while no night is at work, which might bring the item's page again. Raises RunLocked while one is."""
    with RunLock(parts.workspace, parts.settings.database.url).acquire():
        return erase_item(parts.database, mention_id, by=by, reason=reason, now=parts.clock())


def erase_item(database: Database, mention_id: str, *, by: str, reason: str, now: datetime, via: str = "command") -> Receipt:
    """Erases the contents of an item in all campaigns. Raises UsageError where there is none, where it was erased before, and where nobody
    has called it sensitive: then it may still be on its way to readers."""
    with database.reading() as conn:
        mention = mentions.get(conn, mention_id)
        sensitive = mention is not None and mention.article_id in verdicts.sensitive_articles(conn)
    if mention is None:
        raise UsageError(f"no mention {mention_id!r}; `tracker export mentions` shows their ids")
    if not sensitive:
        raise UsageError(f"only what is sensitive is erased: say `tracker verdict {mention_id} sensitive` first")
    seal_items(database, now, only=[mention.article_id])
    with database.writing() as conn:
        (sealed,) = evidence.sealed(conn, [mention.article_id])
        if sealed.erased_at is not None:
            raise UsageError(f"{mention_id} was erased on {sealed.erased_at:%Y-%m-%d} by {sealed.erased_by}")
        gone = erasing.erase(conn, mention.article_id, by=by, reason=reason, now=now)
        Act(conn, at=now, by=by, via=via).say(Subject(mention.campaign_id, mention.article_id), {Fact.ERASED: reason})
    database.empty_log()
    return Receipt(mention.article_id, sealed.leaf, sealed.day or "", now, by, reason, tuple(gone))
