"""Foot switch, camera button and function keys: the same three things, with the real recorder behind them."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from devices.errors import DeviceDenied
from devices.source import DeviceInfo
from mock_devices.pedal import SimulatedPedal
from tests.gui.using import press
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.settings import FootSwitchSettings, SettingsUnreadable, load_settings, settings_path

pytestmark = [pytest.mark.window, pytest.mark.requirement("N13")]


class CameraButtons:
    """Stands in for the kernel's input device beside a camera: the test presses it."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.denied = False
        self._pressed: Callable[[int], None] | None = None

    def __call__(self, info: DeviceInfo, pressed: Callable[[int], None]) -> CameraButtons:
        if self.denied:
            raise DeviceDenied("You may not open the button of this camera.")
        self.open.append(info.id)
        self._pressed = pressed
        return self

    def press(self) -> int:
        at_ns = time.monotonic_ns()
        assert self._pressed is not None
        thread = threading.Thread(target=self._pressed, args=(at_ns,))
        thread.start()
        thread.join()
        return at_ns

    def close(self) -> None:
        self.open.pop()


def configure(**foot_switch: object) -> None:
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"foot_switch": foot_switch}), "utf-8")


@pytest.fixture
def pedal() -> Iterator[SimulatedPedal]:
    with SimulatedPedal() as made:
        yield made


@pytest.fixture
def button() -> CameraButtons:
    return CameraButtons()


@pytest.fixture
def program(app: QApplication, tmp_path: Path, pedal: SimulatedPedal, button: CameraButtons) -> Iterator[Controller]:
    port = tmp_path / "pedal"  # as /dev/serial/by-id: it goes and comes back under its name
    port.symlink_to(pedal.path)
    configure(port=str(port))
    made = Controller(tmp_path / "archive", device_id="mock:normal", open_button=button)
    made.window.show()
    made.window.activateWindow()
    assert QTest.qWaitForWindowActive(made.window)  # shortcuts are for the window in front
    made.begin()
    until(lambda: made.window.live_view.frame is not None)
    until(lambda: "ready" in made.window.strip.said.text())
    yield made
    made.desk.saved(made.desk.draft())
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


def kinds(program: Controller) -> list[str]:
    return [capture.kind for capture in program.desk.study.captures]


def test_a_short_press_is_the_picture_of_that_moment(program: Controller, pedal: SimulatedPedal) -> None:
    shown = program.window.live_view.frame
    pressed_ns = time.monotonic_ns()
    pedal.tap()
    until(lambda: kinds(program) == ["still"])
    frame_ns = program.desk.study.captures[0].clip.frames[0].timestamp_ns
    assert shown is not None and shown.timestamp_ns <= frame_ns
    assert frame_ns - pressed_ns < 0.35e9, "not the picture 0.35 s later, when it was known to be a short press"
    assert program.window.strip.said.text() == "Still"


def test_a_double_press_begins_a_clip_and_another_ends_it(program: Controller, pedal: SimulatedPedal) -> None:
    pedal.tap()
    pedal.tap()
    until(lambda: program.live.clipping)
    assert program.window.live_panel.clip.isChecked()
    QTest.qWait(500)
    pedal.tap()
    pedal.tap()
    until(lambda: kinds(program) == ["clip"])
    assert not program.live.clipping


def test_a_long_press_saves_the_last_seconds(program: Controller, pedal: SimulatedPedal) -> None:
    first = program.window.live_view.frame
    assert first is not None
    until(lambda: program.window.live_view.frame.timestamp_ns - first.timestamp_ns > 1.1e9)  # type: ignore[union-attr]
    began_s = time.monotonic()
    pedal.press()
    until(lambda: kinds(program) == ["clip"])
    assert time.monotonic() - began_s > 0.7, "0.8 s after the foot went down, and it is down still"
    assert program.desk.study.captures[0].clip.duration_s > 1
    pedal.release()
    QTest.qWait(500)
    assert kinds(program) == ["clip"], "coming up says nothing"


def test_it_works_from_every_page_and_takes_the_newest_picture(program: Controller) -> None:
    program.window.show_page("label")
    stands = program.window.live_view.frame
    feed = program.live._feed
    assert stands is not None and feed is not None
    later_ns = stands.timestamp_ns + 400_000_000  # the picture on the hidden page stands still meanwhile
    until(lambda: (newest := feed.newest(0, 0)) is not None and newest[1].timestamp_ns >= later_ns)
    QTest.keyClick(program.window, Qt.Key_F7)
    until(lambda: kinds(program) == ["still"])
    assert program.desk.study.captures[0].clip.frames[0].timestamp_ns >= later_ns


