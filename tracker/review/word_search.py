"""Words that a person typed -> a question to the index for articles that hold them, in any form, in both scripts, with or without diacritics.

The forms that rules make of a word as it was typed are looked for, and beside them every word that begins as it does: who searches
types an inflected form as often as the word itself. That finds too much sooner than too little.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.matching.matcher import Matcher
from tracker.model import Campaign, Circle, IndexQuery, Term, TermEntry, TermKind
from tracker.store import articles
from tracker.text.folding import fold

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_CHARS, MOST_WORDS = 200, 8
"""Of what is looked for: more words find no less than one text."""
ENDING_CHARS = 2
"""What is cut off a word to find its other forms."""
TELLING_STEM_CHARS, LEAST_STEM_CHARS = 4, 3
"""Of a beginning that is always looked for, and of one that is where nothing else was found: shorter ones are those of everything."""
_WORD = re.compile(r"[^\W_]+")


def words_expression(conn: Connection, campaign: Campaign, typed: str) -> str:
    """What the index is asked for articles that hold every word in some form; empty where nothing that can be looked for was typed, or
    no article holds one of the words."""
    words = tuple(dict.fromkeys(_WORD.findall(typed[:MOST_CHARS])))[:MOST_WORDS]
    asked: list[str] = []
    for word in words:
        expression = _expression(conn, campaign, word)
        if not expression:
            return ""
        asked.append(expression)
    return articles.all_expression(conn, asked) if asked else ""


def _expression(conn: Connection, campaign: Campaign, word: str) -> str:
    forms, stem = _forms(campaign, word), _stem(word)
    telling = stem if len(stem) >= TELLING_STEM_CHARS else ""
    tried = dict.fromkeys(articles.search_expression(conn, forms, one) for one in (telling, stem))
    return next((one for one in tried if articles.any_holding(conn, one)), "")


@lru_cache(maxsize=256)
def _forms(campaign: Campaign, word: str) -> IndexQuery:
    term = Term("word", TermKind.WORD, (TermEntry(word, kind=TermKind.WORD), TermEntry(word, kind=TermKind.NAME)))
    asked = Circle("found", "", "staff", term.id)
    return Matcher(replace(campaign, terms=(term,), circles=(asked,), labels=(), key_messages=())).index_query()


def _stem(word: str) -> str:
    folded = _WORD.search(fold(word))
    stem = folded.group()[: -ENDING_CHARS or None] if folded else ""
    return stem if len(stem) >= LEAST_STEM_CHARS else ""
