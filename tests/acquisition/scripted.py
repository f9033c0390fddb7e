"""A device that does what a test's script says: frames, silence, loss, nonsense; on its own clock or as fast as it can."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from devices.errors import DeviceError, DeviceLost, DeviceNotFound, DeviceStalled, EndOfStream
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat
from tests.acquisition.pictures import DEVICE, HEIGHT, WIDTH, frame

Step = Frame | DeviceError | float  # a frame, an error to raise, or seconds of silence

FORMAT = StreamFormat(PixelFormat.MJPEG, WIDTH, HEIGHT, 30.0)


LOST = DeviceLost("The cable is out.")


def live(pause_s: float = 0.002, begin: int = 0) -> Iterator[Step]:
    """Frames `pause_s` apart, without end."""
    for number in itertools.count(begin):
        yield frame(number)
        yield pause_s


def taken() -> Iterator[Step]:
    """Frames without end that are taken now, each with the time of its taking."""
    for number in itertools.count():
        yield frame(number, timestamp_ns=time.monotonic_ns())
        yield 0.002


def frames(begin: int, end: int, pause_s: float = 0.0) -> Iterator[Step]:
    """Frames `begin` to `end` (excluded), `pause_s` apart."""
    for number in range(begin, end):
        yield frame(number)
        if pause_s:
            yield pause_s


Manners = Literal["polite", "rude", "deaf"]


class ScriptedSource(FrameSource):
    """Plays a script; at its end it is silent, or raises EndOfStream where it is a file.

    A polite device keeps the contract; a rude one waits longer than it was told; a deaf one does not even notice that it
    is being closed.
    """

    def __init__(self, script: Iterable[Step], info: DeviceInfo = DEVICE, manners: Manners = "polite") -> None:
        super().__init__(info)
        self._script = iter(script)
        self._manners = manners
        self._silent_until = 0.0
        self._closing = threading.Event()
        self.closed = 0

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        return FORMAT

    def _do_read(self, timeout_s: float) -> Frame:
        end = time.monotonic() + timeout_s
        while True:
            pause_s = self._silent_until - time.monotonic()
            if pause_s > 0:
                if self._manners == "deaf":
                    time.sleep(pause_s)
                elif self._closing.wait(pause_s if self._manners == "rude" else min(pause_s, end - time.monotonic())):
                    raise DeviceLost("The device was closed.")
                if time.monotonic() >= end:
                    raise DeviceStalled("No frame came.")
            step = next(self._script, None)
            if step is None and self.info.kind == "playback":
                raise EndOfStream("The file is at its end.")
            if isinstance(step, DeviceError):
                raise step
            if isinstance(step, Frame):
                return step
            self._silent_until = time.monotonic() + (1000.0 if step is None else step)

    def _do_stop(self) -> None:
        self.closed += 1
        self._closing.set()


class Plug:
    """Opens one scripted device after another, as a cable would: an error in the list is raised instead."""

    def __init__(
        self, *scripts: Iterable[Step] | DeviceError, info: DeviceInfo = DEVICE, manners: Manners = "polite"
    ) -> None:
        self._scripts = list(scripts)
        self._info = info
        self._manners: Manners = manners
        self.opened: list[ScriptedSource] = []

    def __call__(self) -> ScriptedSource:
        if not self._scripts:
            raise DeviceNotFound("It is not there.")
        script = self._scripts.pop(0)
        if isinstance(script, DeviceError):
            raise script
        source = ScriptedSource(script, self._info, self._manners)
        self.opened.append(source)
        return source


FILE = replace(DEVICE, id="file:test", kind="playback")
