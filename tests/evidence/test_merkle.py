"""The tree of RFC 6962 and the chain of days."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.merkle import BEFORE_THE_FIRST, Tree, chain_link, leaf_hash, root_by_path

LEAVES = st.lists(st.binary(max_size=4).map(leaf_hash), min_size=1, max_size=40)
OTHER = b"longer than what is drawn"


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_the_book(leaves[:split]) + by_the_book(leaves[split:])).digest()


@given(LEAVES)
def test_the_root_is_the_one_of_the_standard_and_every_path_leads_to_it(leaves: list[bytes]) -> None:
    tree = Tree(leaves)
    assert tree.root == by_the_book(leaves)
    for index, leaf in enumerate(leaves):
        assert root_by_path(leaf, index, len(leaves), tree.path(index)) == tree.root


@given(LEAVES, st.data())
def test_no_other_leaf_place_size_or_path_leads_to_it(leaves: list[bytes], data: st.DataObject) -> None:
    tree, index = Tree(leaves), data.draw(st.integers(0, len(leaves) - 1))
    path = tree.path(index)
    assert root_by_path(leaf_hash(OTHER), index, len(leaves), path) != tree.root
    assert root_by_path(leaves[index], index, len(leaves), (*path, leaves[index])) is None
    if path:
        assert root_by_path(leaves[index], index, len(leaves), path[:-1]) is None
        assert root_by_path(leaves[index], index, len(leaves), (leaf_hash(OTHER), *path[1:])) != tree.root
    for beyond in (-1, len(leaves)):
        assert root_by_path(leaves[index], beyond, len(leaves), path) is None


def test_a_node_is_no_leaf_and_an_empty_day_has_a_root() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != Tree([left, right]).root
    assert Tree([]).root == sha256(b"").digest()
    with pytest.raises(IndexError):
        Tree([]).path(0)


def test_a_link_depends_on_all_that_it_stands_for() -> None:
    root = Tree([leaf_hash(b"a")]).root
    link = chain_link(BEFORE_THE_FIRST, "2026-03-14", 1, root)
    others = [
        chain_link(link, "2026-03-14", 1, root),
        chain_link(BEFORE_THE_FIRST, "2026-03-15", 1, root),
        chain_link(BEFORE_THE_FIRST, "2026-03-14", 2, root),
        chain_link(BEFORE_THE_FIRST, "2026-03-14", 1, link),
    ]
    assert len({link, *others}) == 5
    with pytest.raises(ValueError, match="32 bytes"):
        chain_link(b"", "2026-03-14", 1, root)
