"""Which stream of a device is taken; what is seen of a grabber's, repeated pictures and no signal; what looking costs."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication

from devices.registry import DriverRegistry
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat
from mock_devices import SimulatedDriver
from mock_devices.probe import SimulatedProbe
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.live.looking import LOOK_S, Looking
from workstation.live.panel import LivePanel
from workstation.palette import dress

pytestmark = pytest.mark.window

OFFERED = (StreamFormat(PixelFormat.GREY, 320, 180, 60.0), StreamFormat(PixelFormat.GREY, 160, 90, 30.0))


class GrabberSource(FrameSource):
    """An HDMI grabber with a probe of 20/s behind it; without `signal` it sends a flat blue picture of its own."""

    def __init__(self, info: DeviceInfo, signal: Callable[[], bool]) -> None:
        super().__init__(info)
        self._signal = signal

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        self._format = next(f for f in OFFERED if request.width in (None, f.width))
        self._began_ns = time.monotonic_ns()
        self._numbers = itertools.count()
        return self._format

    def _do_read(self, timeout_s: float) -> Frame:
        number = next(self._numbers)
        due_ns = self._began_ns + round(number * 1e9 / self._format.fps)
        time.sleep(max(0.0, (due_ns - time.monotonic_ns()) / 1e9))
        w, h = self._format.width, self._format.height
        picture = int(number * 20 / self._format.fps) if self._signal() else 0
        edge = (picture * 16) % (w - 32) if self._signal() else 0
        row = bytes([30]) * edge + (bytes([220]) * 32 if edge else b"")
        data = row.ljust(w, bytes([30])) * h
        return Frame(data, PixelFormat.GREY, w, h, due_ns, number)

    def _do_stop(self) -> None:
        pass


class Grabber:
    name = "grabber"

    def __init__(self) -> None:
        self.signal = True

    def discover(self) -> list[DeviceInfo]:
        return [DeviceInfo("capture:1d6b:0102@1-1", "Grabber", "capture", "1d6b", "0102", None, "1-1", formats=OFFERED)]

    def open(self, info: DeviceInfo) -> FrameSource:
        return GrabberSource(info, lambda: self.signal)


@pytest.fixture
def grabber() -> Grabber:
    return Grabber()


@pytest.fixture
def program(app: QApplication, tmp_path: Path, grabber: Grabber) -> Iterator[Controller]:
    dress(app)
    made = Controller(tmp_path / "archive", registry=lambda: DriverRegistry([grabber], tmp_path / "state"))
    made.window.show()
    made.begin()
    until(lambda: made.window.live_panel.devices.count() == 1)
    yield made
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


def test_the_stream_that_was_chosen_is_started(program: Controller) -> None:
    panel, view = program.window.live_panel, program.window.live_view
    texts = [panel.formats.itemText(place) for place in range(panel.formats.count())]
    assert texts == ["The device's best", "GREY   320 × 180   60/s", "GREY   160 × 90   30/s"]
    panel.run.click()
    until(lambda: view.frame is not None)
    assert view.frame is not None and view.frame.width == 320
    assert not panel.formats.isEnabled(), "while it streams it cannot change"
    panel.run.click()
    until(lambda: not program.live.running and panel.run.isEnabled())
    panel.formats.setCurrentIndex(2)
    panel.formats.activated.emit(2)
    panel.run.click()
    until(lambda: view.frame is not None)
    assert view.frame.width == 160


def test_what_was_chosen_outlasts_a_new_list(app: QApplication) -> None:
    panel = LivePanel()
    first, second, *_ = SimulatedDriver().discover()
    panel.show_devices([first, second])
    panel.formats.setCurrentIndex(3)
    panel.formats.activated.emit(3)
    wanted = panel.request_for(first.id)
    assert wanted.fps == first.formats[2].fps
    panel.show_devices([second])
    assert panel.formats.currentIndex() == 0 and panel.request_for(second.id) == FormatRequest()
    panel.show_devices([second, first])
    panel.choose(first.id)
    assert panel.formats.currentIndex() == 3 and panel.request_for(first.id) == wanted
    panel.deleteLater()


def test_a_slow_probe_in_a_fast_stream_and_a_signal_that_goes(program: Controller, grabber: Grabber) -> None:
    strip, view = program.window.strip, program.window.live_view
    program.window.live_panel.run.click()
    until(lambda: "picture changes" in strip.rate.text())
    until(lambda: strip.rate.text() in [f"picture changes {n}/s of {m}/s" for n in (19, 20, 21) for m in (59, 60, 61)])
    assert program.window.minimumSizeHint().width() <= 1280
    grabber.signal = False
    until(lambda: strip.state.text() == "NO SIGNAL" and view.no_signal)
    grabber.signal = True
    until(lambda: strip.state.text() == "Live" and not view.no_signal)


class Endless:
    """A 1080p stream at 60/s: costly to look at."""

    def __init__(self) -> None:
        with SimulatedProbe() as probe:
            probe.start(FormatRequest(PixelFormat.MJPEG, 1920, 1080, 30.0))
            self._frames = [probe.read(1.0) for _ in range(4)]
        self._began_s = time.monotonic()

    def newest(self, after: int, timeout_s: float) -> tuple[int, Frame] | None:
        while (count := int((time.monotonic() - self._began_s) * 60)) <= after:
            time.sleep(0.004)
        return count, replace(self._frames[count % 4], timestamp_ns=time.monotonic_ns())


def test_looking_takes_a_tenth_of_a_core_at_most(app: QApplication) -> None:
    looking = Looking(Endless(), share=0.1)
    began_s = time.monotonic()
    looking.start()
    try:
        until(lambda: looking.seen is not None)
        until(lambda: looking.used_s > 0, LOOK_S + 2)
        used_s = looking.used_s
        assert used_s > 0.1 * LOOK_S, "it is costly"
        until(lambda: looking.used_s > used_s, used_s / 0.1 + LOOK_S + 3)
        # After the second look, whose rest is still to come.
        assert looking.used_s / (time.monotonic() - began_s) < 2 * 0.1 * 1.2
    finally:
        looking.end()
