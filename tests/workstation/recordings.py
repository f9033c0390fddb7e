"""Short recordings in a real spool: from the simulated probe, or of pictures that a test drew."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from acquisition import Clip, SpoolWriter, StreamDescription
from devices.cv import cv2
from devices.source import DeviceInfo, FormatRequest, Frame, PixelFormat
from dicom_io.context import new_uid
from mock_devices import SimulatedDriver


def recorded_clip(root: Path, frames: int = 12, pixel_format: PixelFormat = PixelFormat.MJPEG) -> Clip:
    """`frames` frames of 640x480 at 60/s from the simulated probe, spooled below `root` and left there."""
    driver = SimulatedDriver()
    info = driver.discover()[0]
    with driver.open(info) as source:
        told = source.start(FormatRequest(pixel_format=pixel_format, width=640, height=480, fps=60))
        description = StreamDescription(
            stream_id=new_uid(),
            device=info,
            pixel_format=told.pixel_format,
            width=told.width,
            height=told.height,
            nominal_fps=told.fps,
            utc_ns=time.time_ns(),
            monotonic_ns=time.monotonic_ns(),
        )
        root.mkdir(parents=True, exist_ok=True)
        writer = SpoolWriter.create(root, description)
        spooled = [writer.append(source.read()) for _ in range(frames)]
        writer.let_go()
    return Clip(description, spooled)


def drawn_clip(root: Path, pictures: Sequence[npt.NDArray[np.uint8]]) -> Clip:
    """The pictures (rows, columns, 3; blue, green, red) at 15/s as JPEG, spooled below `root` and left there."""
    height, width = pictures[0].shape[:2]
    start = time.monotonic_ns()
    description = StreamDescription(
        stream_id=new_uid(),
        device=DeviceInfo(id="drawn", name="Drawn", kind="simulated", identity_rule="name"),
        pixel_format=PixelFormat.MJPEG,
        width=width,
        height=height,
        nominal_fps=15.0,
        utc_ns=time.time_ns(),
        monotonic_ns=start,
    )
    root.mkdir(parents=True)
    writer = SpoolWriter.create(root, description)
    frames = []
    for number, bgr in enumerate(pictures):
        data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        frame = Frame(data, PixelFormat.MJPEG, width, height, start + number * 1_000_000_000 // 15, number)
        frames.append(writer.append(frame))
    writer.let_go()
    return Clip(description, frames)
