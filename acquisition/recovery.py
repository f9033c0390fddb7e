"""After a crash: which streams were left behind, and every frame of them that is unharmed.

A frame counts as recovered where its record's checksum fits, its item's header is the one that it must be, and its
payload's checksum fits. Records and payloads are checked one by one, so that a damaged one costs one frame; a torn end
costs what was not yet synced. Nothing in here raises for what it finds on the disk: what is dropped is reported.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Final

from xxhash import xxh3_64_intdigest

from acquisition import description as facts
from acquisition.accounting import gaps_of
from acquisition.cine import Gap, SpooledFrame, StreamDescription
from acquisition.errors import SpoolBusy, from_os
from acquisition.items import ITEM_HEADER_BYTES, item_header
from acquisition.journal import RECORD_BYTES, Record, unpack
from acquisition.lock import OwnerLock
from acquisition.segment import paths_of, segment_numbers
from acquisition.spool import GONE_SUFFIX, LOCK_SUFFIX, remove_stream

# No items file is as long as this; Python refuses to seek behind 2**63.
_FAR: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a stream's folder still holds: its unharmed frames in order, and a sentence for each thing dropped.

    Where `misfits` and `unreadable` are 0 nothing lies there but these frames and a torn end that was never synced.
    """

    frames: list[SpooledFrame]
    dropped: list[str]
    damaged: int  #: frames between recovered ones that did not fit their checksums
    misfits: int = 0  #: records that did not fit, wherever they stand
    unreadable: int = 0  #: segments that the system would not read, now: they may hold whole frames


@dataclass(frozen=True)
class LeftoverStream:
    """A stream whose owner is gone. Its frames are read, and checked, when first asked for."""

    root: Path
    stream_id: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.root / self.stream_id

    @cached_property
    def description(self) -> StreamDescription | None:
        """Who sent the frames; None where that was lost (the frames may still be whole)."""
        return facts.read_description(self.folder)

    @cached_property
    def state(self) -> facts.State:
        """Whether it ended in order, and what was pinned."""
        return facts.read_state(self.folder)

    @cached_property
    def recovered(self) -> Recovered:
        """Frames and what had to be dropped."""
        return recover(self.folder)

    @property
    def frames(self) -> list[SpooledFrame]:
        """The unharmed frames, oldest first, those included that came corrupt from the device."""
        return self.recovered.frames

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing between them; `after_frame` counts whole frames, as in a clip of all of them."""
        fps = self.description.nominal_fps if self.description else 0.0
        return gaps_of(self.frames, fps)

    def write_intent(self, intent: dict[str, Any]) -> None:
        """Keep what is needed to finish saving after another crash. Raises SpoolFull, SpoolDenied, SpoolFailed."""
        try:
            facts.write_intent(self.folder, intent)
        except OSError as error:
            raise from_os(error, self.folder) from error

    def read_intent(self) -> dict[str, Any] | None:
        """What was kept for saving; None where nothing was."""
        return facts.read_intent(self.folder)

    @contextlib.contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the stream while it is saved, so that no other program saves it too. Raises SpoolBusy."""
        lock = self._acquire()
        try:
            yield
        finally:
            lock.release()

    def discard(self) -> None:
        """Remove it from the disk. Raises SpoolBusy, SpoolDenied, SpoolFailed; harmless where it is gone already."""
        lock = self._acquire()
        try:
            remove_stream(self.root, self.stream_id)
            lock.release(remove=True)
        except OSError as error:
            raise from_os(error, self.folder) from error
        finally:
            lock.release()

    def _acquire(self) -> OwnerLock:
        lock = OwnerLock(self.root / f"{self.stream_id}{LOCK_SUFFIX}")
        try:
            if not lock.acquire():
                raise SpoolBusy(f"The stream {self.stream_id} is in use by another program: close that first.")
        except OSError as error:
            raise from_os(error, self.root) from error
        return lock


def leftover_streams(root: Path) -> list[LeftoverStream]:
    """The streams below `root` that have no living owner, by name (which begins with the time of their start).

    Raises SpoolDenied where the folder cannot be read; a folder that is not there holds nothing.
    """
    try:
        if not root.is_dir():
            return []
        names = sorted(path.name for path in root.iterdir() if path.is_dir())
        locks = sorted(path.name for path in root.iterdir() if path.name.endswith(LOCK_SUFFIX) and path.is_file())
    except OSError as error:
        raise from_os(error, root) from error
    _sweep(root, names, locks)
    return [LeftoverStream(root, name) for name in names if _is_stream(root / name) and _is_free(root, name)]


