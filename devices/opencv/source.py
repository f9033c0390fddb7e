"""Frames through OpenCV, from any camera that it opens, on Linux, Windows and macOS.

What it cannot do, and V4L2 on Linux can: sequence numbers (a lost frame shows in the time stamps alone), the device's
serial number and port, a list of its formats, and a clear reason when opening fails. A device is known by its name
where the system tells one (Linux), otherwise by its number: another one in the same place is then taken for it.

`cv2.VideoCapture.read` blocks for as long as the backend likes. So a thread of its own reads, and `read` here waits
for that thread, never for the device.
"""

from __future__ import annotations

import collections
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from devices.cv import cv2
from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceStalled, FormatNotSupported, FrameSizeChanged
from devices.jpeg_size import SizeWatch
from devices.opencv.modes import Delivery, agree
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat

#: Frames that wait for a slow reader. Then the thread waits too, and the driver below drops what it cannot keep.
WAITING_FRAMES: Final = 8
#: A backend that fails sooner than this did not wait for a frame: the device is gone, once it happens so often in a row.
_QUICK_S: Final = 0.3
_LOST_AFTER: Final = 5
#: A driver's time stamp is believed when it is at most so much older than the frame's arrival.
_OLDEST_STAMP_NS: Final = 5_000_000_000
_JOIN_S: Final = 1.5


class FrameClock:
    """The time of each frame: the driver's where it is on the monotonic clock (V4L2), otherwise that of arrival."""

    def __init__(self) -> None:
        self.of_driver: bool | None = None  #: None before the first frame
        self._last_ns = 0

    def stamp(self, position_ms: float, arrived_ns: int) -> int:
        """The frame's time in ns. Never falls; once the driver's time made no sense it is not asked again."""
        position_ns = round(position_ms * 1e6) if abs(position_ms) < 1e15 else -1
        sane = 0 <= arrived_ns - position_ns < _OLDEST_STAMP_NS and position_ns > self._last_ns
        self.of_driver = sane and self.of_driver is not False
        self._last_ns = max(self._last_ns, position_ns if self.of_driver else arrived_ns)
        return self._last_ns


