"""A source made of a clock and a counter: the smallest thing that keeps the contract, to break in every way."""

from __future__ import annotations

import threading
import time

from devices.errors import DeviceLost, DeviceStalled
from devices.source import (
    DeviceInfo,
    FormatRequest,
    Frame,
    FrameSource,
    PixelFormat,
    StreamFormat,
    choose_format,
)

FORMATS = (StreamFormat(PixelFormat.GREY, 16, 8, 200.0), StreamFormat(PixelFormat.YUYV, 16, 8, 200.0))


class ReferenceSource(FrameSource):
    """GREY or YUYV, 16x8, a frame each 5 ms; `silent` sends none."""

    def __init__(self, silent: bool = False) -> None:
        super().__init__(DeviceInfo("mock:reference", "Reference", "simulated", identity_rule="name", formats=FORMATS))
        self._silent = silent
        self._closing = threading.Event()
        self._number = 0
        self._began_ns = 0

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        agreed = choose_format(self.info.formats, request)
        self._closing = threading.Event()
        self._number = 0
        self._began_ns = time.monotonic_ns()
        return agreed

    def _do_read(self, timeout_s: float) -> Frame:
        agreed, closing = self.stream_format, self._closing
        due_ns = self._began_ns + self._number * 5_000_000
        wait_s = timeout_s + 1 if self._silent else max(0.0, (due_ns - time.monotonic_ns()) / 1e9)
        closed = closing.wait(min(wait_s, timeout_s))
        if closed or agreed is None:
            raise DeviceLost("The source was closed.")
        if wait_s > timeout_s:
            raise DeviceStalled("No frame came.")
        number, self._number = self._number, self._number + 1
        size = agreed.width * agreed.height * (2 if agreed.pixel_format is PixelFormat.YUYV else 1)
        return Frame(
            bytes([number % 256]) * size, agreed.pixel_format, agreed.width, agreed.height, due_ns, sequence=number
        )

    def _do_stop(self) -> None:
        self._closing.set()
