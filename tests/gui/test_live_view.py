"""The live picture: painted as it comes, STALE where nothing comes, decoded once for each shown frame."""

from __future__ import annotations

import errno
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from devices.source import Frame, PixelFormat
from tests.gui.using import start
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.live.feed import Feed
from workstation.live.pump import Pump
from workstation.live.status import LiveStatus
from workstation.live.view import LiveView

pytestmark = pytest.mark.window
SIZE = (320, 180)


class Newest:
    """The newest frame of a device that the test plays."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._frame: Frame | None = None

    def give(self, level: int) -> None:
        """A frame of one grey arrives."""
        data = bytes([level]) * (SIZE[0] * SIZE[1])
        with self._changed:
            self._frame = Frame(data, PixelFormat.GREY, *SIZE, time.monotonic_ns(), self._count)
            self._count += 1
            self._changed.notify_all()

    def give_broken(self) -> None:
        """A frame that is cut short arrives."""
        self.give(0)
        with self._changed:
            assert self._frame is not None
            self._frame = replace(self._frame, data=self._frame.data[:100])

    def newest(self, after: int, timeout_s: float) -> tuple[int, Frame] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._count > after, timeout_s)
            return (self._count, self._frame) if self._frame and self._count > after else None


@pytest.fixture
def live(app: QApplication) -> Iterator[tuple[LiveView, Newest, Pump]]:
    view, newest = LiveView(), Newest()
    view.resize(640, 360)
    view.show()
    assert QTest.qWaitForWindowExposed(view)
    pump = Pump(newest)
    view.watch(pump, simulated=True)
    pump.start()
    yield view, newest, pump
    pump.end()
    view.watch_nothing("")
    view.close()
    view.deleteLater()


def level(view: LiveView) -> int:
    return view.grab().toImage().pixelColor(500, 300).green()


def test_a_frame_is_on_the_screen_soon_after_it_came(live: tuple[LiveView, Newest, Pump]) -> None:
    view, newest, _ = live
    for grey in (50, 120, 200):
        before = view.painted_frames
        newest.give(grey)
        until(lambda before=before: view.painted_frames > before)  # type: ignore[misc]
        assert level(view) == grey


def test_the_newest_is_shown_and_the_others_are_skipped(live: tuple[LiveView, Newest, Pump]) -> None:
    """Many frames arrive while the window is busy: it decodes the last one, not all of them."""
    view, newest, _ = live
    newest.give(10)
    until(lambda: view.frame is not None)
    painted = view.painted_frames
    for grey in range(20, 120):
        newest.give(grey)
    until(lambda: view.frame is not None and view.frame.sequence == 100)
    assert view.painted_frames - painted <= 3
    assert level(view) == 119


def test_it_says_stale_after_half_a_second_and_not_before(live: tuple[LiveView, Newest, Pump]) -> None:
    view, newest, _ = live
    newest.give(50)
    until(lambda: view.frame is not None)
    newest.give(60)
    until(lambda: view.frame is not None and view.frame.sequence == 1)
    assert not view.stale
    before = view.grab().toImage()
    until(lambda: view.stale)
    QTest.qWait(150)
    assert view.grab().toImage() != before, "the word is over the picture"
    first = view.said[0]
    QTest.qWait(300)
    assert first.startswith("STALE") and view.said[0].startswith("STALE") and view.said[0] > first, "its age runs on"
    assert view.age_s > 0.9
    newest.give(60)
    until(lambda: not view.stale)


def test_a_picture_that_does_not_change_is_told(live: tuple[LiveView, Newest, Pump]) -> None:
    """A frozen probe goes on sending: what arrives is not stale, and still it is not what the probe sees now."""
    view, newest, _ = live
    for _ in range(25):
        newest.give(50)
        QTest.qWait(100)
    until(lambda: view.unchanged_s > 2 and not view.stale)
    assert any("SAME PICTURE" in said for said in view.said)
    newest.give(51)
    until(lambda: not any("SAME PICTURE" in said for said in view.said))


def test_a_broken_frame_is_not_shown(live: tuple[LiveView, Newest, Pump]) -> None:
    view, newest, pump = live
    newest.give(50)
    until(lambda: view.frame is not None)
    newest.give_broken()
    until(lambda: pump.damaged == 1)
    newest.give(70)
    until(lambda: level(view) == 70)


def test_frozen_keeps_its_picture_while_frames_come(live: tuple[LiveView, Newest, Pump]) -> None:
    view, newest, _ = live
    newest.give(50)
    until(lambda: view.frame is not None)
    view.freeze(True)
    assert view.frozen and view.frame is not None
    held = view.frame.sequence
    for grey in (100, 150, 200, 250):
        newest.give(grey)
        QTest.qWait(40)
    assert level(view) == 50 and view.frame.sequence == held
    view.freeze(False)
    until(lambda: level(view) == 250)


def test_nothing_to_freeze_is_not_frozen(live: tuple[LiveView, Newest, Pump]) -> None:
    view, _, _ = live
    view.freeze(True)
    assert not view.frozen


def test_a_hidden_view_lets_the_pump_rest(live: tuple[LiveView, Newest, Pump]) -> None:
    view, newest, _ = live
    newest.give(50)
    until(lambda: view.frame is not None)
    view.hide()
    for grey in (60, 70, 80):
        newest.give(grey)
        QTest.qWait(40)
    assert view.frame is not None and (view.frame.sequence or 0) <= 1
    view.show()
    until(lambda: view.frame is not None and view.frame.sequence == 3)


def test_a_disk_that_does_not_answer_once_does_not_stop_the_figures(
    program: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that is away for a moment: what the recording does is shown all the same, and the room when it is back."""
    start(program)
    strip, usage = program.window.strip, shutil.disk_usage
    until(lambda: strip.disk.text().endswith("GB free"))

    def away(path: Path) -> object:
        if path == program.desk.archive_root:
            raise OSError(errno.EHOSTDOWN, "Host is down")
        return usage(path)

    monkeypatch.setattr("workstation.live.feed.shutil.disk_usage", away)
    until(lambda: strip.disk.text() == "disk does not answer")
    kept = strip.kept.text()
    until(lambda: strip.kept.text() != kept)
    monkeypatch.setattr("workstation.live.feed.shutil.disk_usage", usage)
    until(lambda: strip.disk.text().endswith("GB free"))


def test_a_look_at_the_recording_that_fails_is_not_the_last(
    program: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(program)
    strip, status = program.window.strip, Feed.status

    def fail(self: Feed) -> LiveStatus:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Feed, "status", fail)
    until(lambda: "Input/output error" in program.window._notice_text.text())
    monkeypatch.setattr(Feed, "status", status)
    kept = strip.kept.text()
    until(lambda: strip.kept.text() != kept)
