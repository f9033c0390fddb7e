"""The journal beside a segment's items: one record of 80 bytes for each frame, little endian.

     0  4  magic 'SFJ1'
     4  4  flags: bit 0 corrupt, bit 1 Huffman tables inserted; bits 8 to 31: frames that the host lost before this one
     8  8  index of the frame in its stream, from 0
    16  8  sequence number of the driver, -1 where there is none
    24  8  time stamp, ns on the monotonic clock
    32  8  presentation time stamp of the device, ns, the least int64 where there is none
    40  8  offset of the payload in the items file
    48  4  length of the payload, without pad byte
    52  4  length of what the device sent
    56  8  XXH3-64 of the payload
    64  8  XXH3-64 of what the device sent
    72  8  XXH3-64 of the 72 bytes before

Records stand by themselves: a damaged one costs one frame, not those behind it.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final, NamedTuple

from xxhash import xxh3_64_intdigest

from acquisition.cine import SpooledFrame
from devices.jpeg.structure import STANDARD_HUFFMAN_TABLES

RECORD_BYTES: Final = 80
MAX_LOST: Final = (1 << 24) - 1

_MAGIC: Final = b"SFJ1"
_BODY: Final = struct.Struct("<4sIQqqqQIIQQ")
_CHECK: Final = struct.Struct("<Q")
_NO_PTS: Final = -(1 << 63)
_CORRUPT: Final = 1
_TABLES: Final = 2


class Record(NamedTuple):
    """What the journal says of one frame; offsets and lengths in bytes."""

    number: int
    sequence: int | None
    timestamp_ns: int
    device_pts_ns: int | None
    offset: int
    length: int
    raw_length: int
    checksum: int
    raw_checksum: int
    corrupt: bool = False
    inserted_tables: bool = False
    lost_before: int = 0

    def spooled(self, path: Path) -> SpooledFrame:
        """The frame that this record of the segment with items file `path` speaks of."""
        trailing = self.raw_length - self.length
        if self.inserted_tables:
            trailing += len(STANDARD_HUFFMAN_TABLES)
        return SpooledFrame(
            self.number,
            self.timestamp_ns,
            path,
            self.offset,
            self.length,
            self.checksum,
            self.sequence,
            self.device_pts_ns,
            self.corrupt,
            self.inserted_tables,
            trailing,
            self.raw_checksum,
            self.lost_before,
        )


def pack(record: Record) -> bytes:
    """The record's 80 bytes."""
    number, sequence, timestamp, pts, offset, length, raw_length, checksum, raw_checksum, corrupt, tables, lost = record
    body = _BODY.pack(
        _MAGIC,
        (_CORRUPT if corrupt else 0) | (_TABLES if tables else 0) | min(lost, MAX_LOST) << 8,
        number,
        -1 if sequence is None else sequence,
        timestamp,
        _NO_PTS if pts is None else pts,
        offset,
        length,
        raw_length,
        checksum,
        raw_checksum,
    )
    return body + _CHECK.pack(xxh3_64_intdigest(body))


def unpack(data: bytes) -> Record | None:
    """The record in these bytes; None where they are not one, whole and unharmed."""
    if len(data) != RECORD_BYTES or data[:4] != _MAGIC:
        return None
    body = data[: _BODY.size]
    if _CHECK.unpack_from(data, _BODY.size)[0] != xxh3_64_intdigest(body):
        return None
    _, flags, number, sequence, timestamp, pts, offset, length, raw_length, checksum, raw_checksum = _BODY.unpack(body)
    return Record(
        number,
        None if sequence < 0 else sequence,
        timestamp,
        None if pts == _NO_PTS else pts,
        offset,
        length,
        raw_length,
        checksum,
        raw_checksum,
        bool(flags & _CORRUPT),
        bool(flags & _TABLES),
        flags >> 8,
    )
