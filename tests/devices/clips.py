"""Files to play: drawn pictures as MJPEG and encoded videos, and pydicom's two real ultrasound examples."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pydicom
import simplejpeg

from devices.errors import EndOfStream
from devices.playback import PlaybackSource
from devices.source import Frame

FRAMES = 12
FPS = 20


def drawn(number: int, width: int = 160, height: int = 120) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([(columns + number * 7) % 256, (rows * 2) % 256, (rows + columns) % 256], axis=-1).astype(np.uint8)


def drawn_jpegs(count: int = FRAMES, width: int = 160, height: int = 120) -> list[bytes]:
    return [simplejpeg.encode_jpeg(drawn(i, width, height), quality=90, colorsubsampling="422") for i in range(count)]


def write_mjpeg(path: Path, frames: list[bytes], at_ms: list[int] | None = None) -> Path:
    """A video of these JPEG frames, packet by packet, 50 ms apart or at the times given."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuvj422p"
        stream.time_base = Fraction(1, 1000)
        for number, data in enumerate(frames):
            packet = av.Packet(data)
            packet.stream = stream
            packet.time_base = Fraction(1, 1000)
            packet.pts = packet.dts = at_ms[number] if at_ms else number * 1000 // FPS
            container.mux(packet)
    return path


def write_encoded(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(FRAMES):
            picture = av.VideoFrame.from_ndarray(drawn(number), format="bgr24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def played(path: Path, **how: Any) -> list[Frame]:
    frames: list[Frame] = []
    with PlaybackSource(path, pace="fast", **how) as source:
        source.start()
        while True:
            try:
                frames.append(source.read())
            except EndOfStream:
                return frames


def intervals_ms(frames: list[Frame]) -> list[float]:
    return [(b.timestamp_ns - a.timestamp_ns) / 1e6 for a, b in itertools.pairwise(frames)]


def ybr_color() -> Path:
    return Path(str(pydicom.examples.get_path("ybr_color")))


def rgb_color() -> Path:
    return Path(str(pydicom.examples.get_path("rgb_color")))
