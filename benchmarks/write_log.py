"""What a machine wrote to its disk, in order, and the disk as a power cut at any moment may have left it.

The log is QEMU's `blklogwrites`, in the format of Linux' dm-log-writes: a superblock, then an entry for each write or flush,
each filled up to a sector, a write followed by its data.

The model of a cut: what was written before the last flush is on the disk. Of what was written after it, and of a write that
was under way, each sector of 512 bytes is there or not, by chance. Disks that lie about a flush are not in it.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SECTOR: Final = 512
_SUPERBLOCK: Final = struct.Struct("<QQQI")
_ENTRY: Final = struct.Struct("<QQQQ")
_MAGIC: Final = 0x6A736677736872
_FLUSH, _FUA, _DISCARD = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Write:
    """One entry. `sector` is where `data` went (empty for a bare flush); `begin`, `end`: its bytes in the log."""

    sector: int
    data: memoryview
    flush: bool
    through: bool  #: written through the disk's cache (FUA)
    begin: int
    end: int


def read_log(path: Path) -> list[Write]:
    """All whole entries of a log, in order. Raises ValueError where the file is no such log or holds what is not handled."""
    return list(_entries(memoryview(path.read_bytes())))


def _entries(log: memoryview) -> Iterator[Write]:
    magic, version, _, sector_size = _SUPERBLOCK.unpack_from(log)
    if (magic, version) != (_MAGIC, 1):
        raise ValueError("This is no log of writes.")
    at = sector_size
    while at + sector_size <= len(log):
        begin = at
        sector, count, flags, _ = _ENTRY.unpack_from(log, at)
        at += sector_size
        if not (count or flags):
            return
        if flags & _DISCARD:
            raise ValueError("The log holds a discard, which this model does not know.")
        length = count * sector_size
        if at + length > len(log):
            return
        place = sector * sector_size // SECTOR
        yield Write(place, log[at : at + length], bool(flags & _FLUSH), bool(flags & _FUA), begin, at + length)
        at += length


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cut did: writes before it, those of them after the last flush, and how many sectors of these were lost."""

    writes: int
    unflushed: int  #: the one under way included
    sectors_lost: int


def cut_disk(image: Path, log: list[Write], end: int, chance: random.Random) -> Cut:
    """Bring `image`, the disk as it was before the log began, to what a cut at byte `end` of the log leaves."""
    before = [write for write in log if write.begin < end]
    flushed = max((k for k, write in enumerate(before) if write.flush and write.end <= end), default=-1)
    lost = 0
    with image.open("r+b") as disk:
        for k, write in enumerate(before):
            if k <= flushed or (write.through and write.end <= end):
                disk.seek(write.sector * SECTOR)
                disk.write(write.data)
                continue
            for offset in range(0, len(write.data), SECTOR):
                if chance.random() < 0.5:
                    disk.seek(write.sector * SECTOR + offset)
                    disk.write(write.data[offset : offset + SECTOR])
                else:
                    lost += 1
    return Cut(len(before), len(before) - 1 - flushed, lost)
