"""The Merkle tree of RFC 6962 (section 2.1; checking as in RFC 9162, 2.1.3.2 and 2.1.4.2), over the ledger's lines.

A leaf is one line without its newline. `Tree` makes proofs from the hashes of complete subtrees, which it is handed by
(level, index): level 0 are the leaves, (l, i) covers the leaves [i * 2**l, (i + 1) * 2**l). A proof of one of a million
leaves so needs about forty of them. Hashes are 32 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]  #: the hash of the complete subtree (level, index)


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Edge:
    """The right edge of a growing tree: all that is needed to add leaves and to name the root. log2(size) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []  # roots of the complete subtrees, the largest first

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Adds a leaf by its hash. Returns the subtrees that are complete by it: (level, index, hash), the leaf first."""
        made = [(0, self.size, leaf)]
        index, level, digest = self.size, 0, leaf
        while index & 1:
            digest = node_hash(self._complete.pop(), digest)
            index, level = index >> 1, level + 1
            made.append((level, index, digest))
        self._complete.append(digest)
        self.size += 1
        return made

    def root(self) -> bytes:
        if not self._complete:
            return EMPTY_ROOT
        digest = self._complete[-1]
        for left in reversed(self._complete[:-1]):
            digest = node_hash(left, digest)
        return digest

    @classmethod
    def of(cls, size: int, subtree: Subtree) -> Edge:
        """The edge of the tree of `size` leaves whose complete subtrees are known."""
        edge = cls()
        edge.size = size
        edge._complete = [subtree(level, index) for level, index in _complete_subtrees(size)]
        return edge


def _complete_subtrees(size: int) -> Iterator[tuple[int, int]]:
    at = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield level, at >> level
            at += 1 << level


class Tree:
    """A tree of `size` leaves whose complete subtrees are known by `subtree`."""

    def __init__(self, size: int, subtree: Subtree) -> None:
        self.size = size
        self._subtree = subtree

    def root(self, size: int | None = None) -> bytes:
        """The root of its first `size` leaves (all)."""
        return Edge.of(self.size if size is None else size, self._subtree).root()

    def inclusion(self, index: int) -> list[bytes]:
        """The proof that leaf `index` (from 0) is in the tree. Raises IndexError."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        return self._inclusion(index, 0, self.size)

    def consistency(self, old_size: int) -> list[bytes]:
        """The proof that the tree of the first `old_size` leaves (at least 1) is this one's beginning. Raises IndexError."""
        if not 0 < old_size <= self.size:
            raise IndexError(old_size)
        return self._consistency(old_size, 0, self.size, True)

    def _inclusion(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle:
            return [*self._inclusion(index, start, middle), self._range(middle, end)]
        return [*self._inclusion(index, middle, end), self._range(start, middle)]

    def _consistency(self, old_end: int, start: int, end: int, whole: bool) -> list[bytes]:
        if old_end == end:
            return [] if whole else [self._range(start, end)]
        middle = start + _split(end - start)
        if old_end <= middle:
            return [*self._consistency(old_end, start, middle, whole), self._range(middle, end)]
        return [*self._consistency(old_end, middle, end, False), self._range(start, middle)]

    def _range(self, start: int, end: int) -> bytes:
        """The root over leaves [start, end), which the tree's own splits reach."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._subtree(level, start >> level)
        middle = start + _split(count)
        return node_hash(self._range(start, middle), self._range(middle, end))


def _split(count: int) -> int:
    """The largest power of two below `count` (at least 2)."""
    return 1 << (count - 1).bit_length() - 1


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that `proof` leads to from the hash of leaf `index`; None where it has another length than it must."""
    if not 0 <= index < size:
        return None
    at, last, digest = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            digest = node_hash(other, digest)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            digest = node_hash(digest, other)
        at, last = at >> 1, last >> 1
    return digest if last == 0 else None


def is_continued(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree (`size`, `root`) begins with the tree (`old_size`, `old_root`)."""
    if old_size == size:
        return not proof and old_root == root
    if not 0 < old_size < size:
        return False
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == root