class _Grab:
    """One thread that reads one capture and gives it back at its end: the capture belongs to it alone."""

    def __init__(self, capture: Any, delivery: Delivery, clock: FrameClock, first_ns: int) -> None:
        self._capture = capture
        self._format = delivery.stream_format
        self._clock = clock
        self._sizes = SizeWatch("The device", self._format.width, self._format.height)
        self._changed = threading.Condition()
        self._waiting: collections.deque[Frame] = collections.deque()
        self._failure: DeviceError | None = None
        self._ending = False
        self._waiting.append(self._frame(delivery.first, first_ns))
        self._thread = threading.Thread(target=self._run, name="opencv capture", daemon=True)
        self._thread.start()

    def take(self, timeout_s: float) -> Frame:
        """The next frame. Raises DeviceStalled, DeviceLost, FrameSizeChanged."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._failure or self._ending, timeout_s)
            if self._ending:
                raise DeviceLost("The device was closed while it was being read.")
            if self._waiting:
                self._changed.notify_all()
                return self._waiting.popleft()
            if self._failure is not None:
                raise self._failure
            raise DeviceStalled(
                "The device is there and sends no picture: check its cable, and whether its source is on."
            )

    def end(self) -> None:
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        # A backend that hangs keeps its thread until it comes back; the capture is released then.
        self._thread.join(_JOIN_S)

    def _frame(self, data: bytes, at_ns: int, damage: str | None = None) -> Frame:
        told = self._format
        return Frame(data, told.pixel_format, told.width, told.height, at_ns, damage=damage)

    def _run(self) -> None:
        failures = 0
        try:
            while not self._ending:
                began = time.monotonic()
                there, picture = self._capture.read()
                arrived_ns = time.monotonic_ns()
                if there and picture is not None:
                    failures = 0
                    stamp_ns = self._clock.stamp(float(self._capture.get(cv2.CAP_PROP_POS_MSEC)), arrived_ns)
                    data = picture.tobytes()
                    self._put(self._frame(data, stamp_ns, self._damage_in(picture, data)))
                    continue
                failures = failures + 1 if time.monotonic() - began < _QUICK_S else 0
                if failures >= _LOST_AFTER:
                    raise DeviceLost("The device went away: check its cable, then plug it in again.")
                time.sleep(0.02)
        except DeviceError as error:
            self._fail(error)
        except cv2.error as error:
            self._fail(DeviceLost(f"OpenCV cannot read the device any more ({error.err}): plug it in again."))
        finally:
            self._capture.release()

    def _fail(self, error: DeviceError) -> None:
        with self._changed:
            self._failure = error
            self._changed.notify_all()

    def _put(self, frame: Frame) -> None:
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < WAITING_FRAMES or self._ending)
            if not self._ending:
                self._waiting.append(frame)
                self._changed.notify_all()

    def _damage_in(self, picture: Any, data: bytes) -> str | None:
        """What is wrong with a picture. Raises FrameSizeChanged."""
        if self._format.pixel_format is PixelFormat.MJPEG:
            return self._sizes.damage_in(data)
        agreed = (self._format.width, self._format.height)
        came = (int(picture.shape[1]), int(picture.shape[0])) if picture.ndim == 3 or picture.shape[0] > 1 else agreed
        if came != agreed:
            raise FrameSizeChanged(
                f"The pictures changed from {agreed[0]}x{agreed[1]} to {came[0]}x{came[1]}: start the stream again.",
                *came,
            )
        return None


class OpenCvSource(FrameSource):
    """A capture of OpenCV's. `open_capture` gives a fresh `cv2.VideoCapture`, opened or not; each start calls it once.

    `start` raises DeviceStalled, too, where no first picture comes: it alone shows what the device delivers.
    """

    def __init__(self, info: DeviceInfo, open_capture: Callable[[], Any]) -> None:
        super().__init__(info)
        self._open_capture = open_capture
        self._grab: _Grab | None = None
        self._delivery: Delivery | None = None
        self._clock = FrameClock()

    @property
    def delivers(self) -> str:
        """What comes from this device, in words for the user; known once it was started."""
        if self._delivery is None:
            return "Not known before the first start."
        times = "The times are the driver's." if self._clock.of_driver else "The times are those of arrival."
        return f"{self._delivery.text} {times}"

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        decoded = request.pixel_format is PixelFormat.BGR24
        capture, delivery = self._open(request, decoded)
        if delivery is None:
            capture.release()
            capture, delivery = self._open(request, decoded=True)
        if delivery is None:
            capture.release()
            raise FormatNotSupported("OpenCV cannot decode what the device sends: choose another format.")
        self._delivery = delivery
        self._clock = FrameClock()
        first_ns = self._clock.stamp(float(capture.get(cv2.CAP_PROP_POS_MSEC)), time.monotonic_ns())
        self._grab = _Grab(capture, delivery, self._clock, first_ns)
        return delivery.stream_format

    def _open(self, request: FormatRequest, decoded: bool) -> tuple[Any, Delivery | None]:
        capture = self._open_capture()
        try:
            if not capture.isOpened():
                raise DeviceBusy(
                    "The device cannot be opened: another program may be using it, or the system does not allow it "
                    "(OpenCV does not tell which); close other camera programs and look at the camera permissions."
                )
            return capture, agree(capture, request, decoded)
        except DeviceError:
            capture.release()
            raise
        except cv2.error as error:
            capture.release()
            raise DeviceLost(f"OpenCV cannot read the device ({error.err}): plug it in again.") from error

    def _do_read(self, timeout_s: float) -> Frame:
        grab = self._grab
        if grab is None:
            raise DeviceLost("The device was closed while it was being read.")
        return grab.take(timeout_s)

    def _do_stop(self) -> None:
        grab, self._grab = self._grab, None
        if grab is not None:
            grab.end()
