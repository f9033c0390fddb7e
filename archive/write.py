"""Writes an object's parts to a new file, durably, and digests them meanwhile.

One thread reads each piece once and writes it, a second one digests the same memory: the ledger's digest is that of the very
bytes that were written. SHA-256 takes longest on most machines, so nothing may stand in its way. Finished stretches are
handed to the disk at once, so that the last fsync finds little to do. Memory does not grow with the object.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from archive.errors import SourceHarmed
from archive.layout import write_all
from archive.writeback import start_writeback

if TYPE_CHECKING:
    from acquisition.cine import FileRange
    from dicom_io.encoded import EncodedObject

# Measured on ext4 with a clip of 517 MB from the spool, in multiples of cp + fsync (medians of ten rounds, two cores, busy):
# these sizes 0.98; pieces of 2 MiB 1.01, of 512 KiB 1.17 (more turns), of 4 MiB 2.5 (too large for the cache). The kernel's
# own copy with a digest of its own reading beside it: 1.25, because the digest pays for bringing the pages in once more.
PIECE_BYTES = 1 << 20
PIECES = 16
WRITEBACK_BYTES = 16 << 20
#: Up to here one thread does it all: a second one, and the memory between the two, cost more than a still's digest takes.
_SMALL_BYTES = 4 << 20
_BINARY = getattr(os, "O_BINARY", 0)


def write_parts(parts: EncodedObject, fd: int) -> str:
    """Writes the parts to `fd` (an empty file open for writing), waits until they are on the disk, returns their SHA-256.

    Raises SourceHarmed where a source is gone, shorter than said, or holds other frames than were recorded; OSError where
    the disk cannot take them.
    """
    free: SimpleQueue[memoryview] = SimpleQueue()
    made = 0

    def buffer_to_fill() -> memoryview:
        """One that is free; a new one only while there are fewer than `PIECES`: most objects never need as many."""
        nonlocal made
        if free.empty() and made < PIECES:
            made += 1
            return memoryview(bytearray(PIECE_BYTES))
        return free.get()

    written: SimpleQueue[tuple[memoryview, memoryview | None] | None] = SimpleQueue()

    def digest_written() -> str:
        digest = hashlib.sha256()
        while (item := written.get()) is not None:
            piece, buffer = item
            digest.update(piece)
            if buffer is not None:
                free.put(buffer)
        return digest.hexdigest()

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="digest") as second:
        result = second.submit(digest_written)
        try:
            at = started = 0
            for piece, buffer in _pieces(parts, buffer_to_fill):
                written.put(
                    (piece, buffer)
                )  # only this thread takes buffers, so this one is not used again before the write
                write_all(fd, piece)
                at += len(piece)
                if at - started >= WRITEBACK_BYTES:
                    start_writeback(fd, started, at - started)
                    started = at
        finally:
            written.put(None)
        os.fsync(fd)
        return result.result()


def is_small(parts: EncodedObject) -> bool:
    """Whether the object is a light one, as a still or a report is: then `write_small` is for it."""
    light = all(isinstance(part, bytes) for part in parts)
    return parts.size <= (WRITEBACK_BYTES if light else _SMALL_BYTES)


def write_small(parts: EncodedObject, fd: int) -> str:
    """Writes a small object to `fd`, and does not wait for the disk: whoever needs it durable syncs. Returns its SHA-256.

    Raises SourceHarmed where `write_parts` does; OSError.
    """
    data = bytearray(parts.size)
    room = memoryview(data)  # what is not filled yet

    def rest() -> memoryview:
        return room

    for piece, buffer in _pieces(parts, rest):
        if buffer is None:  # in the part itself; else it was read to its place
            room[: len(piece)] = piece
        room = room[len(piece) :]
    write_all(fd, memoryview(data))
    start_writeback(fd, 0, len(data))
    return hashlib.sha256(data).hexdigest()


def digest_parts(parts: EncodedObject) -> str:
    """SHA-256 of the parts in hexadecimal. Raises SourceHarmed where `write_parts` does."""
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(PIECE_BYTES))
    for piece, _ in _pieces(parts, lambda: buffer):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(
    parts: EncodedObject, take_buffer: Callable[[], memoryview]
) -> Iterator[tuple[memoryview, memoryview | None]]:
    """The parts' bytes in order, each piece with the buffer that it lies in (None: in the part itself)."""
    for part in parts:
        if isinstance(part, bytes):
            yield memoryview(part), None
        else:
            with _source(part) as source:
                left, check = part.length, part.check()
                while left:
                    buffer = take_buffer()
                    got = _read(source, part, buffer[:left])
                    left -= got
                    if check is not None and (harm := check(buffer[:got])):
                        raise SourceHarmed(harm)
                    yield buffer[:got], buffer


@contextmanager
def _source(part: FileRange) -> Iterator[int]:
    """The range's file, open at the range's beginning."""
    try:
        fd = os.open(part.path, os.O_RDONLY | _BINARY)
    except OSError as e:
        raise _unreadable(part.path, e) from e
    try:
        os.lseek(fd, part.offset, os.SEEK_SET)
        yield fd
    finally:
        os.close(fd)


def _read(source: int, part: FileRange, into: memoryview) -> int:
    """Fills `into` as far as one read does; how many bytes came."""
    try:
        with open(source, "rb", buffering=0, closefd=False) as file:
            got = file.readinto(into)
    except OSError as e:
        raise _unreadable(part.path, e) from e
    if not got:
        raise SourceHarmed(
            f"The recording {part.path} is shorter than it was: this part of it cannot be saved any more."
        )
    return int(got)


def _unreadable(path: Path, error: OSError) -> SourceHarmed:
    return SourceHarmed(f"Cannot read the recording {path} ({error.strerror}): it is not saved.")
