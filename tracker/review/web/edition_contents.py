"""What an edition holds and what it leaves out, and its mail: kept in memory until anything in the database changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from tracker.delivery import publish
from tracker.delivery.kept_mail import mail_of
from tracker.digests import editions
from tracker.digests.left_out import LeftOut, left_out
from tracker.model import Article, Audience, Campaign, Outlet, RenderedDigest, Scope
from tracker.review.web.context import desk
from tracker.review.web.remembered import remembered
from tracker.store import articles, digests, item_states, mentions, registers
from tracker.store.digests import Edition

MOST_LEFT_OUT = 100
"""Items named that an edition leaves out; the rest is counted."""
Sentences = tuple[tuple[str, str], ...]


class Contents(Struct, frozen=True):
    """`inside`: the articles that the audience gets, or would get now, in the order of the edition. `out`: the first MOST_LEFT_OUT items of
    its period that it does not get; `more`: how many there are besides. `waiting`: how many a person has still to decide on, in an edition
    that waits."""

    inside: tuple[int, ...]
    out: tuple[LeftOut, ...]
    more: int
    waiting: int = 0


class Row(Struct, frozen=True):
    """An item of an edition. `mention_id`: empty where it matches no more; `version`: as forms send it back."""

    article: Article
    outlet: Outlet
    mention_id: str
    version: int


def contents_of(campaign: Campaign, edition: Edition, audience: Audience, released: Collection[Audience]) -> Contents:
    """What the edition holds for this audience."""
    here, is_released = desk(), audience in released
    key = ("contents", campaign.id, campaign.version, edition.id, audience, is_released, here.database.state())
    made: Contents = remembered().value(key, lambda: _read(campaign, edition, audience, is_released=is_released))
    return made


def _read(campaign: Campaign, edition: Edition, audience: Audience, *, is_released: bool) -> Contents:
    database, waiting = desk().database, 0
    if is_released:
        with database.reading() as conn:
            there = digests.in_order(conn, edition.id, audience)
        hidden = editions.hidden_in(database, edition, audience)
        inside, kept = tuple(there), frozenset(there) - hidden
    else:
        selection = editions.preview(database, campaign, edition)
        inside, waiting = tuple(entry.article.id for entry in selection.shown), selection.unreviewed + selection.undecided
        kept = frozenset()
    period, reported = editions.of_its_period(database, campaign, edition, audience)
    out = left_out(campaign, [one for one in period if one.article.id not in kept], reported=reported, audience=audience)
    return Contents(inside, out[:MOST_LEFT_OUT], max(len(out) - MOST_LEFT_OUT, 0), waiting)


def rows_of(campaign_id: str, article_ids: Sequence[int]) -> list[Row]:
    """These items in this order."""
    with desk().reading() as conn:
        found = {one.id: one for one in articles.get_many(conn, article_ids)}
        names = mentions.ids_of(conn, campaign_id, article_ids)
        outlets, versions = registers.outlets(conn), versions_of(campaign_id, article_ids)
    return [Row(found[one], outlets[found[one].outlet_id], names.get(one, ""), versions[one]) for one in article_ids if one in found]


def versions_of(campaign_id: str, article_ids: Collection[int]) -> dict[int, int]:
    """The version of each item's state, by article; 0 where nobody has said anything."""
    with desk().reading() as conn:
        states = item_states.many(conn, campaign_id, article_ids)
    return {one: states[one].version if one in states else 0 for one in article_ids}


def mail_to_show(
    campaign: Campaign, edition: Edition, audience: Audience, language: str, country: str, sentences: Sentences
) -> RenderedDigest:
    """The mail as the audience gets it, or would get it if it was approved now with these sentences."""
    here = desk()
    key = ("mail", campaign.id, campaign.version, edition.id, audience, language, country, sentences, here.database.state())
    scope, settings = Scope((country,) if country else ()), here.parts.settings

    def make() -> RenderedDigest:
        with here.reading() as conn:
            released = digests.released_at(conn, edition.id)
        if audience in released:
            return mail_of(here.database, edition, audience, language, scope, settings)
        return publish.compose_waiting(
            here.database, campaign, edition, language, scope, at=here.now, sentences=sentences, settings=settings
        )

    made: RenderedDigest = remembered().value(key, make)
    return made
