"""When each frame of a DICOM clip was taken, by its header (PS3.3 C.7.6.5, Cine Module)."""

from __future__ import annotations

import itertools
import math

import pydicom


def frame_offsets_ns(header: pydicom.Dataset, count: int) -> list[int] | None:
    """The time of each frame in ns after the first; None where the header gives no usable times.

    FrameTimeVector (increments in ms, the first 0) goes before FrameTime (ms between frames), and both before the
    rates of display: RecommendedDisplayFrameRate and CineRate (frames a second).
    """
    vector = header.get("FrameTimeVector")
    if vector is not None:
        steps = [float(vector)] if isinstance(vector, (int, float)) else [float(step) for step in vector]
        if len(steps) == count and all(math.isfinite(step) and step >= 0 for step in steps):
            # The first increment is 0 by the standard; some writers put the interval there. It shifts nothing.
            return [round(at * 1e6) for at in itertools.accumulate([0.0, *steps[1:]])]
    interval_ms = _positive(header.get("FrameTime"))
    if interval_ms is None:
        rate = _positive(header.get("RecommendedDisplayFrameRate")) or _positive(header.get("CineRate"))
        interval_ms = 1000 / rate if rate else None
    if interval_ms is None:
        return None
    return [round(number * interval_ms * 1e6) for number in range(count)]


def _positive(value: object) -> float | None:
    if not isinstance(value, (int, float)):
        return None
    number = float(value)
    return number if math.isfinite(number) and number > 0 else None
