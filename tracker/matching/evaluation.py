"""Whether a query holds for the occurrences found in a text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from msgspec import Struct

from tracker.matching.query import And, Near, Node, Not, Or, Ref
from tracker.matching.scanning import Scan
from tracker.text.sentences import sentence_breaks


class Span(Struct, frozen=True, order=True):
    """An occurrence, in characters of a field's scan."""

    field: str
    start: int
    end: int


class Evidence:
    """What a text holds: spans by term, and by quoted words (their key has the quotation marks)."""

    def __init__(self, spans: Mapping[str, Sequence[Span]], scans: Mapping[str, Scan]) -> None:
        self._spans = spans
        self.present = frozenset(spans)
        self._scans = scans

    def holds(self, node: Node) -> bool:
        """Whether a part of a query holds; for whole queries `compiled` is faster."""
        return compiled(node)(self)

    def shown(self, span: Span) -> str:
        """A span's text as it stands in its field."""
        scan = self._scans[span.field]
        start, end = scan.origin(span.start, span.end)
        return scan.original[start:end]

    def spans(self, node: Node) -> list[Span]:
        """Where a query's part stands; for `and` and near, from the first of its words to the last."""
        if isinstance(node, Ref):
            found = self._spans.get(key_of(node), ())
            return [span for span in found if span.field == "title"] if node.title else list(found)
        if isinstance(node, Or):
            return sorted({span for child in node.children for span in self.spans(child)})
        if isinstance(node, And):
            return sorted({span for child in node.children for span in self.spans(child)}) if self.holds(node) else []
        if isinstance(node, Near):
            return self._near(node)
        return []

    def _near(self, node: Near) -> list[Span]:
        if isinstance(node.left, And):
            return self._all_near(node.left.children, lambda child: Near(child, node.right, node.words))
        if isinstance(node.right, And):
            return self._all_near(node.right.children, lambda child: Near(node.left, child, node.words))
        pairs = self._in_same_sentence(node) if node.words is None else self._within(node, node.words)
        return sorted({Span(one.field, min(one.start, other.start), max(one.end, other.end)) for one, other in pairs if one != other})

    def _all_near(self, children: Sequence[Node], pair: Callable[[Node], Near]) -> list[Span]:
        each = [self._near(pair(child)) for child in children]
        return sorted({span for spans in each for span in spans}) if all(each) else []

    def _within(self, node: Near, words: int) -> Iterator[tuple[Span, Span]]:
        for field, scan in self._scans.items():
            right = [(scan.ordinal(span.start), scan.ordinal(span.end), span) for span in self.spans(node.right) if span.field == field]
            starts = [start for start, _, _ in right]
            longest = max((end - start for start, end, _ in right), default=0)
            for one in self.spans(node.left):
                if one.field == field:
                    first, stop = scan.ordinal(one.start), scan.ordinal(one.end)
                    window = slice(bisect_left(starts, first - words - longest), bisect_right(starts, stop + words))
                    yield from ((one, other) for start, end, other in right[window] if start - stop <= words and first - end <= words)

    def _in_same_sentence(self, node: Near) -> Iterator[tuple[Span, Span]]:
        sentences: defaultdict[tuple[str, int], list[Span]] = defaultdict(list)
        breaks = {field: sentence_breaks(scan.chars) for field, scan in self._scans.items()}

        def sentence(span: Span) -> tuple[str, int]:
            return span.field, bisect_right(breaks[span.field], span.start)

        for span in self.spans(node.right):
            sentences[sentence(span)].append(span)
        for one in self.spans(node.left):
            yield from ((one, other) for other in sentences.get(sentence(one), ()))


NO_EVIDENCE = Evidence({}, {})


def compiled(node: Node) -> Callable[[Evidence], bool]:
    """A query as a function: terms side by side are one look at a set, so that hundreds of them cost no more than one."""
    if isinstance(node, Not):
        child = compiled(node.child)
        return lambda evidence: not child(evidence)
    if isinstance(node, And | Or):
        names, others = _split(node.children)
        rest = [compiled(other) for other in others]
        if isinstance(node, And):
            return lambda evidence: names <= evidence.present and all(test(evidence) for test in rest)
        return lambda evidence: not names.isdisjoint(evidence.present) or any(test(evidence) for test in rest)
    if isinstance(node, Ref) and not node.title:
        name = key_of(node)
        return lambda evidence: name in evidence.present
    may_hold = leniently(node)
    return lambda evidence: may_hold(evidence.present) and bool(evidence.spans(node))


def leniently(node: Node) -> Callable[[Set[str]], bool]:
    """As `compiled`, over the names of what may be present: exclusions ignored, near as `and`, titles anywhere."""
    if isinstance(node, Not):
        return lambda present: True
    if isinstance(node, Ref):
        name = key_of(node)
        return lambda present: name in present
    children = (node.left, node.right) if isinstance(node, Near) else node.children
    names, others = _split(children, titles=True)
    rest = [leniently(other) for other in others]
    if isinstance(node, Or):
        return lambda present: not names.isdisjoint(present) or any(test(present) for test in rest)
    return lambda present: names <= present and all(test(present) for test in rest)


def key_of(ref: Ref) -> str:
    """What `Evidence` keeps a term's or quoted text's spans under."""
    return f'"{ref.text}"' if ref.quoted else ref.text


def _split(children: Sequence[Node], *, titles: bool = False) -> tuple[frozenset[str], list[Node]]:
    plain = [child for child in children if isinstance(child, Ref) and (titles or not child.title)]
    return frozenset(map(key_of, plain)), [child for child in children if not any(child is one for one in plain)]
