"""OpenIGTLink messages out of a stream of bytes: whole ones, checked by their CRC, and the pictures in them.

http://openigtlink.org/protocols/v2_header.html and v2_image.html; headers of version 2 (protocol 3) carry an extended header
before the content and metadata behind it. All numbers but the voxels are big-endian.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from fastcrc import crc64

from devices.source import PixelFormat

HEADER_BYTES: Final = 58
MOST_BODY_BYTES: Final = (
    1 << 27
)  #: a picture of 64 million pixels, more than any screen has; a claim beyond is no message
_HEADER: Final = struct.Struct(">H12s20sIIQQ")
_EXTENDED: Final = struct.Struct(">HHII")
_IMAGE: Final = struct.Struct(">HBBBB3H12f3H3H")
_UINT8: Final = 3
_SCALARS: Final = {
    2: "int8",
    3: "uint8",
    4: "int16",
    5: "uint16",
    6: "int32",
    7: "uint32",
    10: "float32",
    11: "float64",
}
#: Millimetres per pixel that an ultrasound picture may have. 1 mm is what senders write that do not know, and lies beyond.
_SPACING_MM: Final = (0.005, 0.6)
_RIGHT_ANGLE: Final = 1e-3  #: cosine between rows and columns


class NotOpenIGTLink(ValueError):
    """What comes is no OpenIGTLink: the stream cannot be read any further. The message says why."""


class NotAPicture(ValueError):
    """An IMAGE message that is not one flat picture of 8 bit; the message says what it is, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `sent_ns` is the sender's clock, ns since the epoch (0: not told); `sound` that its CRC is right."""

    kind: str
    device: str
    sent_ns: int
    content: memoryview
    sound: bool


@dataclass(frozen=True, slots=True)
class ImageContent:
    """A flat picture: rows of GREY or BGR24 bytes, and the size of a pixel [x, y] in mm where the sender tells one."""

    data: bytes
    pixel_format: PixelFormat
    width: int
    height: int
    spacing_mm: tuple[float, float] | None


class MessageReader:
    """Puts messages together from pieces of any size. One thread at a time."""

    def __init__(self) -> None:
        self._header = bytearray(HEADER_BYTES)
        self._body: bytearray | None = None
        self._filled = 0

    def messages(self, receive_into: Callable[[memoryview], int]) -> Iterator[Message]:
        """Every message that becomes whole while `receive_into` brings bytes; ends when it brings none (0).

        Raises NotOpenIGTLink, and what `receive_into` raises; what came so far is kept for the next call.
        """
        while True:
            part = self._header if self._body is None else self._body
            while self._filled < len(part):
                count = receive_into(memoryview(part)[self._filled :])
                if not count:
                    return
                self._filled += count
            self._filled = 0
            if self._body is None:
                self._body = bytearray(_body_size(self._header))
            else:
                body, self._body = self._body, None
                yield _message(self._header, body)


def _body_size(header: bytearray) -> int:
    version, kind, _name, _seconds, _fraction, size, _crc = _HEADER.unpack(header)
    if version not in (1, 2, 3) or not kind.rstrip(b"\0 ").isascii():
        raise NotOpenIGTLink(f"its header has version {version}")
    if size > MOST_BODY_BYTES:
        raise NotOpenIGTLink(f"it announces a message of {size} bytes")
    return int(size)


def _message(header: bytearray, body: bytearray) -> Message:
    version, kind, name, seconds, fraction, _size, crc = _HEADER.unpack(header)
    sound = crc64.ecma_182(bytes(body)) == crc
    content = memoryview(body)
    if version >= 2:
        if len(body) < _EXTENDED.size:
            content, sound = content[:0], False
        else:
            begin, metadata_header, metadata, _number = _EXTENDED.unpack_from(body)
            end = len(body) - metadata_header - metadata
            sound = sound and _EXTENDED.size <= begin <= end
            content = content[begin : max(begin, end)]
    # The fraction counts in units of 2^-32 s.
    return Message(_text(kind), _text(name), seconds * 10**9 + (fraction * 10**9 >> 32), content, sound)


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "replace").strip()


def image_of(content: memoryview) -> ImageContent:
    """The picture in the content of an IMAGE message. Raises NotAPicture."""
    if len(content) < _IMAGE.size:
        raise NotAPicture(f"has a header of {len(content)} bytes")
    _version, components, scalar, _endian, _coordinates, *rest = _IMAGE.unpack_from(content)
    size, vectors, offset, part = rest[:3], rest[3:12], rest[15:18], rest[18:21]
    if scalar != _UINT8:
        raise NotAPicture(f"has pixels of {_SCALARS.get(scalar, f'type {scalar}')}, and 8 bit are needed")
    if components not in (1, 3, 4):
        raise NotAPicture(f"has {components} values a pixel, and 1, 3 or 4 are needed")
    if tuple(offset) != (0, 0, 0) or part != size:
        raise NotAPicture("is a part of a picture")
    # A flat picture is one slice of a volume. Which axis has one sample is told by the sizes: some senders count rows last.
    long = [axis for axis in range(3) if size[axis] > 1]
    if len(long) != 2:
        raise NotAPicture(f"has {' x '.join(map(str, size))} samples, and one flat picture is needed")
    width, height = size[long[0]], size[long[1]]
    pixels = content[_IMAGE.size :]
    if len(pixels) != width * height * components:
        raise NotAPicture(f"has {len(pixels)} bytes instead of {width * height * components}")
    spacing = _spacing(vectors[3 * long[0] :][:3], vectors[3 * long[1] :][:3])
    if components == 1:
        return ImageContent(bytes(pixels), PixelFormat.GREY, width, height, spacing)
    colours = np.frombuffer(pixels, np.uint8).reshape(height, width, components)
    return ImageContent(colours[:, :, 2::-1].tobytes(), PixelFormat.BGR24, width, height, spacing)


def _spacing(across: list[float], down: list[float]) -> tuple[float, float] | None:
    """How far it is from one pixel to the next, mm; None where that is not told, or cannot be of ultrasound."""
    x, y = math.hypot(*across), math.hypot(*down)
    if not all(math.isfinite(one) and _SPACING_MM[0] <= one <= _SPACING_MM[1] for one in (x, y)):
        return None
    if abs(sum(a * b for a, b in zip(across, down, strict=True))) > _RIGHT_ANGLE * x * y:
        return None
    return x, y
