"""Does the simulated probe keep its rates on one core? For each stream: processor time a frame costs, and frames lost.

    python -m benchmarks.simulated_probe [seconds]

Prints, for each size, rate and encoding, the milliseconds of processor time of one frame (drawing and encoding), the part
of one core that the stream needs, and how many frames were lost while reading at the device's pace.
"""

from __future__ import annotations

import sys
import time

from devices.cv import cv2
from devices.source import FormatRequest
from mock_devices import SimulatedProbe


def measure(request: FormatRequest, seconds: float) -> str:
    """One line of the table for one stream, read for that long."""
    with SimulatedProbe() as probe:
        agreed = probe.start(request)
        probe.read()
        cpu_s, began_s, count, last = time.process_time(), time.monotonic(), 0, 0
        while time.monotonic() - began_s < seconds:
            last = probe.read().sequence or 0
            count += 1
        cpu_s = time.process_time() - cpu_s
    per_frame_ms = 1000 * cpu_s / count
    lost = last - count
    return f"{agreed!s:32} {per_frame_ms:6.1f} ms/frame  {per_frame_ms * agreed.fps / 10:5.0f} % of a core  {lost} lost"


def main() -> None:
    """The table."""
    cv2.setNumThreads(1)
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    for f in SimulatedProbe().info.formats:
        if f.fps in (30.0, 60.0):
            print(measure(FormatRequest(f.pixel_format, f.width, f.height, f.fps), seconds))


if __name__ == "__main__":
    main()
