"""The streams that a video node offers, in our words."""

from __future__ import annotations

from typing import Any, Final

from linuxpy.video import device as v4l2

from devices.source import PixelFormat, StreamFormat

FOURCC: Final = {
    PixelFormat.MJPEG: (v4l2.PixelFormat.MJPEG, v4l2.PixelFormat.JPEG),
    PixelFormat.YUYV: (v4l2.PixelFormat.YUYV,),
    PixelFormat.GREY: (v4l2.PixelFormat.GREY,),
}
BYTES_PER_PIXEL: Final = {PixelFormat.YUYV: 2, PixelFormat.GREY: 1}

#: Frames a second where a driver names no rate (grabbers that follow their input); the measured rate is shown anyway.
UNSTATED_FPS: Final = 30.0

_CAPTURE = v4l2.BufferType.VIDEO_CAPTURE


def read_formats(device: Any) -> tuple[StreamFormat, ...]:
    """All streams of an open node that we can carry, largest first within an encoding. Raises OSError."""
    formats: dict[StreamFormat, None] = {}
    ours = {code: pixel_format for pixel_format, codes in FOURCC.items() for code in codes}
    for offered in v4l2.iter_read_formats(device, _CAPTURE):
        pixel_format = ours.get(offered.pixel_format)
        if pixel_format is None:
            continue
        for width, height in _sizes(device, offered.pixel_format):
            for fps in _rates(device, offered.pixel_format, width, height):
                formats[StreamFormat(pixel_format, width, height, fps)] = None
    order = list(PixelFormat)
    return tuple(sorted(formats, key=lambda f: (order.index(f.pixel_format), -f.width * f.height, -f.fps)))


def fourcc_of(device: Any, pixel_format: PixelFormat) -> int:
    """The node's own code for this encoding (MJPG or JPEG). Raises OSError; KeyError where it offers none."""
    offered = {int(each.pixel_format) for each in v4l2.iter_read_formats(device, _CAPTURE)}
    for code in FOURCC.get(pixel_format, ()):
        if int(code) in offered:
            return int(code)
    raise KeyError(pixel_format)


def _sizes(device: Any, code: Any) -> list[tuple[int, int]]:
    found = list(v4l2.iter_read_frame_sizes(device, code))
    sizes = [(int(s.info.width), int(s.info.height)) for s in found if s.type == v4l2.FrameSizeType.DISCRETE]
    if not sizes:  # any size within bounds, or the size of the signal: offer the one that is set
        now = v4l2.get_format(device, _CAPTURE)
        sizes = [(int(now.width), int(now.height))]
    return sizes


def _rates(device: Any, code: Any, width: int, height: int) -> list[float]:
    rates = []
    for interval in v4l2.iter_read_frame_intervals(device, code, width, height):
        # linuxpy names a step-wise interval's shortest 'min_fps'; for a discrete one both are the same.
        fastest = max(float(interval.min_fps), float(interval.max_fps))
        rates.append(rounded_fps(fastest) or UNSTATED_FPS)
    return rates or [UNSTATED_FPS]


def rounded_fps(fps: float) -> float:
    """The rate that is meant: UVC counts intervals of 100 ns, so 60 frames a second read 60.00024."""
    return round(fps, 2)
