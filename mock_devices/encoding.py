"""A rendered picture as the bytes that a probe would send."""

from __future__ import annotations

from typing import Final

import simplejpeg

from devices.cv import cv2
from devices.source import PixelFormat
from mock_devices.screen import Picture

QUALITY: Final = 90
_APP0_END: Final = 20  #: start marker (2) and the JFIF segment (18) that must follow it at once


def encode(picture: Picture, pixel_format: PixelFormat, frame_number: int) -> bytes:
    """MJPEG (baseline, 4:2:2, quality 90, a comment with the frame's number) or YUYV (ITU-R BT.601, limited range).

    The comment makes each frame's bytes its own although the scene repeats; it is for tests and people, and no part of
    the program reads it.
    """
    if pixel_format is PixelFormat.YUYV:
        return bytes(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_YUY2).tobytes())
    jpeg: bytes = simplejpeg.encode_jpeg(picture, quality=QUALITY, colorspace="BGR", colorsubsampling="422")
    words = f"sonofill simulated frame {frame_number}".encode()
    comment = b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words
    return jpeg[:_APP0_END] + comment + jpeg[_APP0_END:]
