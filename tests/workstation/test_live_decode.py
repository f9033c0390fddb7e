"""Decoding for the live view: into memory that is used again, at half size where that is enough."""

from __future__ import annotations

import numpy as np
import pytest

from devices.source import FormatRequest, Frame, PixelFormat
from mock_devices import SimulatedDriver
from workstation.live.decode import LiveDecoder
from workstation.reels import decode


def frames(pixel_format: PixelFormat, count: int = 3) -> list[Frame]:
    driver = SimulatedDriver()
    source = driver.open(driver.discover()[0])
    with source:
        source.start(FormatRequest(pixel_format=pixel_format, width=640, height=480, fps=60))
        return [source.read() for _ in range(count)]


@pytest.mark.parametrize("pixel_format", [PixelFormat.MJPEG, PixelFormat.YUYV])
def test_the_picture_is_that_of_the_frame(pixel_format: PixelFormat) -> None:
    (frame,) = frames(pixel_format, 1)
    live = LiveDecoder().decode(frame, (640, 480))
    whole = decode(frame.data, frame.pixel_format, frame.width, frame.height)
    assert live.shape == (480, 640, 4)
    assert np.array_equal(live[..., :3], whole)


def test_half_is_decoded_where_half_is_shown() -> None:
    (frame,) = frames(PixelFormat.MJPEG, 1)
    assert LiveDecoder().decode(frame, (320, 240)).shape == (240, 320, 4)
    assert LiveDecoder().decode(frame, (320, 400)).shape == (240, 320, 4), "the view is higher than the picture in it"
    assert LiveDecoder().decode(frame, (321, 400)).shape == (480, 640, 4)


def test_memory_is_used_again_but_not_too_soon() -> None:
    decoder = LiveDecoder()
    many = frames(PixelFormat.MJPEG, 4)
    first = decoder.decode(many[0], (640, 480))
    kept = first.copy()
    for frame in many[1:3]:
        assert not np.shares_memory(decoder.decode(frame, (640, 480)), first)
        assert np.array_equal(first, kept)
    assert np.shares_memory(decoder.decode(many[3], (640, 480)), first)


@pytest.mark.parametrize("pixel_format", [PixelFormat.MJPEG, PixelFormat.YUYV])
def test_damaged_bytes_are_refused(pixel_format: PixelFormat) -> None:
    (frame,) = frames(pixel_format, 1)
    for data in (frame.data[: len(frame.data) // 2], b""):
        cut = Frame(data, frame.pixel_format, frame.width, frame.height, 0)
        with pytest.raises(ValueError):
            LiveDecoder().decode(cut, (640, 480))


def test_grey_and_decoded_pictures() -> None:
    grey = Frame(bytes(range(12)), PixelFormat.GREY, 4, 3, 0)
    assert LiveDecoder().decode(grey, (4, 3))[2, 3].tolist() == [11, 11, 11, 255]
    colour = Frame(bytes([1, 2, 3] * 12), PixelFormat.BGR24, 4, 3, 0)
    assert LiveDecoder().decode(colour, (4, 3))[0, 0].tolist() == [1, 2, 3, 255]
