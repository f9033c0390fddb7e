"""Marks of damage inside a JPEG's entropy-coded data, found without decoding it.

In a scan a byte FF is followed by 00 or by a restart marker RSTn (ITU-T T.81, B.1.1.2 and B.1.1.5); anything else ends the
scan. So a wrong bit that makes another marker is seen. A wrong bit that leaves a legal code, which most do, is not: only
decoding shows it, and not always. Nor is an end marker in the middle told from the true end with junk behind it.
"""

from __future__ import annotations

import threading
from typing import Final

import numpy as np

from devices.jpeg.structure import BrokenJpeg, JpegLayout

_SOS, _EOI, _FILL = 0xDA, 0xD9, 0xFF
_RESTARTS: Final = range(0xD0, 0xD8)
#: Tables, restart interval, applications' data, comments: some devices write them between the last scan and the end.
_SEGMENTS: Final = frozenset((0xC4, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)))


class _Scratch(threading.local):
    """Each thread's room for the marks of one picture: a fresh array for each costs page faults, a tenth of the check."""

    def __init__(self) -> None:
        self._make(1 << 19)

    def _make(self, size: int) -> None:
        self.found = bytearray(size)  # searched as bytes: numpy asks for any in four times the time
        self.marks = np.frombuffer(self.found, np.uint8)
        self.truths = self.marks.view(np.bool_)

    def hold(self, size: int) -> None:
        """Make room for `size` marks. What is in it stays undefined."""
        if size > len(self.found):
            self._make(size + size // 4)


_scratch: Final = _Scratch()
_BYTE: Final = np.dtype(np.uint8)  # numpy takes a microsecond each time to make one of the type,
_FF: Final = np.array(0xFF, np.uint8)  # and another to make one of the number


def check_scan(data: bytes, parts: JpegLayout) -> None:
    """Raise BrokenJpeg where the scan breaks off at a marker that cannot stand there. `parts` is the layout of `data`.

    Most of what it takes is the reading of the data from memory; the arithmetic is two passes over it.
    """
    at = parts.scan_offset
    if at + 5 > parts.end:
        raise BrokenJpeg("its scan's header is damaged")
    scratch = _scratch
    one_scan = data[at + 4] >= parts.components  # all components in the first: no other scan may follow
    while True:
        at += 2 + (data[at + 2] << 8 | data[at + 3])
        if at >= parts.end:
            raise BrokenJpeg("its scan's header is damaged")
        pairs = parts.end - at - 1
        last = max(0, pairs - 1)  # where the end marker stands that the layout found
        values = np.frombuffer(data, _BYTE, pairs + 1, at)
        # 1 where FF is followed by another byte than 00: the lesser of (is it FF) and that byte, without a conversion.
        scratch.hold(pairs)
        marks = scratch.marks[:pairs]
        np.equal(values[:pairs], _FF, out=scratch.truths[:pairs])
        np.minimum(marks, values[1:], out=marks)
        find = scratch.found.find
        place = find(1, 0, last)
        while place >= 0 and ((code := data[at + place + 1]) in _RESTARTS or code == _FILL):
            place = find(1, place + 1, last)
        if place < 0 or code == _EOI:
            return
        at = _behind_segments(data, at + place, parts.end)
        if data[at + 1] == _EOI:
            return
        if one_scan:
            raise BrokenJpeg("its picture data are damaged: a marker stands where none can be")


def _behind_segments(data: bytes, at: int, end: int) -> int:
    """Go over whole segments from `at` on to the next scan or the end of the picture. Raises BrokenJpeg elsewhere."""
    while at + 2 <= end and data[at] == 0xFF:
        code = data[at + 1]
        if code == _FILL:
            at += 1
        elif code in (_SOS, _EOI):
            return at
        elif code in _SEGMENTS and at + 4 <= end:
            at += 2 + (data[at + 2] << 8 | data[at + 3])
        else:
            break
    raise BrokenJpeg("its picture data are damaged: a marker stands where none can be")
