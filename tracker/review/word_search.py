"""Words that a person typed -> the articles that hold them, in any form, in both scripts, with or without diacritics."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.matching.matcher import Matcher
from tracker.model import Campaign, Circle, IndexQuery, Term, TermEntry, TermKind
from tracker.store import articles

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_CHARS, MOST_WORDS = 200, 8
"""Of what is looked for: more words find no less than one text."""
_WORD = re.compile(r"[^\W_]+")


def found_by_words(conn: Connection, campaign: Campaign, typed: str) -> frozenset[int] | None:
    """Articles that hold every word in some form. None where nothing that can be looked for was typed."""
    query = _query(campaign, typed[:MOST_CHARS])
    return None if query is None else frozenset(articles.search(conn, query))


@lru_cache(maxsize=64)
def _query(campaign: Campaign, typed: str) -> IndexQuery | None:
    words = list(dict.fromkeys(_WORD.findall(typed)))[:MOST_WORDS]
    if not words:
        return None
    terms = [
        Term(f"word_{number}", TermKind.WORD, (TermEntry(word, kind=TermKind.WORD), TermEntry(word, kind=TermKind.NAME)))
        for number, word in enumerate(words)
    ]
    asked = Circle("found", "", "staff", " and ".join(term.id for term in terms))
    return Matcher(replace(campaign, terms=tuple(terms), circles=(asked,), labels=(), key_messages=())).index_query()
