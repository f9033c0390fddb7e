"""The settings' dialogue: what it says holds at once, stands in the file, and tints no picture."""

from __future__ import annotations

import json

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QDialogButtonBox

from tests.gui.using import press, start
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.palette import DARK, LIGHT, dressed
from workstation.settings import load_settings
from workstation.settings.dialog import SettingsDialog

pytestmark = pytest.mark.window


def type_in(dialog: SettingsDialog, column: int, text: str) -> None:
    cell = dialog.people.table.item(0, column)
    assert cell is not None
    cell.setText(text)


def test_what_is_set_holds_at_once_and_is_kept(program: Controller, app: QApplication) -> None:
    window, control = program.window, program.settings
    start(program)
    window.live_view.outlined = False  # what is seen in the picture is told in its own time
    press(window.live_panel.freeze)
    before = window.live_view.grab().toImage()
    window.settings.click()
    dialog = control.dialog
    assert dialog.isVisible() and str(control.path) in dialog.where.text()
    until(lambda: dialog.recording.device.findData("mock:normal") >= 0)
    dialog.recording.minutes.setValue(30)
    dialog.recording.last_s.setValue(45)
    dialog.presses.presses["short"].setCurrentIndex(dialog.presses.presses["short"].findData("freeze"))
    dialog.looks.theme.setCurrentIndex(dialog.looks.theme.findData("light"))
    dialog.people.add.click()
    type_in(dialog, 0, "A. Vogel")
    dialog.people.operator.setCurrentIndex(1)
    dialog.people.idle_lock_minutes.setValue(7)
    press(dialog.buttons.button(QDialogButtonBox.Save))

    assert not dialog.isVisible() and dressed() == "light"
    assert app.palette().window().color().name() == LIGHT.ground
    assert window.strip.grab().toImage().pixelColor(2, 2).name() == LIGHT.panel
    after = window.live_view.grab().toImage()
    below = before.rect().adjusted(0, before.height() * 2 // 3, 0, 0)  # without the plates, whose ages run
    assert after.copy(below) == before.copy(below), "no picture is tinted"
    assert program.live.limits.max_age_s == 1800 and window.live_panel.last.text() == "Save last 45 s"
    assert program.desk.study.visit.operator == "A. Vogel" == program.desk.operator
    until(control.path.exists)
    kept = json.loads(control.path.read_text("utf-8"))
    assert kept["presses"] == {"short": "freeze"} and load_settings(control.path) == control.now
    assert kept["idle_lock_minutes"] == 7

    QTest.keyClick(window, Qt.Key_F7)
    assert not window.live_view.frozen, "F7 lets the picture run now"
    control.use(control.now.model_copy(update={"theme": "dark"}))
    assert app.palette().window().color().name() == DARK.ground


def test_what_cannot_be_is_said_and_nothing_is_written(program: Controller) -> None:
    control = program.settings
    control.show()
    dialog = control.dialog
    dialog.people.add.click()
    type_in(dialog, 2, "4711")  # a number without a name
    press(dialog.buttons.button(QDialogButtonBox.Save))
    assert dialog.isVisible() and "name" in dialog.wrong.text() and not control.path.exists()
    press(dialog.buttons.button(QDialogButtonBox.Cancel))
    assert not dialog.isVisible()