def _is_stream(folder: Path) -> bool:
    if folder.name.endswith(GONE_SUFFIX):
        return False
    with contextlib.suppress(OSError):
        return (folder / facts.STREAM_FILE).is_file() or bool(segment_numbers(folder))
    return False


def _is_free(root: Path, name: str) -> bool:
    lock = OwnerLock(root / f"{name}{LOCK_SUFFIX}")
    try:
        free = lock.acquire()
    except OSError:  # a folder that can be read and not written: nobody writes there
        return not lock.path.exists()
    lock.release()
    return free


def _sweep(root: Path, names: list[str], locks: list[str]) -> None:
    """Take away what a discard that was broken off has left."""
    for name in names:
        if name.endswith(GONE_SUFFIX) and _is_free(root, name.removesuffix(GONE_SUFFIX)):
            with contextlib.suppress(OSError):
                remove_stream(root, name.removesuffix(GONE_SUFFIX))
    for name in locks:
        lock = OwnerLock(root / name)
        with contextlib.suppress(OSError):
            if not (root / name.removesuffix(LOCK_SUFFIX)).exists() and lock.acquire():
                # Its owner may have made the folder since: then the file stays.
                lock.release(remove=not (root / name.removesuffix(LOCK_SUFFIX)).exists())


def recover(folder: Path) -> Recovered:
    """Every unharmed frame in a stream's folder. Never raises."""
    frames: list[SpooledFrame] = []
    dropped: list[str] = []
    damaged = misfits = unreadable = 0
    try:
        numbers = segment_numbers(folder)
    except OSError as error:
        return Recovered([], [f"{folder.name}: {error.strerror or error}"], 0, unreadable=1)
    for number in numbers:
        items, journal = paths_of(folder, number)
        found: list[SpooledFrame] = []
        least = frames[-1].index + 1 if frames else 0
        try:
            with items.open("rb") as data, journal.open("rb") as records:
                between, bad = _read_segment(data, records, items, least, found, dropped)
        except OSError as error:
            dropped.append(f"segment {number}: {error.strerror or error}")
            unreadable += 1
            between = bad = 0
        damaged += between
        misfits += bad
        frames += found
    return Recovered(frames, dropped, damaged, misfits, unreadable)


def _read_segment(
    data: BinaryIO, records: BinaryIO, path: Path, least_index: int, found: list[SpooledFrame], dropped: list[str]
) -> tuple[int, int]:
    """Append the segment's unharmed frames to `found`; how many bad ones lie between them, and in all. Raises OSError."""
    end = 0  # of the last good item
    torn = 0
    bad = bad_between = 0
    while chunk := records.read(RECORD_BYTES):
        record = unpack(chunk)
        what = _fault(record, data, end, least_index)
        if record is None or what:
            bad += 1
            torn = int(len(chunk) < RECORD_BYTES)
            dropped.append(f"{path.stem}, record {len(found) + bad - 1}: {what}")
            continue
        found.append(record.spooled(path))
        bad_between, least_index = bad, record.number + 1
        end = record.offset + record.length + (record.length & 1)
    data.seek(0, 2)
    if (rest := data.tell() - end) > 0:
        dropped.append(f"{path.stem}: {rest} bytes behind the last whole frame")
    return bad_between, bad - torn


def _fault(record: Record | None, data: BinaryIO, end: int, least_index: int) -> str | None:
    """What is wrong with a record or its item; None where all fits. Raises OSError."""
    if record is None:
        return "it is damaged or cut short"
    if record.number < least_index or record.offset < end + ITEM_HEADER_BYTES or record.offset > _FAR:
        return "it is out of order"
    pad = record.length & 1
    start = record.offset - ITEM_HEADER_BYTES
    data.seek(start)
    item = data.read(ITEM_HEADER_BYTES + record.length + pad)
    if len(item) != ITEM_HEADER_BYTES + record.length + pad:
        return "its frame was cut short"
    view = memoryview(item)
    if view[:ITEM_HEADER_BYTES] != item_header(record.length) or (pad and item[-1] != 0):
        return "its item is damaged"
    if xxh3_64_intdigest(view[ITEM_HEADER_BYTES : ITEM_HEADER_BYTES + record.length]) != record.checksum:
        return "its frame does not fit its checksum"
    return None
