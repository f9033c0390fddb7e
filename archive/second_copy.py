"""A second copy of an archive on another disk: each object compared with the ledger while it is copied, the ledger last.

    copy_archive(Path("/data/clinic"), Path("/media/second/clinic"))
    drill(Path("/data/clinic"), Path("/media/second/clinic"))

A copy is an archive itself: it opens, lists and verifies without the first one. Copied again, it gets what is new. Nothing in
it is ever written over or removed, so damage to the first archive does not reach it: an object that is not what the ledger
says is not copied, and a ledger that is not the copy's own, continued, is refused.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from archive.errors import ArchiveDenied, NotFound, from_os
from archive.incoming import Incoming
from archive.layout import FILE_MODE, Layout, make_folder, sync_folder, write_all
from archive.ledger import Entry, hold, lines, quiet_size
from archive.store import Archive
from archive.verify import Problem, Verification

Progress = Callable[[int, int], None]  #: bytes done, bytes in all
_PIECE: Final = 1 << 20
_OURS: Final = (
    "studies",
    "spool",
    "incoming",
    "scratch",
    "ledger.jsonl",
    "index.sqlite",
    "lost+found",
    "people",
    "trail",
)
_BINARY: Final = getattr(os, "O_BINARY", 0)


@dataclass(slots=True)
class Copied:
    """What a copying did: objects that are new in the copy, their bytes, and those that it had."""

    copied: int = 0
    bytes: int = 0
    already: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drill:
    """What came of opening a copy as if the first archive were lost. `missing` are studies that are not in it."""

    verification: Verification
    studies: int
    missing: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether everything could be brought back."""
        return self.verification.ok and not self.missing


def copy_archive(root: Path, to: Path, progress: Progress | None = None) -> Copied:
    """Bring the copy in folder `to` up to the archive in `root`. May be interrupted, and called while others store.

    Raises NotFound where there is nothing to copy; ArchiveDenied where `to` is no place for this archive's copy; ArchiveFull.
    """
    source, target = Layout(root), Layout(to)
    size = quiet_size(source.ledger)
    if not size:
        raise NotFound(f"There is no archive in {source.root}, or nothing is stored in it: nothing is copied.")
    _check_place(source, target)
    try:
        make_folder(target.root)
        target.prepare()
        with hold(target.ledger):
            known = _continues(source, target, size)
            done = _objects(source, target, size, progress)
            _continue_ledger(source, target, known, size)
    except OSError as error:
        raise from_os(error, target.root, "write") from error
    return done


def drill(root: Path, copy: Path) -> Drill:
    """Open the copy as an archive of its own, read every byte of it, and look whether the studies of `root` are there.

    What was stored since the last copying is missing, and is told.
    """
    began = time.monotonic()
    with Archive(copy, create=False) as second:
        verification = second.verify()
        there = {row.study_instance_uid: (row.objects, row.hidden) for row in second.studies(hidden=True)}
    with Archive(root, create=False) as first:
        here = {row.study_instance_uid: (row.objects, row.hidden) for row in first.studies(hidden=True)}
    missing = tuple(uid for uid, counts in here.items() if there.get(uid) != counts)
    return Drill(verification, len(there), missing, time.monotonic() - began)


def _check_place(source: Layout, target: Layout) -> None:
    """Raises ArchiveDenied for a folder in which something else lies, or that is the archive itself."""
    here, there = source.root.resolve(), target.root.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise ArchiveDenied(f"{target.root} is the archive itself, or lies in it: name a folder on another disk.")
    if not target.root.is_dir():
        return
    others = [path.name for path in target.root.iterdir() if not path.name.startswith(_OURS)]
    if others:
        raise ArchiveDenied(f"{target.root} holds other things ({others[0]}): name an empty folder for the copy.")


def _continues(source: Layout, target: Layout, size: int) -> int:
    """How many bytes of the ledger the copy has. Raises ArchiveDenied where they are not the first ones of this ledger."""
    known = target.ledger.stat().st_size if target.ledger.exists() else 0
    with source.ledger.open("rb") as ours:
        if known:
            with target.ledger.open("rb") as theirs:
                left = known if known <= size else -1
                while left > 0 and (piece := theirs.read(min(_PIECE, left))) == ours.read(len(piece)) and piece:
                    left -= len(piece)
            if left:
                raise ArchiveDenied(
                    f"The ledger in {target.root} is not the beginning of the one in {source.root}: it is another archive's"
                    " copy, or this archive was changed or rolled back; compare both with `archive verify`."
                )
    return known


def _objects(source: Layout, target: Layout, size: int, progress: Progress | None) -> Copied:
    done = Copied()
    entries = {line.entry.object: line.entry for line in reversed([*lines(source.ledger, upto=size)]) if line.entry}
    total = sum(entry.size for entry in entries.values())
    seen = 0
    for entry in sorted(entries.values(), key=lambda one: one.file):
        path = target.absolute_of(entry.file)
        if path.exists() and path.stat().st_size == entry.size:
            done.already += 1
        elif (problem := _one(source, target, entry)) is not None:
            done.problems.append(problem)
        else:
            done.copied += 1
            done.bytes += entry.size
        seen += entry.size
        if progress:
            progress(seen, total)
    return done


def _one(source: Layout, target: Layout, entry: Entry) -> Problem | None:
    """One object into the copy, where it is what the ledger says. Raises OSError where the copy cannot be written."""
    path, place = source.absolute_of(entry.file), target.absolute_of(entry.file)
    if place.exists():
        return Problem("changed", entry.object, f"{place} has another length than the ledger says: look at the copy.")
    digest = hashlib.sha256()
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror}): it is not in the copy."
        return Problem("missing" if isinstance(error, FileNotFoundError) else "unreadable", entry.object, what)
    incoming = Incoming(target.incoming, entry.object)
    try:
        with file:
            while True:
                try:
                    piece = file.read(_PIECE)
                except OSError as error:
                    return Problem("unreadable", entry.object, f"{path} cannot be read ({error.strerror}).")
                if not piece:
                    break
                digest.update(piece)
                write_all(incoming.fd, piece)
        if digest.hexdigest() != entry.sha256:
            return Problem("changed", entry.object, f"{path} is not what was stored: it is not in the copy.")
        os.fsync(incoming.fd)
        make_folder(place.parent)
        incoming.path.rename(place)
        sync_folder(place.parent)
        return None
    finally:
        incoming.remove()


def _continue_ledger(source: Layout, target: Layout, known: int, size: int) -> None:
    """The lines that the copy lacks; its objects are there. Raises OSError."""
    fd = os.open(target.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, FILE_MODE)
    try:
        with source.ledger.open("rb") as ours:
            ours.seek(known)
            left = size - known
            while left and (piece := ours.read(min(_PIECE, left))):
                left -= len(piece)
                write_all(fd, piece)
        os.fsync(fd)
    finally:
        os.close(fd)
    sync_folder(target.root)
