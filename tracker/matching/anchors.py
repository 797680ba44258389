"""What to ask the search index for, so that no article a campaign could match is left out, and few others come along."""

from __future__ import annotations

from collections import defaultdict

from tracker.matching.occurrences import name_of
from tracker.matching.query import And, Node, Not, Or, Ref
from tracker.matching.spelling import index_spellings
from tracker.matching.vocabulary import Vocabulary

RARER_BY_LETTER = 0.4
"""How much rarer a word is with every letter more, roughly, in the news texts of the region; only the order of sums matters."""


def index_forms(vocabulary: Vocabulary, queries: tuple[Node, ...]) -> tuple[str, ...]:
    """Folded single words, one of which stands in every article that one of the queries could match."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for entry in vocabulary.entries:
        for forms in entry.words[entry.anchor].forms.values():
            for form in forms:
                by_name[name_of(entry)] |= index_spellings(form.spelled)
    wanted: set[str] = set()
    for query in queries:
        wanted |= _cheapest(query, by_name) or set()
    return tuple(sorted(wanted))


def _cheapest(node: Node, by_name: dict[str, set[str]]) -> set[str] | None:
    """The words one of which must be there for the query to hold; None where it can hold without any."""
    if isinstance(node, Not):
        return None
    if isinstance(node, Ref):
        return by_name.get(f'"{node.text}"' if node.quoted else node.text, set())
    if isinstance(node, Or):
        parts = [_cheapest(child, by_name) for child in node.children]
        return None if any(part is None for part in parts) else set().union(*(part for part in parts if part))
    children = node.children if isinstance(node, And) else (node.left, node.right)
    needed = [part for part in (_cheapest(child, by_name) for child in children) if part is not None]
    return min(needed, key=_commonness, default=None)


def _commonness(words: set[str]) -> float:
    return sum(RARER_BY_LETTER ** len(word) for word in words)
