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

from dicom_io.deidentify.jpeg_parts import END, END_OF_BLOCK, LENGTH_BITS, CannotCover, Picture, parts_of, table_of

Box = tuple[int, int, int, int]
Bits = npt.NDArray[np.uint8]

_BLACK: Final = -1024  #: eight times (0 - 128): the DC coefficient of a black block before quantization


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
    """Walks over the units of one picture's scan."""

    def __init__(self, picture: Picture) -> None:
        self._components = picture.components
        self._dc = [table_of(picture.tables[c.dc], False) for c in picture.components]
        self._ac = [table_of(picture.tables[c.ac], True) for c in picture.components]
        self._black = [
            round(_BLACK / c.quantizer) if number == 0 or picture.all_black else 0
            for number, c in enumerate(picture.components)
        ]
        lone = len(picture.components) == 1
        #: The component of each block of a unit, in order, and which block is the first of its component.
        self._blocks = [n for n, c in enumerate(self._components) for _ in range(1 if lone else c.h * c.v)]
        self._firsts = [place == self._blocks.index(n) for place, n in enumerate(self._blocks)]
        self._black_again = np.concatenate([self._black_block(n, 0) for n in self._blocks])

    def stretch(self, data: bytes, covered: npt.NDArray[np.bool_]) -> bytes:
        """The bytes of one stretch, with these of its units black."""
        plain = np.frombuffer(data.replace(b"\xff\x00", b"\xff"), np.uint8)
        bits = np.unpackbits(plain)
        ahead = _windows(plain)
        count = len(self._components)
        was, now = [0] * count, [0] * count  # the last brightness in the old stretch and in the new one
        made: list[Bits] = []
        at = copied = 0
        last = int(np.flatnonzero(covered)[-1])
        end = min(len(covered), last + 2)
        flags = covered.tolist()
        try:
            for number in range(end):
                if flags[number]:
                    made.append(bits[copied:at])
                    at = copied = self._unit(ahead, at, was)
                    if now == self._black and number and flags[number - 1]:
                        made.append(self._black_again)
                    else:
                        made += [
                            self._black_block(n, self._black[n] - now[n] if first else 0)
                            for n, first in zip(self._blocks, self._firsts, strict=True)
                        ]
                    now = list(self._black)
                elif now != was:
                    at = copied = self._joined(ahead, at, was, now, bits, copied, made)
                    now = list(was)
                else:
                    at = self._unit(ahead, at, was)
                    now = list(was)
            made.append(bits[copied:])
            whole = np.concatenate(made)
            spare = -len(whole) % 8
            if spare and _ones_at_end(whole, 8) + spare >= 8:
                # The ones at the end may be filling or not: only reading on to the end tells.
                for _ in range(end, len(covered)):
                    at = self._unit(ahead, at, was)
                whole = whole[: len(whole) - (len(bits) - at)]
                spare = -len(whole) % 8
        except IndexError as error:
            raise CannotCover("its picture data end too early") from error
        if at > len(bits):
            raise CannotCover("its picture data end too early")
        filled = np.concatenate([whole, np.ones(spare, np.uint8)])
        return np.packbits(filled).tobytes().replace(b"\xff", b"\xff\x00")

    def _unit(self, ahead: Sequence[int], at: int, was: list[int]) -> int:
        """Goes over one unit from bit `at`; `was` gets each component's new brightness. Returns where the next begins."""
        for n in self._blocks:
            at, difference = _difference(ahead, at, self._dc[n].steps)
            was[n] += difference
            at = _rest(ahead, at, self._ac[n].steps)
        return at

    def _joined(
        self, ahead: Sequence[int], at: int, was: list[int], now: list[int], bits: Bits, copied: int, made: list[Bits]
    ) -> int:
        """A unit behind a covered part: the first block of each component says its difference from what is there now."""
        for n, first in zip(self._blocks, self._firsts, strict=True):
            begin = at
            at, difference = _difference(ahead, at, self._dc[n].steps)
            was[n] += difference
            if first:
                made += [bits[copied:begin], self._coded(n, was[n] - now[n])]
                copied = at
            at = _rest(ahead, at, self._ac[n].steps)
        made.append(bits[copied:at])
        return at

    def _black_block(self, n: int, difference: int) -> Bits:
        code = self._ac[n].codes.get(END)
        if code is None:
            raise CannotCover("its Huffman tables have no sign for the end of a block")
        return np.concatenate([self._coded(n, difference), _bits(*code)])

    def _coded(self, n: int, difference: int) -> Bits:
        """A difference of brightness in the component's own code (F.1.2.1)."""
        size = abs(difference).bit_length()
        code = self._dc[n].codes.get(size)
        if code is None:
            raise CannotCover("its Huffman tables have no sign for such a step of brightness")
        value = difference if difference > 0 else difference + (1 << size) - 1
        return np.concatenate([_bits(*code), _bits(value, size)])


def _difference(ahead: Sequence[int], at: int, steps: list[int]) -> tuple[int, int]:
    """The difference of brightness at bit `at`, and where it ends."""
    step = steps[ahead[at]]
    size = step >> LENGTH_BITS
    if size > 11:
        raise CannotCover("its picture data are damaged")
    at += step & 63
    if not size:
        return at, 0
    value = ahead[at] >> 16 - size
    return at + size, value if value >> size - 1 else value - (1 << size) + 1


def _rest(ahead: Sequence[int], at: int, steps: list[int]) -> int:
    """Where the block ends whose other coefficients begin at bit `at`."""
    place = 1
    while place < 64:
        step = steps[ahead[at]]
        at += step & 63
        place += step >> LENGTH_BITS
    if place > 64 and not END_OF_BLOCK < place <= END_OF_BLOCK + 63:
        raise CannotCover("its picture data are damaged")
    return at


def _windows(plain: npt.NDArray[np.uint8]) -> memoryview:
    """For each bit the 16 bits from it on; behind the end come ones."""
    padded = np.concatenate([plain, np.full(4, 0xFF, np.uint8)]).astype(np.uint32)
    three = padded[:-2] << 16 | padded[1:-1] << 8 | padded[2:]
    shifted = three[:, None] >> np.arange(8, 0, -1, dtype=np.uint32)
    return shifted.astype(np.uint16).reshape(-1).data


def _ones_at_end(bits: Bits, most: int) -> int:
    tail = bits[-most:][::-1]
    zeros = np.flatnonzero(tail == 0)
    return int(zeros[0]) if len(zeros) else len(tail)


def _bits(value: int, length: int) -> Bits:
    return np.array([value >> place & 1 for place in range(length - 1, -1, -1)], np.uint8)
