"""Short recordings from the simulated probe, in a real spool."""

from __future__ import annotations

import time
from pathlib import Path

from acquisition import Clip, SpoolWriter, StreamDescription
from devices.source import FormatRequest, PixelFormat
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
