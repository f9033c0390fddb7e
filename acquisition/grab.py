"""The grab loop: one thread that does nothing but take frames from one device, hand them over, and wait for its return."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from acquisition.events import RunEnd
from acquisition.handover import HandOver
from acquisition.states import StateMachine, StreamState
from devices.errors import DeviceError, DeviceLost, DeviceStalled, EndOfStream, FrameSizeChanged
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, StreamFormat

RETRY_S: Final = 0.25
# A device counts as silent after this many of its intervals, within these bounds in seconds.
_SILENT_INTERVALS: Final = 6
_SILENT_S: Final = (0.5, 2.0)
_WAIT_FOR_DISK_S: Final = 0.2
_RESTART_S: Final = 5.0  # a device that changed its size is there: it only has to be started again


@dataclass(frozen=True, slots=True)
class Begin:
    """From here on frames come from this device in this format."""

    device: DeviceInfo
    format: StreamFormat


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame, and how many unnumbered ones were let go just before it because the disk was too slow."""

    frame: Frame
    lost_before: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """No more frames of this run; `lost` were let go behind the last one."""

    reason: RunEnd
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Intent:
    """What whoever saves the frames wants kept beside them.

    `anew`: it is of the frames behind this place alone, and those before it keep what was said of them.
    """

    kept: dict[str, Any] | None
    anew: bool = False


Item = Begin | Arrived | End | Intent


