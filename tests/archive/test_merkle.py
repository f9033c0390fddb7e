"""The tree of the ledger against RFC 6962's own definition and published roots."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.merkle import EMPTY_ROOT, Edge, Tree, is_continued, leaf_hash, root_by_inclusion

# The inputs and roots of the Certificate Transparency project's own tests (merkle tree, "reference roots").
LEAVES = [
    bytes.fromhex(h)
    for h in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def grown(leaves: list[bytes]) -> tuple[Edge, dict[tuple[int, int], bytes]]:
    edge, made = Edge(), {}
    for leaf in leaves:
        for level, index, digest in edge.add(leaf_hash(leaf)):
            made[level, index] = digest
    return edge, made


@pytest.mark.parametrize("size", ROOTS)
def test_published_roots(size: int) -> None:
    assert grown(LEAVES[:size])[0].root().hex() == ROOTS[size]


def test_the_empty_tree() -> None:
    assert Edge().root() == EMPTY_ROOT == by_definition([])


sizes = st.integers(1, 70)


@given(st.data(), sizes)
def test_every_proof_proves_and_no_other_does(data: st.DataObject, size: int) -> None:
    leaves = [bytes([k, 7]) for k in range(size)]
    edge, made = grown(leaves)
    tree = Tree(size, lambda level, index: made[level, index])
    root = by_definition(leaves)
    assert tree.root() == edge.root() == root
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(index)
    assert root_by_inclusion(leaf_hash(leaves[index]), index, size, proof) == root
    old = data.draw(sizes.filter(lambda n: n <= size))
    way = tree.consistency(old)
    old_root = by_definition(leaves[:old])
    assert tree.root(old) == old_root
    assert is_continued(old, old_root, size, root, way)

    other = data.draw(st.integers(0, size - 1).filter(lambda k: k != index) if size > 1 else st.just(1))
    assert root_by_inclusion(leaf_hash(leaves[index]), other, size, proof) != root
    assert root_by_inclusion(leaf_hash(b"another"), index, size, proof) != root
    assert root_by_inclusion(leaf_hash(leaves[index]), index, size, [*proof, root]) != root
    if proof:
        assert root_by_inclusion(leaf_hash(leaves[index]), index, size, proof[:-1]) != root
    assert not is_continued(old, bytes(32), size, root, way)
    assert not is_continued(old, old_root, size, bytes(32), way)
    assert not is_continued(old, old_root, size, root, [*way, root])
    if way:
        at = data.draw(st.integers(0, len(way) - 1))
        assert not is_continued(old, old_root, size, root, [*way[:at], bytes(32), *way[at + 1 :]])
        assert not is_continued(old, old_root, size, root, way[:-1])


@given(sizes)
def test_a_tree_goes_on_from_its_edge(size: int) -> None:
    leaves = [bytes([k]) for k in range(size + 3)]
    _, made = grown(leaves[:size])
    edge = Edge.of(size, lambda level, index: made[level, index])
    for leaf in leaves[size:]:
        edge.add(leaf_hash(leaf))
    assert edge.root() == by_definition(leaves)


def test_what_is_not_in_the_tree_has_no_proof() -> None:
    _, made = grown(LEAVES)
    tree = Tree(8, lambda level, index: made[level, index])
    for index in (-1, 8):
        with pytest.raises(IndexError):
            tree.inclusion(index)
    for size in (0, 9):
        with pytest.raises(IndexError):
            tree.consistency(size)
