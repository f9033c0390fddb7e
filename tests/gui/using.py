"""What a user does first: press a button, start the simulated probe, take a picture of it."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QPushButton

from tests.gui.waiting import until
from workstation.controller import Controller


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.LeftButton)


def start(program: Controller, device: str = "mock:normal") -> None:
    """Start a device and wait for its first picture."""
    until(lambda: program.window.live_panel.devices.count() > 0)
    program.window.live_panel.choose(device)
    press(program.window.live_panel.run)
    until(lambda: program.window.live_view.frame is not None)


def take_still(program: Controller) -> None:
    """Start the simulated probe and take one picture of it."""
    start(program)
    press(program.window.live_panel.still)
    until(lambda: program.window.live_panel.captures.count() == 1)
