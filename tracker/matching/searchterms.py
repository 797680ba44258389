"""What to type into the search of an outlet to find every article a campaign could match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.matching.query import And, Near, Node, Not, Or, Ref, parse_query
from tracker.model import Campaign, Term, TermKind

RARER_BY_LETTER, RARER_AS_A_NAME = 0.4, 0.02
"""How much rarer a word is in the news of the region with every letter more, and as a name; only the order of sums matters."""


def search_terms(campaigns: Iterable[Campaign]) -> tuple[tuple[str, str], ...]:
    """What to look for, as pairs of language and text, names first: the fewest terms one of which stands in every article that the
    first circle of a campaign could match."""
    found: dict[tuple[str, str], TermKind] = {}
    for campaign in campaigns:
        terms = {term.id: term for term in campaign.terms}
        alone = [_alone(clause) for circle in campaign.circles for clause in _clauses(parse_query(circle.query))]
        strong = {clause.text for clause in alone if isinstance(clause, Ref)}
        clauses = _clauses(parse_query(campaign.circles[0].query))
        first = [_needed(clause, terms, strong)[1] for clause in clauses]
        for place, clause in enumerate(clauses):  # what is asked for anyway costs nothing more
            others = frozenset().union(*first[:place], *first[place + 1 :])
            for name in sorted(_needed(clause, terms, strong | others)[1]):
                term = terms.get(name)
                found |= (
                    {(entry.language, entry.text): entry.kind or term.kind for entry in term.entries}
                    if term
                    else {("any", name): TermKind.EXACT}
                )
    return tuple(sorted(found, key=lambda pair: (found[pair] in (TermKind.PHRASE, TermKind.WORD), pair[0] != "any", pair)))


def _clauses(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, Or) else (node,)


def _alone(clause: Node) -> Node:
    """`a and not b` asks for `a` alone."""
    kept = [child for child in clause.children if not isinstance(child, Not)] if isinstance(clause, And) else [clause]
    return kept[0] if len(kept) == 1 else clause


def _needed(node: Node, terms: Mapping[str, Term], strong: set[str]) -> tuple[float, frozenset[str]]:
    """The terms one of which must be there, and how common they are. Those that a circle takes by themselves are rare."""
    if isinstance(node, Not):
        return float("inf"), frozenset()
    if isinstance(node, Ref):
        return (0.0 if node.text in strong else _commonness(terms.get(node.text))), frozenset({node.text})
    children = (node.left, node.right) if isinstance(node, Near) else node.children
    needs = [_needed(child, terms, strong) for child in children]
    if isinstance(node, Or):
        return sum(cost for cost, _ in needs), frozenset().union(*(names for _, names in needs))
    return min(needs, key=lambda need: need[0])


def _commonness(term: Term | None) -> float:
    """By the longest word of each entry."""
    if term is None:
        return RARER_AS_A_NAME
    named = (TermKind.NAME, TermKind.ACRONYM, TermKind.EXACT)
    return sum(
        (RARER_AS_A_NAME if (entry.kind or term.kind) in named else 1.0) * RARER_BY_LETTER ** max(map(len, entry.text.split()), default=1)
        for entry in term.entries
    )
