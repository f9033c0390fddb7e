"""The parts of a baseline JPEG that has one scan: its headers without what can name people, and its Huffman tables ready."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.jpeg.structure import BrokenJpeg, insert_huffman_tables, layout, trim

_DQT, _DHT, _SOS, _DRI, _SOF0, _SOF1 = 0xDB, 0xC4, 0xDA, 0xDD, 0xC0, 0xC1
_APP0, _APP14, _COM = 0xE0, 0xEE, 0xFE
_JFIF_BYTES: Final = 16  #: of an APP0 segment without a thumbnail
_FIRST_AC: Final = 0x10  #: ids of tables from here on are of class 1
END: Final = 0x00  #: the symbol for the end of a block
# The machine code of `jpeg_walk` has these numbers in it: whoever changes one empties its cache.
LONGEST_DC: Final = 11  #: bits of a difference of brightness, at most (Table F.1)
END_OF_BLOCK, WRONG = 128, 512  #: instead of a step to the next coefficient
NEAR_BITS: Final = 10  #: of a code, by which most are known: tables so small stay in the processor's nearest memory
LENGTH_BITS: Final = 6  #: the low bits of a step: how many bits the code has


class CannotCover(ValueError):
    """This JPEG cannot be changed in part; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """One Huffman table: `steps` for each 16 bits that may come, `codes` (bits, length) by symbol.

    `near` are the steps by the first `NEAR_BITS` alone, 0 where these do not tell.
    """

    near: npt.NDArray[np.uint16]
    steps: npt.NDArray[np.uint16]
    codes: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Component:
    """One of one or three: sampling factors, the DC's quantizer, ids of its Huffman tables."""

    h: int
    v: int
    quantizer: int
    dc: int
    ac: int


@dataclass(slots=True)
class Picture:
    """The parts of a JPEG: what stands before the scan, its tables, and the scan's bytes."""

    head: bytes
    scan: bytes
    width: int
    height: int
    components: list[Component]
    tables: dict[int, bytes]
    restart: int
    all_black: bool  #: no colour difference: each component is a colour

    @property
    def unit(self) -> tuple[int, int]:
        """Pixels of one coded unit, across and down."""
        if len(self.components) == 1:
            return 8, 8  # of a lone component each block is a unit (A.2.2)
        return 8 * max(c.h for c in self.components), 8 * max(c.v for c in self.components)


def parts_of(data: bytes) -> Picture:
    try:
        found = layout(data)
        return _read(insert_huffman_tables(trim(data, found), found))
    except BrokenJpeg as error:
        raise CannotCover(str(error)) from error
    except (IndexError, struct.error) as error:
        raise CannotCover("its headers are damaged") from error


def _read(data: bytes) -> Picture:
    head: list[bytes] = [b"\xff\xd8"]
    quantizers: dict[int, int] = {}
    tables: dict[int, bytes] = {}
    frame: list[tuple[int, int, int, int]] = []  # id, h, v, quantization table
    width = height = restart = 0
    transform = -1
    for marker, segment in _segments(data):
        body = segment[4:]
        if marker == _COM or _APP0 <= marker <= 0xEF:
            if marker == _APP14 and body[:5] == b"Adobe" and len(body) >= 12:
                transform = body[11]
            elif not (marker == _APP0 and body[:5] == b"JFIF\0" and len(body) == _JFIF_BYTES - 2):
                continue
        elif marker == _DQT:
            quantizers |= _quantizers(body)
        elif marker == _DHT:
            tables |= _huffman_bodies(body)
            continue
        elif marker == _DRI:
            (restart,) = struct.unpack(">H", body[:2])
        elif marker in (_SOF0, _SOF1):
            height, width, count = struct.unpack(">HHB", body[1:6])
            frame = [
                (body[6 + 3 * i], body[7 + 3 * i] >> 4, body[7 + 3 * i] & 15, body[8 + 3 * i]) for i in range(count)
            ]
        elif marker == _SOS:
            break
        head.append(segment)
    tables = {name: _completed(table, name >= _FIRST_AC) for name, table in tables.items()}
    head += [_huffman_segment(tables), segment]
    chosen = {segment[5 + 2 * i]: segment[6 + 2 * i] for i in range(segment[4])}
    if len(chosen) != len(frame) or len(frame) not in (1, 3) or any(one[0] not in chosen for one in frame):
        raise CannotCover("its colours are in several scans, or are not one or three")
    if list(chosen) != [one[0] for one in frame] or not all(
        one[3] in quantizers and one[1] and one[2] for one in frame
    ):
        raise CannotCover("its headers are damaged")
    components = [
        Component(h, v, quantizers[table], chosen[name] >> 4, 0x10 | chosen[name] & 15) for name, h, v, table in frame
    ]
    for one in components:
        if one.dc not in tables or one.ac not in tables:
            raise CannotCover("it names Huffman tables that it has not")
    names = bytes(one[0] for one in frame)
    scan = data[sum(map(len, _all_segments(data))) + 2 : -2]
    return Picture(b"".join(head), scan, width, height, components, tables, restart, transform == 0 or names == b"RGB")


