"""A day's items under one hash, and the days in a chain. Pure.

The tree is that of RFC 6962, section 2.1: a leaf is SHA-256(0x00 || record), a node SHA-256(0x01 || left || right), and a tree without
leaves SHA-256(""). Proofs are its audit paths (section 2.1.1), checked as RFC 9162, section 2.1.3.2, says. The prefixes keep a leaf from
being passed off as a node. A day's link in the chain has a prefix of its own: SHA-256(0x02 || link before || day || items || root).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
BEFORE_THE_FIRST = bytes(HASH_BYTES)
"""What stands for the link before the first day."""


def leaf_hash(record: bytes) -> bytes:
    """The hash of one record, 32 bytes."""
    return sha256(b"\x00" + record).digest()


class Tree:
    """The tree over leaf hashes in their order."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels: list[Sequence[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def root(self) -> bytes:
        """The hash over all leaves; for none the hash of nothing."""
        return self._levels[-1][0] if self._levels[-1] else sha256(b"").digest()

    def path(self, index: int) -> tuple[bytes, ...]:
        """The hashes that lead from a leaf to the root, the nearest first. Raises IndexError for a leaf that is not there."""
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(index)
        beside = ((level, (index >> height) ^ 1) for height, level in enumerate(self._levels[:-1]))
        return tuple(level[place] for level, place in beside if place < len(level))


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to in a tree of so many leaves; None where no such path exists."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = _node(beside, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, beside)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def chain_link(before: bytes, day: str, items: int, root: bytes) -> bytes:
    """The day's hash in the chain, 32 bytes. `before`: that of the day before; `day`: ISO; `items`: how many leaves the day's tree has."""
    if len(before) != HASH_BYTES or len(root) != HASH_BYTES or len(day) != len("2024-10-11"):
        raise ValueError("two hashes of 32 bytes and an ISO day are wanted")
    return sha256(b"\x02" + before + day.encode("ascii") + items.to_bytes(8, "big") + root).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The next level; the last node without a neighbour goes up as it is, which gives RFC 6962's split at powers of two."""
    joined = [_node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return [*joined, level[-1]] if len(level) % 2 else joined


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
