"""Writes an object's parts to a new file, durably, and digests them meanwhile.

The kernel copies the byte ranges (a reflink where the file system can) while a second thread reads the same ranges and
computes SHA-256, which on most machines takes longest: so nothing else may stand in its way. Finished stretches are
handed to the disk at once, so that the last fsync finds little to do. Memory does not grow with the object.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import NotStorable
from archive.writeback import start_writeback

if TYPE_CHECKING:
    from dicom_io.encoded import EncodedObject

# Measured on ext4 with a 513 MB clip, as multiples of cp + fsync: digest from mapped windows of 2 to 8 MiB 1.04, from reads
# of 1 MiB 1.12, of 256 KiB 1.17; copying in stretches of 4 or 16 MiB makes no difference, one of 64 MiB leaves the disk idle.
READ_BYTES = 1 << 20
MAP_BYTES = 8 << 20
COPY_BYTES = 16 << 20
_CAN_POPULATE = sys.platform == "linux"
_MADV_POPULATE_READ = 22  # Python has no name for it before 3.14
_BINARY = getattr(os, "O_BINARY", 0)

# What systems answer where they cannot copy between these two files by themselves.
_CANNOT = {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}


def copy_parts(parts: EncodedObject, fd: int) -> None:
    """Writes the parts to `fd` (an empty file open for writing) and waits until they are on the disk.

    Raises NotStorable where a source is gone or shorter than said; OSError where the disk cannot take them.
    """
    at = 0
    for part in parts:
        if isinstance(part, bytes):
            _write_all(fd, part)
            at += len(part)
        else:
            with _source(part.path) as source:
                at = _copy_range(source, part.path, part.offset, part.length, fd, at)
    os.fsync(fd)


def digest_parts(parts: EncodedObject) -> str:
    """SHA-256 of the parts in hexadecimal. Raises NotStorable where a source is gone or shorter than said."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, bytes):
            digest.update(part)
            continue
        with _source(part.path) as source:
            done = _digest_mapped(source, part.path, part.offset, part.length, digest.update)
            if done < part.length:
                view = memoryview(bytearray(READ_BYTES))
                for length in _read_range(source, part.path, part.offset + done, part.length - done, view):
                    digest.update(view[:length])
    return digest.hexdigest()


def _digest_mapped(source: int, path: Path, offset: int, length: int, update: Callable[[memoryview], None]) -> int:
    """Digests as much of the range as this system can map into memory, window by window. Returns how much that was.

    Each window is first brought in by MADV_POPULATE_READ, which answers where the disk fails; touching a page that
    cannot be read would end the program.
    """
    if os.fstat(source).st_size < offset + length:
        raise _short(path)
    done = 0
    while _CAN_POPULATE and done < length:
        start = (offset + done) % mmap.ALLOCATIONGRANULARITY
        size = min(MAP_BYTES, start + length - done)
        try:
            window = mmap.mmap(source, size, prot=mmap.PROT_READ, flags=mmap.MAP_SHARED, offset=offset + done - start)
        except (OSError, ValueError):
            break  # not a file that can be mapped
        with window:
            try:
                window.madvise(_MADV_POPULATE_READ)
            except OSError:
                break  # a kernel before 5.14, or a bad disk, of which reading tells
            with memoryview(window) as whole, whole[start:] as wanted:
                update(wanted)
        done += size - start
    return done


@contextmanager
def _source(path: Path) -> Iterator[int]:
    try:
        fd = os.open(path, os.O_RDONLY | _BINARY)
    except OSError as e:
        raise NotStorable(f"Cannot read the recording {path} ({e.strerror}): it is not saved.") from e
    try:
        yield fd
    finally:
        os.close(fd)


def _read_range(source: int, path: Path, offset: int, length: int, view: memoryview) -> Iterator[int]:
    """Fills `view` again and again with the range's bytes; gives how many are in it each time."""
    os.lseek(source, offset, os.SEEK_SET)
    with os.fdopen(source, "rb", buffering=0, closefd=False) as file:
        while length:
            try:
                got = file.readinto(view[:length])
            except OSError as e:
                raise NotStorable(f"Cannot read the recording {path} ({e.strerror}): it is not saved.") from e
            if not got:
                raise _short(path)
            length -= got
            yield got


def _short(path: Path) -> NotStorable:
    return NotStorable(f"The recording {path} is shorter than it was: this part of it cannot be saved any more.")


def _write_all(fd: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _copy_range(source: int, path: Path, offset: int, length: int, fd: int, at: int) -> int:
    """Copies `length` bytes from `offset` of `source` to the end of `fd`, which is at `at`. Returns the new end."""
    end = at + length
    while at < end and hasattr(os, "copy_file_range"):
        try:
            copied = os.copy_file_range(source, fd, min(COPY_BYTES, end - at), offset_src=offset)
        except OSError as e:
            if e.errno in _CANNOT:
                break
            raise
        if copied == 0:
            if os.fstat(source).st_size >= offset + (end - at):
                break  # some file systems answer 0 where they cannot: read and write then
            raise _short(path)
        start_writeback(fd, at, copied)
        at, offset = at + copied, offset + copied
    view = memoryview(bytearray(READ_BYTES))
    for got in _read_range(source, path, offset, end - at, view):
        _write_all(fd, view[:got])
        start_writeback(fd, at, got)
        at += got
    return at
