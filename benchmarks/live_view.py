"""The window with a 1080p30 stream: how late a frame is on the screen, how many are shown, what it costs.

    python -m benchmarks.live_view [--seconds 10] [--fps 30]

The whole workstation window on an X server (Xvfb where there is no display), held to one core; the frames come from memory,
through the real recorder and spool. `share_of_a_core` beside `bare`: decoding the same frames into the same kind of buffer
at half size, which is what a window of this size needs. Goals: a frame is painted at most one interval after it arrived,
the first one at most 2 s after the start, and none is left out. Prints JSON.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.display import display
from benchmarks.material import HEIGHT, WIDTH, jpegs
from benchmarks.measuring import report, work_folder
from devices.registry import DriverRegistry
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat

_KEPT_IN_MEMORY = 300
_SETTLE_MS = 1500


class MemorySource(FrameSource):
    """A device that sends `frames` in turn, each at its time; one that nobody fetches within four intervals is lost."""

    def __init__(self, info: DeviceInfo, frames: list[bytes]) -> None:
        super().__init__(info)
        self._frames = frames
        self._number, self._begun_ns, self._step_ns = 0, 0, 0

    def _do_start(self, request: FormatRequest) -> StreamFormat:  # noqa: ARG002
        self._begun_ns = time.monotonic_ns()
        self._step_ns = round(1e9 / self.info.formats[0].fps)
        return self.info.formats[0]

    def _do_read(self, timeout_s: float) -> Frame:  # noqa: ARG002
        behind = (time.monotonic_ns() - self._begun_ns) // self._step_ns - self._number
        self._number += max(behind - 4, 0)
        due_ns = self._begun_ns + self._number * self._step_ns
        time.sleep(max(due_ns - time.monotonic_ns(), 0) / 1e9)
        data = self._frames[self._number % len(self._frames)]
        self._number += 1
        return Frame(data, PixelFormat.MJPEG, WIDTH, HEIGHT, due_ns, self._number - 1)

    def _do_stop(self) -> None:
        self._number = 0


class MemoryDriver:
    """The driver of one MemorySource."""

    name = "memory"

    def __init__(self, frames: list[bytes], fps: float) -> None:
        self._frames = frames
        self.info = DeviceInfo(
            "capture:memory", "Memory", "capture", formats=(StreamFormat(PixelFormat.MJPEG, WIDTH, HEIGHT, fps),)
        )

    def discover(self) -> list[DeviceInfo]:
        return [self.info]

    def open(self, info: DeviceInfo) -> FrameSource:
        return MemorySource(info, self._frames)


def bare_s(frames: list[bytes]) -> float:
    """Processor time to decode one frame at half size into memory that is used again, seconds."""
    import numpy as np
    import simplejpeg

    buffer = np.empty((HEIGHT // 2, WIDTH // 2, 4), np.uint8)
    began = time.process_time()
    for data in frames:
        simplejpeg.decode_jpeg(data, "BGRA", min_height=HEIGHT // 2, min_width=WIDTH // 2, buffer=buffer)
    return (time.process_time() - began) / len(frames)


def measure(seconds: float, fps: float) -> dict[str, object]:
    """Run the window and watch it paint."""
    from PyQt5.QtTest import QTest
    from PyQt5.QtWidgets import QApplication

    from workstation.controller import Controller
    from workstation.live.pump import Shown
    from workstation.palette import dress

    frames = list(jpegs(_KEPT_IN_MEMORY))
    driver = MemoryDriver(frames, fps)
    app = QApplication([])
    dress(app)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    late_ms: list[float] = []
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        program = Controller(
            Path(folder) / "archive", device_id=driver.info.id, registry=lambda: DriverRegistry([driver])
        )
        view = program.window.live_view
        paint = view._paint_picture

        def painted(painter: object, shown: Shown) -> None:
            paint(painter, shown)  # type: ignore[arg-type]
            late_ms.append((time.monotonic_ns() - shown.frame.timestamp_ns) / 1e6)

        view._paint_picture = painted  # type: ignore[method-assign]
        program.window.resize(1280, 700)
        program.window.show()
        began = time.monotonic()
        program.begin()
        while view.frame is None and time.monotonic() - began < 30:
            QTest.qWait(5)
        first_s = time.monotonic() - began
        QTest.qWait(_SETTLE_MS)
        late_ms.clear()
        cpu, wall = time.process_time(), time.monotonic()
        QTest.qWait(round(seconds * 1000))
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        shown_late = sorted(late_ms)
        program.window.hide()
        program.end()
    if not shown_late:
        raise SystemExit("no frame was painted")
    return {
        "fps": fps,
        "first_frame_s": round(first_s, 3),
        "shown_part": round(len(shown_late) / (wall * fps), 4),
        "late_ms": {
            "median": round(statistics.median(shown_late), 1),
            "p99": round(shown_late[int(len(shown_late) * 0.99)], 1),
            "max": round(shown_late[-1], 1),
        },
        "within_one_interval": round(sum(ms <= 1000 / fps for ms in shown_late) / len(shown_late), 4),
        "share_of_a_core": round(cpu / wall, 3),
        "times_bare": round(cpu / wall / (bare_s(frames) * fps), 2),
    }


def main() -> None:
    """Parse, find a display, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--fps", type=float, default=30.0)
    arguments = parser.parse_args()
    with display():
        report("live_view", measure(arguments.seconds, arguments.fps))


if __name__ == "__main__":
    main()
