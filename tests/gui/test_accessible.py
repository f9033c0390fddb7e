"""Every control that takes the keyboard has a name in words, on every page and step: a reader of screens says it."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QLabel, QScrollArea, QScrollBar, QWidget

from workstation.controller import Controller
from workstation.encounter.sections import SECTIONS
from workstation.window import PAGES

pytestmark = pytest.mark.window


def unnamed(window: QWidget, where: str) -> list[str]:
    """The controls that can be seen and have no name, or one that is only a sign."""
    buddies = {id(label.buddy()): label.text() for label in window.findChildren(QLabel) if label.buddy() is not None}
    found = []
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget, (QScrollArea, QScrollBar)) or widget.objectName() == "qt_spinbox_lineedit"
        if inner or not widget.isVisible() or widget.focusPolicy() == Qt.NoFocus:
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else buddies.get(id(widget), "")
        name = widget.accessibleName() or text
        if not any(sign.isalpha() for sign in name):
            found.append(f"{where}: {type(widget).__name__} {name!r} in {type(widget.parent()).__name__}")
    return found


def test_every_control_has_a_name(program: Controller) -> None:
    window, steps = program.window, program.encounter.page
    program.tell_visit("region", "nlf")
    program.tell_visit("laterality", "L")
    found = []
    for page in PAGES:
        window.show_page(page)
        QTest.qWait(20)
        found += unnamed(window, page)
    window.show_page("encounter")
    for view in ("map", "complications"):
        program.encounter.show_part(view)
        QTest.qWait(10)
        found += unnamed(window, view)
    for section in SECTIONS:
        program.encounter.show_part(section.part)
        if window.encounter_page.form is None:
            steps.add()
        QTest.qWait(10)
        assert window.encounter_page.form is not None
        found += unnamed(window, section.part)
    program.encounter.rescue()
    QTest.qWait(10)
    found += unnamed(window, "rescue")
    assert not found
