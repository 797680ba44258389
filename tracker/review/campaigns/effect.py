"""What a change of a campaign file would find and lose among the articles of the last days, before it is saved. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection

from tracker.matching.matcher import Matcher, find_mention
from tracker.model import Article, Campaign, Depth, Mention, Outlet
from tracker.store import articles, manual_items, pages, registers, search_index
from tracker.store.database import Database

DAYS = 30
MOST_LOOKED_AT = 20_000
"""Candidates, the newest of them: some 20 s. A campaign that has more in a month finds half of what is written."""
BATCH = 200


class Affected(Struct, frozen=True):
    """An item that the change finds, loses, or puts into another circle. `forms`: the words that it was found by, before or after.
    `is_sure` is False where only the page's visible text is known yet, so that reading it in full may tell otherwise."""

    article_id: int
    title: str
    url: str
    outlet: str
    country: str
    language: str
    fetched_at: datetime
    circle_before: str
    circle_after: str
    held_before: bool
    held_after: bool
    forms: tuple[str, ...]
    is_sure: bool


class Effect(Struct, frozen=True):
    """Of a change on the articles fetched since `since`. `kept` counts the items that are found as before. `left_out`: candidates that
    were not looked at because there are too many."""

    since: datetime
    looked_at: int
    kept: int
    gained: tuple[Affected, ...]
    lost: tuple[Affected, ...]
    moved: tuple[Affected, ...]
    left_out: int = 0


def effect_of(database: Database, before: Campaign, after: Campaign, now: datetime, days: int = DAYS) -> Effect:
    """What both texts of the campaign make of the articles of the last days. The index names the candidates of each. What a person
    entered by hand stays whatever the terms say, and is left out."""
    old, new, since = Matcher(before), Matcher(after), now - timedelta(days=days)

    def candidates() -> list[int]:
        with database.reading() as conn:
            first = articles.first_id_since(conn, since)
            found = {*articles.search(conn, old.index_query(), after_id=first - 1)}
            found.update(articles.search(conn, new.index_query(), after_id=first - 1))
            return sorted(found - {*manual_items.for_campaign(conn, before.id)})

    wanted = search_index.mended(database, candidates)
    looked = wanted[-MOST_LOOKED_AT:]
    gained: list[Affected] = []
    lost: list[Affected] = []
    moved: list[Affected] = []
    kept = 0
    with database.reading() as conn:
        outlets = registers.outlets(conn)
        for start in range(0, len(looked), BATCH):
            for article in _counted(conn, looked[start : start + BATCH], since):
                was, will = find_mention(article, old), find_mention(article, new)
                if was is None and will is None:
                    continue
                told = _affected(article, outlets[article.outlet_id], was, will)
                if was is None:
                    gained.append(told)
                elif will is None:
                    lost.append(told)
                elif (was.circle, was.held) != (will.circle, will.held):
                    moved.append(told)
                else:
                    kept += 1
    return Effect(
        since, len(looked), kept, _newest_first(gained), _newest_first(lost), _newest_first(moved), left_out=len(wanted) - len(looked)
    )


def _counted(conn: Connection, article_ids: Sequence[int], since: datetime) -> list[Article]:
    """Without the pages that only repeat another of the same outlet."""
    found = [article for article in articles.get_many(conn, article_ids) if article.fetched_at >= since]
    repeated = pages.repetitions(conn, [article.page_id for article in found if article.depth is Depth.SCREENED])
    return [article for article in found if article.page_id not in repeated]


def _affected(article: Article, outlet: Outlet, was: Mention | None, will: Mention | None) -> Affected:
    hits = (will or was).hits  # type: ignore[union-attr]  # one of them is there
    return Affected(
        article_id=article.id,
        title=article.title,
        url=article.canonical_url,
        outlet=outlet.name,
        country=outlet.country,
        language=article.language,
        fetched_at=article.fetched_at,
        circle_before=was.circle if was else "",
        circle_after=will.circle if will else "",
        held_before=was is not None and was.held,
        held_after=will is not None and will.held,
        forms=tuple(dict.fromkeys(hit.form for hit in hits)),
        is_sure=article.depth is Depth.EXTRACTED,
    )


def _newest_first(items: Iterable[Affected]) -> tuple[Affected, ...]:
    return tuple(sorted(items, key=lambda item: (item.fetched_at, item.article_id), reverse=True))