def _all_segments(data: bytes) -> Iterator[bytes]:
    """Every segment up to and with the scan's header, fill bytes included."""
    at = 2
    while True:
        begin = at
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        marker = data[at + 1]
        at += 2 + (data[at + 2] << 8 | data[at + 3])
        yield data[begin:at]
        if marker == _SOS:
            return


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    for segment in _all_segments(data):
        plain = segment.lstrip(b"\xff")
        yield plain[0], b"\xff" + plain


def _quantizers(body: bytes) -> dict[int, int]:
    """The DC's quantizer of each table in a segment."""
    found, at = {}, 0
    while at < len(body):
        wide = body[at] >> 4
        found[body[at] & 15] = struct.unpack_from(">H" if wide else ">B", body, at + 1)[0]
        at += 129 if wide else 65
    return found


def _huffman_bodies(body: bytes) -> dict[int, bytes]:
    """The bytes of each table in a segment, by class and id."""
    found, at = {}, 0
    while at < len(body):
        end = at + 17 + sum(body[at + 1 : at + 17])
        found[body[at]] = body[at + 1 : end]
        at = end
    return found


@functools.lru_cache(maxsize=64)
def _completed(body: bytes, is_ac: bool) -> bytes:
    """The table with the symbols that black blocks need, where an encoder that made it for one picture left them out.

    Longer codes behind the last one change none of those before. A table that is full stays as it is.
    """
    counts, symbols = list(body[:16]), body[16:]
    needed = (END,) if is_ac else range(LONGEST_DC + 1)
    missing = bytes(symbol for symbol in needed if symbol not in symbols)
    used = sum(count << 16 - length for length, count in enumerate(counts, start=1))
    if used + len(missing) >= 1 << 16 or counts[15] + len(missing) > 255:  # the code of ones alone is never given
        return body
    counts[15] += len(missing)
    return bytes(counts) + symbols + missing


def _huffman_segment(tables: dict[int, bytes]) -> bytes:
    body = b"".join(bytes([name]) + table for name, table in sorted(tables.items()))
    return struct.pack(">BBH", 0xFF, _DHT, len(body) + 2) + body


@functools.lru_cache(maxsize=64)
def table_of(body: bytes, is_ac: bool) -> Table:
    """A table made ready: for 16 bits the code's whole length, and how far it leads (AC) or its size (DC)."""
    steps = np.full(1 << 16, WRONG << LENGTH_BITS, np.uint16)
    codes: dict[int, tuple[int, int]] = {}
    code, at = 0, 16
    for length in range(1, 17):
        for _ in range(body[length - 1]):
            symbol = body[at]
            run, size = symbol >> 4, symbol & 15
            if is_ac:
                ahead = run + 1 if size or run == 15 else END_OF_BLOCK
                value = ahead << LENGTH_BITS | length + size
            else:
                value = symbol << LENGTH_BITS | length
            steps[code << 16 - length : code + 1 << 16 - length] = value
            codes.setdefault(symbol, (code, length))
            code, at = code + 1, at + 1
        code <<= 1
    by_near = steps.reshape(1 << NEAR_BITS, -1)
    near = np.where((by_near == by_near[:, :1]).all(axis=1), by_near[:, 0], 0).astype(np.uint16)
    return Table(near, steps, codes)
