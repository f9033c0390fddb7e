"""The simulated probe as a source of frames.

Frames are rendered when they are read, not ahead: frame n shows the scene at n / fps, arrives at the start of the stream
plus n / fps (faults aside), and is drawn while the reader waits for that moment. No thread runs, nothing is left
behind, and the same seed gives the same bytes. Frames that arrive while nobody reads stand in a queue of `backlog` frames;
when it is full the newest are lost and the sequence jumps, as with a V4L2 driver that has no free buffer.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from devices.errors import DeviceLost, DeviceStalled, FrameSizeChanged
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat, choose_format
from mock_devices.anatomy import cheek
from mock_devices.layout import Layout
from mock_devices.scenarios import DEFAULT_FORMAT, SCENARIOS, Scenario
from mock_devices.truth import FrameTruth, truth

if TYPE_CHECKING:
    from mock_devices.screen import Screen

BACKLOG: Final = 32  #: frames; as many buffers as V4L2 lets a program have (VIDEO_MAX_FRAME)


@dataclass(slots=True)
class Plug:
    """The cable of one simulated device, as the world sees it; it outlives the sources that are opened on the device."""

    away_until_ns: int = 0
    times_unplugged: int = 0
    times_resized: int = 0

    @property
    def present(self) -> bool:
        """Whether the device is plugged in now."""
        return time.monotonic_ns() >= self.away_until_ns


@dataclass(slots=True)
class _Stream:
    """One run from start to stop."""

    format: StreamFormat
    screen: Screen
    began_ns: int
    end: int | None  #: the frame at which the device goes away or changes size
    coming: int = 0  #: the next frame that will reach the host
    queue: deque[int] = field(default_factory=deque)
    drawn: tuple[int, bytes] | None = None
    stopped: threading.Event = field(default_factory=threading.Event)


class SimulatedProbe(FrameSource):
    """A portable linear probe whose picture, time stamps and faults are known (`truth`, `scenario.plan`)."""

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        info: DeviceInfo | None = None,
        plug: Plug | None = None,
        backlog: int = BACKLOG,
    ) -> None:
        self.scenario = scenario or SCENARIOS["normal"]
        super().__init__(info or self.scenario.info)
        self._plan = self.scenario.plan
        self._plug = plug or Plug()
        self._backlog = backlog
        self._stream: _Stream | None = None
        self._last_format: StreamFormat | None = None

    def truth(self, sequence: int) -> FrameTruth:
        """What the frame with this sequence number shows, in the running stream or the one before.

        RuntimeError when the probe never streamed.
        """
        agreed = self._last_format
        if agreed is None:
            raise RuntimeError("the probe has not streamed yet")
        return truth(sequence, agreed.width, agreed.height, agreed.fps, self.scenario.seed)

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        from mock_devices.screen import Screen  # OpenCV is loaded when there is something to draw, not to list devices

        self._must_be_present()
        agreed = choose_format(self.info.formats, _with_defaults(request))
        screen = Screen(cheek(self.scenario.seed), Layout(agreed.width, agreed.height), agreed.fps)
        self._last_format = agreed
        self._stream = _Stream(agreed, screen, time.monotonic_ns(), self._end_of_run())
        return agreed

    def _do_read(self, timeout_s: float) -> Frame:
        stream = self._stream
        if stream is None:
            raise DeviceLost(f"{self.info.name} was closed while a frame was awaited; open it again.")
        until_ns = time.monotonic_ns() + round(max(timeout_s, 0.0) * 1e9)
        self._take_in(stream)
        if not stream.queue:
            self._wait_for_next(stream, until_ns)
            self._take_in(stream)
        n = stream.queue.popleft()
        data = self._draw(stream, n)
        stream.drawn = None
        return self._frame(stream, n, data)

    def _do_stop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.stopped.set()

    def _must_be_present(self) -> None:
        if not self._plug.present:
            raise DeviceLost(f"{self.info.name} is not plugged in; plug it in again.")

    def _end_of_run(self) -> int | None:
        ends = []
        unplug, resize = self._plan.unplug, self._plan.wrong_size
        if unplug is not None and self._plug.times_unplugged < unplug.times:
            ends.append(unplug.after)
        if resize is not None and self._plug.times_resized < 1:
            ends.append(resize.after)
        return min(ends, default=None)

    def _next_to_arrive(self, stream: _Stream) -> int:
        while stream.coming != stream.end and self._plan.drops(stream.coming):
            stream.coming += 1
        return stream.coming

    def _take_in(self, stream: _Stream) -> None:
        """Queue what has arrived by now; what finds the queue full is lost."""
        now_ns = time.monotonic_ns()
        while True:
            n = self._next_to_arrive(stream)
            if n == stream.end or self._arrival_ns(stream, n) > now_ns:
                return
            if len(stream.queue) < self._backlog:
                stream.queue.append(n)
            stream.coming += 1

    def _wait_for_next(self, stream: _Stream, until_ns: int) -> None:
        """Sleep till the next frame arrives, drawing it meanwhile; or find out that it never will."""
        n = self._next_to_arrive(stream)
        due_ns = self._arrival_ns(stream, n)
        if due_ns <= until_ns and n != stream.end:
            self._draw(stream, n)
        while (now_ns := time.monotonic_ns()) < min(due_ns, until_ns):
            if stream.stopped.wait((min(due_ns, until_ns) - now_ns) / 1e9):
                break
        if stream.stopped.is_set():
            raise DeviceLost(f"{self.info.name} was closed while a frame was awaited; open it again.")
        if due_ns > until_ns:
            raise DeviceStalled(
                f"{self.info.name} sent no frame in the time given; look whether its picture is frozen."
            )
        if n == stream.end:
            self._end(stream)

    def _end(self, stream: _Stream) -> None:
        unplug, resize = self._plan.unplug, self._plan.wrong_size
        if unplug is not None and stream.end == unplug.after and self._plug.times_unplugged < unplug.times:
            self._plug.times_unplugged += 1
            self._plug.away_until_ns = time.monotonic_ns() + round(unplug.away_s * 1e9)
        elif resize is not None and stream.end == resize.after:
            self._plug.times_resized += 1
            raise FrameSizeChanged(
                f"{self.info.name} now sends {resize.width}x{resize.height} instead of "
                f"{stream.format.width}x{stream.format.height}; start the stream again.",
                resize.width,
                resize.height,
            )
        raise DeviceLost(f"{self.info.name} was unplugged; plug it in again.")

    def _arrival_ns(self, stream: _Stream, n: int) -> int:
        return stream.began_ns + self._plan.arrival_ns(n, stream.format.fps)

    def _draw(self, stream: _Stream, n: int) -> bytes:
        from mock_devices.encoding import encode

        if stream.drawn is None or stream.drawn[0] != n:
            stream.drawn = (n, encode(stream.screen.draw(n), stream.format.pixel_format, n))
        return stream.drawn[1]

    def _frame(self, stream: _Stream, n: int, data: bytes) -> Frame:
        frame = Frame(
            data=data,
            pixel_format=stream.format.pixel_format,
            width=stream.format.width,
            height=stream.format.height,
            timestamp_ns=self._arrival_ns(stream, n),
            sequence=n,
            device_pts_ns=self._plan.taken_ns(n, stream.format.fps),
        )
        part = self._plan.kept_part(n)
        if part == 1.0:
            return frame
        short = data[: int(len(data) * part)]
        # A driver knows how long a raw picture must be; how long a JPEG must be, nobody knows beforehand.
        raw = stream.format.pixel_format is not PixelFormat.MJPEG
        damage = f"{len(short)} of {len(data)} bytes came" if raw else None
        return replace(frame, data=short, damage=damage)


def _with_defaults(request: FormatRequest) -> FormatRequest:
    """What was left open is this probe's own stream: 1280x720 at 30/s, not the largest and fastest it can."""
    open_size = request.width is None and request.height is None
    return FormatRequest(
        pixel_format=request.pixel_format,
        width=DEFAULT_FORMAT.width if open_size else request.width,
        height=DEFAULT_FORMAT.height if open_size else request.height,
        fps=DEFAULT_FORMAT.fps if request.fps is None else request.fps,
    )
