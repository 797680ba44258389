"""The query language: what it means, and what it says of a query that means nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.grammar import MAX_DEPTH
from tracker.matching.query import And, Near, Node, Not, Or, QueryError, Ref, parse_query, references, show

a, b, c, d = (Ref(name) for name in "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", a),
        ("a or b and c", Or((a, And((b, c))))),
        ("a and not b", And((a, Not(b)))),
        ("a and b near/5 c", And((a, Near(b, c, 5)))),
        ("a near/3 b near/s c", Near(Near(a, b, 3), c, None)),
        ("(a or b) near/0 c", Near(Or((a, b)), c, 0)),
        ("not not a or b", None),
        ("a or (b or c) or d", Or((a, b, c, d))),
        ("title:(a or b) and c", And((Or((Ref("a", title=True), Ref("b", title=True))), Ref("c")))),
        ('title:a and title:"two words"', And((Ref("a", title=True), Ref("two words", quoted=True, title=True)))),
        ("a AND b OR c", Or((And((a, b)), c))),
        ("note or order_2 and android", Or((Ref("note"), And((Ref("order_2"), Ref("android")))))),
        ('"a and (b"', Ref("a and (b", quoted=True)),
        ("a\n  and\n b", And((a, b))),
    ],
)
def test_precedence_is_not_then_near_then_and_then_or(text: str, tree: Node | None) -> None:
    assert tree is None or parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("", 0, "empty"),
        ("  \n", 0, "empty"),
        ("a and", 5, "the end"),
        ("a b", 2, "cannot stand here"),
        ("(a or b", 7, "the end"),
        ("a)", 1, "cannot stand here"),
        ("a near b", 2, "needs a distance"),
        ("a near/x b", 2, "needs a distance"),
        ('a or "b', 5, "never closed"),
        ('a or ""', 5, "no word"),
        ("not a", 0, "exclusions only"),
        ("a or not b", 0, "exclusions only"),
        ("not a and not b", 0, "exclusions only"),
        ("a near/3 (b or not c)", 2, "beside near"),
        ("a & b", 2, "cannot stand here"),
        ("a and title:(b or )", 18, "cannot stand here"),
        ("(" * 100 + "a" + ")" * 100, MAX_DEPTH, "deeper"),
        ("a and " + "not " * 5000 + "b", None, "deeper"),
        ("a or " * 30_000 + "a", None, "longer"),
    ],
)
def test_a_wrong_query_is_refused_at_its_place(text: str, offset: int | None, words: str) -> None:
    with pytest.raises(QueryError, match=words) as caught:
        parse_query(text)
    assert offset is None or caught.value.offset == offset


def test_a_thousand_terms_side_by_side_are_no_nesting() -> None:
    node = parse_query(" or ".join(f"t{number}" for number in range(1000)))
    assert isinstance(node, Or)
    assert len(list(references(node))) == 1000


REFS = st.builds(Ref, st.sampled_from(["a", "b", "under_score", "with-hyphen", "žena"]), title=st.booleans()) | st.builds(
    Ref, st.sampled_from(["two words", "and", "x"]), quoted=st.just(True), title=st.booleans()
)
TREES = st.recursive(
    REFS,
    lambda inner: st.one_of(
        st.builds(Near, REFS, REFS, st.none() | st.integers(0, 50)),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: _joined(And, nodes)),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: _joined(Or, nodes)),
        st.tuples(inner, REFS).map(lambda pair: And((pair[1], Not(pair[0])))),
    ),
    max_leaves=12,
)


def _joined(make: type[And] | type[Or], nodes: list[Node]) -> Node:
    return make(tuple(inner for node in nodes for inner in (node.children if isinstance(node, make) else (node,))))


def outcome(text: str) -> Node | QueryError:
    try:
        return parse_query(text)
    except QueryError as error:
        return error


@given(TREES)
def test_a_tree_printed_and_read_again_is_the_same_tree(tree: Node) -> None:
    again = outcome(show(tree))
    if isinstance(again, QueryError):
        assert "exclusions only" in again.message or "deeper" in again.message
    else:
        assert again == tree


@given(st.text(alphabet='ab ()"nearotd/5s:title\n&-', max_size=40))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    tree = outcome(text)
    if isinstance(tree, QueryError):
        assert 0 <= tree.offset <= len(text)
    else:
        assert parse_query(show(tree)) == tree
