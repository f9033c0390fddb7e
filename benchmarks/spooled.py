"""Pictures of noise in a spool, for what is measured or judged apart from its pixels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import simplejpeg

from acquisition import SpoolWriter, StreamDescription
from devices.source import DeviceInfo, Frame, PixelFormat

FPS = 30.0


def spool_noise(writer: SpoolWriter, count: int) -> None:
    """Appends so many frames of one picture of noise, a thirtieth of a second apart, and closes the spool."""
    stream = writer.description
    jpeg = _jpeg(stream.width, stream.height)
    for index in range(count):
        at_ns = round(index * 1e9 / FPS)
        writer.append(Frame(jpeg, PixelFormat.MJPEG, stream.width, stream.height, timestamp_ns=at_ns, sequence=index))
    writer.close()


def stream_of(name: str, started_at: datetime, width: int, height: int) -> StreamDescription:
    """A stream of a device of this name, whose clock began at `started_at`."""
    device = DeviceInfo(f"mock:{name}", name.capitalize(), "simulated", identity_rule="name")
    utc_ns = (started_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    return StreamDescription(name, device, PixelFormat.MJPEG, width, height, FPS, utc_ns, 0)


def _jpeg(width: int, height: int) -> bytes:
    rng = np.random.default_rng(7)
    grey = np.clip(rng.normal(70, 30, (height, width)) + np.linspace(40, 0, height)[:, None], 0, 255).astype(np.uint8)
    picture = np.repeat(grey[:, :, None], 3, axis=2)
    return bytes(simplejpeg.encode_jpeg(picture, quality=90, colorspace="BGR", colorsubsampling="422"))
