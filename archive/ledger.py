"""The ledger: one line for each object that was stored, with its digest, chained to the line before. Append-only.

A line is JSON: {"n", "time" (UTC), "act" ("stored", or "imported" from elsewhere), "object" (SOP Instance UID), "file" (below
the root), "bytes", "sha256", "previous" (SHA-256 of the line before, without its end; 64 zeros for the first)}. A line of the
audit trail has the act "told", and a "message" (PS3.15, A.5) in place of object, file, bytes and digest; one of the
equipment log the act "equipment" and an "entry"; the acts "held" and "released" have "study", "by" and "reason"
(`archive.holds`). A line counts
once its newline is on the disk: an unfinished last line was never acknowledged to anybody, and is cut off before the next.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.errors import from_os
from archive.layout import FILE_MODE, is_object_name, sync_folder, write_all
from archive.lock import lock

ACTS = ("stored", "imported")  #: what brings an object into the archive
TOLD = "told"  #: a line of the audit trail
EQUIPMENT = "equipment"  #: a line of the equipment log
NO_LINE = "0" * 64  #: `previous` of the first line
_BINARY = getattr(os, "O_BINARY", 0)
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored object: `file` is below the archive's root, `size` in bytes, `sha256` in hexadecimal.

    `act` is "imported" for an object that was made elsewhere; where it came from makes it no other object.
    """

    object: str
    file: str
    size: int
    sha256: str
    act: str = field(default="stored", compare=False)


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Behind which line somebody has read the ledger: its number, and the offset of its end. (0, 0) is the beginning."""

    line: int = 0
    end: int = 0

    def is_in(self, path: Path) -> bool:
        """Whether a line of the ledger ends there still: it may have been rolled back since."""
        if self.end == 0:
            return True
        try:
            with path.open("rb") as file:
                file.seek(self.end - 1)
                return file.read(1) == b"\n"
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands in the file. `entry` is None where it cannot be read as one (or is another act).

    `previous` and `time` are as written there, None where they are missing: the first ledgers had no chain.
    """

    number: int
    raw: bytes
    end: int
    fault: str = ""
    entry: Entry | None = None
    previous: object = None
    time: object = None

    @property
    def start(self) -> int:
        """Where it begins in the file."""
        return self.end - len(self.raw) - 1


def parse(number: int, raw: bytes, end: int) -> Line:
    """A line without its newline; `end` is the offset behind it. Never raises: what is wrong stands in `fault`."""
    try:
        values = json.loads(raw)
    except ValueError:
        return Line(number, raw, end, "is not JSON")
    if not isinstance(values, dict):
        return Line(number, raw, end, "is not an object")
    if values.get("n") != number:
        return Line(number, raw, end, f"says it is number {values.get('n')!r}")
    previous, time = values.get("previous"), values.get("time")
    act = values.get("act")
    if act not in ACTS:  # another act, of a later version: part of the chain, not an object
        return Line(number, raw, end, previous=previous, time=time)
    name, file, size, digest = (values.get(k) for k in ("object", "file", "bytes", "sha256"))
    if not (isinstance(name, str) and isinstance(file, str) and isinstance(size, int) and isinstance(digest, str)):
        return Line(number, raw, end, "lacks object, file, bytes or sha256")
    if not is_object_name(file) or not file.endswith(f"/{name}.dcm"):
        return Line(number, raw, end, "names a file that is not an object's")
    return Line(number, raw, end, entry=Entry(name, file, size, digest, act), previous=previous, time=time)


def lines(path: Path, offset: int = 0, first: int = 1, upto: int | None = None) -> Iterator[Line]:
    """The finished lines from `offset` on, which is the start of line number `first`; those that end by `upto` if given."""
    with path.open("rb") as file:
        file.seek(offset)
        for number, raw in enumerate(file, first):
            offset += len(raw)
            if not raw.endswith(b"\n") or (upto is not None and offset > upto):
                return
            yield parse(number, raw[:-1], offset)


def told_lines(path: Path, acts: Collection[str], since: LedgerPlace) -> Iterator[tuple[LedgerPlace, dict[str, Any]]]:
    """What the sound lines of these acts say that are no object's, in their order, each with its place; none: no ledger."""
    if not path.exists():
        return
    marks = [act.encode() for act in acts]
    for line in lines(path, since.end, since.line + 1):
        if line.entry is None and not line.fault and any(mark in line.raw for mark in marks):
            values = json.loads(line.raw)
            if values.get("act") in acts:
                yield LedgerPlace(line.number, line.end), values


