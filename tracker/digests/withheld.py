"""What no export may hold of all articles: a possible child case, or what a person called sensitive, at any of its addresses."""

from __future__ import annotations

from itertools import chain

from msgspec import Struct

from tracker.store import articles, entries, mentions, verdicts
from tracker.store.database import Database
from tracker.store.trails import LinkOutcome
from tracker.text.folding import fold
from tracker.visibility import is_withheld


class Withheld(Struct, frozen=True):
    """Articles that no export may hold, and what marks their other addresses: the article they repeat, or its headline."""

    article_ids: frozenset[int]
    known_by: frozenset[str]

    def covers(self, one: LinkOutcome) -> bool:
        """Whether a link leads to one of them, or may."""
        if one.article_id:
            return one.article_id in self.article_ids
        repeats = one.skipped.same_as if one.skipped else ""
        return bool({repeats, fold(one.link.title)} & self.known_by)

    def holds(self, article_id: int, title: str) -> bool:
        """Whether an item is one of them, or bears the headline of one."""
        return article_id in self.article_ids or fold(title) in self.known_by


def withheld_articles(database: Database) -> Withheld:
    """All of them, of every campaign."""
    with database.reading() as conn:
        listed = chain.from_iterable(entries.iterate_standings(conn, name) for name in mentions.campaign_ids(conn))
        held = [entry.article for entry in listed if is_withheld(entry)]
        held += articles.get_many(conn, verdicts.sensitive_articles(conn))
    known_by = {article.canonical_url for article in held} | {fold(article.title) for article in held}
    return Withheld(frozenset(article.id for article in held), frozenset(known_by - {""}))
