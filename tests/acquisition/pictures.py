"""Frames to store: small real JPEGs, whole and harmed, and raw pictures."""

from __future__ import annotations

import functools
from typing import cast

import numpy as np
import pytest
import simplejpeg

from acquisition.cine import StreamDescription
from devices.jpeg.structure import layout
from devices.source import DeviceInfo, Frame, PixelFormat, StreamFormat

WIDTH, HEIGHT = 64, 48
DEVICE = DeviceInfo(
    id="uvc:1234:abcd:S1",
    name="Test probe",
    kind="uvc",
    vendor_id="1234",
    product_id="abcd",
    serial="S1",
    port_path="1-2",
    identity_rule="serial",
    formats=(StreamFormat(PixelFormat.MJPEG, WIDTH, HEIGHT, 30.0),),
    profile="simulated-portable",
    manufacturer="Prüfstand",
)
FRAME_NS = 33_333_333


@functools.cache
def jpeg(number: int = 0, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A picture of noise that is its own for each number."""
    noise = np.random.default_rng(number % 50).integers(0, 256, (height, width, 3), np.uint8)
    data: bytes = simplejpeg.encode_jpeg(noise, quality=60 + number % 30, colorsubsampling="422")
    return data


def without_tables(data: bytes) -> bytes:
    """The JPEG without its Huffman tables, as UVC cameras may send it."""
    out, at, end = bytearray(data[:2]), 2, layout(data).scan_offset
    while at < end:
        length = 2 + (data[at + 2] << 8 | data[at + 3])
        if data[at + 1] != 0xC4:
            out += data[at : at + length]
        at += length
    return bytes(out) + data[end:]


def standard_jpeg(number: int = 0) -> bytes:
    """A JPEG that was coded with the standard's Huffman tables."""
    from devices.cv import cv2

    noise = np.random.default_rng(number).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    ok, data = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert ok
    return bytes(data.tobytes())


def near(expected: float, abs: float | None = None) -> float:
    """`pytest.approx` where a number belongs."""
    return cast(float, pytest.approx(expected, abs=abs))


def frame(number: int, data: bytes | None = None, **changes: object) -> Frame:
    """Frame `number` of a 30 fps stream."""
    facts: dict[str, object] = {
        "data": jpeg(number) if data is None else data,
        "pixel_format": PixelFormat.MJPEG,
        "width": WIDTH,
        "height": HEIGHT,
        "timestamp_ns": 1_000_000_000 + number * FRAME_NS,
        "sequence": number,
        "device_pts_ns": None,
        **changes,
    }
    return Frame(**facts)  # type: ignore[arg-type]


def description(stream_id: str = "s1", **changes: object) -> StreamDescription:
    """The stream that `frame` belongs to."""
    facts: dict[str, object] = {
        "stream_id": stream_id,
        "device": DEVICE,
        "pixel_format": PixelFormat.MJPEG,
        "width": WIDTH,
        "height": HEIGHT,
        "nominal_fps": 30.0,
        "utc_ns": 1_700_000_000_000_000_000,
        "monotonic_ns": 1_000_000_000,
        **changes,
    }
    return StreamDescription(**facts)  # type: ignore[arg-type]
