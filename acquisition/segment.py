"""One segment of a stream: a file of DICOM items and the journal beside it.

`NNNNNN.items` is a run of items as they stand in encapsulated pixel data (PS3.5, A.4): tag FFFE,E000, 32-bit length
little endian, payload, a zero byte where the length is odd. `NNNNNN.journal` has one record for each item.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from pathlib import Path
from typing import Final

from acquisition.cine import SpooledFrame
from acquisition.durable import open_append, sync_data, sync_folder, write_all
from acquisition.items import ITEM_HEADER_BYTES, item_header
from acquisition.journal import RECORD_BYTES, Record, pack
from acquisition.payload import Payload

_NAME: Final = re.compile(r"(\d{6,})\.(items|journal)")


def paths_of(folder: Path, number: int) -> tuple[Path, Path]:
    """The items file and the journal of segment `number`."""
    return folder / f"{number:06d}.items", folder / f"{number:06d}.journal"


def segment_numbers(folder: Path) -> list[int]:
    """The numbers of the segments of which either file is there, rising."""
    found = (_NAME.fullmatch(path.name) for path in folder.iterdir())
    return sorted({int(match[1]) for match in found if match})


class Segment:
    """The segment that is being written, and later what is remembered of it. One thread appends; see `SpoolWriter`."""

    def __init__(self, folder: Path, number: int) -> None:
        """Make both files. Raises OSError."""
        self.folder = folder
        self.number = number
        self.items_path, self.journal_path = paths_of(folder, number)
        self.frames: list[SpooledFrame] = []
        self.items_bytes = 0
        self._named = False
        self._torn = False
        self._items_fd: int | None = open_append(self.items_path)
        try:
            self._journal_fd: int | None = open_append(self.journal_path)
        except OSError:
            self.close()
            self.items_path.unlink(missing_ok=True)
            raise

    @property
    def bytes(self) -> int:
        """What both files take, in bytes."""
        return self.items_bytes + len(self.frames) * RECORD_BYTES

    def append(self, record: Record, payload: Payload) -> None:
        """Write an item and its record. Raises OSError, and then leaves the files as they were before.

        Where even that fails the torn end stays, recovery finds it by its checksum, and nothing more is taken: behind it
        frames would lie elsewhere than their records say. `record.offset` must be `self.items_bytes + ITEM_HEADER_BYTES`.
        """
        if self._items_fd is None or self._journal_fd is None:
            raise RuntimeError("the segment is closed")
        if self._torn:
            raise OSError(errno.EIO, "a frame was written in part", str(self.items_path))
        pad = payload.length & 1
        total = ITEM_HEADER_BYTES + payload.length + pad
        header = item_header(payload.length)
        try:
            write_all(self._items_fd, (header, *payload.parts, b"\0") if pad else (header, *payload.parts), total)
            write_all(self._journal_fd, (pack(record),), RECORD_BYTES)
        except OSError:
            self._cut(self._items_fd, self.items_bytes)
            self._cut(self._journal_fd, len(self.frames) * RECORD_BYTES)
            raise
        self.items_bytes += total

    def _cut(self, fd: int, length: int) -> None:
        try:
            os.ftruncate(fd, length)
        except OSError:
            self._torn = True

    def sync(self) -> None:
        """Bring all that was appended before this call to the disk: data, then journal, then the names. Raises OSError."""
        if self._items_fd is None or self._journal_fd is None:
            return
        sync_data(self._items_fd)
        sync_data(self._journal_fd)
        if not self._named:
            sync_folder(self.folder)
            self._named = True

    def close(self) -> None:
        """Give the files back, without a sync. Harmless when closed.

        A failing close says nothing new of what a sync has brought to the disk, and it closes all the same (close(2)): the
        number may be another file's at once, so it is forgotten first.
        """
        given_back = (self._items_fd, getattr(self, "_journal_fd", None))
        self._items_fd = self._journal_fd = None
        for fd in given_back:
            if fd is not None:
                with contextlib.suppress(OSError):
                    os.close(fd)

    def remove(self) -> None:
        """Take both files off the disk. Raises OSError."""
        self.close()
        self.journal_path.unlink(missing_ok=True)
        self.items_path.unlink(missing_ok=True)
