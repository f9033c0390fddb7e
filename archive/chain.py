"""Reads the whole ledger through, once: what it enters, whether its lines follow from each other, and its tree's roots.

Ledgers of the first version had no chain. Such lines may stand at the beginning, where the tree holds them too; from the
first chained line on each must follow from the line before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from archive.checkpoint import Checkpoint, origin_of
from archive.ledger import NO_LINE, Entry, Line, lines
from archive.merkle import EMPTY_ROOT, Edge, leaf_hash


@dataclass(slots=True)
class Chain:
    """The ledger as it was read: its first `end` bytes, `count` finished lines.

    `entries` by file, the first line of a file counts; `unchained` lines at the beginning are older than the chain; `roots`
    are those after as many lines as were asked for; `times` of lines by number: of the first, and of each that follows on a
    size that was asked for.
    """

    end: int = 0
    count: int = 0
    faults: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    unchained: int = 0
    origin: str = ""
    roots: dict[int, bytes] = field(default_factory=lambda: {0: EMPTY_ROOT})
    times: dict[int, str] = field(default_factory=dict)

    def head(self) -> Checkpoint:
        """The state of the ledger as far as it was read."""
        return Checkpoint(self.origin, self.count, self.roots[self.count])


def read_chain(path: Path, size: int | None = None, *, roots_at: Iterable[int] = ()) -> Chain:
    """Reads the ledger's first `size` bytes (all). Raises OSError where it cannot be read.

    `roots_at`: after how many lines the tree's root is wanted, besides the end.
    """
    size = path.stat().st_size if size is None else size
    wanted, edge, chain = set(roots_at), Edge(), Chain()
    previous, objects = NO_LINE, dict[str, int]()
    for line in lines(path, upto=size):
        chain.faults += _faults(line, previous, chain, objects)
        if not chain.count:
            chain.origin = origin_of(line.raw)
        if not chain.count or chain.count in wanted:
            chain.times[line.number] = line.time if isinstance(line.time, str) else "an unknown date"
        edge.add(leaf_hash(line.raw))
        previous, chain.end, chain.count = hashlib.sha256(line.raw).hexdigest(), line.end, line.number
        if chain.count in wanted:
            chain.roots[chain.count] = edge.root()
        if line.entry is not None:
            chain.entries.setdefault(line.entry.file, line.entry)
            objects.setdefault(line.entry.object, line.number)
    chain.roots[chain.count] = edge.root()
    if chain.end != size:
        chain.faults.append("the last line is unfinished")
    return chain


def _faults(line: Line, previous: str, chain: Chain, objects: dict[str, int]) -> list[str]:
    found = []
    if line.fault:
        found.append(f"line {line.number} {line.fault}")
    elif line.previous is None and chain.unchained == chain.count:
        chain.unchained += 1
    elif line.previous != previous:
        found.append(f"line {line.number} does not follow from the line before it: one of them was changed")
    if line.entry is not None and line.entry.object in objects:
        found.append(
            f"line {line.number} enters an object again that line {objects[line.entry.object]} has, which counts"
        )
    return found


def faults(path: Path, size: int | None = None) -> list[str]:
    """What is wrong with the ledger itself: unreadable lines, a broken chain, an object twice, an unfinished end."""
    return read_chain(path, size).faults
