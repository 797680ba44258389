"""What to ask the search index for, so that no article a campaign could match is left out, and few others come along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from tracker.matching.evaluation import key_of
from tracker.matching.forms import stop_forms
from tracker.matching.grouping import GROUPS
from tracker.matching.naming import initials_of
from tracker.matching.occurrences import name_of
from tracker.matching.query import And, Node, Not, Or, Ref
from tracker.matching.spelling import index_spellings
from tracker.matching.vocabulary import Entry, Vocabulary, Written
from tracker.model import AllOf, AnyOf, AnyWord, IndexQuery
from tracker.text.folding import latin


def index_query(vocabulary: Vocabulary, queries: Sequence[Node]) -> IndexQuery:
    """What must stand in every article that one of the queries could match; exclusions and distances are not asked for."""
    entries: defaultdict[str, list[IndexQuery]] = defaultdict(list)
    for entry in vocabulary.entries:
        entries[name_of(entry)].append(_entry(entry))
    terms = {name: _any_of(found) for name, found in entries.items()}
    return AnyOf(tuple(part for query in queries if (part := _of_node(query, terms)) is not None))


def _entry(entry: Entry) -> IndexQuery:
    """All words of an entry; function words are asked for only where it has no others."""
    if entry.written is Written.DOTTED:
        return _all_of([AnyWord((letter,)) for letter in sorted(set("".join(_folded(entry.words[0].typed.lower().split(".")))))])
    words = [AnyWord(_folded(form.spelled for forms in word.forms.values() for form in forms)) for word in entry.words]
    if entry.person:
        words[0] = AnyWord(tuple(sorted({*words[0].words, *_folded(initials_of(entry.words[0].typed))})))
    telling = [word for word, part in zip(words, entry.words, strict=True) if latin(part.typed) not in _function_words()]
    return _all_of(telling or words)


def _folded(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({spelled for form in forms for spelled in index_spellings(form)}))


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return frozenset(latin(word) for group in GROUPS for word in stop_forms(group))


def _of_node(node: Node, terms: Mapping[str, IndexQuery]) -> IndexQuery | None:
    """None where the node can hold without any word: an exclusion."""
    if isinstance(node, Not):
        return None
    if isinstance(node, Ref):
        return terms.get(key_of(node), AnyOf(()))
    if isinstance(node, Or):
        parts = [_of_node(child, terms) for child in node.children]
        known = [part for part in parts if part is not None]
        return AnyOf(tuple(known)) if len(known) == len(parts) else None
    children = node.children if isinstance(node, And) else (node.left, node.right)
    needed = [part for part in (_of_node(child, terms) for child in children) if part is not None]
    return _all_of(needed) if needed else None


def _any_of(parts: Sequence[IndexQuery]) -> IndexQuery:
    """A term's entries; words that may stand for each other are asked for once."""
    words = sorted({word for part in parts if isinstance(part, AnyWord) for word in part.words})
    several = [part for part in dict.fromkeys(parts) if not isinstance(part, AnyWord)]
    return AnyOf((*([AnyWord(tuple(words))] if words else []), *several))


def _all_of(parts: Sequence[IndexQuery]) -> IndexQuery:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
