"""The query language of a campaign file: `a and (b or "quoted words") near/5 title:c`, as a tree, and printed again."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

RESERVED = frozenset({"and", "or", "not", "near", "title"})


class QueryError(ValueError):
    """A query that cannot be understood; `offset` is the character it breaks at."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message, self.offset = message, offset


class Ref(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A term by its id, or quoted words; `offset` is where it stands in the query and counts for nothing else."""

    text: str
    quoted: bool = False
    title: bool = False
    offset: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ref) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._said)

    @property
    def _said(self) -> tuple[str, bool, bool]:
        return self.text, self.quoted, self.title


class Not(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What must not match."""

    child: Node


class Near(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Both within `words` words between them; None: in the same sentence."""

    left: Node
    right: Node
    words: int | None


class And(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """All of them."""

    children: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """One of them at least."""

    children: tuple[Node, ...]


Node = Ref | Not | Near | And | Or


def parse_query(text: str) -> Node:
    """The tree of a query. Raises QueryError with the offset of what is wrong; a query that an empty text would match is wrong too."""
    from tracker.matching.grammar import parse  # a campaign from the cache has its trees already

    return parse(text)


def show(node: Node) -> str:
    """The query as text again; parsing it gives the same tree."""
    if isinstance(node, Ref):
        return ("title:" if node.title else "") + (f'"{node.text}"' if node.quoted else node.text)
    if isinstance(node, Not):
        return f"not {_inside(node.child, (Ref, Not))}"
    if isinstance(node, Near):
        distance = "s" if node.words is None else node.words
        return f"{_inside(node.left, (Ref, Not, Near))} near/{distance} {_inside(node.right, (Ref, Not))}"
    if isinstance(node, And):
        return " and ".join(_inside(child, (Ref, Not, Near)) for child in node.children)
    return " or ".join(_inside(child, (Ref, Not, Near, And)) for child in node.children)


def references(node: Node) -> Iterator[Ref]:
    """Every term and quoted text of the query, in order."""
    if isinstance(node, Ref):
        yield node
    elif isinstance(node, Not):
        yield from references(node.child)
    else:
        for child in (node.left, node.right) if isinstance(node, Near) else node.children:
            yield from references(child)


def holds_for_nothing(node: Node) -> bool:
    """Whether a text without any of the query's terms matches."""
    if isinstance(node, Not):
        return not holds_for_nothing(node.child)
    if isinstance(node, And):
        return all(holds_for_nothing(child) for child in node.children)
    if isinstance(node, Or):
        return any(holds_for_nothing(child) for child in node.children)
    return False


def _inside(node: Node, plain: tuple[type, ...]) -> str:
    return show(node) if isinstance(node, plain) else f"({show(node)})"