def quiet_size(path: Path) -> int:
    """The ledger's size at a moment when nobody stores: each line in it is whole, and its file has its place. 0: no ledger.

    Waits for whoever is storing. Changes nothing.
    """
    try:
        fd = os.open(path, os.O_RDONLY | _BINARY)
    except FileNotFoundError:
        return 0
    try:
        lock(fd)
        return os.fstat(fd).st_size
    finally:
        os.close(fd)


class HeldLedger:
    """The ledger while this program alone may write it."""

    def __init__(self, fd: int, path: Path) -> None:
        self._fd = fd
        self.path = path
        self.end = os.fstat(fd).st_size
        self.cut = self._cut_unfinished()  #: bytes of an unfinished last line that were cut off

    def append(self, entries: Sequence[Entry]) -> None:
        """Adds a line for each and waits until they are on the disk. On failure the ledger is as before; raises OSError."""
        self._append(
            [
                {
                    "act": entry.act,
                    "object": entry.object,
                    "file": entry.file,
                    "bytes": entry.size,
                    "sha256": entry.sha256,
                }
                for entry in entries
            ]
        )

    def append_message(self, message: str) -> None:
        """Adds a line of the audit trail: what somebody did with what is stored. Raises OSError, as `append`."""
        self._append([{"act": TOLD, "message": message}])

    def append_equipment(self, entry: object) -> None:
        """Adds a line of the equipment log, plain JSON values. Raises OSError, as `append`."""
        self._append([{"act": EQUIPMENT, "entry": entry}])

    def append_hold(self, act: str, study_instance_uid: str, by: str, reason: str) -> None:
        """Adds a line that begins or ends a study's hold (`archive.holds`). Raises OSError, as `append`."""
        self._append([{"act": act, "study": study_instance_uid, "by": by, "reason": reason}])

    def _append(self, told: Sequence[Mapping[str, object]]) -> None:
        number, previous = self._next(self._last_line())
        made: list[bytes] = []
        for values in told:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            line = json.dumps({"n": number, "time": now, **values, "previous": previous}).encode("ascii")
            number, previous = number + 1, hashlib.sha256(line).hexdigest()
            made += (line, b"\n")
        data = b"".join(made)
        try:
            write_all(self._fd, data)
            os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, self.end)
            raise
        self.end += len(data)

    def _next(self, last: bytes | None) -> tuple[int, str]:
        if last is None:
            return 1, NO_LINE
        try:
            number = int(json.loads(last)["n"]) + 1
        except (ValueError, KeyError, TypeError):  # somebody edited it: `faults` tells; the count of lines goes on
            number = sum(1 for _ in lines(self.path)) + 1
        return number, hashlib.sha256(last).hexdigest()

    def _cut_unfinished(self) -> int:
        keep = self._newline_before(self.end)
        cut = self.end - keep
        if cut:
            os.ftruncate(self._fd, keep)
            os.fsync(self._fd)
            self.end = keep
        return cut

    def _last_line(self) -> bytes | None:
        if self.end == 0:
            return None
        start = self._newline_before(self.end - 1)
        return self._read(start, self.end - 1)

    def _newline_before(self, end: int) -> int:
        """The offset behind the last newline before `end`; 0 where there is none."""
        while end > 0:
            start = max(0, end - _BLOCK)
            at = self._read(start, end).rfind(b"\n")
            if at >= 0:
                return start + at + 1
            end = start
        return 0

    def _read(self, start: int, end: int) -> bytes:
        os.lseek(self._fd, start, os.SEEK_SET)
        found = bytearray()
        while len(found) < end - start:
            more = os.read(self._fd, end - start - len(found))
            if not more:
                break
            found += more
        return bytes(found)


@contextmanager
def hold(path: Path) -> Iterator[HeldLedger]:
    """Waits for the ledger's lock (made empty where it is missing), mends its end, and holds it for the block.

    Raises ArchiveDenied where it cannot be written, ArchiveFull.
    """
    try:
        fresh = not path.exists()
        fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _BINARY, FILE_MODE)
    except OSError as e:
        raise from_os(e, path, "write") from e
    try:
        lock(fd)
        if fresh:
            sync_folder(path.parent)
        yield HeldLedger(fd, path)
    finally:
        os.close(fd)