def test_the_keys_of_keyboard_like_pedals(program: Controller) -> None:
    QTest.keyClick(program.window, Qt.Key_F7)
    until(lambda: kinds(program) == ["still"])
    QTest.keyClick(program.window, Qt.Key_F8)
    assert program.live.clipping
    QTest.qWait(300)
    QTest.keyClick(program.window, Qt.Key_F8)
    until(lambda: kinds(program) == ["still", "clip"])
    QTest.keyClick(program.window, Qt.Key_F9)
    until(lambda: kinds(program) == ["still", "clip", "clip"])
    assert program.window.strip.said.text() == "Last 20 s"


def test_the_words_stand_on_the_picture_for_a_moment(program: Controller) -> None:
    QTest.keyClick(program.window, Qt.Key_F7)
    assert program.window.live_view.flashing == "Still"
    until(lambda: not program.window.live_view.flashing)


def test_nothing_is_pretended_where_no_device_is_open(program: Controller, pedal: SimulatedPedal) -> None:
    program.live.stop()
    pedal.tap()
    until(lambda: "nothing was taken" in program.window.strip.said.text())
    assert kinds(program) == []


def test_the_camera_s_button_takes_a_still(program: Controller, button: CameraButtons) -> None:
    assert button.open == ["mock:normal"]
    shown = program.window.live_view.frame
    at_ns = button.press()
    until(lambda: kinds(program) == ["still"])
    assert shown is not None
    assert shown.timestamp_ns <= program.desk.study.captures[0].clip.frames[0].timestamp_ns <= at_ns
    program.live.stop()
    assert button.open == [], "it is given back with the device"


def test_a_button_that_may_not_be_opened_leaves_the_picture(program: Controller, button: CameraButtons) -> None:
    program.live.stop()
    button.denied = True
    until(lambda: program.window.strip.doing.text() == "")
    program.live.start("mock:normal")
    until(lambda: program.live.running)
    assert "button" in program.window.strip.said.text()


def test_a_foot_switch_that_is_pulled_out_is_said_and_waited_for(
    program: Controller, pedal: SimulatedPedal, tmp_path: Path
) -> None:
    (tmp_path / "pedal").unlink()
    pedal.unplug()
    until(lambda: program.window.notice.isVisible())
    assert "foot switch" in program.window._notice_text.text()
    with SimulatedPedal() as again:
        os.symlink(again.path, tmp_path / "pedal")
        until(lambda: not program.window.notice.isVisible())
        again.tap()
        until(lambda: kinds(program) == ["still"])


def test_settings_are_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert load_settings(path).foot_switch is None
    path.write_text('{"foot_switch": {"port": "COM3", "protocol": "contact"}}', "utf-8")
    assert load_settings(path).foot_switch == FootSwitchSettings(port="COM3", protocol="contact")
    for wrong in (
        '{"foot_swich": null}',
        '{"foot_switch": {"port": 3}}',
        '{"foot_switch": {"port": "COM3", "protocol": "morse"}}',
        '{"foot_switch": {"port": "COM3", "baud": "9600"}}',
        "{",
    ):
        path.write_text(wrong, "utf-8")
        with pytest.raises(SettingsUnreadable, match=r"settings\.json"):
            load_settings(path)


def test_settings_that_are_wrong_are_said_at_the_start(app: QApplication, tmp_path: Path) -> None:
    configure(port="COM3", protocol="morse")
    program = Controller(tmp_path / "archive")
    program.window.show()
    program.begin()
    assert program.window.notice.isVisible() and "foot_switch.protocol" in program.window._notice_text.text()
    program.window.close()
    program.end()
    program.window.deleteLater()


def test_a_clip_that_is_running_ends_in_the_study_that_it_was_begun_in(program: Controller) -> None:
    """Else it would be in the next patient's study, with this one's pictures at its beginning."""
    study = program.desk.study
    press(program.window.live_panel.clip)
    until(lambda: program.live.clipping)
    program.new_study()
    assert program.desk.study is study and program.live.clipping
    assert "clip is running" in program.window.strip.said.text()
    press(program.window.live_panel.clip)
    until(lambda: kinds(program) == ["clip"])
    assert program.desk.study is study
