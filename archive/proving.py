"""Makes proofs from the index's tree, and checks each before it is handed out, because the index is not trusted."""

from __future__ import annotations

from pathlib import Path

from archive.checkpoint import Checkpoint, Continuation, Inclusion, SignedCheckpoint, origin_of
from archive.errors import ArchiveError, NotFound, from_os
from archive.index import Index
from archive.layout import Layout
from archive.merkle import Tree


def ledger_origin(layout: Layout) -> str:
    """The name of the ledger; empty where nothing is stored yet."""
    first = _line(layout.ledger, 0) if layout.ledger.exists() else b""
    return origin_of(first) if first else ""


def ledger_state(layout: Layout, index: Index) -> Checkpoint:
    """How many lines the ledger has, with the root of their tree. Raises NotFound where it has none."""
    tree = index.tree()
    if not tree.size:
        raise NotFound(f"Nothing is stored in {layout.root} yet: there is nothing to make a checkpoint of.")
    return Checkpoint(ledger_origin(layout), tree.size, tree.root())


def prove_object(layout: Layout, index: Index, sop_uid: str, signed: SignedCheckpoint) -> Inclusion:
    """The proof that an object's line is in the ledger that `signed` tells of. Raises NotFound, ArchiveError."""
    where = index.line_of(sop_uid)
    if where is None:
        raise NotFound(f"There is no object {sop_uid} in {layout.root}: `archive list` shows what there is.")
    number, start = where
    if number > signed.checkpoint.size:
        raise NotFound(f"Object {sop_uid} was stored after the checkpoint was made: make a new checkpoint first.")
    tree = _tree_of(index, signed.checkpoint)
    proof = Inclusion(_line(layout.ledger, start), number - 1, tuple(tree.inclusion(number - 1)), signed)
    if not proof.holds():
        raise ArchiveError(
            f"Line {number} of the ledger is not what the index took in: nothing is proven, run archive verify."
        )
    return proof


def prove_continued(index: Index, old: Checkpoint, signed: SignedCheckpoint) -> Continuation:
    """The proof that the ledger of `signed` begins with that of `old`. Raises ArchiveError where it does not."""
    if not 0 < old.size <= signed.checkpoint.size:
        raise ArchiveError(
            f"The earlier checkpoint has {old.size} lines, the later one {signed.checkpoint.size}: the ledger was cut, or"
            " they were taken the wrong way round."
        )
    proof = Continuation(old.size, tuple(_tree_of(index, signed.checkpoint).consistency(old.size)), signed)
    if not proof.holds(old):
        raise ArchiveError(
            f"The ledger does not begin with the {old.size} lines of the earlier checkpoint: it was changed or made anew,"
            " or the checkpoint is another archive's."
        )
    return proof


def continuation_from(index: Index, size: int, signed: SignedCheckpoint) -> Continuation:
    """What shows whoever saw the first `size` lines that the ledger of `signed` begins with them; 0 for who saw none.

    Whether it convinces, the other side says: it knows what it saw. Raises ArchiveError where there are not as many lines.
    """
    tree = _tree_of(index, signed.checkpoint)
    if size > signed.checkpoint.size:
        raise ArchiveError(f"The ledger of the checkpoint has {signed.checkpoint.size} lines, not {size}: it was cut.")
    hashes = tuple(tree.consistency(size)) if 0 < size < signed.checkpoint.size else ()
    return Continuation(size, hashes, signed)


def _tree_of(index: Index, said: Checkpoint) -> Tree:
    tree = index.tree()
    if said.size > tree.size or tree.root(said.size) != said.root:
        raise ArchiveError("The checkpoint is not of this archive's ledger as it is now: run archive verify with it.")
    return Tree(said.size, index.subtree)


def _line(ledger: Path, start: int) -> bytes:
    try:
        with ledger.open("rb") as file:
            file.seek(start)
            return file.readline().removesuffix(b"\n")
    except OSError as e:
        raise from_os(e, ledger, "read") from e
