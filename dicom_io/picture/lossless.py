"""Raw pictures as RLE Lossless frames, one after the other into a scratch file: memory holds one frame at a time.

YUYV has one pair of colour samples for two pixels. Each is repeated, which the standard's YBR_FULL can hold; leaving out
every second one gives the device's bytes back, to the last bit (`yuyv_from_planes`).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rle.rle import encode_segment

from acquisition.cine import Clip, FileRange
from acquisition.items import ITEM_HEADER_BYTES
from devices.source import PixelFormat
from dicom_io.errors import ScratchFailed, WrongPicture
from dicom_io.picture.pixels import payload_of

Plane = npt.NDArray[np.uint8]

_BYTES_PER_PIXEL = {PixelFormat.YUYV: 2, PixelFormat.GREY: 1, PixelFormat.BGR24: 3}


def planes_of(payload: bytes, pixel_format: PixelFormat, columns: int, rows: int, samples: int) -> list[Plane]:
    """The planes of one raw picture, each rows x columns: Y (and Cb, Cr), grey, or R, G, B.

    Raises WrongPicture where its size is wrong.
    """
    expected = _BYTES_PER_PIXEL[pixel_format] * columns * rows
    if len(payload) != expected:
        raise WrongPicture(
            f"A {pixel_format} picture of {columns}x{rows} pixels has {expected} bytes, this one {len(payload)}: "
            "begin the clip after it."
        )
    raw = np.frombuffer(payload, np.uint8)
    match pixel_format:
        case PixelFormat.YUYV:
            pairs = raw.reshape(rows, columns // 2, 4)
            luma = np.ascontiguousarray(raw[0::2]).reshape(rows, columns)
            if samples == 1:
                return [luma]
            return [luma, np.repeat(pairs[:, :, 1], 2, axis=1), np.repeat(pairs[:, :, 3], 2, axis=1)]
        case PixelFormat.BGR24:
            picture = raw.reshape(rows, columns, 3)
            return [np.ascontiguousarray(picture[:, :, channel]) for channel in (2, 1, 0)]
        case _:
            return [raw.reshape(rows, columns)]


def yuyv_from_planes(planes: Sequence[Plane]) -> bytes:
    """The device's YUYV bytes, from the planes of a stored picture (Y alone, or Y, Cb, Cr)."""
    luma = planes[0]
    pairs = np.full((luma.shape[0], luma.shape[1] // 2, 4), 128, np.uint8)
    pairs[:, :, 0], pairs[:, :, 2] = luma[:, 0::2], luma[:, 1::2]
    if len(planes) == 3:
        pairs[:, :, 1], pairs[:, :, 3] = planes[1][:, 0::2], planes[2][:, 0::2]
    return pairs.tobytes()


def rle_frame(planes: Sequence[Plane]) -> bytes:
    """One frame in the standard's RLE (PS3.5 annex G): 64 bytes of header, then a segment of even length for each plane."""
    segments: list[Any] = []
    for plane in planes:
        segment = encode_segment(plane.tobytes(), plane.shape[1])
        segments.append(segment + b"\x00" if len(segment) % 2 else segment)
    offsets = [64]
    for segment in segments[:-1]:
        offsets.append(offsets[-1] + len(segment))
    header = struct.pack("<16I", len(segments), *offsets, *([0] * (15 - len(segments))))
    return header + b"".join(segments)


def encode_frames(clip: Clip, samples: int, path: Path) -> tuple[list[int], FileRange]:
    """Write every frame of a raw clip to `path` as RLE items. Returns their lengths and the range that they fill.

    Raises WrongPicture, FramesUnreadable; ScratchFailed where the scratch folder cannot take them.
    """
    stream = clip.stream
    lengths: list[int] = []
    try:
        with path.open("wb") as file:
            for index in range(len(clip.frames)):
                planes = planes_of(payload_of(clip, index), stream.pixel_format, stream.width, stream.height, samples)
                frame = rle_frame(planes)
                file.write(struct.pack("<HHI", 0xFFFE, 0xE000, len(frame)))
                file.write(frame)
                lengths.append(len(frame))
    except OSError as error:
        raise ScratchFailed(
            f"The folder {path.parent} cannot take the pictures while they are encoded ({error.strerror}): make room there."
        ) from error
    return lengths, FileRange(path, 0, sum(lengths) + ITEM_HEADER_BYTES * len(lengths))
