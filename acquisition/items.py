"""A frame's item, as it lies in the spool and later in a DICOM file, and whether its bytes are those that were spooled.

An item (PS3.5, A.4) is a tag (FFFE,E000), a 32-bit length little endian, the payload, and a zero byte where the payload's
length is odd. What a disk that fails gives back need not be what it was given: after an fsync that failed the kernel forgets
which pages never reached it. So whoever copies items holds them against the checksums that were made in memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

from xxhash import xxh3_64

ITEM_TAG: Final = b"\xfe\xff\x00\xe0"
ITEM_HEADER_BYTES: Final = 8  #: tag and length
_LENGTH: Final = struct.Struct("<I")


def item_header(length: int) -> bytes:
    """The header of an item whose payload has `length` bytes: its own length is even."""
    return ITEM_TAG + _LENGTH.pack(length + (length & 1))


class ItemCheck:
    """Holds items that lie one after the other, read in pieces of any size, against what is known of each."""

    def __init__(self, items: Iterable[tuple[int, int]]) -> None:
        """`items`: the length in bytes of each payload without its pad byte, and its checksum (XXH3-64)."""
        self._items = iter(items)
        self._number = -1
        self._length = self._checksum = self._done = self._left = 0
        self._digest = xxh3_64()

    def update(self, piece: memoryview) -> int | None:
        """Take the next bytes; the number (from 0) of the first item that does not fit, None as long as all do."""
        at = 0
        while at < len(piece):
            if not self._left:
                self._begin_next()
            part = piece[at : at + self._left]
            if not self._fits(part):
                return self._number
            at += len(part)
            self._done += len(part)
            self._left -= len(part)
            if not self._left and self._digest.intdigest() != self._checksum:
                return self._number
        return None

    def _begin_next(self) -> None:
        self._length, self._checksum = next(self._items)
        self._number += 1
        self._done, self._left = 0, ITEM_HEADER_BYTES + self._length + (self._length & 1)
        self._digest = xxh3_64()

    def _fits(self, part: memoryview) -> bool:
        """Enter the payload's share of the part; whether the rest of it is the header and pad byte that it must be."""
        payload_at = max(0, ITEM_HEADER_BYTES - self._done)
        pad_at = max(0, ITEM_HEADER_BYTES + self._length - self._done)
        self._digest.update(part[payload_at:pad_at])
        header = part[:payload_at]
        return header == item_header(self._length)[self._done : self._done + len(header)] and not any(part[pad_at:])
