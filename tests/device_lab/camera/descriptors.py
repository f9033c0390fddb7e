"""What the camera says of itself: the USB and UVC 1.1 descriptors.

One video function: an interface for control, with a camera terminal (1), a processing unit with brightness (3), a
streaming terminal (2) and an interrupt endpoint for the button; and an interface for streaming with one bulk endpoint.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SIZES = ((640, 480), (1280, 720), (1920, 1080))
FPS = (60, 30, 15)
MJPEG, YUYV = 1, 2  # format indices
MAX_PAYLOAD = 131072
STREAM_ENDPOINT, BUTTON_ENDPOINT = 1, 2
PROCESSING_UNIT = 3
VENDOR_ID, PRODUCT_ID = 0x1D6B, 0x0102
_YUY2 = b"YUY2\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"


@dataclass(frozen=True)
class Identity:
    """What tells one camera from another; `serial` None: it has no serial number."""

    serial: str | None = "SN-0001"
    manufacturer: str = "Software"
    product: str = "UVC Portable Probe"


@dataclass(frozen=True)
class Descriptors:
    """The answers to GET_DESCRIPTOR: device, configuration, and strings by index."""

    device: bytes
    configuration: bytes
    strings: dict[int, bytes]


def u16(number: int) -> bytes:
    return struct.pack("<H", number)


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def interval_100ns(fps: int) -> int:
    return 10_000_000 // fps


def describe(identity: Identity, sizes: tuple[tuple[int, int], ...], clock_hz: int) -> Descriptors:
    """The descriptors of a camera that offers these sizes and whose time stamps count `clock_hz`."""
    serial_index = 3 if identity.serial else 0
    device = _one(1, u16(0x0200), 0xEF, 2, 1, 64, u16(VENDOR_ID), u16(PRODUCT_ID), u16(0x0100), 1, 2, serial_index, 1)
    body = _one(0x0B, 0, 2, 0x0E, 3, 0, 2) + _control_interface(clock_hz) + _streaming_interface(sizes)
    configuration = _one(2, u16(9 + len(body)), 2, 1, 0, 0x80, 250) + body
    strings = {0: _one(3, u16(0x0409))}
    for index, text in enumerate((identity.manufacturer, identity.product, identity.serial), 1):
        if text:
            strings[index] = _one(3, text.encode("utf-16-le"))
    return Descriptors(device, configuration, strings)


def _one(*fields: int | bytes) -> bytes:
    """A descriptor: its length, then the fields (an int is one byte)."""
    body = b"".join(field if isinstance(field, bytes) else bytes([field]) for field in fields)
    return bytes([len(body) + 1]) + body


def _control_interface(clock_hz: int) -> bytes:
    camera = _one(0x24, 2, 1, u16(0x0201), 0, 0, u16(0), u16(0), u16(0), 3, b"\0\0\0")
    processing = _one(0x24, 5, PROCESSING_UNIT, 1, u16(0), 2, u16(0x0001), 0, 0)
    output = _one(0x24, 3, 2, u16(0x0101), 0, PROCESSING_UNIT, 0)
    units = camera + processing + output
    header = _one(0x24, 1, u16(0x0110), u16(13 + len(units)), u32(clock_hz), 1, 1)
    button = _one(5, 0x80 | BUTTON_ENDPOINT, 3, u16(16), 8) + _one(0x25, 3, u16(16))
    return _one(4, 0, 0, 1, 0x0E, 1, 0, 2) + header + units + button


def _streaming_interface(sizes: tuple[tuple[int, int], ...]) -> bytes:
    mjpeg = _one(0x24, 6, MJPEG, len(sizes), 1, 2, 0, 0, 0, 0)
    mjpeg += b"".join(_frame(7, index, *size) for index, size in enumerate(sizes, 1)) + _one(0x24, 0x0D, 1, 1, 4)
    yuyv = _one(0x24, 4, YUYV, len(sizes), _YUY2, 16, 1, 0, 0, 0, 0)
    yuyv += b"".join(_frame(5, index, *size) for index, size in enumerate(sizes, 1)) + _one(0x24, 0x0D, 1, 1, 4)
    length = u16(15 + len(mjpeg) + len(yuyv))
    # Trigger support and usage are both 1: the camera has a button, and the host is told of it.
    header = _one(0x24, 1, 2, length, 0x80 | STREAM_ENDPOINT, 0, 2, 0, 1, 1, 1, 0, 0)
    endpoint = _one(5, 0x80 | STREAM_ENDPOINT, 2, u16(512), 0)
    return _one(4, 1, 0, 1, 0x0E, 2, 0, 0) + header + mjpeg + yuyv + endpoint


def _frame(subtype: int, index: int, width: int, height: int) -> bytes:
    pixels = width * height
    intervals = b"".join(u32(interval_100ns(fps)) for fps in FPS)
    return _one(
        *(0x24, subtype, index, 0),
        u16(width) + u16(height) + u32(pixels * 16) + u32(pixels * 16 * 60) + u32(pixels * 2),
        u32(interval_100ns(FPS[0])),
        len(FPS),
        intervals,
    )
