"""Parts of a baseline JPEG covered in black without decoding it: every other block keeps its bits.

A JPEG is a row of Huffman codes, block after block (ITU-T T.81). The blocks of a covered part are written anew, with one
even colour; what stands before and after is copied bit by bit. The only other change is one number: brightness is coded as
the difference from the block before (F.1.2.1), so the first block behind a covered part says its difference from black. All
coefficients outside, and so the pixels, stay: except that decoders which smooth the colours' edges look one pixel over the
border of a covered block where colour is coded at half the size.

What jpegtran's `-wipe` does, without its loss of the picture's own tables; comments and application data go as well, for
they can name people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dicom_io.deidentify.jpeg_parts import END, LONGEST_DC, CannotCover, Picture, parts_of, table_of

Box = tuple[int, int, int, int]

_BLACK: Final = -1024  #: eight times (0 - 128): the DC coefficient of a black block before quantization
_LONGEST_BLOCK: Final = 8  #: bytes that a black block, or another difference of brightness, takes at most
_WHY: Final = {
    -1: "its picture data end too early",
    -2: "its picture data are damaged",
    -3: "its Huffman tables have no sign for such a step of brightness",
}


def unit_of(data: bytes) -> tuple[int, int]:
    """Pixels across and down that can only be covered together. Raises CannotCover."""
    return parts_of(data).unit


def aligned(box: Box, unit: tuple[int, int], width: int, height: int) -> Box:
    """The box [x0, y0, x1, y1] in whole units, within the picture: what is really covered."""
    across, down = unit
    return (
        max(0, box[0]) // across * across,
        max(0, box[1]) // down * down,
        min(width, -(-box[2] // across) * across),
        min(height, -(-box[3] // down) * down),
    )


def cover(data: bytes, boxes: Sequence[Box]) -> bytes:
    """The JPEG with the units under `boxes` [x0, y0, x1, y1] black, and without comments and application data.

    Raises CannotCover where it is damaged, is no baseline JPEG in one scan, or its tables cannot say what is needed.
    """
    picture = parts_of(data)
    across, down = picture.unit
    columns, rows = -(-picture.width // across), -(-picture.height // down)
    covered = np.zeros((rows, columns), np.bool_)
    for box in boxes:
        x0, y0, x1, y1 = aligned(box, picture.unit, picture.width, picture.height)
        covered[y0 // down : -(-y1 // down), x0 // across : -(-x1 // across)] = True
    if not covered.any():
        return picture.head + picture.scan + b"\xff\xd9"
    return picture.head + _scan(picture, covered.ravel()) + b"\xff\xd9"


def _scan(picture: Picture, covered: npt.NDArray[np.bool_]) -> bytes:
    """The scan with its covered units black. Between restart markers, where there are any, each stretch by itself."""
    coder = _Coder(picture)
    if not picture.restart:
        return coder.stretch(picture.scan, covered)
    made, number = [], 0
    for stretch, marker in _stretches(picture.scan):
        part = covered[number : number + picture.restart]
        made.append((coder.stretch(stretch, part) if part.any() else stretch) + marker)
        number += picture.restart
    if number < len(covered):
        raise CannotCover("it has fewer stretches between restart markers than it says")
    return b"".join(made)


def _stretches(scan: bytes) -> Iterator[tuple[bytes, bytes]]:
    values = np.frombuffer(scan, np.uint8)
    places = np.flatnonzero((values[:-1] == 0xFF) & (values[1:] >= 0xD0) & (values[1:] <= 0xD7))
    begin = 0
    for place in map(int, places):
        yield scan[begin:place], scan[place : place + 2]
        begin = place + 2
    yield scan[begin:], b""


class _Coder:
    """Covers units of one picture's scan, with that picture's own tables."""

    def __init__(self, picture: Picture) -> None:
        parts = picture.components
        tables = [(table_of(picture.tables[c.dc], False), table_of(picture.tables[c.ac], True)) for c in parts]
        none = (0, 0)
        self._steps = np.concatenate([part for pair in tables for one in pair for part in (one.near, one.steps)])
        self._codes = np.array([dc.codes.get(n, none) for dc, _ in tables for n in range(LONGEST_DC + 1)]).ravel()
        self._ends = np.array([ac.codes.get(END, none) for _, ac in tables]).ravel()
        self._black = np.array(
            [round(_BLACK / c.quantizer) if n == 0 or picture.all_black else 0 for n, c in enumerate(parts)]
        )
        lone = len(parts) == 1
        #: The component of each block of a unit, in order.
        self._blocks = np.array([n for n, c in enumerate(parts) for _ in range(1 if lone else c.h * c.v)])

    def stretch(self, data: bytes, covered: npt.NDArray[np.bool_]) -> bytes:
        """The bytes of one stretch, with these of its units black; at least one is."""
        from dicom_io.deidentify import jpeg_walk  # here: loading the compiler takes half a second

        if not self._ends[1::2].all():
            raise CannotCover("its Huffman tables have no sign for the end of a block")
        plain = np.frombuffer(data.replace(b"\xff\x00", b"\xff") + b"\xff" * jpeg_walk.PADDING, np.uint8)
        most = _LONGEST_BLOCK * len(self._blocks) * (2 * int(np.count_nonzero(covered)) + 1)
        out = np.zeros(len(plain) + most, np.uint8)
        was, now = np.zeros_like(self._black), np.zeros_like(self._black)
        size = jpeg_walk.stretch(
            plain,
            covered.view(np.uint8),
            self._blocks,
            self._steps,
            self._codes,
            self._ends,
            self._black,
            was,
            now,
            out,
        )
        if size < 0:
            raise CannotCover(_WHY[size])
        return out[:size].tobytes().replace(b"\xff", b"\xff\x00")
