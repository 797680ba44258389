"""What to ask the search index for, so that no article a campaign could match is left out, and few others come along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping
from functools import lru_cache

from tracker.matching.evaluation import key_of
from tracker.matching.forms import stop_forms
from tracker.matching.grouping import GROUPS
from tracker.matching.occurrences import name_of
from tracker.matching.query import And, Node, Not, Or, Ref
from tracker.matching.spelling import index_spellings
from tracker.matching.vocabulary import Entry, Vocabulary, Word
from tracker.model import TermKind
from tracker.text import fold, latin

RARER_BY_LETTER = 0.4
"""How much rarer a word is with every letter more, roughly, in the news of the region; only the order of sums matters."""
RARER_AS_A_NAME = 0.02
COMMON = 1000.0
"""How much commoner function words and the places that every third article names are."""
_PLACES = frozenset(
    "shqiperi shqiperia kosovo kosova serbia srbija serbi montenegro crna gora mali zi macedonia makedonija maqedonia maqedoni bosna bosnia bosnje hercegovina "
    "evropa europa evrope europe western zapadni zapaden perendimor balkan balkans ballkan ballkani tirana tirane beograd prishtina prishtine sarajevo skopje podgorica".split()
)


def index_forms(vocabulary: Vocabulary, queries: tuple[Node, ...]) -> tuple[str, ...]:
    """Folded single words, one of which stands in every article that one of the queries could match."""
    needs: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for entry in vocabulary.entries:
        rarest: dict[str, float] = min((_words(entry, number) for number in range(len(entry.words))), key=_commonness)
        needs[name_of(entry)].update(rarest)
    clauses = [clause for query in queries for clause in (query.children if isinstance(query, Or) else (query,))]
    wanted: dict[str, float] = {}
    for clause in sorted(clauses, key=lambda clause: not isinstance(clause, Ref)):
        wanted |= dict.fromkeys(_cheapest(clause, needs, wanted) or {}, 0.0)  # what is asked for anyway costs nothing more
    return tuple(sorted(wanted))


def _words(entry: Entry, number: int) -> dict[str, float]:
    """The folded forms of one of the entry's words, with how common each may be."""
    word = entry.words[number]
    forms = (form.spelled for forms in word.forms.values() for form in forms)
    scale = _scale(entry, word, number)
    return {
        spelled: (COMMON if form in _function_words() else scale) * RARER_BY_LETTER ** len(spelled)
        for form in forms
        for spelled in index_spellings(form)
    }


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return frozenset(latin(word) for group in GROUPS for word in stop_forms(group))


def _scale(entry: Entry, word: Word, number: int) -> float:
    if fold(word.typed) in _PLACES:
        return COMMON
    if word.typed.isdigit():
        return RARER_AS_A_NAME / 2
    named = entry.kind in (TermKind.NAME, TermKind.ACRONYM, TermKind.EXACT) and len(entry.words) < 3
    return RARER_AS_A_NAME if word.typed[0].isupper() and (named or word.caps or (number > 0 and not _in_title_case(entry))) else 1.0


def _in_title_case(entry: Entry) -> bool:
    """`Child Rights Centre`: its capitals say nothing of how common the words are. Two words are a person's name."""
    return len(entry.words) > 2 and all(word.typed[0].isupper() for word in entry.words if len(word.typed) > 3)


def _cheapest(node: Node, needs: Mapping[str, dict[str, float]], free: Container[str]) -> dict[str, float] | None:
    """The words one of which must be there for the query to hold; None where it can hold without any."""
    if isinstance(node, Not):
        return None
    if isinstance(node, Ref):
        return {word: 0.0 if word in free else weight for word, weight in needs.get(key_of(node), {}).items()}
    if isinstance(node, Or):
        parts = [_cheapest(child, needs, free) for child in node.children]
        known = [part for part in parts if part is not None]
        return {word: weight for part in known for word, weight in part.items()} if len(known) == len(parts) else None
    children = node.children if isinstance(node, And) else (node.left, node.right)
    needed = [part for part in (_cheapest(child, needs, free) for child in children) if part is not None]
    return min(needed, key=_commonness, default=None)


def _commonness(words: Mapping[str, float]) -> float:
    return sum(words.values())
