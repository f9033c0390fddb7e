"""Two devices alike: the window asks with a picture of each, and the answer is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication

from devices import memory
from devices.errors import DeviceBusy
from devices.registry import DriverRegistry
from devices.source import DeviceInfo, FrameSource
from mock_devices.faults import FaultPlan, Unplug
from tests.gui.alike import MODEL, AlikeDriver
from tests.gui.using import press
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.live.alike import WhichDevice
from workstation.palette import TARGET_PX, dress

pytestmark = [pytest.mark.window, pytest.mark.requirement("C1")]
WANTED = f"{MODEL}@1-9"  # where it was yesterday


class Bus(AlikeDriver):
    """As above; a socket may be taken by another program."""

    busy: str | None = None

    def open(self, info: DeviceInfo) -> FrameSource:
        if info.port_path == self.busy:
            raise DeviceBusy("Another program uses it: close that program.")
        return super().open(info)


@pytest.fixture
def bus(tmp_path: Path) -> Bus:
    driver = Bus("1-9")
    DriverRegistry([driver], tmp_path / "state").discover()  # it was seen there once
    driver.ports = ["1-1", "1-2"]
    return driver


@pytest.fixture
def program(app: QApplication, tmp_path: Path, bus: Bus) -> Iterator[Controller]:
    dress(app)
    made = Controller(tmp_path / "archive", registry=lambda: DriverRegistry([bus], tmp_path / "state"))
    made.window.show()
    made.begin()
    yield made
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


def asked(program: Controller) -> WhichDevice:
    until(lambda: program.live.asking.dialogue is not None)
    dialogue = program.live.asking.dialogue
    assert dialogue is not None
    return dialogue


def has_picture(dialogue: WhichDevice, port: str) -> bool:
    pixmap = dialogue.pictures[f"{MODEL}@{port}"].pixmap()
    return pixmap is not None and not pixmap.isNull()


def test_the_answer_is_opened_and_remembered(program: Controller, tmp_path: Path) -> None:
    program.live.start(WANTED)
    dialogue = asked(program)
    until(lambda: has_picture(dialogue, "1-1") and has_picture(dialogue, "1-2"))
    first, second = (dialogue.pictures[f"{MODEL}@{port}"].pixmap().toImage() for port in ("1-1", "1-2"))
    assert first != second, "each its own picture"
    assert dialogue.width() <= 1280 and dialogue.height() <= 700
    assert all(button.height() >= TARGET_PX - 2 for button in dialogue.buttons.values())
    press(dialogue.buttons[f"{MODEL}@1-2"])
    until(lambda: program.window.live_view.frame is not None)
    assert memory.load(tmp_path / "state").chosen == {WANTED: f"{MODEL}@1-2"}
    program.live.stop()
    program.live.start(WANTED)
    until(lambda: program.window.live_view.frame is not None)
    assert program.live.asking.dialogue is None, "asked once only"


def test_an_answer_before_the_pictures_came_waits_for_the_device_to_be_closed(program: Controller, bus: Bus) -> None:
    program.live.start(WANTED)
    press(asked(program).buttons[f"{MODEL}@1-1"])
    until(lambda: program.window.live_view.frame is not None)
    assert "1-2" not in bus.opened, "the other one was not looked at any more"


def test_a_device_without_a_picture_says_why_and_nobody_has_to_answer(
    program: Controller, bus: Bus, tmp_path: Path
) -> None:
    bus.busy = "1-1"
    program.live.start(WANTED)
    dialogue = asked(program)
    until(lambda: has_picture(dialogue, "1-2"))
    assert "Another program" in dialogue.pictures[f"{MODEL}@1-1"].text()
    press(dialogue.none)
    until(lambda: program.live.asking.dialogue is None)
    assert not program.live.running and program.window.live_panel.run.isEnabled()
    assert memory.load(tmp_path / "state").chosen == {}


def test_a_device_that_comes_back_elsewhere_beside_its_like_is_asked_for(program: Controller, bus: Bus) -> None:
    bus.ports = ["1-9"]
    bus.plans["1-9"] = FaultPlan((Unplug(after=40),))
    program.live.start(WANTED)
    until(lambda: program.window.live_view.frame is not None)
    bus.ports = []
    until(lambda: "gone" in program.window.strip.state.text())
    bus.ports = ["1-1", "1-2"]
    program.live.refresh()  # what the watch of plugs calls
    press(asked(program).buttons[f"{MODEL}@1-2"])
    until(lambda: bus.opened[-1] == "1-2" and program.window.strip.state.text() == "Live")


def test_the_window_can_be_closed_with_the_question_open(program: Controller) -> None:
    program.live.start(WANTED)
    asked(program)
