"""The kernel's virtual test driver: a device that is not USB, raw formats, and frames that the driver loses."""

from __future__ import annotations

import itertools
import subprocess
from typing import Any

from devices.source import FormatRequest, PixelFormat
from devices.v4l2.source import V4l2Driver, V4l2Source
from tests.device_lab.guest.lab import scenario, wait_for


@scenario(90.0)
def vivid() -> dict[str, Any]:
    # One node that captures, with a webcam's input.
    subprocess.run(["modprobe", "vivid", "n_devs=1", "node_types=0x1", "num_inputs=1", "input_types=0x0"], check=True)
    try:
        info = wait_for(lambda: next(iter(V4l2Driver().discover()), None), "finding vivid")
        found: dict[str, Any] = {"info": info.to_json(), "streams": {}}
        smallest = min(info.formats, key=lambda f: (f.width * f.height, -f.fps))
        with V4l2Source(info) as source:
            names = [control.name for control in source.controls()]
            for pixel_format in (PixelFormat.GREY, PixelFormat.YUYV):
                agreed = source.start(FormatRequest(pixel_format, smallest.width, smallest.height))
                frames = [source.read(10.0) for _ in range(10)]
                source.stop()
                found["streams"][pixel_format] = {
                    "agreed": str(agreed),
                    "expected": agreed.width * agreed.height * (2 if pixel_format is PixelFormat.YUYV else 1),
                    "sizes": sorted({len(frame.data) for frame in frames}),
                    "damaged": [frame.damage for frame in frames if frame.damage],
                    "sequence": [frame.sequence for frame in frames],
                    "pts": [frame.device_pts_ns for frame in frames],
                    "rising": all(a.timestamp_ns < b.timestamp_ns for a, b in itertools.pairwise(frames)),
                }
            # The driver loses every other frame: its own counter says so.
            source.start(FormatRequest(PixelFormat.GREY, smallest.width, smallest.height))
            source.set_control("percentage_of_dropped_buffers", 50)
            lossy = [source.read(10.0).sequence or 0 for _ in range(30)]
            found["lossy"] = lossy
            found["controls"] = names
        return found
    finally:
        subprocess.run(["rmmod", "vivid"], check=False)
