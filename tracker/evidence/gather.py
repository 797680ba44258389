"""Which items a pack holds: one, those of an edition, those of a campaign since a day; and what of them must not leave the house."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.errors import UsageError
from tracker.model import Audience, Entry
from tracker.store import digests, entries, mentions
from tracker.visibility import is_rejected, is_withheld

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Chosen(Struct, frozen=True):
    """Articles by what becomes of them. `asked`: what was asked for, as a pack says it; `rejected`: how many a person called no coverage;
    `gone`: how many the edition names that no campaign mentions any more."""

    asked: str
    campaign_id: str
    open: tuple[int, ...] = ()
    protected: tuple[int, ...] = ()
    rejected: int = 0
    gone: int = 0


def of_item(conn: Connection, mention_id: str) -> Chosen:
    """One item. Raises UsageError when there is none of this id."""
    mention = mentions.get(conn, mention_id)
    if mention is None:
        raise UsageError(f"no mention {mention_id!r}; `tracker export mentions` shows their ids")
    found = entries.standings(conn, mention.campaign_id, article_ids=[mention.article_id])
    return _sorted(f"item {mention_id}", mention.campaign_id, found, with_rejected=True)


def of_edition(conn: Connection, edition_id: int) -> Chosen:
    """What an edition shows to whomever. Raises UsageError when there is none of this number."""
    edition = digests.get(conn, edition_id)
    if edition is None:
        raise UsageError(f"no edition {edition_id}; `tracker digest list` shows them")
    shown = frozenset[int]().union(*(digests.articles_of(conn, edition_id, audience) for audience in Audience))
    found = entries.standings(conn, edition.campaign_id, article_ids=shown) if shown else []
    gone = len(shown) - len(found)
    return _sorted(f"edition {edition_id}", edition.campaign_id, found, with_rejected=True, gone=gone)


def of_campaign(conn: Connection, campaign_id: str, since: datetime, day: str) -> Chosen:
    """What the campaign's items of this day and later are; `day` says the moment as the person did."""
    found = entries.iterate_standings(conn, campaign_id, appeared_from=since)
    return _sorted(f"campaign {campaign_id} since {day}", campaign_id, found, with_rejected=False)


def _sorted(asked: str, campaign_id: str, found: Iterable[Entry], *, with_rejected: bool, gone: int = 0) -> Chosen:
    free: list[int] = []
    protected: list[int] = []
    rejected = 0
    for entry in found:
        if is_withheld(entry):
            protected.append(entry.article.id)
        elif is_rejected(entry) and not with_rejected:
            rejected += 1
        else:
            free.append(entry.article.id)
    return Chosen(asked, campaign_id, tuple(sorted(free)), tuple(sorted(protected)), rejected, gone)
