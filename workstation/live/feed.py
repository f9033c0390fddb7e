"""The recording behind the live view: one device, its recorder, and what can be cut from it. No Qt.

Starting, stopping, cutting and releasing may take long (a device, a disk): they are for a worker thread. `newest` is for
the pump's thread, `status` for any.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from acquisition import Mark, Recorder, SpoolLimits, StreamState
from acquisition.cine import Clip
from devices.registry import DriverRegistry
from devices.source import FormatRequest, Frame
from workstation.live.looking import Looking
from workstation.live.status import LiveStatus
from workstation.studies.visit import Visit
from workstation.watching import Beside, Seen
from workstation.watching.analyses import analyses

RECONNECT_S = 3600.0  #: the window waits for a device that went away until somebody presses Stop, or an hour
_POLL_S = 0.004  # a quarter of the shortest frame interval that is shown (60/s)

_WORDS = {
    StreamState.IDLE: "Starting",
    StreamState.STARTING: "Starting",
    StreamState.LIVE: "Live",
    StreamState.STALLED: "The device sends nothing",
    StreamState.WAITING: "The device is gone: waiting for it",
    StreamState.DISK_FULL: "Not recording: the disk takes no more",
    StreamState.STOPPED: "Stopped",
    StreamState.FAILED: "Failed",
}
_FINE = (StreamState.IDLE, StreamState.STARTING, StreamState.LIVE, StreamState.STOPPED)
_ENDED = (StreamState.STOPPED, StreamState.FAILED)


class Feed:
    """One device that is being recorded into the archive's spool."""

    def __init__(
        self,
        registry: DriverRegistry,
        device_id: str,
        archive_root: Path,
        visit: Visit,
        request: FormatRequest,
        limits: SpoolLimits | None = None,
    ) -> None:
        """Raises DeviceNotFound, DeviceAmbiguous."""
        self.device = registry.find(device_id)
        self._root = archive_root
        self._recorder = Recorder(
            lambda: registry.open(device_id),
            archive_root / "spool",
            request,
            limits,
            reconnect_s=RECONNECT_S,
            intent=visit.model_dump(mode="json"),
        )
        self._study = visit.study_instance_uid
        # A simulated probe and a file are what they are; what comes over HDMI has to be looked at.
        self._looking = Looking(self) if self.device.kind in ("uvc", "capture", "network") else None
        self._beside = Beside(self, analyses)

    def start(self) -> None:
        """Begin to record. Raises SpoolDenied, SpoolFull; what the device does shows in `status`."""
        self._recorder.start()
        if self._looking is not None:
            self._looking.start()
        self._beside.start()

    def stop(self) -> None:
        """End the recording and give the device back; what was captured stays until it is released."""
        if self._looking is not None:
            self._looking.end()
        self._beside.end()
        self._recorder.stop()

    def tell(self, visit: Visit) -> None:
        """Keep the visit beside the frames, so that a crash does not part a recording from its patient.

        A visit of another study is of what comes from now on: what came before it may be of another patient.
        """
        before, self._study = self._study, visit.study_instance_uid
        self._recorder.set_intent(visit.model_dump(mode="json"), anew=before != visit.study_instance_uid)

    def newest(self, after: int, timeout_s: float) -> tuple[int, Frame] | None:
        """The newest frame and its count, if newer than `after`; waits `timeout_s` at most, else None."""
        deadline = time.monotonic() + timeout_s
        while True:
            count, frame = self._recorder.latest_numbered()
            if frame is not None and count > after:
                return count, frame
            if time.monotonic() >= deadline:
                return None
            time.sleep(_POLL_S)

    def seen(self) -> Seen | None:
        """What is known of the picture's content now; None before the first look."""
        return self._beside.seen

    def status(self) -> LiveStatus:
        """One look at the recording and at the disk."""
        counters, state, error = self._recorder.counters, self._recorder.state, self._recorder.error
        if state in (StreamState.STARTING, StreamState.LIVE):
            error = self._recorder.intent_error
        return LiveStatus(
            state=_WORDS[state],
            trouble=state not in _FINE,
            ended=state in _ENDED,
            gone=state is StreamState.WAITING,
            why=str(error or ""),
            kept=counters.kept,
            lost=counters.lost,
            corrupt=counters.corrupt,
            fps=counters.measured_fps,
            free_bytes=self._free_bytes(),
            observed=self._looking.seen if self._looking is not None else None,
        )

    def _free_bytes(self) -> int | None:
        try:
            return shutil.disk_usage(self._root).free
        except OSError:  # a share that is away: what the recording does has to be shown all the same
            return None

    def still(self, timestamp_ns: int) -> list[Clip]:
        """The kept frame of this time stamp, or the newest before it, as a still. Raises NoFrameYet."""
        return [self._recorder.still(timestamp_ns)]

    def last(self, seconds: float) -> list[Clip]:
        """The last seconds, one clip for each unbroken run."""
        return self._recorder.clip_last(seconds)

    def begin_clip(self) -> Mark:
        """From now on all is kept, until `end_clip`."""
        return self._recorder.mark()

    def end_clip(self, mark: Mark) -> list[Clip]:
        """What came since the mark, one clip for each unbroken run."""
        return self._recorder.clip_since(mark)

    def release(self, clip: Clip) -> None:
        """The clip is saved or not wanted: its frames may go."""
        self._recorder.release(clip)
