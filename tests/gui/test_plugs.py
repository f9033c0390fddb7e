"""Plugging and unplugging: the list of devices renews itself, from the watch's thread, and nothing is polled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from devices import hotplug
from devices.registry import DriverRegistry
from devices.source import DeviceInfo, FrameSource
from mock_devices import SimulatedDriver
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.live.panel import LivePanel
from workstation.live.plugs import Plugs

pytestmark = [pytest.mark.window, pytest.mark.requirement("C1")]


class Bus:
    """A driver whose devices the test plugs in and pulls out, and the system's word of it, from another thread."""

    name = "mock"

    def __init__(self) -> None:
        self._driver = SimulatedDriver()
        self._all = self._driver.discover()
        self.present = {"mock:normal"}
        self.looks = 0
        self._callback: Callable[[], None] | None = None

    def discover(self) -> list[DeviceInfo]:
        self.looks += 1
        return [info for info in self._all if info.id in self.present]

    def open(self, info: DeviceInfo) -> FrameSource:
        return self._driver.open(info)

    def watch(self, callback: Callable[[], None]) -> Bus:
        self._callback = callback
        return self

    def close(self) -> None:
        self._callback = None

    def plug(self, *present: str) -> None:
        self.present = set(present)
        assert self._callback is not None
        thread = threading.Thread(target=self._callback)
        thread.start()
        thread.join()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def program(app: QApplication, tmp_path: Path, bus: Bus) -> Iterator[Controller]:
    made = Controller(tmp_path / "archive", registry=lambda: DriverRegistry([bus], tmp_path), watch=bus.watch)
    made.window.show()
    made.begin()
    until(lambda: made.window.live_panel.devices.count() == 1)
    yield made
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


def listed(panel: LivePanel) -> list[str]:
    return [panel.devices.itemData(place) for place in range(panel.devices.count())]


def test_what_is_plugged_in_appears_and_what_is_pulled_out_goes(program: Controller, bus: Bus) -> None:
    panel = program.window.live_panel
    bus.plug("mock:normal", "mock:drop")
    until(lambda: listed(panel) == ["mock:normal", "mock:drop"])
    panel.choose("mock:drop")
    bus.plug("mock:normal", "mock:drop", "mock:late")
    until(lambda: len(listed(panel)) == 3)
    assert panel.devices.currentData() == "mock:drop", "what was chosen stays chosen"
    bus.plug("mock:normal")
    until(lambda: listed(panel) == ["mock:normal"])
    bus.plug()
    until(lambda: not panel.run.isEnabled())


def test_nobody_looks_while_nothing_happens(program: Controller, bus: Bus) -> None:
    before = bus.looks
    QTest.qWait(700)
    assert bus.looks == before


def test_the_device_that_is_open_stays_in_the_list_while_it_is_gone(program: Controller, bus: Bus) -> None:
    panel = program.window.live_panel
    program.live.start("mock:normal")
    until(lambda: program.window.live_view.frame is not None)
    bus.plug("mock:drop")
    until(lambda: listed(panel) == ["mock:normal", "mock:drop"])
    assert panel.devices.currentData() == "mock:normal"
    program.live.stop()
    until(lambda: listed(panel) == ["mock:drop"])


def test_a_list_that_says_nothing_new_changes_nothing(app: QApplication) -> None:
    panel = LivePanel()
    found = SimulatedDriver().discover()
    changes: list[int] = []
    panel.show_devices(found)
    panel.devices.currentIndexChanged.connect(changes.append)
    panel.show_devices([replace(info) for info in found])
    assert not changes
    panel.deleteLater()


def test_the_system_s_own_watch_begins_and_ends(app: QApplication) -> None:
    plugs = Plugs(hotplug.watch)
    plugs.begin()
    plugs.end()
    plugs.end()


def test_where_nothing_can_be_heard_nothing_is_said(app: QApplication) -> None:
    def deaf(_callback: Callable[[], None]) -> Bus:
        raise OSError("no netlink here")

    plugs = Plugs(deaf)
    plugs.begin()
    plugs.end()
