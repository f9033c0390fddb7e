"""Data on its way to the peer: a file's bytes as P-DATA-TF PDUs (PS3.8, 9.3.5), in memory that does not grow with the file.

A megabyte of PDUs lies ready with its headers in place, so that the file's bytes are read straight into the gaps between them
(one call) and all go to the socket in one more. pynetdicom makes an object of every fragment, and reads three times the file.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Final

from dicom_io.errors import CannotOpen
from dicom_io.network.wire import LONGEST_PDU, P_DATA

_PDV_HEADER: Final = 6  # the item's length (4), its context, its kind
_HEADER: Final = 6 + _PDV_HEADER
_ROOM: Final = 1 << 20
_MOST_GAPS: Final = 1000  # the system reads into 1024 places at once
_FRONT: Final = 8192  # room for the command that goes before the data
_COMMAND, _LAST = 0x01, 0x02


def longest_fragment(peer_takes: int) -> int:
    """Bytes of data in one PDU, an even number, for a peer's maximum length (0: it has none; PS3.8, D.1)."""
    return min(peer_takes or LONGEST_PDU, LONGEST_PDU) - _PDV_HEADER & ~1


class Fragments:
    """The PDUs of one association after another; the same memory is used for each."""

    def __init__(self, fragment: int) -> None:
        """`fragment` is `longest_fragment` of what the peer takes."""
        self._fragment = fragment
        self._stride = fragment + _HEADER
        count = max(1, min(_ROOM // self._stride, _MOST_GAPS))
        self._capacity = count * fragment
        self._buffer = bytearray(_FRONT + count * self._stride)
        self._view = memoryview(self._buffer)
        self._starts = [_FRONT + i * self._stride for i in range(count)]
        self._gaps = [self._view[s + _HEADER : s + self._stride] for s in self._starts]
        for start in self._starts:
            self._buffer[start : start + _HEADER] = _header(fragment, 0, 0)
        self._context = 0

    def small(self, context: int, data: bytes, *, is_command: bool) -> bytes:
        """The PDUs of data that is in memory already."""
        kind = _COMMAND if is_command else 0
        pieces = [data[at : at + self._fragment] for at in range(0, len(data), self._fragment)] or [b""]
        last = len(pieces) - 1
        return b"".join(_header(len(p), context, kind | _LAST * (i == last)) + p for i, p in enumerate(pieces))

    def of_file(self, context: int, command: bytes, fd: int, offset: int, length: int) -> Iterator[memoryview]:
        """`command` (PDUs), then `length` bytes (at least 1) of the file from `offset` on; each view is good until the next.

        Raises CannotOpen where the file is shorter than that.
        """
        self._set_context(context)
        at = _FRONT - len(command)
        if at < 0:  # a peer that takes tiny PDUs only
            yield memoryview(command)
            at = _FRONT
        else:
            self._buffer[at:_FRONT] = command
        while length:
            size = min(length, self._capacity)
            full, rest = divmod(size, self._fragment)
            gaps = self._gaps[:full]
            if rest:
                gaps.append(self._gaps[full][:rest])
            _read(fd, gaps, offset, size)
            offset += size
            length -= size
            end = self._starts[len(gaps) - 1] + _HEADER + (rest or self._fragment)
            if length:
                yield self._view[at:end]
            else:
                tail = self._starts[len(gaps) - 1]
                self._buffer[tail : tail + _HEADER] = _header(rest or self._fragment, context, _LAST)
                try:
                    yield self._view[at:end]
                finally:
                    self._buffer[tail : tail + _HEADER] = _header(self._fragment, context, 0)
            at = _FRONT

    def _set_context(self, context: int) -> None:
        if context != self._context:
            first = _FRONT + _HEADER - 2
            self._buffer[first :: self._stride] = bytes([context]) * len(self._starts)
            self._context = context


def _header(size: int, context: int, kind: int) -> bytes:
    return struct.pack(">BxIIBB", P_DATA, size + _PDV_HEADER, size + 2, context, kind)


def _read(fd: int, gaps: list[memoryview], offset: int, size: int) -> None:
    if hasattr(os, "preadv"):
        got = os.preadv(fd, gaps, offset)
        if got == size:
            return
        # Short reads are rare (a network drive): go on gap by gap.
    for gap in gaps:
        done = 0
        while done < len(gap):
            os.lseek(fd, offset + done, os.SEEK_SET)
            data = os.read(fd, len(gap) - done)
            if not data:
                raise CannotOpen("The file is shorter than it was when its sending began: it is not sent whole.")
            gap[done : done + len(data)] = data
            done += len(data)
        offset += len(gap)
