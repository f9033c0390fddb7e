"""What an OpenCV capture is made to deliver, and what its arrays turn out to be.

OpenCV cannot list a device's formats: a wish is set, read back, and the first frame shows what came of it. With
CAP_PROP_CONVERT_RGB = 0 some backends (V4L2 does) hand over the bytes that the device sent; others decode all the same,
and FFmpeg's then gives the brightness alone: a picture without its colours, which is not to be taken for a grey device.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from devices.errors import DeviceStalled, FormatNotSupported
from devices.jpeg import structure
from devices.source import FormatRequest, PixelFormat, StreamFormat

#: Sizes tried, largest first, where the user names none.
_USUAL_SIZES: Final = ((1920, 1080), (1280, 720), (640, 480))
#: Frames a second where the backend does not tell.
_UNKNOWN_FPS: Final = 30.0
_GREY_CODES: Final = ("GREY", "Y800", "Y8  ")
_FIRST_FRAME_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a capture was brought to deliver: the format, its first frame's bytes, whether OpenCV knows the rate."""

    stream_format: StreamFormat
    first: bytes
    rate_known: bool

    @property
    def text(self) -> str:
        """One sentence for the user."""
        pixel_format = self.stream_format.pixel_format
        said = (
            "OpenCV hands over decoded pictures: not what the device sent."
            if pixel_format is PixelFormat.BGR24
            else f"OpenCV hands over what the device sent ({pixel_format}), untouched."
        )
        return said if self.rate_known else f"{said} It does not tell the rate."


def agree(capture: Any, request: FormatRequest, decoded: bool = False) -> Delivery | None:
    """Bring a freshly opened capture to the format asked for, as the device sends it or `decoded` by OpenCV.

    None where the device's own encoding is not known above: a fresh capture is to be asked for decoded pictures then
    (a capture that has given frames cannot always be switched: OpenCV 5.0's FFmpeg backend fails).
    Raises FormatNotSupported; DeviceStalled when no frame comes.
    """
    capture.set(cv2.CAP_PROP_CONVERT_RGB, 1 if decoded else 0)
    if request.pixel_format is PixelFormat.YUYV:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"YUYV"))
    elif request.pixel_format is PixelFormat.GREY:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"GREY"))
    else:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    if request.fps is not None:
        capture.set(cv2.CAP_PROP_FPS, request.fps)
    _set_size(capture, request)
    told_fps = float(capture.get(cv2.CAP_PROP_FPS))
    rate_known = 0 < told_fps < 1000
    fps = told_fps if rate_known else request.fps or _UNKNOWN_FPS
    if request.fps is not None and (request.fps > 1000 or abs(fps - request.fps) >= 0.5):
        raise FormatNotSupported(f"The device does not send {request.fps:g} frames a second; it offers {fps:g}.")
    found = _first_frame(capture)
    if found is None and not decoded and request.pixel_format is None:
        return None
    if found is None:
        raise FormatNotSupported("The device sends an encoding that this program does not know: choose another format.")
    pixel_format, width, height, data = found
    for name, asked, came in (("width", request.width, width), ("height", request.height, height)):
        if asked not in (None, came):
            raise FormatNotSupported(f"The device does not send the {name} {asked}; it sends {width}x{height}.")
    if request.pixel_format not in (None, pixel_format):
        raise FormatNotSupported(
            f"The device does not send {request.pixel_format} through OpenCV; it sends {pixel_format}."
        )
    return Delivery(StreamFormat(pixel_format, width, height, fps), data, rate_known)


def _fourcc(capture: Any) -> str:
    return (int(capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF).to_bytes(4, "little").decode("latin-1")


def _size(capture: Any) -> tuple[int, int]:
    return int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))


def _set_size(capture: Any, request: FormatRequest) -> None:
    if request.width is None and request.height is None:
        sizes = list(_USUAL_SIZES)
    else:
        now = _size(capture)
        sizes = [(request.width or now[0], request.height or now[1])]
    for width, height in sizes:
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        if _size(capture) == (width, height):
            return


def _first_frame(capture: Any) -> tuple[PixelFormat, int, int, bytes] | None:
    """The first frame that can be told; None where it is of an unknown encoding."""
    until = time.monotonic() + _FIRST_FRAME_S
    while time.monotonic() < until:
        there, picture = capture.read()
        if there and picture is not None:
            size = _size(capture)
            pixel_format = classify(picture, size, _fourcc(capture))
            if pixel_format is None:
                if bytes(picture.tobytes()[:2]) == b"\xff\xd8":
                    continue  # a JPEG cut short: the next one tells the size
                return None
            data = picture.tobytes()
            if pixel_format is PixelFormat.MJPEG:
                parts = structure.layout(data)
                return pixel_format, parts.width, parts.height, data
            if picture.ndim == 3:
                size = (int(picture.shape[1]), int(picture.shape[0]))
            return pixel_format, *size, data
        time.sleep(0.02)
    raise DeviceStalled("The device is there and sends no picture: check its cable, and whether its source is on.")


def classify(picture: NDArray[np.uint8], size: tuple[int, int], fourcc: str = "") -> PixelFormat | None:
    """How the array of a capture set to `size` (width, height) and `fourcc` is to be read; None: it cannot be told."""
    width, height = size
    if picture.dtype != np.uint8:
        return None
    if picture.ndim == 3 and picture.shape[2] == 3:
        return PixelFormat.BGR24
    if picture.ndim == 3 and picture.shape[2] == 2:
        return PixelFormat.YUYV
    if picture.size == width * height:
        return PixelFormat.GREY if fourcc in _GREY_CODES else None
    data = picture.tobytes()
    try:
        structure.layout(data)
    except structure.BrokenJpeg:
        # One long row of two bytes a pixel: V4L2 in some versions of OpenCV.
        return PixelFormat.YUYV if len(data) == width * height * 2 and not data.startswith(b"\xff\xd8") else None
    return PixelFormat.MJPEG
