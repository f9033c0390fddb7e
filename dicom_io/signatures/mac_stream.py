"""The bytes over which a digital signature's digest is taken: PS3.3, C.12.1.1.3.1.1, for explicit VR little endian.

Each element is taken as it is in the file, but sequences and encapsulated pixel data without their lengths: of an item only
its tag counts, and a delimiter's tag ends a sequence, so that a signature holds whichever way the lengths were written.
Compared byte for byte with what DCMTK's dcmsign digests. Read in pieces: memory does not grow with the pixels.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO, Final

from dicom_io.encoded import Part
from dicom_io.errors import NotDicom

PIXEL_DATA: Final = 0x7FE00010
MAC_PARAMETERS: Final = 0x4FFE0001
SIGNATURES: Final = 0xFFFAFFFA
_PADDING: Final = 0xFFFCFFFC
_ITEM: Final = 0xFFFEE000
_END_OF_ITEM: Final = 0xFFFEE00D
_END: Final = 0xFFFEE0DD
_UNDEFINED: Final = 0xFFFFFFFF
_LONG: Final = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_PIECE: Final = 1 << 20
_DEEPEST: Final = 60
_PREAMBLE: Final = 132


class Reader:
    """Reads an object's parts as one run of bytes; `at` is where it stands."""

    def __init__(self, parts: Sequence[Part], stack: ExitStack) -> None:
        self.at = 0
        self.size = sum(len(part) if isinstance(part, bytes) else part.length for part in parts)
        self._parts = iter(parts)
        self._stack = stack
        self._bytes = memoryview(b"")
        self._file: BinaryIO | None = None
        self._left = 0  # of the file

    def read(self, count: int) -> bytes:
        """The next `count` bytes. Raises NotDicom where there are fewer."""
        return b"".join(self.pieces(count))

    def pieces(self, count: int) -> Iterator[bytes]:
        """The next `count` bytes in pieces. Raises NotDicom where there are fewer."""
        if count > self.size - self.at:
            raise NotDicom("it ends before its last element does: it was cut, or its lengths are wrong")
        while count:
            piece = self._some(min(count, _PIECE))
            count -= len(piece)
            self.at += len(piece)
            yield piece

    def _some(self, most: int) -> bytes:
        while not self._bytes and not self._left:
            part = next(self._parts)
            if isinstance(part, bytes):
                self._bytes = memoryview(part)
            else:
                self._file = self._stack.enter_context(part.path.open("rb"))
                self._file.seek(part.offset)
                self._left = part.length
        if self._bytes:
            found, self._bytes = bytes(self._bytes[:most]), self._bytes[most:]
            return found
        assert self._file is not None
        found = self._file.read(min(most, self._left))
        if not found:
            raise NotDicom("what it is made of is shorter than it was")
        self._left -= len(found)
        return found


def data_set_start(reader: Reader) -> int:
    """Reads up to the data set, over preamble and meta information; returns where it begins. Raises NotDicom."""
    head = reader.read(min(_PREAMBLE, reader.size))
    if head[128:] != b"DICM":
        raise NotDicom("it is no DICOM file: 'DICM' is not at byte 128")
    group = reader.read(12)
    if group[:8] != b"\x02\x00\x00\x00UL\x04\x00":
        raise NotDicom("its meta information does not begin with its length")
    for _ in reader.pieces(struct.unpack("<I", group[8:])[0]):
        pass
    return reader.at


def elements(reader: Reader) -> Iterator[tuple[int, int, bytes, Iterator[bytes]]]:
    """The top elements of the data set from here on: tag, where it begins, VR, and the bytes to be digested.

    Each one's bytes are read to their end before the next is asked for. Raises NotDicom.
    """
    while reader.at < reader.size:
        start = reader.at
        tag, vr, length, head = _header(reader)
        body = _body(reader, tag, vr, length, head, 0)
        yield tag, start, vr, body
        for _ in body:
            pass


def can_be_signed(tag: int, vr: bytes) -> bool:
    """Whether a signature may cover the element: none that change with the encoding, nor signatures themselves."""
    group, number = tag >> 16, tag & 0xFFFF
    return group >= 8 and number != 0 and tag not in (0x00080001, MAC_PARAMETERS, SIGNATURES, _PADDING) and vr != b"UN"


def _header(reader: Reader) -> tuple[int, bytes, int, bytes]:
    raw = reader.read(8)
    group, number = struct.unpack_from("<HH", raw)
    tag, vr = group << 16 | number, raw[4:6]
    if tag in (_ITEM, _END_OF_ITEM, _END):
        return tag, b"", struct.unpack_from("<I", raw, 4)[0], raw[:4]
    if not (vr.isalpha() and vr.isupper()):
        raise NotDicom(f"element ({group:04X},{number:04X}) has no value representation: it is not explicit VR")
    if vr in _LONG:
        if raw[6:8] != b"\0\0":
            raise NotDicom(f"element ({group:04X},{number:04X}) has something where two zero bytes have to be")
        tail = reader.read(4)
        return tag, vr, struct.unpack("<I", tail)[0], raw + tail
    return tag, vr, struct.unpack_from("<H", raw, 6)[0], raw


def _body(reader: Reader, tag: int, vr: bytes, length: int, head: bytes, depth: int) -> Iterator[bytes]:
    if vr == b"SQ" or (vr == b"UN" and length == _UNDEFINED):
        yield head[:8]
        yield from _items(reader, length, depth + 1)
    elif tag == PIXEL_DATA and length == _UNDEFINED:
        yield head[:8]
        yield from _fragments(reader)
    elif length == _UNDEFINED:
        raise NotDicom("an element that is no sequence has no length")
    else:
        yield head
        yield from reader.pieces(length)


def _items(reader: Reader, length: int, depth: int) -> Iterator[bytes]:
    if depth > _DEEPEST:
        raise NotDicom("its sequences are nested too deep")
    end = _UNDEFINED if length == _UNDEFINED else reader.at + length
    while reader.at < end:
        tag, _, size, head = _header(reader)
        if tag == _END and end == _UNDEFINED:
            break
        if tag != _ITEM:
            raise NotDicom("a sequence holds something that is no item")
        yield head
        item_end = _UNDEFINED if size == _UNDEFINED else reader.at + size
        while reader.at < item_end:
            inner, vr, inner_length, inner_head = _header(reader)
            if inner == _END_OF_ITEM and item_end == _UNDEFINED:
                break
            if not vr:
                raise NotDicom("an item ends where none may")
            yield from _body(reader, inner, vr, inner_length, inner_head, depth)
    yield struct.pack("<HH", _END >> 16, _END & 0xFFFF)


def _fragments(reader: Reader) -> Iterator[bytes]:
    while True:
        tag, _, size, head = _header(reader)
        if tag == _END:
            yield head
            return
        if tag != _ITEM:
            raise NotDicom("its encapsulated pixel data holds something that is no item")
        yield head
        yield from reader.pieces(size)
