"""The recording behind the live view: one device, its recorder, and what can be cut from it. No Qt.

Starting, stopping and cutting may take long (a device, a disk): they are for a worker thread. `newest` is for the pump's
thread, `status` for any.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from acquisition import Recorder, SpoolLimits
from acquisition.cine import Clip
from devices.registry import DriverRegistry
from devices.source import FormatRequest, Frame
from workstation.live.status import LiveStatus
from workstation.study import Visit

RECONNECT_S = 3600.0  #: the window waits for a device that went away until somebody presses Stop, or an hour
_POLL_S = 0.004

_STATES = {
    "starting": ("Starting", False),
    "live": ("Live", False),
    "stalled": ("The device sends nothing", True),
    "waiting": ("The device is gone: waiting for it", True),
    "disk_full": ("The disk is full: recording stopped", True),
    "stopped": ("Stopped", False),
    "failed": ("The device failed", True),
}


class Feed:
    """One device that is being recorded into the archive's spool."""

    def __init__(self, registry: DriverRegistry, device_id: str, archive_root: Path, visit: Visit) -> None:
        self.device = registry.find(device_id)
        self._spool_root = archive_root / "spool"
        self._recorder = Recorder(
            lambda: registry.open(device_id),
            self._spool_root,
            FormatRequest(),
            SpoolLimits(),
            RECONNECT_S,
            intent=visit.model_dump(mode="json"),
        )

    def start(self) -> None:
        """Begin to record. Raises the errors of devices and acquisition."""
        self._recorder.start()

    def stop(self) -> None:
        """End the recording and give the device back."""
        self._recorder.stop()

    def newest(self, after: int, timeout_s: float) -> tuple[int, Frame] | None:
        """The newest frame and its count, if newer than `after`; waits `timeout_s` at most, else None."""
        deadline = time.monotonic() + timeout_s
        while True:
            count = self._recorder.counters.arrived
            frame = self._recorder.latest() if count != after else None
            if frame is not None:
                return count, frame
            if time.monotonic() >= deadline:
                return None
            time.sleep(_POLL_S)

    def status(self) -> LiveStatus:
        """One look at the recording and at the disk."""
        counters = self._recorder.counters
        words, trouble = _STATES[self._recorder.state.value]
        return LiveStatus(
            state=words,
            trouble=trouble,
            kept=counters.kept,
            lost=counters.lost,
            corrupt=counters.corrupt,
            fps=counters.measured_fps,
            free_bytes=shutil.disk_usage(self._spool_root).free,
        )

    def still(self, timestamp_ns: int) -> list[Clip]:
        """The kept frame of this time stamp as a still; the newest one where it was not kept; none where there is none."""
        for clip in self._recorder.clip_between(timestamp_ns, timestamp_ns):
            return [clip.still(0)]
        return [self._recorder.still()]

    def last(self, seconds: float) -> list[Clip]:
        """The last seconds, one clip for each unbroken run."""
        return self._recorder.clip_last(seconds)

    def between(self, start_ns: int, end_ns: int) -> list[Clip]:
        """What came between two moments of the monotonic clock, one clip for each unbroken run."""
        return self._recorder.clip_between(start_ns, end_ns)

    def hold(self) -> None:
        """A clip has begun: the spool's bounds drop nothing until `let_go`."""

    def let_go(self) -> None:
        """The clip is taken."""
