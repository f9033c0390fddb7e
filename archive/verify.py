"""Checks an archive: every stored object is there with the bytes it was stored with, and nothing else is.

Nothing is mended here, and storing goes on meanwhile: what was stored before the check began is checked, what comes after it
is left out. Whoever stores writes the ledger's line first, so a file or a row that the ledger still lacks when it is read
after them was not stored. Digests are computed in two threads, from 1 MiB reads.
"""

from __future__ import annotations

import hashlib
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Literal

from archive.catalogue import Catalogue
from archive.chain import Chain, read_chain
from archive.checkpoint import SignedCheckpoint
from archive.errors import NotStorable
from archive.header import names_itself
from archive.layout import Layout
from archive.ledger import Entry, lines, quiet_size
from archive.outside import against_checkpoint, against_index, outside_note

READ_BYTES = 1 << 20

Progress = Callable[[int, int], None]  #: bytes done, bytes in all; called from the checking threads
ProblemKind = Literal["missing", "changed", "unknown", "identity", "unreadable", "ledger", "checkpoint", "index"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `object` is a SOP Instance UID, or a file's name below the root; `what` a sentence."""

    kind: ProblemKind
    object: str
    what: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found; `objects` and `bytes` were read. `notes` are what it cannot prove, one sentence each."""

    problems: tuple[Problem, ...]
    objects: int
    bytes: int
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, object]:
        return {"ok": self.ok, "problems": [p.to_json() for p in self.problems], "notes": [*self.notes]}


def verify_archive(
    layout: Layout,
    catalogue: Catalogue,
    progress: Progress | None = None,
    checkpoints: Sequence[SignedCheckpoint] = (),
    keys: Sequence[bytes] = (),
    own: SignedCheckpoint | None = None,
) -> Verification:
    """Checks ledger, files and index against each other, and the ledger against `checkpoints` that were kept outside.

    Reads every stored byte once. `keys` are Ed25519 public keys (32 bytes) that checkpoints may be signed with. `own` is a
    checkpoint that the workplace itself kept: it is compared too, but vouches for nothing, since it lies with whoever owns
    the archive.
    """
    size = quiet_size(layout.ledger)
    catalogue.refresh()
    known = [*checkpoints, own] if own else [*checkpoints]
    chain = read_chain(layout.ledger, size, roots_at=[one.checkpoint.size for one in known]) if size else Chain()
    problems, notes = _check_ledger(layout, catalogue, chain, known, keys)
    if uncovered := outside_note(chain, checkpoints):
        notes.append(uncovered)
    entries, seen = chain.entries, (chain.end, chain.count)
    present = list(layout.files())
    late = _stored_since(layout, *seen)
    problems += [
        Problem("unknown", file, "The ledger has no such file: it was not stored by this program.")
        for file in present
        if file not in entries and file not in late
    ]
    problems += [
        Problem("unknown", file, "It lies outside the archive's studies, and was not stored by this program.")
        for file in layout.strays()
    ]
    total = sum(e.size for e in entries.values())
    count = _Count(progress, total)
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="verify") as two:
        for found in two.map(lambda e: _check_object(layout, e, count), sorted(entries.values(), key=lambda e: e.file)):
            problems += found
    problems += _check_index(layout, catalogue, {f for f in present if f in entries}, seen, problems)
    return Verification(tuple(problems), len(entries), count.done, tuple(dict.fromkeys(notes)))


def _check_ledger(
    layout: Layout,
    catalogue: Catalogue,
    chain: Chain,
    checkpoints: Sequence[SignedCheckpoint],
    keys: Sequence[bytes],
) -> tuple[list[Problem], list[str]]:
    """What is wrong with the ledger by itself, beside the index and against checkpoints; and what cannot be proven."""
    name = layout.ledger.name
    problems = [Problem("ledger", name, f"The ledger's {fault}.") for fault in chain.faults]
    changed = against_index(chain, catalogue, layout.ledger)
    if changed:
        problems.append(Problem("ledger", name, changed))
    notes = []
    for one in checkpoints:
        wrong, known = against_checkpoint(chain, one, keys)
        problems += [Problem("checkpoint", one.checkpoint.origin, sentence) for sentence in wrong]
        notes += known
    if chain.unchained:
        notes.append(f"The ledger's first {chain.unchained} lines are older than its chain.")
    return problems, notes


def _stored_since(layout: Layout, end: int, count: int) -> set[str]:
    """The files of the ledger's lines behind its first `count`, which end at `end`."""
    if not layout.ledger.exists():
        return set()
    return {line.entry.file for line in lines(layout.ledger, end, count + 1) if line.entry is not None}


class _Count:
    """Bytes read so far, over all threads."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.done = 0
        self._progress, self._total, self._lock = progress, total, threading.Lock()

    def add(self, size: int) -> None:
        with self._lock:
            self.done += size
            if self._progress is not None:
                self._progress(self.done, self._total)


def check_bytes(layout: Layout, entry: Entry, count: _Count | None = None) -> list[Problem]:
    """Whether an object's file is there, with the bytes it was stored with."""
    path = layout.absolute_of(entry.file)
    digest, size = hashlib.sha256(), 0
    view = memoryview(bytearray(min(READ_BYTES, entry.size + 1)))
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe in its place would be waited for without end
            return [Problem("changed", entry.object, f"{path} is not what was stored: it is no file.")]
        with path.open("rb", buffering=0) as file:
            while got := file.readinto(view):
                digest.update(view[:got])
                size += got
                if count is not None:
                    count.add(got)
    except FileNotFoundError:
        return [Problem("missing", entry.object, f"{path} is missing: bring it back from a copy of the archive.")]
    except OSError as e:
        return [Problem("unreadable", entry.object, f"{path} cannot be read ({e.strerror}): check the disk.")]
    if digest.hexdigest() != entry.sha256:
        size_said = f"{size} bytes instead of {entry.size}" if size != entry.size else "other bytes of the same length"
        return [Problem("changed", entry.object, f"{path} is not what was stored: it has {size_said}.")]
    return []


def _check_object(layout: Layout, entry: Entry, count: _Count) -> list[Problem]:
    """Whether an object's bytes are those that were stored, and are the object that its name says."""
    from archive.reading import read_header

    problems = check_bytes(layout, entry, count)
    if problems:
        return problems
    path = layout.absolute_of(entry.file)
    try:
        header = read_header(path)
    except (NotStorable, OSError) as e:
        return [Problem("identity", entry.object, f"{path} is not a DICOM object: {e}")]
    if not names_itself(header, entry.file):
        return [Problem("identity", entry.object, f"{path} says inside that it is another object.")]
    return []


def _check_index(
    layout: Layout, catalogue: Catalogue, stored: set[str], seen: tuple[int, int], problems: Iterable[Problem]
) -> list[Problem]:
    """The index must list what is stored and sound, and nothing that is not there."""
    broken = {p.object for p in problems if p.kind in ("changed", "identity", "unreadable")}
    try:
        listed = catalogue.ask_as_is(lambda index: index.files())
    except sqlite3.Error as e:
        return [Problem("index", "index.sqlite", f"The index cannot be read ({e}): run archive reindex.")]
    late = _stored_since(layout, *seen)
    found = []
    for file in sorted(stored - listed):
        name = file.rpartition("/")[2].removesuffix(".dcm")
        if name not in broken:
            found.append(Problem("index", name, "The index does not list it: run archive reindex."))
    found += [
        Problem(
            "index",
            f.rpartition("/")[2].removesuffix(".dcm"),
            "The index lists it, but there is no such object: run archive reindex.",
        )
        for f in sorted(listed - stored - late)
    ]
    return found
