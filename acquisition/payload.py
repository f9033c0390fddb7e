"""From a frame as it came to the bytes that are stored: looked into, completed, trimmed, and never decoded."""

from __future__ import annotations

from typing import NamedTuple

from xxhash import xxh3_64, xxh3_64_intdigest

from acquisition.cine import StreamDescription
from acquisition.durable import Buffer
from devices.errors import FrameSizeChanged
from devices.jpeg.scan import check_scan
from devices.jpeg.structure import STANDARD_HUFFMAN_TABLES, BrokenJpeg, layout
from devices.source import Frame, PixelFormat


class SizeInDoubt(FrameSizeChanged):
    """A picture says another size than its device does: either has changed its size, or a byte of this one is wrong."""


BYTES_PER_PIXEL = {PixelFormat.YUYV: 2, PixelFormat.GREY: 1, PixelFormat.BGR24: 3}


class Payload(NamedTuple):
    """What is to be stored of one frame: buffers in order, without a copy; checksums are XXH3-64.

    `damage` says why the frame is called corrupt, or is None; a corrupt frame is stored as it came.
    """

    parts: tuple[Buffer, ...]
    length: int
    checksum: int
    raw_length: int
    raw_checksum: int
    inserted_tables: bool = False
    damage: str | None = None


def prepare(frame: Frame, stream: StreamDescription) -> Payload:
    """What to store of `frame`. Raises FrameSizeChanged where it belongs into another stream, SizeInDoubt where it may."""
    if frame.pixel_format is not stream.pixel_format:
        raise FrameSizeChanged(
            f"The device changed from {stream.pixel_format} to {frame.pixel_format}.", frame.width, frame.height
        )
    if frame.damage is not None:
        return _as_it_came(frame.data, frame.damage)
    if frame.pixel_format is PixelFormat.MJPEG:
        return _jpeg(frame, stream)
    if (frame.width, frame.height) != (stream.width, stream.height):
        raise _changed(FrameSizeChanged, frame.width, frame.height, stream)
    expected = frame.width * frame.height * BYTES_PER_PIXEL[frame.pixel_format]
    if len(frame.data) != expected:
        return _as_it_came(frame.data, f"it has {len(frame.data)} bytes instead of {expected}")
    return _as_it_came(frame.data)


def told_size(frame: Frame) -> tuple[int, int] | None:
    """Width and height in the headers of an MJPEG frame; None where it is not one, or broken."""
    if frame.pixel_format is not PixelFormat.MJPEG or frame.damage is not None:
        return None
    try:
        found = layout(frame.data)
    except BrokenJpeg:
        return None
    return found.width, found.height


def _changed(kind: type[FrameSizeChanged], width: int, height: int, stream: StreamDescription) -> FrameSizeChanged:
    return kind(f"The pictures changed from {stream.width}x{stream.height} to {width}x{height}.", width, height)


def _as_it_came(data: bytes, damage: str | None = None) -> Payload:
    checksum = xxh3_64_intdigest(data)
    return Payload((data,), len(data), checksum, len(data), checksum, damage=damage)


def _jpeg(frame: Frame, stream: StreamDescription) -> Payload:
    data = frame.data
    try:
        found = layout(data)
        check_scan(data, found)
    except BrokenJpeg as broken:
        return _as_it_came(data, str(broken))
    if (found.width, found.height) != (stream.width, stream.height):
        agreed = (found.width, found.height) == (frame.width, frame.height)
        raise _changed(FrameSizeChanged if agreed else SizeInDoubt, found.width, found.height, stream)
    size = len(data)
    if found.has_huffman_tables:
        if found.end == size:
            return _as_it_came(data)
        kept = memoryview(data)[: found.end]
        return Payload((kept,), found.end, xxh3_64_intdigest(kept), size, xxh3_64_intdigest(data))
    view = memoryview(data)
    parts: tuple[Buffer, ...] = (
        view[: found.scan_offset],
        STANDARD_HUFFMAN_TABLES,
        view[found.scan_offset : found.end],
    )
    digest = xxh3_64()
    for part in parts:
        digest.update(part)
    length = found.end + len(STANDARD_HUFFMAN_TABLES)
    return Payload(parts, length, digest.intdigest(), size, xxh3_64_intdigest(data), inserted_tables=True)