class Grabber:
    """Runs the loop. `latest` and the figures may be read from any thread; `stop` may come from any."""

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        request: FormatRequest,
        out: HandOver[Item],
        machine: StateMachine,
        *,
        reconnect_s: float,
        limit_s: float | None,
    ) -> None:
        self._open_source = open_source
        self._request = request
        self._out = out
        self._machine = machine
        self._reconnect_s = reconnect_s
        self._limit_ns = None if limit_s is None else round(limit_s * 1e9)
        self._stop = threading.Event()
        self._source: FrameSource | None = None
        self._called_ns = time.monotonic_ns()
        self._first_stamp_ns: int | None = None
        self._let_go = 0
        self._gone_at_frame = -1
        self._gone_ns = 0
        self.latest: tuple[int, Frame | None] = (0, None)
        self.device: DeviceInfo | None = None
        self.format: StreamFormat | None = None
        self.first_arrival_ns: int | None = None
        self.last_arrival_ns: int | None = None
        self.let_go_ns = array("q")  #: time stamps of the frames that were let go because the disk was too slow
        self.error: DeviceError | None = None
        self.reason: RunEnd = "failed"  # until the loop ends otherwise

    @property
    def first_frame_s(self) -> float | None:
        """From the making of this object to the first frame, seconds."""
        return None if self.first_arrival_ns is None else (self.first_arrival_ns - self._called_ns) / 1e9

    def run(self) -> None:
        """The thread's body: until stopped, until the limit, or until the device is lost for good."""
        try:
            self.reason = self._runs()
        except DeviceError as error:
            self.error = error
        finally:
            self._out.close()

    def stop(self) -> None:
        """Ask the loop to end after the frame that it waits for."""
        self._stop.set()

    def close_source(self) -> None:
        """Take the device away from a loop that waits in it. Used when `stop` alone does not end it."""
        source = self._source
        if source is not None:
            source.close()

    def _runs(self) -> RunEnd:
        source = self._start(self._request)
        while True:
            try:
                reason = self._read_run(source)
            finally:
                source.close()
                self._source = None
            if reason not in ("unplugged", "size-changed"):
                return reason
            again = self._wait_for_return(reason)
            if again is None:
                return "stopped" if self._stop.is_set() else reason
            source = again

    def _start(self, request: FormatRequest) -> FrameSource:
        """Open the device and begin. Raises DeviceError."""
        source = self._open_source()
        try:
            if self.device is not None and source.info.id != self.device.id:
                raise DeviceLost(f"{self.device.name} is gone; {source.info.name} is there instead.")
            agreed = source.start(request)
        except BaseException:
            source.close()
            raise
        self._source, self.device, self.format = source, source.info, agreed
        self._out.put(Begin(source.info, agreed))
        return source

    def _read_run(self, source: FrameSource) -> RunEnd:
        """Hand over frames until something ends the run; says what. Raises DeviceError."""
        reason: RunEnd = "failed"
        try:
            reason = self._read_until_end(source)
        finally:
            lost, self._let_go = self._let_go, 0
            self._out.put(End(reason, lost))
        return reason

    def _read_until_end(self, source: FrameSource) -> RunEnd:
        fps = self.format.fps if self.format else 0.0
        timeout_s = min(max(_SILENT_INTERVALS / fps if fps > 0 else 0.0, _SILENT_S[0]), _SILENT_S[1])
        # A file waits for the disk; a device does not.
        wait_s = _WAIT_FOR_DISK_S if source.info.kind == "playback" else 0.0
        while not self._stop.is_set():
            try:
                frame = source.read(timeout_s)
            except DeviceStalled:
                self._machine.to_unless_ended(StreamState.STALLED)
                if self._time_is_up():
                    return "done"
            except EndOfStream:
                return "end-of-file"
            except FrameSizeChanged:
                return "size-changed"
            except DeviceLost as lost:
                if self._stop.is_set():
                    return "stopped"
                if self._is_complete():
                    return "done"
                self.error = lost
                return "unplugged"
            except RuntimeError:
                if self._stop.is_set():  # closed under us, because stopping took too long
                    return "stopped"
                raise
            else:
                if not self._arrived(frame, wait_s):
                    return "done"
        return "stopped"

    def _arrived(self, frame: Frame, wait_s: float) -> bool:
        """Pass a frame on; False where it lies behind the limit."""
        now_ns = time.monotonic_ns()
        if self._first_stamp_ns is None:
            self._first_stamp_ns, self.first_arrival_ns = frame.timestamp_ns, now_ns
        elif self._limit_ns is not None and frame.timestamp_ns - self._first_stamp_ns >= self._limit_ns:
            return False
        self.last_arrival_ns = now_ns
        item = Arrived(frame, self._let_go) if self._let_go and frame.sequence is None else Arrived(frame)
        if self._handed_over(item, wait_s):
            self._let_go = 0
        else:
            self._let_go += 1
            self.let_go_ns.append(frame.timestamp_ns)
        # Shown only now: whoever sees a frame and wants it kept finds it on its way to the disk.
        self.latest = (self.latest[0] + 1, frame)
        self._machine.frame_came()
        return True

    def _handed_over(self, item: Arrived, wait_s: float) -> bool:
        while not self._out.put(item, len(item.frame.data) or 1, wait_s=wait_s):
            if not wait_s or self._stop.is_set():
                return False
        return True

    def _is_complete(self) -> bool:
        """Whether the next frame would lie behind the limit: a device lost just then is not missed."""
        frame, agreed = self.latest[1], self.format
        if self._limit_ns is None or self._first_stamp_ns is None or frame is None or agreed is None or not agreed.fps:
            return False
        return frame.timestamp_ns + 1e9 / agreed.fps - self._first_stamp_ns > self._limit_ns * 0.999

    def _time_is_up(self) -> bool:
        if self._limit_ns is None or self.first_arrival_ns is None:
            return False
        return time.monotonic_ns() - self.first_arrival_ns >= self._limit_ns

    def _wait_for_return(self, reason: RunEnd) -> FrameSource | None:
        """The same device again, streaming; None where it did not come in time, or nobody wants it any more."""
        frames = self.latest[0]
        gone = self.error
        if reason == "unplugged":
            self._machine.to_unless_ended(StreamState.WAITING)
        # What is back for a moment and gone again without a picture gets no time of its own.
        if self._gone_at_frame != frames:
            self._gone_at_frame = frames
            self._gone_ns = time.monotonic_ns()
        patience_s = max(self._reconnect_s, _RESTART_S) if reason == "size-changed" else self._reconnect_s
        pause_s = 0.0 if reason == "size-changed" else RETRY_S
        while not self._stop.wait(pause_s):
            waited_s = (time.monotonic_ns() - self._gone_ns) / 1e9
            if waited_s > patience_s or self._time_is_up():
                return None
            pause_s = RETRY_S
            try:
                source = self._start(self._request)
            except DeviceError as error:
                self.error = gone or error
                continue
            self.error = None
            return source
        return None
