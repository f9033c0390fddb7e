"""F1 shows the keys, and the table is what the window really has."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeySequence
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QLabel, QShortcut

from annotation.canvas.view import KEYS as CANVAS_KEYS
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.keys.table import KEYS

pytestmark = pytest.mark.window


def test_the_table_has_every_key_of_the_window_and_no_other(program: Controller) -> None:
    there = {shortcut.key().toString() for shortcut in program.window.findChildren(QShortcut)}
    told = {key for where in ("Everywhere", "Scan", "Encounter", "Compare") for row in KEYS[where] for key in row.keys}
    assert there == told
    canvas = {QKeySequence(key | held).toString() for key, held in CANVAS_KEYS}
    pictured = {key for row in KEYS["Picture"] for key in row.keys}
    other_ways = {"Enter", "=", "Shift++"}  # the same as Return and +
    assert canvas - other_ways <= pictured
    assert not [row for rows in KEYS.values() for row in rows if not row.does or not all(row.keys)]


def test_f1_shows_them_and_puts_them_away(program: Controller) -> None:
    QTest.qWaitForWindowActive(program.window)
    QTest.keyClick(program.window, Qt.Key_F1)
    dialog = program.window.keys
    until(dialog.isVisible)
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Everywhere", "Scan", "F12", "save the study", "undo"} <= words
    QTest.keyClick(dialog, Qt.Key_F1)
    until(lambda: not dialog.isVisible())
